//! `--format earl`: outcomes in the W3C's Evaluation and Report Language 1.0, as JSON-LD.
//!
//! In: a report. Out: a graph of test subjects with their assertions, in the shape ACT implementation reports take. What was
//! judged but found no target is `inapplicable`, told for the rules that name a success criterion or an ACT rule; a page
//! nobody could look at is `untested` for these. Tested in `tests/it/formats.rs`.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::criteria;
use super::{PageRow, Report, RuleRow};
use crate::finding::Finding;
use crate::rules::RuleId;
use crate::verdict::Outcome;

const CONTEXT: &str = "https://act-rules.github.io/earl-context.json";
const ACT_RULES: &str = "https://act-rules.github.io/rules/";
/// The findings an assertion points to.
const MOST_POINTERS: usize = 20;

/// Writes the outcomes as JSON-LD.
///
/// # Errors
/// Only those of the writer.
pub fn earl(report: &Report, mut out: impl Write) -> io::Result<()> {
    let rules: BTreeMap<&RuleId, &RuleRow> = report.rules.iter().map(|row| (&row.id, row)).collect();
    let mut findings: BTreeMap<(&str, &RuleId), Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        findings.entry((&finding.url, &finding.rule)).or_default().push(finding);
    }
    let assertor = json!({
        "@id": "_:idea-audit",
        "@type": ["Assertor", "Software"],
        "name": report.tool.name,
        "release": {"@type": "Version", "revision": report.tool.version},
        "description": format!("Run {} of {}", report.run.id, report.run.finished),
    });
    write!(out, "{{\n\"@context\": \"{CONTEXT}\",\n\"@graph\": [\n")?;
    serde_json::to_writer(&mut out, &assertor)?;
    for page in &report.pages {
        let assertions = outcomes(page, report).into_iter().map(|(rule, outcome)| {
            let found = findings.get(&(&*page.url, rule)).map(Vec::as_slice).unwrap_or_default();
            assertion(rule, outcome, rules.get(rule).copied(), found)
        });
        subject(&page.url, assertions.collect(), &mut out)?;
    }
    let on_pages: BTreeSet<&RuleId> = report.pages.iter().flat_map(|page| page.outcomes.keys()).collect();
    for site in &report.sites {
        let elsewhere = site.outcomes.iter().filter(|(rule, _)| !on_pages.contains(rule));
        let source = site.facts["root"].as_str().unwrap_or(&site.site);
        let assertions = elsewhere.map(|(rule, outcome)| {
            let found = findings.get(&(source, rule)).map(Vec::as_slice).unwrap_or_default();
            assertion(rule, outcome, rules.get(rule).copied(), found)
        });
        subject(source, assertions.collect(), &mut out)?;
    }
    writeln!(out, "\n]\n}}")
}

fn subject(source: &str, assertions: Vec<Value>, out: &mut impl Write) -> io::Result<()> {
    if assertions.is_empty() {
        return Ok(());
    }
    writeln!(out, ",")?;
    let subject = json!({"@type": "TestSubject", "source": source, "assertions": assertions});
    serde_json::to_writer(out, &subject).map_err(io::Error::from)
}

/// What a page's row says and what its silence means.
fn outcomes<'a>(page: &'a PageRow, report: &'a Report) -> BTreeMap<&'a RuleId, Outcome> {
    let silent = if page.judged { Outcome::Inapplicable } else { Outcome::Untested };
    let known = report.rules.iter().filter(|row| !row.standards.wcag.is_empty() || !row.standards.act.is_empty());
    let mut outcomes: BTreeMap<&RuleId, Outcome> = known.map(|row| (&row.id, silent)).collect();
    outcomes.extend(page.outcomes.iter());
    outcomes
}

fn assertion(rule: &RuleId, outcome: Outcome, row: Option<&RuleRow>, found: &[&Finding]) -> Value {
    let mut test = json!({"@type": "TestCase", "title": rule});
    if let Some(row) = row {
        let criteria = row.standards.wcag.iter().filter_map(|number| criteria::of(number));
        let criteria = criteria.map(|criterion| format!("WCAG2:{}", criterion.handle));
        let parts: Vec<String> =
            criteria.chain(row.standards.act.iter().map(|rule| format!("{ACT_RULES}{rule}"))).collect();
        if !parts.is_empty() {
            test["isPartOf"] = json!(parts);
        }
    }
    let mut result = json!({"@type": "TestResult", "outcome": format!("earl:{}", outcome.as_str())});
    if let Some(first) = found.first() {
        result["description"] = json!(first.observed);
        let pointers: Vec<&str> =
            found.iter().filter_map(|one| one.place.selector.as_deref()).take(MOST_POINTERS).collect();
        if !pointers.is_empty() {
            result["pointer"] = json!(pointers);
        }
    }
    json!({
        "@type": "Assertion",
        "mode": "earl:automatic",
        "assertedBy": "_:idea-audit",
        "test": test,
        "result": result,
    })
}
