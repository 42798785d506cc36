//! One rule: what is asked, by whom, of whom, and how it is checked.
//!
//! In: a parsed rule file. Out: [`Rule`] and its words. Invariant: a rule has exactly one check; a rule never judges by itself.
//! Tested in `tests/it/rules.rs`.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::{Arc, OnceLock};

use super::{AppliesTo, Blanks, Example, Fitted, Overridden, Profile, parse};
use crate::checks::{self, Check};

/// A rule of a pack: identity, citations, applicability, one check with its parameters, texts and worked examples.
#[derive(Debug)]
pub struct Rule {
    /// Permanent name, `pack/file-stem`.
    pub id: RuleId,
    /// A sentence that is true when the site passes; at most 60 characters.
    pub title: String,
    /// How much a failure hurts the people who use the site.
    pub impact: Impact,
    /// What a machine may conclude when the check fails.
    pub on_fail: OnFail,
    /// Life cycle and the version it began with.
    pub status: Status,
    /// Pointers into laws, memos and standards.
    pub cites: Vec<Cite>,
    /// Keys of the scorecard rows it gives evidence for.
    pub serves: Vec<String>,
    /// Names that other catalogues give to the same thing.
    pub standards: Standards,
    /// Which sites and pages have this duty at all.
    pub applies_to: AppliesTo,
    /// The languages of the words it looks for (primary subtags of BCP 47); empty where nothing fails for want of words. On a
    /// page in another language, and for the site where that is its home page or one fetched for the rule, a failure is only
    /// a doubt.
    pub speaks: Vec<String>,
    /// The check with its parameters.
    pub check: Check,
    /// The parameters again, when there are blanks in them that a profile fills.
    pub blanks: Option<Blanks>,
    /// The check's name, as `rules checks` lists it.
    pub check_name: String,
    /// The parameters as written, for `explain`.
    pub parameters: String,
    /// What, why, fix, limits.
    pub text: Text,
    /// Worked examples, once they were read.
    pub(super) examples: OnceLock<Vec<Example>>,
    /// The folder it came from, with a note where it replaces a bundled rule; `None` for a bundled rule.
    pub origin: Option<String>,
    /// What a pack changed of it, and why.
    pub overridden: Option<Overridden>,
    /// The file it was read from.
    pub source: Arc<str>,
}

impl Rule {
    /// The strongest word any citation uses, before dates and profile are looked at.
    pub fn says(&self) -> Says {
        self.cites.iter().map(|cite| cite.says).max().unwrap_or(Says::Advice)
    }

    /// Worked examples; they are the rule's tests.
    pub fn examples(&self) -> &[Example] {
        self.examples.get_or_init(|| parse::examples(&self.source).expect("the tests read every bundled example"))
    }

    /// The check made for a site of this profile; `None` where the check is the same for all.
    pub fn fitted(&self, profile: &Profile) -> Option<Fitted> {
        // The loader has built the check once, and values cannot make it fail: where they do, nothing is judged by them.
        self.blanks.as_ref()?.fitted(checks::find(&self.check_name)?, profile).ok()
    }

    /// The parameters of its check as data, without the check's name.
    pub(super) fn written_parameters(&self) -> toml::Table {
        match &self.overridden {
            Some(_) => self.parameters.parse().unwrap_or_default(),
            None => parse::table_of(&self.source),
        }
    }

    /// The same rule read again from its file.
    pub(super) fn copied(&self) -> Self {
        let (check, blanks) = parse::built(&self.check_name, &self.written_parameters()).expect("it was built before");
        Self {
            id: self.id.clone(),
            title: self.title.clone(),
            impact: self.impact,
            on_fail: self.on_fail,
            status: self.status.clone(),
            cites: self.cites.clone(),
            serves: self.serves.clone(),
            standards: self.standards.clone(),
            applies_to: self.applies_to.clone(),
            speaks: self.speaks.clone(),
            check,
            blanks,
            check_name: self.check_name.clone(),
            parameters: self.parameters.clone(),
            text: self.text.clone(),
            examples: self.examples.clone(),
            origin: self.origin.clone(),
            overridden: self.overridden.clone(),
            source: self.source.clone(),
        }
    }

    /// The pack's name, the part of the id before the slash.
    pub fn pack(&self) -> &str {
        self.id.pack()
    }
}

/// The permanent name of a rule, `pack/file-stem`.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct RuleId(Arc<str>);

impl RuleId {
    /// A rule's name from its text.
    pub fn of(id: impl AsRef<str>) -> Self {
        Self(Arc::from(id.as_ref()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the slash.
    pub fn pack(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How much a failure hurts people, weakest first.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Impact {
    /// Worth knowing.
    Info,
    /// A small nuisance.
    Low,
    /// Some people are slowed down or misled.
    Medium,
    /// Many people are hindered, or some are kept out.
    High,
    /// People are kept out or put at risk.
    Critical,
}

impl Impact {
    /// Every impact, strongest first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// The word used in rule files and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// What a machine may conclude when the check says failed.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum OnFail {
    /// It is a failure.
    #[serde(rename = "failed")]
    Failed,
    /// It is evidence that a person has to look at.
    #[serde(rename = "cantTell")]
    CantTell,
}

/// The strength of a citation's wording, weakest first.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    /// Guidance or best practice.
    Advice,
    /// "should".
    Should,
    /// "must" or "shall".
    Must,
}

impl Says {
    /// The word used in rule files and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Should => "should",
            Self::Must => "must",
        }
    }
}

/// A pointer into a source.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cite {
    /// Key of `sources.toml`.
    pub source: String,
    /// Section, paragraph or item.
    pub part: String,
    /// How strongly it is worded there.
    pub says: Says,
}

/// Names that other catalogues give to the same thing.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Standards {
    /// Ids of the requirement catalogue this rule implements.
    pub catalogue: Vec<String>,
    /// WCAG success criteria, "1.1.1".
    pub wcag: Vec<String>,
    /// W3C ACT rule ids.
    pub act: Vec<String>,
    /// axe-core rule ids.
    pub axe: Vec<String>,
    /// DHS Trusted Tester test ids.
    pub trusted_tester: Vec<String>,
    /// Column names of GSA's site scanner.
    pub gsa: Vec<String>,
    /// ScanGov standard names.
    pub scangov: Vec<String>,
}

/// The life cycle of a rule and the version it entered that state with.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// May change or go without notice; never fails a run.
    Preview(String),
    /// Its meaning changes only with a new id.
    Stable(String),
    /// Still runs; will be removed.
    Deprecated(String),
    /// Does not run; its id stays taken.
    Removed(String),
}

/// The words of a rule.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Text {
    /// What is looked at.
    pub what: String,
    /// Why it matters to people.
    pub why: String,
    /// How to mend it.
    pub fix: String,
    /// What a machine cannot see here.
    pub limits: String,
}
