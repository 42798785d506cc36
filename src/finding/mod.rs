//! A verdict worth showing, with the rule it came from, and all that is decided about it after judging: whether an earlier
//! report had it, whether somebody waived or answered it, whether it fails the run.
//!
//! In: verdicts and rules; exceptions, an earlier report's findings, conditions. Out: [`Finding`]s with their marks. Invariant:
//! the machine's outcome never changes. Never: formats, reads files, knows the clock. Tested beside each part.

mod exception;
mod fingerprint;
mod gate;
mod outcomes;
mod pairing;
mod spot;
mod words;
mod written;

pub use exception::{Answer, Exceptions, Review, Settled, State, Waiver};
pub use fingerprint::{fingerprint, number, sort};
pub use gate::{Condition, Gate, Level};
pub use outcomes::{Outcomes, Roll, Shared};
pub use pairing::{Known, host, pair};
pub use spot::{Spot, UrlGlob};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use self::written::Written;
use crate::rules::{Impact, RuleId, Says};
use crate::verdict::Outcome;

/// A failed or doubtful verdict on one target. What it says is read as if it were its own: findings that say the same share it, and pages of
/// one template say much the same.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(from = "Written")]
pub struct Finding {
    /// Recognises the finding in another run; see [`fingerprint`].
    pub fingerprint: SmolStr,
    /// The page; the root of the host or site for findings about these.
    pub url: Arc<str>,
    /// What it says.
    pub said: Arc<Said>,
    /// The exception that covers it.
    pub waived: Option<Box<Waived>>,
    /// What a person answered where a machine could not tell.
    pub review: Option<Box<Reviewed>>,
    /// Whether the baseline had it; absent where there was none.
    pub baseline: Option<Since>,
}

/// What a finding says, whatever page it is of.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Said {
    /// The rule.
    pub rule: RuleId,
    /// `failed` or `cantTell`.
    pub outcome: Outcome,
    /// How much it hurts people.
    pub impact: Impact,
    /// How strongly the sources ask for it, on the day and for this site.
    pub obligation: Says,
    /// The place on the page; empty for hosts, sites and pages as a whole.
    pub place: Where,
    /// What was seen.
    pub observed: Arc<str>,
    /// What the rule asks for.
    pub expected: Arc<str>,
    /// The unanswered question that keeps this from being a failure, and what answers it.
    pub question: Option<Arc<str>>,
}

impl Deref for Finding {
    type Target = Said;

    fn deref(&self) -> &Said {
        &self.said
    }
}

/// What is changed is its own from then on.
impl DerefMut for Finding {
    fn deref_mut(&mut self) -> &mut Said {
        Arc::make_mut(&mut self.said)
    }
}

/// How a finding stands to the baseline.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Since {
    /// The baseline did not have it, or only as a doubt that failed since.
    New,
    /// The baseline had it.
    Unchanged,
}

impl Since {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
        }
    }
}

/// A place on a page.
#[derive(Clone, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Where {
    /// A CSS selector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<Arc<str>>,
    /// Line of the start tag, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column of the start tag in characters, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// The start tag and some of its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snippet: Option<Arc<str>>,
    /// The role that assistive technology is told, where that bears on the finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Arc<str>>,
    /// The accessible name, empty when there is none, where that bears on the finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Arc<str>>,
    /// The nearest id or landmark: a name of the place that survives edits elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<Arc<str>>,
}

/// A dated, reasoned exception with an owner.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Waived {
    /// Why it is accepted for now.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day it holds.
    pub expires: String,
    /// Where the work is followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
}

/// What a person answered, beside the machine's doubt.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Reviewed {
    /// The answer.
    pub outcome: Answer,
    /// Who gave it.
    pub reviewer: String,
    /// The day it was given.
    pub date: Date,
    /// The last day it holds.
    pub expires: Date,
    /// What was looked at.
    pub evidence: String,
}

impl Finding {
    /// One that nobody decided anything about yet.
    pub fn of(fingerprint: impl Into<SmolStr>, url: impl Into<Arc<str>>, said: Said) -> Self {
        let (fingerprint, url, said) = (fingerprint.into(), url.into(), Arc::new(said));
        Self { fingerprint, url, said, waived: None, review: None, baseline: None }
    }

    /// The order of reports: address, rule, place, fingerprint.
    pub fn sort_key(&self) -> (&str, &RuleId, u32, u32, &str, &str) {
        let place = &self.place;
        (&self.url, &self.rule, place.line.unwrap_or(0), place.column.unwrap_or(0), &self.observed, &self.fingerprint)
    }
}
