//! The five answers of the W3C's Evaluation and Report Language, and how several fold into one.
//!
//! In: outcomes. Out: the one that stands for them. Invariant: folding does not depend on the order. Tested below.

use serde::{Deserialize, Serialize};

/// EARL 1.0 outcome values. People read "needs review" for cantTell and "not tested" for untested.
///
/// The order is that of folding: what is later in the list wins.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub enum Outcome {
    /// There was nothing to judge.
    #[serde(rename = "inapplicable")]
    Inapplicable,
    /// Everything judged meets what was asked.
    #[serde(rename = "passed")]
    Passed,
    /// What would have been judged could not be looked at.
    #[serde(rename = "untested")]
    Untested,
    /// A machine cannot know.
    #[serde(rename = "cantTell")]
    CantTell,
    /// Something does not meet what was asked.
    #[serde(rename = "failed")]
    Failed,
}

impl Outcome {
    /// Every outcome, strongest first.
    pub const ALL: [Self; 5] = [Self::Failed, Self::CantTell, Self::Untested, Self::Passed, Self::Inapplicable];

    /// One outcome for several: failed > cantTell > untested > passed > inapplicable. None is inapplicable.
    pub fn fold(outcomes: impl IntoIterator<Item = Self>) -> Self {
        outcomes.into_iter().max().unwrap_or(Self::Inapplicable)
    }

    /// The name in machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inapplicable => "inapplicable",
            Self::Passed => "passed",
            Self::Untested => "untested",
            Self::CantTell => "cantTell",
            Self::Failed => "failed",
        }
    }

    /// The words people read.
    pub fn words(self) -> &'static str {
        match self {
            Self::Inapplicable => "not applicable",
            Self::Passed => "passed",
            Self::Untested => "not tested",
            Self::CantTell => "needs review",
            Self::Failed => "failed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_wins_over_every_other_outcome_and_nothing_is_inapplicable() {
        assert_eq!(Outcome::fold(Outcome::ALL), Outcome::Failed);
        assert_eq!(Outcome::fold([Outcome::Passed, Outcome::Untested]), Outcome::Untested);
        assert_eq!(Outcome::fold([]), Outcome::Inapplicable);
    }
}
