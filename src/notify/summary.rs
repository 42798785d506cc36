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
    agencies: Vec<AgencyPart>,
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

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
struct AgencyPart {
    agency: Option<String>,
    sites: u64,
    undetermined_sites: u64,
    failed: u64,
}

impl<'r> Summary<'r> {
    /// The summary of a report.
    pub fn of(report: &'r Report, exit: Ending) -> Self {
        let mut gathered = Gathered::default();
        gathered.add(report);
        Self::gathered(report, gathered, exit)
    }

    /// The summary of a run whose sites were gathered one by one; `report` has its numbers.
    pub fn gathered(report: &'r Report, gathered: Gathered, exit: Ending) -> Self {
        let run = &report.run;
        let Gathered { sites, undetermined_sites, findings, failed, agencies } = gathered;
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
                sites,
                undetermined_sites,
                pages_judged: report.coverage.pages.judged,
                problems: report.coverage.problems,
                share: report.coverage.share,
            },
            findings,
            scorecard: scorecard(report),
            worst_rules: worst_rules(report, &failed),
            agencies: worst_agencies(agencies),
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

fn scorecard(report: &Report) -> Vec<RowPart<'_>> {
    let rows = report.scorecard.iter();
    rows.map(|row| RowPart { requirement: &row.requirement, title: &row.title, outcome: row.outcome }).collect()
}

fn worst_rules<'r>(report: &'r Report, failed: &BTreeMap<RuleId, u64>) -> Vec<RulePart<'r>> {
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

fn worst_agencies(agencies: BTreeMap<Option<String>, AgencyPart>) -> Vec<AgencyPart> {
    let mut parts: Vec<AgencyPart> = agencies.into_values().collect();
    parts.sort_by(|a, b| b.failed.cmp(&a.failed).then(a.agency.cmp(&b.agency)));
    parts.truncate(MOST_AGENCIES);
    parts
}

/// What a summary counts of sites and findings, put together from reports of parts of a run.
#[derive(Debug, Default)]
pub struct Gathered {
    sites: usize,
    undetermined_sites: usize,
    findings: Counts,
    failed: BTreeMap<RuleId, u64>,
    agencies: BTreeMap<Option<String>, AgencyPart>,
}

impl Gathered {
    /// Adds the sites of a report with their findings.
    pub fn add(&mut self, report: &Report) {
        let unseen = undetermined(report);
        self.sites += report.sites.len();
        self.undetermined_sites += unseen.len();
        let mut owners: BTreeMap<&str, &Option<String>> = BTreeMap::new();
        for site in &report.sites {
            owners.insert(bare(site), &site.agency);
            let part = self.agency(&site.agency);
            part.sites += 1;
            part.undetermined_sites += u64::from(unseen.contains(bare(site)));
        }
        if report.baseline.is_some() {
            self.findings.new_failures.get_or_insert(0);
        }
        for finding in &report.findings {
            self.findings.waived += u64::from(finding.waived.is_some());
            self.findings.needs_review += u64::from(finding.is_open_doubt());
            if finding.is_open_failure() {
                self.fail(finding);
                if let Some(agency) = owners.get(host(&finding.url).as_str()) {
                    self.agency(agency).failed += 1;
                }
            }
        }
    }

    fn fail(&mut self, finding: &Finding) {
        self.findings.failed += 1;
        *self.findings.failed_by_impact.entry(finding.impact.as_str()).or_default() += 1;
        let is_new = finding.baseline == Some(Since::New);
        self.findings.new_failures = self.findings.new_failures.map(|new| new + u64::from(is_new));
        *self.failed.entry(finding.rule.clone()).or_default() += 1;
    }

    fn agency(&mut self, agency: &Option<String>) -> &mut AgencyPart {
        let nothing = || AgencyPart { agency: agency.clone(), ..AgencyPart::default() };
        self.agencies.entry(agency.clone()).or_insert_with(nothing)
    }
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
