//! The scorecard: what the rules say of each requirement.
//!
//! In: the rows of the law with the names of their sources; for each rule its outcome and how strongly it is asked for.
//! Out: [`ScoreRow`]s. Invariant: only a rule its sources say "must" of can fail a row; no row says that the law is
//! met. Tested below.

use super::{ScoreRow, Tally};
use crate::rules::{Impact, Requirements, RuleId, Says, Sources};
use crate::verdict::Outcome;

/// What one rule contributes.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    /// The rule.
    pub rule: &'a RuleId,
    /// The rows it serves.
    pub serves: &'a [String],
    /// How strongly it is asked for.
    pub obligation: Says,
    /// How much a failure hurts.
    pub impact: Impact,
    /// Its outcome over everything judged.
    pub outcome: Outcome,
}

/// One row for each requirement, in their order. A requirement that no rule serves is untested.
pub fn scorecard(requirements: &Requirements, sources: &Sources, standings: &[Standing<'_>]) -> Vec<ScoreRow> {
    requirements
        .iter()
        .map(|requirement| {
            let serving: Vec<&Standing<'_>> =
                standings.iter().filter(|one| one.serves.contains(&requirement.key)).collect();
            let mut rules = Tally::default();
            serving.iter().for_each(|one| rules.count(one.outcome));
            ScoreRow {
                requirement: requirement.key.clone(),
                title: requirement.title.clone(),
                source: requirement.source.clone(),
                source_title: sources.find(&requirement.source).map(|source| source.title.clone()).unwrap_or_default(),
                part: requirement.part.clone(),
                outcome: row_outcome(&serving),
                rules,
                evidence: evidence(&serving),
                limits: requirement.limits.clone(),
            }
        })
        .collect()
}

fn row_outcome(serving: &[&Standing<'_>]) -> Outcome {
    if serving.is_empty() {
        return Outcome::Untested;
    }
    Outcome::fold(serving.iter().map(|one| match (one.outcome, one.obligation) {
        (Outcome::Failed, Says::Should | Says::Advice) => Outcome::CantTell,
        (outcome, _) => outcome,
    }))
}

fn evidence(serving: &[&Standing<'_>]) -> Vec<RuleId> {
    let mut shown: Vec<&&Standing<'_>> =
        serving.iter().filter(|one| matches!(one.outcome, Outcome::Failed | Outcome::CantTell)).collect();
    shown.sort_by(|a, b| {
        let strength = |one: &Standing<'_>| (one.outcome, one.obligation, one.impact);
        strength(b).cmp(&strength(a)).then_with(|| a.rule.cmp(b.rule))
    });
    shown.into_iter().map(|one| one.rule.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleId;

    fn row(standings: &[(Outcome, Says)]) -> Outcome {
        let id = RuleId::of("pack/rule");
        let serves = ["idea-3a5".to_string()];
        let standings: Vec<Standing<'_>> = standings
            .iter()
            .map(|(outcome, obligation)| Standing {
                rule: &id,
                serves: &serves,
                obligation: *obligation,
                impact: Impact::High,
                outcome: *outcome,
            })
            .collect();
        row_outcome(&standings.iter().collect::<Vec<_>>())
    }

    #[test]
    fn only_a_must_fails_a_row_and_a_row_without_rules_is_untested() {
        assert_eq!(row(&[(Outcome::Failed, Says::Must), (Outcome::Passed, Says::Must)]), Outcome::Failed);
        assert_eq!(row(&[(Outcome::Failed, Says::Should), (Outcome::Passed, Says::Must)]), Outcome::CantTell);
        assert_eq!(row(&[(Outcome::Failed, Says::Advice)]), Outcome::CantTell);
        assert_eq!(row(&[(Outcome::Passed, Says::Must), (Outcome::Inapplicable, Says::Must)]), Outcome::Passed);
        assert_eq!(row(&[]), Outcome::Untested);
    }
}
