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
use crate::verdict::Outcome;

/// Writes the report as `testsuites`.
///
/// # Errors
/// Only those of the writer.
pub fn junit(report: &Report, mut out: impl Write) -> io::Result<()> {
    let places = Places::of(report);
    let mut suites: Vec<Suite> = report.rules.iter().map(|row| judged(row, report, &places)).collect();
    suites.push(coverage(report));
    suites.retain(|suite| !suite.cases.is_empty());
    let total = |ending| suites.iter().map(|suite| suite.ending(ending)).sum::<usize>().to_string();
    let mut xml = Markup::new();
    xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.open(
        "testsuites",
        &[
            ("name", "idea-audit"),
            ("tests", &suites.iter().map(|suite| suite.cases.len()).sum::<usize>().to_string()),
            ("failures", &total(FAILURE)),
            ("errors", &total(ERROR)),
            ("time", &seconds(report)),
        ],
    );
    xml.line();
    suites.iter().for_each(|suite| write_suite(suite, report, &mut xml));
    xml.close("testsuites");
    xml.line();
    out.write_all(xml.into_text().as_bytes())
}

const FAILURE: &str = "failure";
const ERROR: &str = "error";
const SKIPPED: &str = "skipped";

/// A rule, or the coverage.
struct Suite {
    name: String,
    properties: Vec<(&'static str, String)>,
    cases: Vec<Case>,
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

impl Suite {
    fn ending(&self, name: &str) -> usize {
        self.cases.iter().filter(|case| case.ending.as_ref().is_some_and(|(ending, ..)| *ending == name)).count()
    }
}

fn judged(row: &RuleRow, report: &Report, places: &Places<'_>) -> Suite {
    let mut pages: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.rule == row.id) {
        pages.entry(&finding.url).or_default().push(finding);
    }
    let mut cases: Vec<Case> = pages.into_iter().map(|(url, findings)| page(url, findings, places)).collect();
    let tally = &row.tally;
    if tally.passed > 0 {
        cases.push(Case::passed(format!("nothing found in {}", count(tally.passed, "place", "places"))));
    }
    if tally.untested > 0 && untested(&row.id, report) {
        let name = format!("not tested in {}", count(tally.untested, "place", "places"));
        cases.push(Case::skipped(name, "could not be looked at".to_string()));
    }
    let properties = vec![
        ("title", row.title.to_string()),
        ("impact", row.impact.as_str().to_string()),
        ("obligation", row.obligation.as_str().to_string()),
    ];
    Suite { name: row.id.to_string(), properties, cases }
}

/// True when something other than an unseen page kept the rule from judging: unseen pages are errors of their own suite.
fn untested(rule: &RuleId, report: &Report) -> bool {
    let judged = report.pages.iter().filter(|page| page.judged).map(|page| &page.outcomes);
    let mut outcomes = judged.chain(report.sites.iter().map(|site| &site.outcomes));
    outcomes.any(|outcomes| outcomes.get(rule) == Some(&Outcome::Untested))
}

fn page(url: &str, findings: Vec<&Finding>, places: &Places<'_>) -> Case {
    let failed: Vec<&Finding> = findings.iter().filter(|one| one.is_open_failure()).copied().collect();
    let doubts: Vec<&Finding> = findings.iter().filter(|one| one.is_open_doubt()).copied().collect();
    let ending = match (failed.first(), doubts.first()) {
        (Some(first), _) => {
            let kind = format!("{} impact, {}", first.impact.as_str(), first.obligation.as_str());
            let message = format!("{}{}", since(&failed), headline(&failed));
            (FAILURE, message, kind, failed.iter().chain(&doubts).map(|one| told(one)).collect())
        }
        (None, Some(_)) => (SKIPPED, format!("needs review: {}", headline(&doubts)), String::new(), String::new()),
        (None, None) => (SKIPPED, settled(&findings), String::new(), String::new()),
    };
    Case { name: url.to_string(), file: places.path(url), ending: Some(ending) }
}

/// Why nothing on the page is open.
fn settled(findings: &[&Finding]) -> String {
    if let Some(waived) = findings.iter().find_map(|one| one.waived.as_ref()) {
        let issue = waived.issue.as_ref().map(|issue| format!(" ({issue})")).unwrap_or_default();
        return format!("waived until {} by {}: {}{issue}", waived.expires, waived.owner, waived.reason);
    }
    let review = findings.iter().find_map(|one| one.review.as_ref());
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
    let first = findings.first().map(|one| one.observed.as_str()).unwrap_or_default();
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

fn coverage(report: &Report) -> Suite {
    let cases = report.problems.iter().map(|row| Case {
        name: row.url.clone(),
        file: None,
        ending: Some((ERROR, problem(&row.kind), row.kind.clone(), row.detail.clone())),
    });
    Suite { name: "coverage".to_string(), properties: vec![], cases: cases.collect() }
}

fn write_suite(suite: &Suite, report: &Report, xml: &mut Markup) {
    xml.open(
        "testsuite",
        &[
            ("name", &suite.name),
            ("tests", &suite.cases.len().to_string()),
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
    suite.cases.iter().for_each(|case| write_case(case, &suite.name, xml));
    xml.close("testsuite");
    xml.line();
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
