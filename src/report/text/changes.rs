//! What changed since the baseline, and what became of waivers and reviews.
//!
//! In: a report. Out: a section for each, where there is something to say. Invariant: what is left out is counted; what was
//! not looked at again is never called fixed. Tested below.

use super::sheet::{Ink, Sheet};
use crate::finding::{Finding, Since};
use crate::report::exceptions::idle;
use crate::report::ranking::address;
use crate::report::wording::{count, day, grouped, joined};
use crate::report::{BaselineRow, Report, RuleRow};
use crate::rules::RuleId;

/// Findings listed.
const MOST_LISTED: usize = 10;

/// New failures, and what is gone.
pub(super) fn since(report: &Report, sheet: &mut Sheet) {
    let Some(row) = &report.baseline else { return };
    sheet.heading(&format!("Since the run of {}", day(row.judged_on)));
    sheet.entry("  ", &counts(row));
    let new = |one: &&Finding| one.baseline == Some(Since::New);
    let failed: Vec<&Finding> = report.findings.iter().filter(new).filter(|one| one.is_open_failure()).collect();
    let doubts: Vec<&Finding> = report.findings.iter().filter(new).filter(|one| one.is_open_doubt()).collect();
    list("New and failed:", Ink::Bad, &failed, &report.rules, sheet);
    list("New and for a person to look at:", Ink::Doubt, &doubts, &report.rules, sheet);
    list("Fixed:", Ink::Good, &row.fixed.iter().collect::<Vec<_>>(), &report.rules, sheet);
}

/// "1 new, 40 unchanged, 2 fixed, 3 not looked at again."
fn counts(row: &BaselineRow) -> String {
    let counts = &row.counts;
    let parts: Vec<String> = [
        (counts.new, "new"),
        (counts.unchanged, "unchanged"),
        (counts.fixed, "fixed"),
        (counts.not_looked_at, "not looked at again"),
    ]
    .into_iter()
    .filter(|(number, word)| *number > 0 || *word != "not looked at again")
    .map(|(number, word)| format!("{} {word}", grouped(number)))
    .collect();
    format!("Findings: {}.", joined(&parts))
}

fn list(title: &str, ink: Ink, findings: &[&Finding], rules: &[RuleRow], sheet: &mut Sheet) {
    if findings.is_empty() {
        return;
    }
    sheet.gap();
    sheet.inked("  ", ink, title);
    for finding in findings.iter().take(MOST_LISTED) {
        sheet.entry("  - ", &format!("{} ({})", name(&finding.rule, rules), finding.rule));
        sheet.cut("    At ", &address(finding), 3);
        sheet.cut("    ", &finding.observed, 2);
    }
    if let more @ 1.. = findings.len().saturating_sub(MOST_LISTED) {
        sheet.entry("    ", &format!("and {}.", count(more as u64, "more", "more")));
    }
}

fn name<'a>(rule: &'a RuleId, rules: &'a [RuleRow]) -> &'a str {
    rules.iter().find(|row| row.id == *rule).map_or(rule.as_str(), |row| &row.title)
}

/// Exceptions that hold no longer, or hold nothing.
pub(super) fn exceptions(report: &Report, sheet: &mut Sheet) {
    let told = idle(report);
    if report.waivers.is_empty() && report.reviews.is_empty() {
        return;
    }
    sheet.heading("Waivers and reviews");
    let (given, answered) = (report.waivers.len() as u64, report.reviews.len() as u64);
    sheet.entry(
        "  ",
        &format!("{}, {} given.", count(given, "waiver", "waivers"), count(answered, "review", "reviews")),
    );
    told.iter().take(MOST_LISTED).for_each(|line| sheet.tagged("  - ", Ink::Doubt, line));
    if let more @ 1.. = told.len().saturating_sub(MOST_LISTED) {
        sheet.entry("    ", &format!("and {} to look at again.", grouped(more as u64)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Paint, compare};

    const DEMO: &str = include_str!("../../../fixtures/reports/demo.json");

    fn demo() -> Report {
        serde_json::from_str(DEMO).expect("the demo is a report")
    }

    fn said(report: &Report, section: fn(&Report, &mut Sheet)) -> String {
        let mut sheet = Sheet::of(Paint::Plain, 80);
        section(report, &mut sheet);
        sheet.into_text()
    }

    #[test]
    fn what_changed_is_counted_and_named() {
        assert_eq!(said(&demo(), since), "", "nothing to compare with");
        let (mut earlier, mut report) = (demo(), demo());
        let gone = report.findings.remove(0);
        let new = earlier.findings.remove(earlier.findings.len() - 1);
        compare(&mut report, &earlier);
        let said = said(&report, since);
        assert!(
            said.contains("Since the run of November 22, 2026\n  Findings: 1 new, 27 unchanged and 1 fixed.\n"),
            "{said}"
        );
        for (title, finding) in [("New and failed:", new), ("Fixed:", gone)] {
            let part = said.split(title).nth(1).expect("the section has the list");
            assert!(part.contains(&format!("({})", finding.rule)), "{title} {}\n{said}", finding.rule);
        }
    }
}
