//! One rule file: TOML to [`Rule`].
//!
//! In: a file's name and text. Out: a rule, or diagnostics with the place. Invariant: unknown keys, checks and parameters are
//! refused, so a rule that loads means what it says. Tested in `tests/it/rules.rs`.

use serde::Deserialize;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{did_you_mean, hint_from};
use super::{AppliesTo, Cite, Diagnostic, Example, Impact, OnFail, Rule, RuleId, Says, Standards, Status, Text};
use crate::checks::{self, Parameters};

/// A parsed file with the places that lints point at.
pub(super) struct Parsed {
    pub(super) rule: Rule,
    pub(super) never_inapplicable: Option<String>,
    pub(super) places: Places,
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
pub(super) fn rule(file: &str, text: &str) -> Result<Parsed, Diagnostic> {
    let at = Place { file: Arc::from(file), source: Arc::from(text) };
    let mut table = DeTable::parse(text).map_err(|error| at.toml(&error))?;
    let check = table.get_mut().remove("check").ok_or_else(|| {
        at.complain(
            None,
            "a rule has one [check]",
            "add a [check] table with a name; `idea-audit rules checks` lists them",
        )
    })?;
    let parsed = RuleFile::deserialize(toml::de::Deserializer::from(table)).map_err(|error| at.toml(&error))?;
    let check_span = check.span();
    let (check_name, parameters, check) = build(&at, check)?;
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
        check_name,
        parameters,
        text: parsed.text.into_inner(),
        examples: parsed.example.into_iter().map(Spanned::into_inner).collect(),
        origin: None,
    };
    Ok(Parsed { rule, never_inapplicable: parsed.never_inapplicable, places, file: at.file, source: at.source })
}

fn build(at: &Place, check: Spanned<DeValue<'_>>) -> Result<(String, String, checks::Check), Diagnostic> {
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
    let built = (entry.build)(Parameters::of(Spanned::new(span.clone(), table))).map_err(|error| {
        let mut diagnostic = at.toml(&error);
        diagnostic.span = diagnostic.span.or(Some(span));
        diagnostic
    })?;
    Ok((name, parameters, built))
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
