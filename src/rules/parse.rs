//! One rule file: TOML to [`Rule`].
//!
//! In: a file's name and text. Out: a rule, or diagnostics with the place. Invariant: unknown keys, checks and parameters are
//! refused, so a rule that loads means what it says. Tested in `tests/it/rules.rs`.

use serde::Deserialize;
use serde::de::Error as _;
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{did_you_mean, hint_from};
use super::{
    AppliesTo, Blanks, Cite, Diagnostic, Example, Impact, OnFail, Profile, Rule, RuleId, Says, Standards, Status, Text,
};
use crate::checks::{self, Check, Parameters};

/// How much of a rule file is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reading {
    /// Everything.
    Whole,
    /// All but the examples, which are more than half of a file and asked for by few: they are read when somebody asks. Patterns are taken on
    /// trust: whoever brings such a file has read it whole before.
    Head,
}

/// A parsed file with the places that lints point at.
pub(super) struct Parsed {
    pub(super) rule: Rule,
    pub(super) never_inapplicable: Option<String>,
    pub(super) places: Places,
    pub(super) reading: Reading,
    pub(super) file: Arc<str>,
    pub(super) source: Arc<str>,
}

/// Where things stand in the file.
pub(super) struct Places {
    pub(super) id: Range<usize>,
    pub(super) title: Range<usize>,
    pub(super) impact: Range<usize>,
    pub(super) cites: Vec<Range<usize>>,
    pub(super) status: Range<usize>,
    pub(super) serves: Vec<Range<usize>>,
    pub(super) text: Range<usize>,
    pub(super) check: Range<usize>,
    pub(super) examples: Vec<Range<usize>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RuleFile {
    id: Spanned<String>,
    title: Spanned<String>,
    impact: Spanned<Impact>,
    on_fail: OnFail,
    status: Spanned<Status>,
    cites: Vec<CiteEntry>,
    serves: Vec<Spanned<String>>,
    #[serde(default)]
    standards: Standards,
    #[serde(default)]
    applies_to: AppliesTo,
    text: Spanned<Text>,
    #[serde(default)]
    speaks: Vec<String>,
    #[serde(default)]
    never_inapplicable: Option<String>,
    #[serde(default)]
    example: Vec<Spanned<Example>>,
}

/// A cite with the place of its source.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CiteEntry {
    source: Spanned<String>,
    part: String,
    says: Says,
}

impl CiteEntry {
    fn cite(self) -> Cite {
        Cite { source: self.source.into_inner(), part: self.part, says: self.says }
    }
}

/// Reads one rule file.
///
/// # Errors
/// A diagnostic for the first thing that is not a rule: TOML syntax, an unknown key, an unknown check or parameter.
pub(super) fn rule(file: &str, text: &str, reading: Reading) -> Result<Parsed, Diagnostic> {
    let at = Place { file: Arc::from(file), source: Arc::from(text) };
    let read = match reading {
        Reading::Whole => text,
        Reading::Head => &text[..head_ends(text)],
    };
    let mut table = DeTable::parse(read).map_err(|error| at.toml(&error))?;
    let check = table.get_mut().remove("check").ok_or_else(|| {
        at.complain(
            None,
            "a rule has one [check]",
            "add a [check] table with a name; `idea-audit rules checks` lists them",
        )
    })?;
    let parsed = RuleFile::deserialize(toml::de::Deserializer::from(table)).map_err(|error| at.toml(&error))?;
    let check_span = check.span();
    let Made { name: check_name, parameters, check, blanks } = match reading {
        Reading::Whole => build(&at, check)?,
        Reading::Head => checks::on_trust(|| build(&at, check))?,
    };
    let places = Places {
        id: parsed.id.span(),
        title: parsed.title.span(),
        impact: parsed.impact.span(),
        cites: parsed.cites.iter().map(|cite| cite.source.span()).collect(),
        status: parsed.status.span(),
        serves: parsed.serves.iter().map(Spanned::span).collect(),
        text: parsed.text.span(),
        check: check_span,
        examples: parsed.example.iter().map(Spanned::span).collect(),
    };
    let rule = Rule {
        id: RuleId::of(parsed.id.into_inner()),
        title: parsed.title.into_inner(),
        impact: parsed.impact.into_inner(),
        on_fail: parsed.on_fail,
        status: parsed.status.into_inner(),
        cites: parsed.cites.into_iter().map(CiteEntry::cite).collect(),
        serves: parsed.serves.into_iter().map(Spanned::into_inner).collect(),
        standards: parsed.standards,
        applies_to: parsed.applies_to,
        speaks: parsed.speaks,
        check,
        blanks,
        check_name,
        parameters,
        source: at.source.clone(),
        text: parsed.text.into_inner(),
        examples: match reading {
            Reading::Whole => OnceLock::from(parsed.example.into_iter().map(Spanned::into_inner).collect::<Vec<_>>()),
            Reading::Head => OnceLock::new(),
        },
        origin: None,
        overridden: None,
    };
    let never_inapplicable = parsed.never_inapplicable;
    Ok(Parsed { rule, never_inapplicable, places, reading, file: at.file, source: at.source })
}

/// Where the first example begins.
fn head_ends(text: &str) -> usize {
    text.find("\n[[example]]").map_or(text.len(), |at| at + 1)
}

/// The examples of a rule file: what stands behind its head, where nothing else may stand.
///
/// # Errors
/// When it is not TOML, or something else is there.
pub(super) fn examples(source: &str) -> Result<Vec<Example>, toml::de::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Tail {
        #[serde(default)]
        example: Vec<Example>,
    }
    Ok(toml::from_str::<Tail>(&source[head_ends(source)..])?.example)
}

/// A check with what is kept of how it was written.
struct Made {
    name: String,
    parameters: String,
    check: Check,
    blanks: Option<Blanks>,
}

/// A check from parameters whose places are not known.
///
/// # Errors
/// When the check refuses them, or a blank has a name that is none.
pub(super) fn built(name: &str, table: &toml::Table) -> Result<(Check, Option<Blanks>), toml::de::Error> {
    let entry = checks::find(name).ok_or_else(|| toml::de::Error::custom(format!("there is no check `{name}`")))?;
    let blanks = Blanks::of(table).map_err(|name| {
        let known: Vec<String> = Blanks::known().map(|name| format!("`{name}`")).collect();
        toml::de::Error::custom(format!("unknown blank `{name}`, expected one of {}", known.join(", ")))
    })?;
    let check = match &blanks {
        Some(blanks) => blanks.fitted(entry, &Profile::default())?.check,
        None => (entry.build)(Parameters::owned(table.clone()))?,
    };
    Ok((check, blanks))
}

/// The parameters of a rule file's check, without its name.
pub(super) fn table_of(source: &str) -> toml::Table {
    let file: toml::Table = source.parse().unwrap_or_default();
    let mut table = file.get("check").and_then(toml::Value::as_table).cloned().unwrap_or_default();
    table.remove("name");
    table
}

fn build(at: &Place, check: Spanned<DeValue<'_>>) -> Result<Made, Diagnostic> {
    let span = check.span();
    let DeValue::Table(mut table) = check.into_inner() else {
        return Err(at.complain(
            Some(span),
            "[check] is a table",
            "write [check] with `name = \"…\"` and the check's parameters",
        ));
    };
    let name = table.remove("name").ok_or_else(|| {
        at.complain(Some(span.clone()), "the check has no name", "add `name`; `idea-audit rules checks` lists them")
    })?;
    let name_span = name.span();
    let Some(name) = name.into_inner().as_str().map(str::to_string) else {
        return Err(at.complain(
            Some(name_span),
            "a check's name is text",
            "write `name = \"element-present\"`, for one",
        ));
    };
    let Some(entry) = checks::find(&name) else {
        let hint = did_you_mean(&name, checks::ALL.iter().map(|entry| entry.name));
        return Err(at.complain(Some(name_span), &format!("there is no check `{name}`"), &hint));
    };
    let parameters = written(at, &span);
    let placed = |error: toml::de::Error| {
        let mut diagnostic = at.toml(&error);
        diagnostic.span = diagnostic.span.or(Some(span.clone()));
        diagnostic
    };
    // Only parameters with a blank are read twice; the rest keeps the places of its keys.
    let fillable = at.source.get(span.start..).is_some_and(may_have_blanks);
    if fillable && let (check, Some(blanks)) = built(&name, &table_of(&at.source)).map_err(placed)? {
        return Ok(Made { name, parameters, check, blanks: Some(blanks) });
    }
    let check = (entry.build)(Parameters::of(Spanned::new(span.clone(), table))).map_err(placed)?;
    Ok(Made { name, parameters, check, blanks: None })
}

/// A brace before a letter: cheap, and true of more than blanks.
fn may_have_blanks(text: &str) -> bool {
    let end = text.find("\n[text]").unwrap_or(text.len());
    text.as_bytes()[..end].windows(2).any(|pair| pair[0] == b'{' && pair[1].is_ascii_lowercase())
}

/// The lines of the [check] table as they stand in the file, without its header and name.
fn written(at: &Place, span: &Range<usize>) -> String {
    let rest = &at.source[span.start..];
    let rest = rest.strip_prefix("[check]").unwrap_or(rest);
    let mut lines = Vec::new();
    for line in rest.lines() {
        let bare = line.trim_start();
        if bare.starts_with('[') && (bare.starts_with("[[") || bare.trim_end().ends_with(']')) && !line.starts_with(' ')
        {
            break;
        }
        if !bare.is_empty() && !bare.starts_with('#') && !bare.starts_with("name ") && !bare.starts_with("name=") {
            lines.push(line.trim_end());
        }
    }
    lines.join("\n")
}

/// The file that diagnostics are about.
struct Place {
    file: Arc<str>,
    source: Arc<str>,
}

impl Place {
    fn complain(&self, span: Option<Range<usize>>, message: &str, hint: &str) -> Diagnostic {
        Diagnostic {
            file: self.file.clone(),
            source: self.source.clone(),
            span,
            message: message.to_string(),
            hint: Some(hint.to_string()),
        }
    }

    fn toml(&self, error: &toml::de::Error) -> Diagnostic {
        Diagnostic {
            file: self.file.clone(),
            source: self.source.clone(),
            span: error.span(),
            message: error.message().to_string(),
            hint: hint_from(error.message()),
        }
    }
}
