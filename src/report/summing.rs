//! The numbers over all sites of a run whose sites were judged apart: by several workers, or before the run was killed.
//!
//! In: each site with its coverage and its tallies, one after the other. Out: coverage, tallies of rules and scorecard over all, in a
//! report. Invariant: memory does not grow with sites. Tested below.

use std::collections::BTreeMap;

use super::{Coverage, PageCoverage, Report, RuleRow, SiteRow, Tally};
use crate::finding::Outcomes;
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

/// The sum so far.
#[derive(Clone, Debug, Default)]
pub struct Sum {
    coverage: Coverage,
    missed: u64,
    estimated: u64,
    is_estimate: bool,
    tallies: BTreeMap<RuleId, Tally>,
    sites: u64,
    outcomes: Outcomes,
    rows: Vec<Outcome>,
}

impl Sum {
    /// Adds a site.
    pub fn add(&mut self, site: &SiteRow, share: &Share) {
        self.sites += 1;
        let (pages, mine) = (&share.coverage.pages, &mut self.coverage.pages);
        mine.discovered += pages.discovered;
        mine.fetched += pages.fetched;
        mine.judged += pages.judged;
        mine.unchanged += pages.unchanged;
        mine.skipped += pages.skipped;
        for (reason, count) in &pages.skipped_by {
            *mine.skipped_by.entry(reason.clone()).or_default() += count;
        }
        self.estimated += pages.estimated.unwrap_or(pages.fetched);
        self.is_estimate |= pages.estimated.is_some();
        self.coverage.hosts.probed += share.coverage.hosts.probed;
        self.coverage.problems += share.coverage.problems;
        self.missed += share.missed;
        for (rule, tally) in &share.tallies {
            let sum = self.tallies.entry(rule.clone()).or_default();
            sum.passed += tally.passed;
            sum.failed += tally.failed;
            sum.cant_tell += tally.cant_tell;
            sum.inapplicable += tally.inapplicable;
            sum.untested += tally.untested;
        }
        self.outcomes.join(&site.outcomes);
        self.rows.resize(site.scorecard.len().max(self.rows.len()), Outcome::Inapplicable);
        for (held, row) in self.rows.iter_mut().zip(&site.scorecard) {
            *held = Outcome::fold([*held, row.outcome]);
        }
    }

    /// Writes coverage, tallies of rules and the scorecard over all sites into the report.
    pub fn write(self, report: &mut Report) {
        for row in &mut report.rules {
            row.tally = self.tallies.get(&row.id).copied().unwrap_or_default();
        }
        if self.sites > 0 {
            self.write_scorecard(report);
        }
        report.coverage = Coverage {
            pages: PageCoverage { estimated: self.is_estimate.then_some(self.estimated), ..self.coverage.pages },
            share: share(self.coverage.pages.judged, self.missed),
            style: report.coverage.style,
            ..self.coverage
        };
    }

    /// Each row and each rule as its worst site has it.
    fn write_scorecard(&self, report: &mut Report) {
        let outcome = |rule: &RuleId| self.outcomes.get(rule).unwrap_or(Outcome::Inapplicable);
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
            if let (false, Some(worst)) = (serving.is_empty(), self.rows.get(at)) {
                row.outcome = *worst;
            }
            serving.retain(|(outcome, _)| matches!(outcome, Outcome::Failed | Outcome::CantTell));
            serving.sort_by(|(a, one), (b, other)| {
                let strength = |outcome: &Outcome, rule: &RuleRow| (*outcome, rule.obligation, rule.impact);
                strength(b, other).cmp(&strength(a, one)).then_with(|| one.id.cmp(&other.id))
            });
            row.evidence = serving.into_iter().map(|(_, rule)| rule.id.clone()).collect();
        }
        report.scorecard = rows;
    }
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
        let share_of = Share {
            coverage: demo.coverage.clone(),
            missed: 3,
            tallies: demo.rules.iter().map(|row| (row.id.clone(), row.tally)).collect(),
        };
        let mut sum = Sum::default();
        sum.add(&demo.sites[0], &share_of);
        sum.clone().write(&mut one);
        assert_eq!(one.coverage.pages.judged, demo.coverage.pages.judged);
        assert_eq!(one.coverage.pages.skipped_by, demo.coverage.pages.skipped_by);
        for (row, before) in one.rules.iter().zip(&demo.rules) {
            assert_eq!(row.tally, before.tally, "{}", row.id);
        }
        for (at, row) in one.scorecard.iter().enumerate().filter(|(_, row)| row.rules != Tally::default()) {
            assert_eq!(row.outcome, one.sites[0].scorecard[at].outcome, "{}", row.requirement);
        }
        sum.add(&demo.sites[0], &share_of);
        sum.write(&mut one);
        assert_eq!(one.coverage.pages.judged, 2 * demo.coverage.pages.judged);
        assert_eq!(one.coverage.share, share(2 * demo.coverage.pages.judged, 6));
    }
}
