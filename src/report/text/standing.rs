//! How sites and requirements stand.
//!
//! In: a report. Out: one line for each site of a larger run, worst first, and one for each requirement, in the order
//! of the law. Invariant: a requirement no rule looks at is said to be not tested. Tested in `tests/it/sinks.rs`.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::sheet::{Sheet, ink};
use crate::report::wording::{count, grouped};
use crate::report::{Report, ReviewTally, RuleRow, ScoreRow, SiteRow, Tally};
use crate::rules::{RuleId, Says};
use crate::verdict::Outcome;

/// Sites listed.
const MOST_SITES: usize = 15;

/// One line for each site, worst first; nothing for a single site.
pub(super) fn sites(report: &Report, sheet: &mut Sheet) {
    if report.sites.len() < 2 {
        return;
    }
    let binding: BTreeMap<&RuleId, Says> = report.rules.iter().map(|rule| (&rule.id, rule.obligation)).collect();
    let mut sites: Vec<(&SiteRow, Tally, usize)> =
        report.sites.iter().map(|site| (site, tally(site), broken_duties(site, &binding))).collect();
    sites.sort_by_key(|(site, tally, duties)| {
        (Reverse(*duties), Reverse(tally.failed), Reverse(tally.cant_tell), Reverse(tally.untested), &site.site)
    });
    sheet.heading("Sites, worst first");
    for (site, tally, _) in sites.iter().take(MOST_SITES) {
        let owner = site.agency.as_ref().map(|agency| format!(", {agency}")).unwrap_or_default();
        let (lead, worst) = standing(tally);
        sheet.tagged(&format!("  {lead:<23}  "), ink(worst), &format!("{}{owner}", site.site));
    }
    if let more @ 1.. = sites.len().saturating_sub(MOST_SITES) {
        sheet.entry("  ", &format!("and {}.", count(more as u64, "more site", "more sites")));
    }
}

fn tally(site: &SiteRow) -> Tally {
    let mut tally = Tally::default();
    site.outcomes.values().for_each(|outcome| tally.count(outcome));
    tally
}

fn broken_duties(site: &SiteRow, binding: &BTreeMap<&RuleId, Says>) -> usize {
    let failed = site.outcomes.iter().filter(|(_, outcome)| *outcome == Outcome::Failed);
    failed.filter(|(rule, _)| binding.get(rule) == Some(&Says::Must)).count()
}

fn standing(tally: &Tally) -> (String, Outcome) {
    let failed = format!("{} failed", grouped(tally.failed));
    let review = format!("{} to review", grouped(tally.cant_tell));
    match (tally.failed, tally.cant_tell, tally.passed) {
        (0, 0, 0) => ("nothing could be judged".to_string(), Outcome::Untested),
        (0, 0, _) => ("nothing found".to_string(), Outcome::Passed),
        (0, _, _) => (review, Outcome::CantTell),
        (_, 0, _) => (failed, Outcome::Failed),
        (_, _, _) => (format!("{failed}, {review}"), Outcome::Failed),
    }
}

/// One line for each requirement under the name of its source.
pub(super) fn requirements(report: &Report, sheet: &mut Sheet) {
    let (tested, rest): (Vec<&ScoreRow>, Vec<&ScoreRow>) =
        report.scorecard.iter().partition(|row| served(&row.rules) > 0);
    if report.scorecard.is_empty() {
        return;
    }
    sheet.heading("Requirements");
    sheet.entry(
        "  ",
        "The outcome, and how many of the rules that look at a row came to it. \"Passed\" says only that nothing was \
         found.",
    );
    let mut source = None;
    for row in tested {
        if source.replace(&row.source) != Some(&row.source) {
            sheet.gap();
            sheet.entry("  ", title_of(row, &report.rules));
        }
        let words = row.outcome.words();
        let weight = format!("{} of {}", grouped(behind(row)), grouped(served(&row.rules)));
        let lead = format!("  {words:<14}  {weight:<9}  ");
        sheet.tagged(&lead, ink(row.outcome), &format!("{}: {}", row.part, row.title));
        if let Some(people) = row.reviewed.and_then(reviewed) {
            sheet.entry("                             ", &people);
        }
    }
    if rest.is_empty() {
        return;
    }
    sheet.gap();
    let keys: Vec<&str> = rest.iter().map(|row| row.requirement.as_str()).collect();
    let number = count(rest.len() as u64, "row", "rows");
    sheet.tagged(
        "  not tested      ",
        ink(Outcome::Untested),
        &format!("{number} that no rule of this run looks at: {}", keys.join(", ")),
    );
}

/// What people answered where rules were in doubt.
fn reviewed(tally: ReviewTally) -> Option<String> {
    let ReviewTally { passed, failed, open } = tally;
    (passed + failed > 0).then(|| format!("people: {passed} passed, {failed} failed, {open} still to review"))
}

/// The rules that came to the row's outcome. A failed rule that is only advice leaves a row in need of review.
fn behind(row: &ScoreRow) -> u64 {
    match row.outcome {
        Outcome::Failed => row.rules.failed,
        Outcome::CantTell => row.rules.failed + row.rules.cant_tell,
        Outcome::Passed => row.rules.passed,
        Outcome::Untested => row.rules.untested,
        Outcome::Inapplicable => row.rules.inapplicable,
    }
}

fn served(tally: &Tally) -> u64 {
    tally.passed + tally.failed + tally.cant_tell + tally.inapplicable + tally.untested
}

/// The source's own name; reports older than the column borrow it from a rule that cites it.
fn title_of<'a>(row: &'a ScoreRow, rules: &'a [RuleRow]) -> &'a str {
    if !row.source_title.is_empty() {
        return &row.source_title;
    }
    let cited = rules.iter().flat_map(|rule| rule.cites.iter()).find(|cite| cite.source == row.source);
    cited.map_or(&row.source, |cite| &cite.title)
}
