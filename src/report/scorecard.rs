//! The scorecard: what the rules say of each requirement.
//!
//! In: the rows of the law with the names of their sources; for each rule its outcome and how strongly it is asked for.
//! Out: [`ScoreRow`]s. Invariant: only a rule its sources say "must" of can fail a row; no row says that the law is
//! met. Tested below.

use std::collections::{BTreeMap, BTreeSet};

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
    /// How strongly each source it cites asks for it; looked at where it failed.
    pub by_source: BTreeMap<&'a str, Says>,
    /// How strongly it is asked for by anything it cites; looked at where it failed or could not tell, as is the impact.
    pub obligation: Says,
    /// How much a failure hurts.
    pub impact: Impact,
    /// Its outcome over everything judged.
    pub outcome: Outcome,
}

/// One row for each requirement, in their order. A requirement that no rule serves is untested.
///
/// `binding` says how strongly each source can bind the site at all, for rules that serve a row without citing its source.
pub fn scorecard(
    requirements: &Requirements,
    sources: &Sources,
    binding: &BTreeMap<String, Says>,
    standings: &[Standing<'_>],
) -> Vec<ScoreRow> {
    let mut by_row: BTreeMap<&str, Vec<&Standing<'_>>> = BTreeMap::new();
    for one in standings {
        let rows: BTreeSet<&str> = one.serves.iter().map(String::as_str).collect();
        rows.into_iter().for_each(|row| by_row.entry(row).or_default().push(one));
    }
    requirements
        .iter()
        .map(|requirement| {
            let serving = by_row.get(requirement.key.as_str()).map_or(&[][..], Vec::as_slice);
            let mut rules = Tally::default();
            serving.iter().for_each(|one| rules.count(one.outcome));
            ScoreRow {
                requirement: requirement.key.clone(),
                title: requirement.title.clone(),
                source: requirement.source.clone(),
                source_title: sources.find(&requirement.source).map(|source| source.title.clone()).unwrap_or_default(),
                part: requirement.part.clone(),
                outcome: row_outcome(serving, &requirement.source, binding),
                rules,
                evidence: evidence(serving),
                limits: requirement.limits.clone(),
                reviewed: None,
            }
        })
        .collect()
}

fn row_outcome(serving: &[&Standing<'_>], source: &str, binding: &BTreeMap<String, Says>) -> Outcome {
    if serving.is_empty() {
        return Outcome::Untested;
    }
    Outcome::fold(serving.iter().map(|one| {
        // What another law demands fails the row of that law, not this one.
        let bound = binding.get(source).copied().unwrap_or(Says::Must);
        let asked = one.by_source.get(source).copied().unwrap_or(one.obligation.min(bound));
        match (one.outcome, asked) {
            (Outcome::Failed, Says::Should | Says::Advice) => Outcome::CantTell,
            (outcome, _) => outcome,
        }
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
                by_source: BTreeMap::new(),
                obligation: *obligation,
                impact: Impact::High,
                outcome: *outcome,
            })
            .collect();
        row_outcome(&standings.iter().collect::<Vec<_>>(), "idea-act", &BTreeMap::new())
    }

    #[test]
    fn a_must_of_one_law_does_not_fail_the_row_of_another() {
        let id = RuleId::of("pack/rule");
        let standing = Standing {
            rule: &id,
            serves: &[],
            by_source: BTreeMap::from([("section-508", Says::Must), ("ada-title-ii", Says::Advice)]),
            obligation: Says::Must,
            impact: Impact::High,
            outcome: Outcome::Failed,
        };
        let anybody = BTreeMap::new();
        assert_eq!(row_outcome(&[&standing], "section-508", &anybody), Outcome::Failed);
        assert_eq!(row_outcome(&[&standing], "ada-title-ii", &anybody), Outcome::CantTell);
        let advice = BTreeMap::from([("pra".to_string(), Says::Advice)]);
        assert_eq!(row_outcome(&[&standing], "pra", &advice), Outcome::CantTell);
        assert_eq!(row_outcome(&[&standing], "idea-act", &advice), Outcome::Failed);
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
