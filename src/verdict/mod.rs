//! What a check says about one target, in the words of the W3C (EARL 1.0, ACT Rules Format 1.1).
//!
//! In: nothing. Out: [`Verdict`], [`Outcome`], [`Locator`].
//! Never: a severity, a law, an opinion on what to do about it. Tested below and in `tests/it/rules.rs`.

mod locator;
mod outcome;

pub use locator::Locator;
pub use outcome::Outcome;

use serde::{Deserialize, Serialize};
use std::fmt;

/// One target's answer. A check that returns no verdict found no target: it is inapplicable.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Verdict {
    /// The answer.
    pub outcome: Outcome,
    /// Where the target is.
    pub at: Locator,
    /// What was seen, with the value: "max-age is 86400".
    pub observed: String,
    /// What the check asks for: "max-age of at least 31536000".
    pub expected: String,
}

impl Verdict {
    /// The verdicts of a check on many elements of a page. Of those that pass one stands for all: nobody is shown where they are, and a page
    /// may have ten thousand of them.
    pub fn gathered(verdicts: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut has_passed = false;
        let mut says_more = |verdict: &Self| {
            verdict.outcome != Outcome::Passed || verdict.at.page.is_some() || !std::mem::replace(&mut has_passed, true)
        };
        verdicts.into_iter().filter(|verdict| says_more(verdict)).collect()
    }
}

impl Locator {
    /// The target meets what was asked. What was seen tells the reader of a check what it means; it is shown to nobody, and most
    /// targets pass, so it is not written out.
    pub fn pass(self, _seen: impl fmt::Display) -> Verdict {
        self.verdict(Outcome::Passed, String::new(), String::new())
    }

    /// The target does not meet what was asked.
    pub fn fail(self, observed: impl Into<String>, expected: impl Into<String>) -> Verdict {
        self.verdict(Outcome::Failed, observed, expected)
    }

    /// A machine cannot know; a person has to look.
    pub fn cannot_tell(self, observed: impl Into<String>, expected: impl Into<String>) -> Verdict {
        self.verdict(Outcome::CantTell, observed, expected)
    }

    /// What would have been judged could not be looked at.
    pub fn untested(self, reason: impl Into<String>) -> Verdict {
        self.verdict(Outcome::Untested, reason, "")
    }

    fn verdict(self, outcome: Outcome, observed: impl Into<String>, expected: impl Into<String>) -> Verdict {
        Verdict { outcome, at: self, observed: observed.into(), expected: expected.into() }
    }
}
