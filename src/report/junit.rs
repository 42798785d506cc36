//! `--format junit`: results for build servers, in the XML that JUnit's Ant task made common.
//!
//! In: a report. Out: a suite for each rule with a case for each page that has findings, one case for all the pages where
//! nothing was found, and a suite of what could not be looked at. What failed is a failure, what a person has to judge or
//! somebody waived is skipped with its reason, a problem is an error. Tested in `tests/it/formats.rs`.

use jiff::Timestamp;
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::markup::Markup;
use super::places::Places;
use super::wording::{count, problem};
use super::{Report, RuleRow, one_line};
use crate::finding::{Finding, Reviewed, Since};
use crate::rules::RuleId;

/// Writes the report as `testsuites`.
///
/// # Errors
/// Only those of the writer.
pub fn junit(report: &Report, mut out: impl Write) -> io::Result<()> {
    let places = Places::of(report);
    let suites = suites(report);
    let total = |ending| suites.iter().map(|suite| suite.ending(ending)).sum::<usize>().to_string();
    let mut xml = Markup::new();
    xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.open(
        "testsuites",
        &[
            ("name", "idea-audit"),
            ("tests", &suites.iter().map(Suite::tests).sum::<usize>().to_string()),
            ("failures", &total(FAILURE)),
            ("errors", &total(ERROR)),
            ("time", &seconds(report)),
        ],
    );
    xml.line();
    for suite in &suites {
        write_suite(suite, report, &places, &mut xml, &mut out)?;
    }
    xml.close("testsuites");
    xml.line();
    xml.pour(&mut out)
}

const FAILURE: &str = "failure";
const ERROR: &str = "error";
const SKIPPED: &str = "skipped";

/// So many octets are put together before they are written: a rule may have a million cases.
const POURED: usize = 64 * 1024;

/// A rule, or the coverage.
struct Suite<'r> {
    name: &'r str,
    properties: Vec<(&'static str, &'r str)>,
    /// What was found, page by page.
    findings: Vec<&'r Finding>,
    /// What is said besides.
    others: Vec<Case>,
}

/// A page under a rule.
struct Case {
    name: String,
    file: Option<String>,
    /// The element that says how it ended with its message, type and text; none for a pass.
    ending: Option<(&'static str, String, String, String)>,
}

impl Case {
    fn passed(name: String) -> Self {
        Self { name, file: None, ending: None }
    }

    fn skipped(name: String, message: String) -> Self {
        Self { name, file: None, ending: Some((SKIPPED, message, String::new(), String::new())) }
    }
}

impl<'r> Suite<'r> {
    fn of(row: &'r RuleRow, mut findings: Vec<&'r Finding>, is_untested: bool) -> Self {
        // Reports are in this order already, but somebody else may have put one together.
        findings.sort_by_key(|one| &*one.url);
        let tally = &row.tally;
        let mut others = Vec::new();
        if tally.passed > 0 {
            others.push(Case::passed(format!("nothing found in {}", count(tally.passed, "place", "places"))));
        }
        if tally.untested > 0 && is_untested {
            let name = format!("not tested in {}", count(tally.untested, "place", "places"));
            others.push(Case::skipped(name, "could not be looked at".to_string()));
        }
        let properties =
            vec![("title", &*row.title), ("impact", row.impact.as_str()), ("obligation", row.obligation.as_str())];
        Self { name: row.id.as_str(), properties, findings, others }
    }

    /// The findings of each page.
    fn pages(&self) -> impl Iterator<Item = &[&'r Finding]> {
        self.findings.chunk_by(|one, two| one.url == two.url)
    }

    fn tests(&self) -> usize {
        self.pages().count() + self.others.len()
    }

    fn ending(&self, name: &str) -> usize {
        let others = self.others.iter().filter_map(|case| Some(case.ending.as_ref()?.0));
        self.pages().map(ending).chain(others).filter(|ending| *ending == name).count()
    }
}

/// The suites that have something to say.
fn suites(report: &Report) -> Vec<Suite<'_>> {
    let mut found: BTreeMap<&RuleId, Vec<&Finding>> = BTreeMap::new();
    report.findings.iter().for_each(|finding| found.entry(&finding.rule).or_default().push(finding));
    let untested = report.untested();
    let judged = report.rules.iter().map(|row| {
        let findings = found.remove(&row.id).unwrap_or_default();
        Suite::of(row, findings, untested.contains(&row.id))
    });
    judged.chain([coverage(report)]).filter(|suite| suite.tests() > 0).collect()
}

/// How a page ended under a rule.
fn ending(findings: &[&Finding]) -> &'static str {
    if findings.iter().any(|one| one.is_open_failure()) { FAILURE } else { SKIPPED }
}

fn page(findings: &[&Finding], places: &Places<'_>) -> Case {
    let url = &*findings[0].url;
    let failed: Vec<&Finding> = findings.iter().filter(|one| one.is_open_failure()).copied().collect();
    let doubts: Vec<&Finding> = findings.iter().filter(|one| one.is_open_doubt()).copied().collect();
    let ending = match (failed.first(), doubts.first()) {
        (Some(first), _) => {
            let kind = format!("{} impact, {}", first.impact.as_str(), first.obligation.as_str());
            let message = format!("{}{}", since(&failed), headline(&failed));
            (FAILURE, message, kind, failed.iter().chain(&doubts).map(|one| told(one)).collect())
        }
        (None, Some(_)) => (SKIPPED, format!("needs review: {}", headline(&doubts)), String::new(), String::new()),
        (None, None) => (SKIPPED, settled(findings), String::new(), String::new()),
    };
    Case { name: url.to_string(), file: places.path(url), ending: Some(ending) }
}

/// Why nothing on the page is open.
fn settled(findings: &[&Finding]) -> String {
    if let Some(waived) = findings.iter().find_map(|one| one.waived.as_ref()) {
        let issue = waived.issue.as_ref().map(|issue| format!(" ({issue})")).unwrap_or_default();
        return format!("waived until {} by {}: {}{issue}", waived.expires, waived.owner, waived.reason);
    }
    let review = findings.iter().find_map(|one| one.review.as_deref());
    let told = |review: &Reviewed| {
        format!("{} by {} on {}: {}", review.outcome.as_str(), review.reviewer, review.date, review.evidence)
    };
    review.map(told).unwrap_or_default()
}

/// How the failures of a page stand to the baseline.
fn since(failed: &[&Finding]) -> &'static str {
    let new = |one: &&Finding| one.baseline == Some(Since::New);
    match failed.iter().any(|one| one.baseline.is_some()) {
        false => "",
        true if failed.iter().all(new) => "new: ",
        true if failed.iter().any(new) => "some of it new: ",
        true => "unchanged: ",
    }
}

fn headline(findings: &[&Finding]) -> String {
    let first = findings.first().map(|one| &*one.observed).unwrap_or_default();
    match findings.len() {
        0 | 1 => first.to_string(),
        more => format!("{first} (and {} more)", more - 1),
    }
}

fn told(finding: &Finding) -> String {
    let place = &finding.place;
    let at = match (place.line, place.column) {
        (Some(line), Some(column)) => format!("line {line}, column {column}: "),
        (Some(line), None) => format!("line {line}: "),
        (None, _) => String::new(),
    };
    let new = if finding.baseline == Some(Since::New) { "new: " } else { "" };
    let review = if finding.is_open_failure() { new } else { "needs review: " };
    let asked =
        if finding.expected.is_empty() { String::new() } else { format!("\n  asked for: {}", finding.expected) };
    let snippet = place.snippet.as_ref().map(|snippet| format!("\n  {snippet}")).unwrap_or_default();
    format!("{at}{review}{}{asked}{snippet}\n", finding.observed)
}

fn coverage(report: &Report) -> Suite<'_> {
    let cases = report.problems.iter().map(|row| Case {
        name: row.url.clone(),
        file: None,
        ending: Some((ERROR, problem(&row.kind), row.kind.clone(), row.detail.clone())),
    });
    Suite { name: "coverage", properties: vec![], findings: vec![], others: cases.collect() }
}

fn write_suite(
    suite: &Suite<'_>,
    report: &Report,
    places: &Places<'_>,
    xml: &mut Markup,
    mut out: impl Write,
) -> io::Result<()> {
    xml.open(
        "testsuite",
        &[
            ("name", suite.name),
            ("tests", &suite.tests().to_string()),
            ("failures", &suite.ending(FAILURE).to_string()),
            ("errors", &suite.ending(ERROR).to_string()),
            ("skipped", &suite.ending(SKIPPED).to_string()),
            ("timestamp", report.run.started.trim_end_matches('Z')),
        ],
    );
    xml.line();
    if !suite.properties.is_empty() {
        xml.open("properties", &[]);
        suite.properties.iter().for_each(|(name, value)| xml.empty("property", &[("name", name), ("value", value)]));
        xml.close("properties");
        xml.line();
    }
    for findings in suite.pages() {
        write_case(&page(findings, places), suite.name, xml);
        if xml.len() > POURED {
            xml.pour(&mut out)?;
        }
    }
    suite.others.iter().for_each(|case| write_case(case, suite.name, xml));
    xml.close("testsuite");
    xml.line();
    Ok(())
}

fn write_case(case: &Case, class: &str, xml: &mut Markup) {
    let name = one_line(&case.name);
    let mut attributes = vec![("name", name.as_str()), ("classname", class)];
    if let Some(file) = &case.file {
        attributes.push(("file", file));
    }
    let Some((ending, message, kind, text)) = &case.ending else {
        xml.empty("testcase", &attributes);
        xml.line();
        return;
    };
    xml.open("testcase", &attributes);
    let message = one_line(message);
    let mut said = vec![("message", message.as_str())];
    if !kind.is_empty() {
        said.push(("type", kind));
    }
    if text.is_empty() {
        xml.empty(ending, &said);
    } else {
        xml.leaf(ending, &said, text);
    }
    xml.close("testcase");
    xml.line();
}

fn seconds(report: &Report) -> String {
    let [started, finished] = [&report.run.started, &report.run.finished].map(|time| time.parse::<Timestamp>());
    let (Ok(started), Ok(finished)) = (started, finished) else { return "0".to_string() };
    format!("{:.3}", (finished - started).total(jiff::Unit::Second).unwrap_or(0.0).max(0.0))
}
