//! What a run came to, small enough to be sent to a chat, a ticket system or a pipeline.
//!
//! In: a report and how the run ended. Out: [`Summary`], whose keys `docs/webhook.schema.json` describes. Invariant: its size does not
//! grow with the number of pages or findings; it holds no text of a page. Tested below and in `tests/it/notify.rs`.

use jiff::civil::Date;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Since, host};
use crate::report::{Report, SiteRow, Tool};
use crate::rules::{Impact, RuleId, Says};
use crate::verdict::Outcome;

/// The name and version of the summary's shape.
pub const SUMMARY: &str = "idea-audit-summary/1";
/// Targets named.
const MOST_TARGETS: usize = 20;
/// Rules named, the worst first.
const MOST_RULES: usize = 10;
/// Agencies named, those with most failures first.
const MOST_AGENCIES: usize = 100;

/// How a run ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Ending {
    /// The exit code.
    pub code: u8,
    /// What it means: `fine`, `findings` or `unseen`.
    pub means: &'static str,
}

/// What a run came to.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Summary<'r> {
    schema: &'static str,
    event: &'static str,
    tool: &'r Tool,
    run: RunPart<'r>,
    exit: Ending,
    coverage: CoveragePart,
    findings: Counts,
    scorecard: Vec<RowPart<'r>>,
    worst_rules: Vec<RulePart<'r>>,
    agencies: Vec<AgencyPart<'r>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct RunPart<'r> {
    id: &'r str,
    started: &'r str,
    finished: &'r str,
    judged_on: Date,
    policy_as_of: Date,
    stopped: bool,
    targets: &'r [String],
    target_count: usize,
    unused_rows: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct CoveragePart {
    sites: usize,
    undetermined_sites: usize,
    pages_judged: u64,
    problems: u64,
    share: f64,
}

/// Findings that nobody waived or answered.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Counts {
    failed: u64,
    needs_review: u64,
    waived: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_failures: Option<u64>,
    failed_by_impact: BTreeMap<&'static str, u64>,
}

#[derive(Debug, Serialize)]
struct RowPart<'r> {
    requirement: &'r str,
    title: &'r str,
    outcome: Outcome,
}

#[derive(Debug, Serialize)]
struct RulePart<'r> {
    id: &'r RuleId,
    title: &'r str,
    impact: Impact,
    obligation: Says,
    failed: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct AgencyPart<'r> {
    agency: Option<&'r str>,
    sites: u64,
    undetermined_sites: u64,
    failed: u64,
}

impl<'r> Summary<'r> {
    /// The summary of a report.
    pub fn of(report: &'r Report, exit: Ending) -> Self {
        let run = &report.run;
        Self {
            schema: SUMMARY,
            event: "run-finished",
            tool: &report.tool,
            run: RunPart {
                id: &run.id,
                started: &run.started,
                finished: &run.finished,
                judged_on: run.judged_on,
                policy_as_of: run.policy_as_of,
                stopped: run.stopped,
                targets: &run.targets[..run.targets.len().min(MOST_TARGETS)],
                target_count: run.targets.len(),
                unused_rows: run.list_problems.len(),
            },
            exit,
            coverage: CoveragePart {
                sites: report.sites.len(),
                undetermined_sites: undetermined(report).len(),
                pages_judged: report.coverage.pages.judged,
                problems: report.coverage.problems,
                share: report.coverage.share,
            },
            findings: counts(report),
            scorecard: scorecard(report),
            worst_rules: worst_rules(report),
            agencies: agencies(report),
        }
    }

    /// Its octets as they are sent and signed.
    pub fn octets(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a summary has words and numbers only")
    }
}

/// The sites of which no page could be judged.
fn undetermined(report: &Report) -> BTreeSet<&str> {
    let seen: BTreeSet<String> = report.pages.iter().filter(|page| page.judged).map(|page| host(&page.url)).collect();
    report.sites.iter().map(bare).filter(|site| !seen.contains(*site)).collect()
}

fn bare(site: &SiteRow) -> &str {
    site.site.strip_prefix("www.").unwrap_or(&site.site)
}

fn counts(report: &Report) -> Counts {
    let mut counts = Counts { new_failures: report.baseline.as_ref().map(|_| 0), ..Counts::default() };
    for finding in &report.findings {
        counts.waived += u64::from(finding.waived.is_some());
        counts.needs_review += u64::from(finding.is_open_doubt());
        if finding.is_open_failure() {
            counts.failed += 1;
            *counts.failed_by_impact.entry(finding.impact.as_str()).or_default() += 1;
            let is_new = finding.baseline == Some(Since::New);
            counts.new_failures = counts.new_failures.map(|new| new + u64::from(is_new));
        }
    }
    counts
}

fn scorecard(report: &Report) -> Vec<RowPart<'_>> {
    let rows = report.scorecard.iter();
    rows.map(|row| RowPart { requirement: &row.requirement, title: &row.title, outcome: row.outcome }).collect()
}

fn worst_rules(report: &Report) -> Vec<RulePart<'_>> {
    let mut failed: BTreeMap<&RuleId, u64> = BTreeMap::new();
    let open = |finding: &&Finding| finding.is_open_failure();
    report.findings.iter().filter(open).for_each(|finding| *failed.entry(&finding.rule).or_default() += 1);
    let mut parts: Vec<RulePart<'_>> = report
        .rules
        .iter()
        .filter_map(|row| {
            let failed = failed.get(&row.id).copied()?;
            Some(RulePart { id: &row.id, title: &row.title, impact: row.impact, obligation: row.obligation, failed })
        })
        .collect();
    parts.sort_by_key(|part| (Reverse(part.obligation), Reverse(part.impact), Reverse(part.failed), part.id));
    parts.truncate(MOST_RULES);
    parts
}

fn agencies(report: &Report) -> Vec<AgencyPart<'_>> {
    let mut owners: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    let mut parts: BTreeMap<Option<&str>, AgencyPart<'_>> = BTreeMap::new();
    let unseen = undetermined(report);
    for site in &report.sites {
        let agency = site.agency.as_deref();
        owners.insert(bare(site), agency);
        let nothing = AgencyPart { agency, sites: 0, undetermined_sites: 0, failed: 0 };
        let part = parts.entry(agency).or_insert(nothing);
        part.sites += 1;
        part.undetermined_sites += u64::from(unseen.contains(bare(site)));
    }
    for finding in report.findings.iter().filter(|finding| finding.is_open_failure()) {
        let agency = owners.get(host(&finding.url).as_str()).copied().flatten();
        if let Some(part) = parts.get_mut(&agency) {
            part.failed += 1;
        }
    }
    let mut parts: Vec<AgencyPart<'_>> = parts.into_values().collect();
    parts.sort_by_key(|part| (Reverse(part.failed), part.agency));
    parts.truncate(MOST_AGENCIES);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEMO: &[u8] = include_bytes!("../../fixtures/reports/demo.json");

    #[test]
    fn a_summary_counts_what_the_report_holds_and_quotes_no_page() {
        let report = crate::report::read(DEMO.to_vec()).expect("the demo is a report");
        let octets = Summary::of(&report, Ending { code: 1, means: "findings" }).octets();
        let summary: serde_json::Value = serde_json::from_slice(&octets).expect("is JSON");
        let open = report.findings.iter().filter(|finding| finding.is_open_failure()).count();
        assert_eq!(summary["findings"]["failed"], open);
        let by_impact = summary["findings"]["failed-by-impact"].as_object().expect("is an object");
        assert_eq!(by_impact.values().filter_map(serde_json::Value::as_u64).sum::<u64>(), open as u64);
        assert_eq!(summary["scorecard"].as_array().map(Vec::len), Some(report.scorecard.len()));
        let of_agencies = summary["agencies"].as_array().expect("is a list").iter();
        assert_eq!(of_agencies.filter_map(|part| part["failed"].as_u64()).sum::<u64>(), open as u64);
        let text = String::from_utf8(octets).expect("is text");
        assert!(
            report.findings.iter().filter_map(|one| one.place.snippet.as_deref()).all(|quote| !text.contains(quote))
        );
    }
}
