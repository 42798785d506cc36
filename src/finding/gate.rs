//! What fails a run.
//!
//! In: conditions somebody set, findings. Out: the findings that fail it. Invariant: only an open failure fails a run: what
//! the machine says failed, or a person confirmed, and nobody waived. Words of a condition hold together; several conditions are
//! alternatives. Never: knows coverage or exit codes. Tested below.

use std::collections::BTreeSet;

use super::{Answer, Finding, Since, UrlGlob};
use crate::rules::{Impact, RuleId, Says};
use crate::verdict::Outcome;

/// What a failure has to be to fail the run; what is not said does not matter.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Condition {
    /// At least this impact.
    pub impact: Option<Impact>,
    /// At least this obligation.
    pub obligation: Option<Says>,
    /// Of one of these rules.
    pub rules: Option<BTreeSet<RuleId>>,
    /// Whether it matters that the baseline did not have it.
    pub since: Option<Since>,
}

/// Other conditions for some addresses.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Level {
    /// The addresses.
    pub path: UrlGlob,
    /// The conditions that hold there; none is never.
    pub conditions: Vec<Condition>,
}

/// When a run fails for what was found.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Gate {
    /// The conditions that hold everywhere else; none is never.
    pub conditions: Vec<Condition>,
    /// Conditions for some addresses; the first that fits an address counts.
    pub levels: Vec<Level>,
    /// The number of new failures that is still accepted, of whatever strength.
    pub max_new: Option<u64>,
}

impl Finding {
    /// True for what failed and nobody waived: the machine's failure, or a doubt that a person confirmed.
    pub fn is_open_failure(&self) -> bool {
        let confirmed = self.review.as_ref().is_some_and(|review| review.outcome == Answer::Failed);
        self.waived.is_none() && (self.outcome == Outcome::Failed || confirmed)
    }

    /// True for a doubt that nobody answered or waived.
    pub fn is_open_doubt(&self) -> bool {
        self.waived.is_none() && self.review.is_none() && self.outcome == Outcome::CantTell
    }
}

impl Condition {
    fn holds(&self, finding: &Finding) -> bool {
        self.impact.is_none_or(|least| finding.impact >= least)
            && self.obligation.is_none_or(|least| finding.obligation >= least)
            && self.rules.as_ref().is_none_or(|rules| rules.contains(&finding.rule))
            && self.since.is_none_or(|since| finding.baseline == Some(since))
    }
}

impl Gate {
    /// True when the gate asks what the baseline had.
    pub fn asks_for_baseline(&self) -> bool {
        let conditions = self.levels.iter().flat_map(|level| &level.conditions).chain(&self.conditions);
        self.max_new.is_some() || conditions.into_iter().any(|one| one.since.is_some())
    }

    /// The findings that fail the run by a condition, in their order.
    pub fn failing<'f>(&self, findings: &'f [Finding]) -> Vec<&'f Finding> {
        findings.iter().filter(|one| one.is_open_failure() && self.fails(one)).collect()
    }

    /// The new failures, where there are more than are accepted.
    pub fn too_many_new<'f>(&self, findings: &'f [Finding]) -> Option<Vec<&'f Finding>> {
        let most = self.max_new?;
        let new = findings.iter().filter(|one| one.is_open_failure() && one.baseline == Some(Since::New));
        Some(new.collect::<Vec<_>>()).filter(|new| new.len() as u64 > most)
    }

    fn fails(&self, finding: &Finding) -> bool {
        let level = self.levels.iter().find(|level| level.path.matches(&finding.url));
        let conditions = level.map_or(&self.conditions, |level| &level.conditions);
        conditions.iter().any(|condition| condition.holds(finding))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Reviewed, Said, Waived, Where};
    use jiff::civil::date;

    fn finding() -> Finding {
        Finding {
            baseline: Some(Since::New),
            ..Finding::of(
                "f",
                "https://a.example/x/",
                Said {
                    rule: RuleId::of("pack/rule"),
                    outcome: Outcome::Failed,
                    impact: Impact::Medium,
                    obligation: Says::Should,
                    place: Where::default(),
                    observed: "".into(),
                    expected: "".into(),
                    question: None,
                },
            )
        }
    }

    fn doubt() -> Finding {
        let mut doubt = finding();
        doubt.outcome = Outcome::CantTell;
        doubt
    }

    fn impact(impact: Impact) -> Condition {
        Condition { impact: Some(impact), ..Condition::default() }
    }

    fn fails(gate: &Gate, finding: Finding) -> bool {
        !gate.failing(&[finding]).is_empty()
    }

    #[test]
    fn words_of_a_condition_hold_together_and_conditions_are_alternatives() {
        let must = Condition { obligation: Some(Says::Must), ..Condition::default() };
        let new_medium = Condition { since: Some(Since::New), ..impact(Impact::Medium) };
        let rule = Condition { rules: Some([RuleId::of("pack/rule")].into()), ..Condition::default() };
        let other = Condition { rules: Some([RuleId::of("pack/other")].into()), ..Condition::default() };
        let unchanged = Finding { baseline: Some(Since::Unchanged), ..finding() };
        for (conditions, one, want) in [
            (vec![], finding(), false),
            (vec![Condition::default()], finding(), true),
            (vec![impact(Impact::Medium)], finding(), true),
            (vec![impact(Impact::High)], finding(), false),
            (vec![must.clone()], finding(), false),
            (vec![must.clone(), new_medium.clone()], finding(), true),
            (vec![must, new_medium], unchanged, false),
            (vec![rule], finding(), true),
            (vec![other], finding(), false),
        ] {
            let gate = Gate { conditions, ..Gate::default() };
            assert_eq!(fails(&gate, one), want, "{gate:?}");
        }
    }

    #[test]
    fn only_open_failures_fail_a_run() {
        let gate = Gate { conditions: vec![Condition::default()], ..Gate::default() };
        let text = String::new;
        let waived = Waived { reason: text(), owner: text(), expires: text(), issue: None };
        let answered = |outcome| {
            let review = Reviewed {
                outcome,
                reviewer: text(),
                date: date(2026, 1, 1),
                expires: date(2027, 1, 1),
                evidence: text(),
            };
            Finding { review: Some(Box::new(review)), ..doubt() }
        };
        for (one, want) in [
            (finding(), true),
            (Finding { waived: Some(Box::new(waived)), ..finding() }, false),
            (doubt(), false),
            (answered(Answer::Passed), false),
            (answered(Answer::Failed), true),
        ] {
            assert_eq!(fails(&gate, one), want);
        }
    }

    #[test]
    fn the_first_level_that_fits_an_address_counts_there() {
        let level = |path: &str, conditions| Level { path: path.parse().unwrap(), conditions };
        let gate = Gate {
            conditions: vec![impact(Impact::Low)],
            levels: vec![level("/x/**", vec![impact(Impact::Critical)]), level("/**/", vec![])],
            max_new: None,
        };
        assert!(!fails(&gate, finding()));
        assert!(!fails(&gate, Finding { url: "https://a.example/y/".into(), ..finding() }));
        assert!(fails(&gate, Finding { url: "https://a.example/y".into(), ..finding() }));
    }

    #[test]
    fn as_many_new_failures_as_are_accepted_are_accepted() {
        for (most, too_many) in [(0, true), (1, true), (2, false)] {
            let gate = Gate { max_new: Some(most), ..Gate::default() };
            let old = Finding { baseline: Some(Since::Unchanged), ..finding() };
            assert_eq!(gate.too_many_new(&[finding(), old, finding()]).is_some(), too_many, "{most}");
        }
    }
}
