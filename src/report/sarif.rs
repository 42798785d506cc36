//! `--format sarif`: results for code hosts and editors, SARIF 2.1.0 (OASIS, 27 March 2020).
//!
//! In: a report. Out: one JSON object. Findings become results, with positions in the built files where a folder was
//! scanned; waivers become suppressions; problems become notifications, never results. Invariant: fingerprints are ours,
//! without line numbers. Tested in `tests/it/formats.rs` against the published schema.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::places::{Places, path_uri, uri};
use super::wording::{ended, problem};
use super::{Report, RuleRow};
use crate::finding::{Answer, Finding, Waived};
use crate::rules::{Impact, RuleId};
use crate::verdict::Outcome;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The name files of a scanned folder are relative to.
const FOLDER: &str = "SITE";
/// The name that folder is relative to: where the scan was started.
const START: &str = "START";

/// A log with one run.
#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

/// One run. The key order is that of importance to a person who opens the file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Value,
    invocations: [Value; 1],
    automation_details: Value,
    column_kind: &'static str,
    original_uri_base_ids: Value,
    results: Results<'a>,
    properties: Value,
}

/// Findings, each turned into a result as it is written: all at once they would take ten times the memory.
struct Results<'a> {
    findings: &'a [Finding],
    fixed: &'a [Finding],
    rules: BTreeMap<&'a RuleId, usize>,
    places: &'a Places<'a>,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let fixed = self.fixed.iter().map(|finding| absent(result(finding, &self.rules, self.places)));
        to.collect_seq(self.findings.iter().map(|finding| result(finding, &self.rules, self.places)).chain(fixed))
    }
}

/// Writes the report as a SARIF log with one run.
///
/// # Errors
/// Only those of the writer.
pub fn sarif(report: &Report, mut out: impl Write) -> io::Result<()> {
    let places = Places::of(report);
    let rules = report.rules.iter().enumerate().map(|(at, row)| (&row.id, at)).collect();
    let run = Run {
        tool: tool(report),
        invocations: [invocation(report)],
        automation_details: json!({"id": "idea-audit/"}),
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: bases(&places),
        results: Results { findings: &report.findings, fixed: fixed(report), rules, places: &places },
        properties: json!({
            "run": report.run.id,
            "targets": report.run.targets,
            "judgedOn": report.run.judged_on,
            "policyAsOf": report.run.policy_as_of,
            "coverage": report.coverage,
        }),
    };
    serde_json::to_writer_pretty(&mut out, &Log { schema: SCHEMA, version: "2.1.0", runs: [run] })?;
    writeln!(out)
}

fn tool(report: &Report) -> Value {
    let kinds: BTreeSet<&str> = report.problems.iter().map(|row| row.kind.as_str()).collect();
    let notification = |kind| json!({"id": kind, "shortDescription": {"text": ended(&problem(kind))}});
    json!({"driver": {
        "name": report.tool.name,
        "version": report.tool.version,
        "rules": report.rules.iter().map(descriptor).collect::<Vec<_>>(),
        "notifications": kinds.into_iter().map(notification).collect::<Vec<_>>(),
    }})
}

fn bases(places: &Places<'_>) -> Value {
    let start = json!({"description": {"text": "The working directory of the scan."}});
    match places.folder() {
        Some(folder) => json!({START: start, FOLDER: {"uri": path_uri(&folder), "uriBaseId": START}}),
        None => json!({FOLDER: {"description": {"text": "The folder that was scanned."}}}),
    }
}

fn descriptor(row: &RuleRow) -> Value {
    let mut rule = json!({
        "id": row.id,
        "shortDescription": {"text": ended(&row.title)},
        "fullDescription": {"text": ended(&row.text.what)},
        "help": {"text": help_text(row), "markdown": help_markdown(row)},
        "defaultConfiguration": {"level": level(row.impact)},
        "properties": {
            "impact": row.impact,
            "obligation": row.obligation,
            "problem.severity": severity(row.impact),
            "tags": tags(row),
        },
    });
    if let Some(cite) = row.cites.first() {
        rule["helpUri"] = json!(uri(&cite.url));
    }
    rule
}

fn tags(row: &RuleRow) -> Vec<String> {
    let pack = std::iter::once(row.id.pack().to_string());
    let rows = row.serves.iter().cloned();
    let tags: BTreeSet<String> =
        pack.chain(rows).chain(row.standards.wcag.iter().map(|criterion| format!("wcag-{criterion}"))).collect();
    tags.into_iter().collect()
}

fn help_text(row: &RuleRow) -> String {
    let text = &row.text;
    let cites: Vec<String> = row.cites.iter().map(|cite| format!("- {}, {}", cite.title, cite.part)).collect();
    format!(
        "What is looked at: {}\nWhy: {}\nHow to fix it: {}\nWhat a machine cannot see: {}\nAsked for by:\n{}",
        text.what,
        text.why,
        text.fix,
        text.limits,
        cites.join("\n")
    )
}

fn help_markdown(row: &RuleRow) -> String {
    let text = &row.text;
    let cites: Vec<String> = row
        .cites
        .iter()
        .map(|cite| {
            let note = cite.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
            format!("- [{}]({}), {} ({}{note})", cite.title, uri(&cite.url), cite.part, cite.says.as_str())
        })
        .collect();
    format!(
        "{}\n\n**Why:** {}\n\n**How to fix it:** {}\n\n**What a machine cannot see:** {}\n\n**Asked for by**\n\n{}\n",
        text.what,
        text.why,
        text.fix,
        text.limits,
        cites.join("\n")
    )
}

fn result(finding: &Finding, index: &BTreeMap<&RuleId, usize>, places: &Places<'_>) -> Value {
    // Section 3.27.10: a result whose kind is not "fail" has the level "none".
    let (kind, level) = match finding.outcome {
        Outcome::CantTell if is_passed(finding) => ("pass", "none"),
        Outcome::CantTell if finding.is_open_failure() => ("fail", level(finding.impact)),
        Outcome::Failed => ("fail", level(finding.impact)),
        Outcome::CantTell => ("review", "none"),
        Outcome::Passed => ("pass", "none"),
        Outcome::Inapplicable => ("notApplicable", "none"),
        Outcome::Untested => ("open", "none"),
    };
    let mut result = json!({
        "ruleId": finding.rule,
        "kind": kind,
        "level": level,
        "message": {"text": message(finding)},
        "locations": [location(finding, places)],
        "partialFingerprints": {"ideaAudit/v1": finding.fingerprint},
        "properties": {
            "outcome": finding.outcome,
            "impact": finding.impact,
            "obligation": finding.obligation,
            "url": finding.url,
            "observed": finding.observed,
            "expected": finding.expected,
        },
    });
    if let Some(at) = index.get(&finding.rule) {
        result["ruleIndex"] = json!(at);
    }
    if let Some(waived) = &finding.waived {
        result["suppressions"] = json!([suppression(waived)]);
    }
    if let Some(since) = finding.baseline {
        result["baselineState"] = json!(since);
    }
    if let Some(review) = &finding.review {
        result["properties"]["review"] = json!(review);
    }
    if let Some(question) = &finding.question {
        result["properties"]["question"] = json!(question);
    }
    result
}

/// A doubt that a person answered with a pass.
fn is_passed(finding: &Finding) -> bool {
    finding.review.as_ref().is_some_and(|review| review.outcome == Answer::Passed)
}

/// What the baseline had and this run has not, section 3.27.24.
fn fixed(report: &Report) -> &[Finding] {
    report.baseline.as_ref().map(|row| row.fixed.as_slice()).unwrap_or_default()
}

fn absent(mut result: Value) -> Value {
    result["baselineState"] = json!("absent");
    result
}

fn suppression(waived: &Waived) -> Value {
    let issue = waived.issue.as_ref().map(|issue| format!(", {issue}")).unwrap_or_default();
    let justification = format!("{} ({}, until {}{issue})", waived.reason, waived.owner, waived.expires);
    json!({"kind": "external", "status": "accepted", "justification": justification})
}

/// One sentence or two, each ended (section 3.11.3). Where a page's words would read as an embedded link (section 3.11.6), its brackets are escaped.
fn message(finding: &Finding) -> String {
    let asked = if finding.expected.is_empty() { String::new() } else { format!(". Asked for: {}", finding.expected) };
    let text = ended(&format!("{}{asked}", finding.observed));
    if text.contains("](") {
        return text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
    }
    text
}

fn location(finding: &Finding, places: &Places<'_>) -> Value {
    let artifact = match places.file(&finding.url) {
        Some(file) => json!({"uri": path_uri(file), "uriBaseId": FOLDER}),
        None => json!({"uri": uri(&finding.url)}),
    };
    let mut physical = json!({"artifactLocation": artifact});
    let place = &finding.place;
    let mut region = Map::new();
    if let Some(line) = place.line.filter(|line| *line > 0) {
        region.insert("startLine".to_string(), json!(line));
        if let Some(column) = place.column.filter(|column| *column > 0) {
            region.insert("startColumn".to_string(), json!(column));
        }
        if let Some(snippet) = &place.snippet {
            region.insert("snippet".to_string(), json!({"text": snippet}));
        }
        physical["region"] = Value::Object(region);
    }
    let mut location = json!({"physicalLocation": physical});
    if let Some(selector) = &place.selector {
        location["logicalLocations"] = json!([{"fullyQualifiedName": selector, "kind": "element"}]);
    }
    location
}

fn invocation(report: &Report) -> Value {
    let notifications: Vec<Value> = report
        .problems
        .iter()
        .map(|row| {
            json!({
                "descriptor": {"id": row.kind},
                "level": "warning",
                "message": {"text": ended(&format!("Not looked at: {}. {}", problem(&row.kind), row.detail))},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(&row.url)}}}],
            })
        })
        .collect();
    json!({
        "executionSuccessful": report.coverage.pages.judged > 0,
        "startTimeUtc": report.run.started,
        "endTimeUtc": report.run.finished,
        "toolExecutionNotifications": notifications,
    })
}

fn level(impact: Impact) -> &'static str {
    match impact {
        Impact::Critical | Impact::High => "error",
        Impact::Medium => "warning",
        Impact::Low | Impact::Info => "note",
    }
}

/// The word code hosts sort rules by.
fn severity(impact: Impact) -> &'static str {
    match impact {
        Impact::Critical | Impact::High => "error",
        Impact::Medium => "warning",
        Impact::Low | Impact::Info => "recommendation",
    }
}
