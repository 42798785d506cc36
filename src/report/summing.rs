//! The numbers over all sites of a run whose sites were judged apart: by several workers, or before the run was killed.
//!
//! In: a report with its sites, and of each site its coverage and its tallies. Out: the same with coverage, tallies of rules and
//! scorecard over all. Invariant: a site that is there twice counts once for each row. Tested below.

use std::collections::BTreeMap;

use super::{Coverage, Report, Tally};
use crate::rules::RuleId;
use crate::verdict::Outcome;

/// What one site adds to the numbers of a run.
#[derive(Clone, Debug)]
pub struct Share {
    /// How much of it was seen.
    pub coverage: Coverage,
    /// Pages with a problem.
    pub missed: u64,
    /// Its tallies by rule.
    pub tallies: Vec<(RuleId, Tally)>,
}

/// Four digits are enough for a share, and print the same everywhere.
fn share(judged: u64, missed: u64) -> f64 {
    let wanted = judged + missed;
    if wanted == 0 { 0.0 } else { (judged as f64 / wanted as f64 * 10_000.0).round() / 10_000.0 }
}

/// Writes coverage, tallies of rules and the scorecard over all sites of the report.
pub fn sum_up(report: &mut Report, shares: &[Share]) {
    report.coverage = coverage(report, shares);
    let mut tallies: BTreeMap<&RuleId, Tally> = BTreeMap::new();
    for (rule, tally) in shares.iter().flat_map(|share| &share.tallies) {
        let sum = tallies.entry(rule).or_default();
        for (mine, theirs) in [
            (&mut sum.passed, tally.passed),
            (&mut sum.failed, tally.failed),
            (&mut sum.cant_tell, tally.cant_tell),
            (&mut sum.inapplicable, tally.inapplicable),
            (&mut sum.untested, tally.untested),
        ] {
            *mine += theirs;
        }
    }
    for row in &mut report.rules {
        row.tally = tallies.get(&row.id).copied().unwrap_or_default();
    }
    if !report.sites.is_empty() {
        sum_scorecard(report);
    }
}

fn coverage(report: &Report, shares: &[Share]) -> Coverage {
    let mut sum = Coverage { style: report.coverage.style, ..Coverage::default() };
    let mut estimated = 0;
    let mut is_estimate = false;
    for one in shares {
        let (pages, mine) = (&one.coverage.pages, &mut sum.pages);
        mine.discovered += pages.discovered;
        mine.fetched += pages.fetched;
        mine.judged += pages.judged;
        mine.skipped += pages.skipped;
        for (reason, count) in &pages.skipped_by {
            *mine.skipped_by.entry(reason.clone()).or_default() += count;
        }
        estimated += pages.estimated.unwrap_or(pages.fetched);
        is_estimate |= pages.estimated.is_some();
        sum.hosts.probed += one.coverage.hosts.probed;
    }
    sum.pages.estimated = is_estimate.then_some(estimated);
    sum.problems = report.problems.len() as u64;
    sum.share = share(sum.pages.judged, shares.iter().map(|one| one.missed).sum());
    sum
}

/// Each row and each rule as its worst site has it.
fn sum_scorecard(report: &mut Report) {
    let outcome =
        |rule: &RuleId| Outcome::fold(report.sites.iter().filter_map(|site| site.outcomes.get(rule)).copied());
    let mut rows = std::mem::take(&mut report.scorecard);
    for (at, row) in rows.iter_mut().enumerate() {
        let mut serving: Vec<_> = report
            .rules
            .iter()
            .filter(|rule| rule.serves.contains(&row.requirement))
            .map(|rule| (outcome(&rule.id), rule))
            .collect();
        row.rules = Tally::default();
        serving.iter().for_each(|(outcome, _)| row.rules.count(*outcome));
        if !serving.is_empty() {
            row.outcome = Outcome::fold(report.sites.iter().filter_map(|site| Some(site.scorecard.get(at)?.outcome)));
        }
        serving.retain(|(outcome, _)| matches!(outcome, Outcome::Failed | Outcome::CantTell));
        serving.sort_by(|(a, one), (b, other)| {
            let strength = |outcome: &Outcome, rule: &super::RuleRow| (*outcome, rule.obligation, rule.impact);
            strength(b, other).cmp(&strength(a, one)).then_with(|| one.id.cmp(&other.id))
        });
        row.evidence = serving.into_iter().map(|(_, rule)| rule.id.clone()).collect();
    }
    report.scorecard = rows;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_one_site_sums_up_to_itself() {
        let demo: Report =
            serde_json::from_str(include_str!("../../fixtures/reports/demo.json")).expect("the demo is a report");
        let mut one = demo.clone();
        one.sites.truncate(1);
        let shares = [Share {
            coverage: demo.coverage.clone(),
            missed: 3,
            tallies: demo.rules.iter().map(|row| (row.id.clone(), row.tally)).collect(),
        }];
        sum_up(&mut one, &shares);
        assert_eq!(one.coverage.pages.judged, demo.coverage.pages.judged);
        assert_eq!(one.coverage.pages.skipped_by, demo.coverage.pages.skipped_by);
        for (row, before) in one.rules.iter().zip(&demo.rules) {
            assert_eq!(row.tally, before.tally, "{}", row.id);
        }
        for (at, row) in one.scorecard.iter().enumerate().filter(|(_, row)| row.rules != Tally::default()) {
            assert_eq!(row.outcome, one.sites[0].scorecard[at].outcome, "{}", row.requirement);
        }
        let twice = [shares[0].clone(), shares[0].clone()];
        sum_up(&mut one, &twice);
        assert_eq!(one.coverage.pages.judged, 2 * demo.coverage.pages.judged);
        assert_eq!(one.coverage.share, share(2 * demo.coverage.pages.judged, 6));
    }
}
