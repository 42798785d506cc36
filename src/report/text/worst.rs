//! The rules that hurt most, and those a person has to look at.
//!
//! In: the findings of a report, in any order. Out: rules ranked by obligation, impact and pages touched, each with one
//! place to begin. Invariant: waived findings do not rank a rule. Tested below and in `tests/it/sinks.rs`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::sheet::{Ink, Sheet};
use super::wording::{count, sentence};
use crate::finding::Finding;
use crate::report::{Report, RuleRow};
use crate::rules::{Impact, RuleId, Says};
use crate::verdict::Outcome;

/// Rules shown in a list.
const MOST_RULES: usize = 10;
/// The lead of what stands under a rule's title.
const UNDER: &str = "     ";

/// The open findings of one rule.
struct Ranked<'a> {
    rule: &'a RuleId,
    row: Option<&'a RuleRow>,
    failed: Vec<&'a Finding>,
    review: Vec<&'a Finding>,
}

impl<'a> Ranked<'a> {
    /// What counts first: failures where there are any.
    fn shown(&self) -> &[&'a Finding] {
        if self.failed.is_empty() { &self.review } else { &self.failed }
    }

    fn obligation(&self) -> Says {
        self.shown().iter().map(|one| one.obligation).max().unwrap_or(Says::Advice)
    }

    fn impact(&self) -> Impact {
        self.shown().iter().map(|one| one.impact).max().unwrap_or(Impact::Info)
    }

    fn pages(&self) -> usize {
        self.shown().iter().map(|one| one.url.as_str()).collect::<BTreeSet<_>>().len()
    }

    /// The first of the strongest, so that the example shows what the rank says.
    fn example(&self) -> Option<&'a Finding> {
        let strongest = |one: &&&Finding| (Reverse(one.obligation), Reverse(one.impact));
        self.shown()
            .iter()
            .min_by(|a, b| strongest(a).cmp(&strongest(b)).then_with(|| a.sort_key().cmp(&b.sort_key())))
            .copied()
    }

    fn title(&self) -> &'a str {
        self.row.map_or(self.rule.as_str(), |row| &row.title)
    }

    fn spread(&self) -> String {
        let found = count(self.shown().len() as u64, "finding", "findings");
        format!("{found} on {}", count(self.pages() as u64, "page", "pages"))
    }
}

/// Rules with open findings, worst first.
fn ranked(report: &Report) -> Vec<Ranked<'_>> {
    let rows: BTreeMap<&RuleId, &RuleRow> = report.rules.iter().map(|row| (&row.id, row)).collect();
    let mut rules: BTreeMap<&RuleId, Ranked<'_>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|one| one.waived.is_none()) {
        let rule = &finding.rule;
        let row = rows.get(rule).copied();
        let ranked = rules.entry(rule).or_insert(Ranked { rule, row, failed: vec![], review: vec![] });
        match finding.outcome {
            Outcome::Failed => ranked.failed.push(finding),
            Outcome::CantTell => ranked.review.push(finding),
            Outcome::Passed | Outcome::Untested | Outcome::Inapplicable => {}
        }
    }
    let mut rules: Vec<Ranked<'_>> = rules.into_values().filter(|one| !one.shown().is_empty()).collect();
    rules.sort_by_cached_key(|one| {
        let pages = Reverse(one.pages());
        (Reverse(one.obligation()), Reverse(one.impact()), pages, Reverse(one.shown().len()), one.rule)
    });
    rules
}

/// The rules that failed, with one place to begin for each.
pub(super) fn worst_first(report: &Report, sheet: &mut Sheet) {
    let rules: Vec<Ranked<'_>> = ranked(report).into_iter().filter(|one| !one.failed.is_empty()).collect();
    if rules.is_empty() {
        return;
    }
    let number = count(rules.len() as u64, "rule", "rules");
    sheet.heading(&format!("Worst first: {number} failed"));
    let files: BTreeMap<&str, &str> =
        report.pages.iter().filter_map(|page| Some((page.url.as_str(), page.file.as_deref()?))).collect();
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
    if let Some(file) = files.get(finding.url.as_str()) {
        sheet.cut("     In ", file, 2);
    }
    if let Some(snippet) = &finding.place.snippet {
        sheet.cut("       ", snippet, 2);
    }
}

/// URL:line:column, as far as they are known.
fn address(finding: &Finding) -> String {
    match (finding.place.line, finding.place.column) {
        (Some(line), Some(column)) => format!("{}:{line}:{column}", finding.url),
        (Some(line), None) => format!("{}:{line}", finding.url),
        (None, _) => finding.url.clone(),
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

fn more(rules: usize, sheet: &mut Sheet) {
    if let more @ 1.. = rules.saturating_sub(MOST_RULES) {
        sheet.gap();
        sheet.entry("  ", &format!("and {more} more: idea-audit report RESULTS --format json"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Waived, Where};

    const DEMO: &str = include_str!("../../../fixtures/reports/demo.json");

    fn finding(rule: &str, obligation: Says, impact: Impact, page: &str) -> Finding {
        Finding {
            fingerprint: format!("{rule} {page}"),
            rule: RuleId::of(rule),
            outcome: Outcome::Failed,
            impact,
            obligation,
            url: format!("https://a.example/{page}"),
            place: Where::default(),
            observed: String::new(),
            expected: String::new(),
            question: None,
            waived: None,
        }
    }

    fn order(findings: Vec<Finding>) -> Vec<String> {
        let mut report: Report = serde_json::from_str(DEMO).expect("the demo is a report");
        report.findings = findings;
        ranked(&report).iter().map(|one| one.rule.to_string()).collect()
    }

    #[test]
    fn obligation_counts_before_impact_and_impact_before_pages() {
        let findings = vec![
            finding("a/advice", Says::Advice, Impact::Critical, "1"),
            finding("a/wide", Says::Must, Impact::Low, "1"),
            finding("a/wide", Says::Must, Impact::Low, "2"),
            finding("a/narrow", Says::Must, Impact::Low, "1"),
            finding("a/narrow", Says::Must, Impact::Low, "1"),
            finding("a/high", Says::Must, Impact::High, "1"),
            finding("a/should", Says::Should, Impact::Medium, "1"),
        ];
        assert_eq!(order(findings), ["a/high", "a/wide", "a/narrow", "a/should", "a/advice"]);
    }

    #[test]
    fn a_waived_finding_ranks_nothing() {
        let mut waived = finding("a/waived", Says::Must, Impact::Critical, "1");
        let [reason, owner, expires] = ["soon", "me", "2027-01-01"].map(str::to_string);
        waived.waived = Some(Waived { reason, owner, expires });
        assert_eq!(order(vec![waived, finding("a/open", Says::Advice, Impact::Info, "1")]), ["a/open"]);
    }
}
