//! The rules that hurt most, and those a person has to look at.
//!
//! In: the rules of a report with open findings, worst first. Out: the first of them, each with one place to begin.
//! Invariant: what is left out is counted. Tested in `tests/it/sinks.rs`.

use std::collections::BTreeMap;

use super::sheet::{Ink, Sheet};
use crate::finding::Finding;
use crate::report::ranking::{Ranked, address, ranked};
use crate::report::wording::{count, sentence};
use crate::report::{Report, Tally};
use crate::rules::Says;

/// Rules shown in a list.
const MOST_RULES: usize = 10;
/// The lead of what stands under a rule's title.
const UNDER: &str = "     ";

/// The rules that failed, with one place to begin for each.
pub(super) fn worst_first(report: &Report, sheet: &mut Sheet) {
    let rules: Vec<Ranked<'_>> = ranked(report).into_iter().filter(|one| !one.failed.is_empty()).collect();
    if rules.is_empty() {
        return;
    }
    let number = count(rules.len() as u64, "rule", "rules");
    sheet.heading(&format!("Worst first: {number} failed"));
    let files: BTreeMap<&str, &str> =
        report.pages.iter().filter_map(|page| Some((&*page.url, page.file.as_deref()?))).collect();
    for (at, one) in rules.iter().take(MOST_RULES).enumerate() {
        sheet.gap();
        entry(at + 1, one, &files, sheet);
    }
    more(rules.len(), sheet);
}

fn entry(number: usize, one: &Ranked<'_>, files: &BTreeMap<&str, &str>, sheet: &mut Sheet) {
    sheet.inked(&format!("{number:>3}. "), Ink::Strong, one.title());
    let doubts = match one.review.len() {
        0 => String::new(),
        more => format!(", {more} more to review"),
    };
    let (asked, ink) = match one.obligation() {
        Says::Must => ("A must", Ink::Bad),
        Says::Should => ("A should", Ink::Doubt),
        Says::Advice => ("Advice", Ink::Body),
    };
    let weight = format!("{asked} with {} impact", one.impact().as_str());
    sheet.inked(UNDER, ink, &format!("{weight}: {}{doubts}", one.spread()));
    if let Some(example) = one.example() {
        place(example, files, sheet);
        sheet.cut("     Found: ", &example.observed, 3);
        if !example.expected.is_empty() {
            sheet.cut("     Asked: ", &example.expected, 3);
        }
    }
    if let Some(row) = one.row {
        sheet.cut("     To fix: ", sentence(&row.text.fix), 4);
    }
    sheet.inked(UNDER, Ink::Faint, &format!("More: idea-audit explain {}", one.rule));
}

fn place(finding: &Finding, files: &BTreeMap<&str, &str>, sheet: &mut Sheet) {
    sheet.cut("     At ", &address(finding), 3);
    let file = files.get(&*finding.url);
    if let Some(file) = file.filter(|file| finding.url.strip_prefix("file:") != Some(file)) {
        sheet.cut("     In ", file, 2);
    }
    if let Some(snippet) = &finding.place.snippet {
        sheet.cut("       ", snippet, 2);
    }
}

/// The rules that did not fail but found what only a person can decide.
pub(super) fn needs_review(report: &Report, sheet: &mut Sheet) {
    let rules: Vec<Ranked<'_>> = ranked(report).into_iter().filter(|one| one.failed.is_empty()).collect();
    if rules.is_empty() {
        return;
    }
    let number = count(rules.len() as u64, "rule", "rules");
    sheet.heading(&format!("For a person to look at: {number} in doubt"));
    sheet.gap();
    for one in rules.iter().take(MOST_RULES) {
        sheet.entry("  - ", &format!("{} ({})", one.title(), one.rule));
        let Some(example) = one.example() else { continue };
        sheet.cut("    ", &format!("{}, as at {}", one.spread(), address(example)), 3);
    }
    more(rules.len(), sheet);
}

/// One sentence at the end, because that is where a terminal stands when the program is done.
pub(super) fn in_short(report: &Report, sheet: &mut Sheet) {
    let rules = ranked(report);
    if rules.is_empty() {
        return;
    }
    let failed = rules.iter().filter(|one| !one.failed.is_empty()).count();
    let review = rules.len() - failed;
    let needs = if review == 1 { "needs" } else { "need" };
    let found_nothing = |tally: &Tally| tally.passed > 0 && tally.failed == 0 && tally.cant_tell == 0;
    let clean = report.rules.iter().filter(|row| found_nothing(&row.tally)).count();
    sheet.heading("In short");
    let rules = count(failed as u64, "rule failed", "rules failed");
    sheet.entry("  ", &format!("{rules}, {review} {needs} a person to look, {clean} found nothing."));
}

fn more(rules: usize, sheet: &mut Sheet) {
    if let more @ 1.. = rules.saturating_sub(MOST_RULES) {
        sheet.gap();
        sheet.entry("  ", &format!("and {more} more; --format html=report.html shows every rule"));
    }
}
