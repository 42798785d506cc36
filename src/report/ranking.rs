//! Which rules come first: those that fail or doubt most, and where to begin with each.
//!
//! In: the findings of a report, in any order. Out: rules ranked by obligation, impact and pages touched. Invariant: what is
//! waived or was answered ranks no rule; the order of arrival changes nothing. Tested below and in `tests/it/sinks.rs`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::places::{WHOLE_FOLDER, is_folder};
use super::wording::count;
use super::{Report, RuleRow};
use crate::finding::Finding;
use crate::rules::{Impact, RuleId, Says};

/// The open findings of one rule.
pub(super) struct Ranked<'a> {
    /// Its name.
    pub(super) rule: &'a RuleId,
    /// Its words, when the report has them.
    pub(super) row: Option<&'a RuleRow>,
    /// What failed.
    pub(super) failed: Vec<&'a Finding>,
    /// What a person has to look at.
    pub(super) review: Vec<&'a Finding>,
}

impl<'a> Ranked<'a> {
    /// What counts first: failures where there are any.
    pub(super) fn shown(&self) -> &[&'a Finding] {
        if self.failed.is_empty() { &self.review } else { &self.failed }
    }

    /// The strongest duty among what is shown.
    pub(super) fn obligation(&self) -> Says {
        self.shown().iter().map(|one| one.obligation).max().unwrap_or(Says::Advice)
    }

    /// The greatest harm among what is shown.
    pub(super) fn impact(&self) -> Impact {
        self.shown().iter().map(|one| one.impact).max().unwrap_or(Impact::Info)
    }

    /// The pages touched.
    pub(super) fn pages(&self) -> usize {
        self.shown().iter().map(|one| &*one.url).collect::<BTreeSet<_>>().len()
    }

    /// The first of the strongest, so that the example shows what the rank says.
    pub(super) fn example(&self) -> Option<&'a Finding> {
        let strongest = |one: &&&Finding| (Reverse(one.obligation), Reverse(one.impact));
        self.shown()
            .iter()
            .min_by(|a, b| strongest(a).cmp(&strongest(b)).then_with(|| a.sort_key().cmp(&b.sort_key())))
            .copied()
    }

    /// Its title, else its name.
    pub(super) fn title(&self) -> &'a str {
        self.row.map_or(self.rule.as_str(), |row| &row.title)
    }

    /// "3 findings on 2 pages".
    pub(super) fn spread(&self) -> String {
        let found = count(self.shown().len() as u64, "finding", "findings");
        format!("{found} on {}", count(self.pages() as u64, "page", "pages"))
    }
}

/// Rules with open findings, worst first.
pub(super) fn ranked(report: &Report) -> Vec<Ranked<'_>> {
    let rows: BTreeMap<&RuleId, &RuleRow> = report.rules.iter().map(|row| (&row.id, row)).collect();
    let mut rules: BTreeMap<&RuleId, Ranked<'_>> = BTreeMap::new();
    for finding in &report.findings {
        let rule = &finding.rule;
        let row = rows.get(rule).copied();
        let ranked = rules.entry(rule).or_insert(Ranked { rule, row, failed: vec![], review: vec![] });
        if finding.is_open_failure() {
            ranked.failed.push(finding);
        } else if finding.is_open_doubt() {
            ranked.review.push(finding);
        }
    }
    let mut rules: Vec<Ranked<'_>> = rules.into_values().filter(|one| !one.shown().is_empty()).collect();
    rules.sort_by_cached_key(|one| {
        let pages = Reverse(one.pages());
        (Reverse(one.obligation()), Reverse(one.impact()), pages, Reverse(one.shown().len()), one.rule)
    });
    rules
}

/// URL:line:column, as far as they are known.
pub(super) fn address(finding: &Finding) -> String {
    if is_folder(&finding.url) {
        return WHOLE_FOLDER.to_string();
    }
    let url = finding.url.strip_prefix("file:").unwrap_or(&finding.url);
    match (finding.place.line, finding.place.column) {
        (Some(line), Some(column)) => format!("{url}:{line}:{column}"),
        (Some(line), None) => format!("{url}:{line}"),
        (None, _) => url.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Said, Waived, Where};
    use crate::verdict::Outcome;

    const DEMO: &str = include_str!("../../fixtures/reports/demo.json");

    fn finding(rule: &str, obligation: Says, impact: Impact, page: &str) -> Finding {
        Finding::of(
            format!("{rule} {page}"),
            format!("https://a.example/{page}"),
            Said {
                rule: RuleId::of(rule),
                outcome: Outcome::Failed,
                impact,
                obligation,
                place: Where::default(),
                observed: "".into(),
                expected: "".into(),
                question: None,
            },
        )
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
        waived.waived = Some(Box::new(Waived { reason, owner, expires, issue: None }));
        assert_eq!(order(vec![waived, finding("a/open", Says::Advice, Impact::Info, "1")]), ["a/open"]);
    }
}
