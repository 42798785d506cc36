//! `--format github`: annotations that GitHub Actions shows beside a change.
//!
//! In: a report. Out: workflow commands, worst first, each on one line, then one notice with the numbers. Invariant: nothing
//! a page wrote can begin a command of its own or hide a line; waived findings annotate nothing. GitHub shows ten of each
//! kind a step, so the list is cut and says so. Tested in `tests/it/formats.rs`.

use std::io::{self, Write};

use super::places::Places;
use super::ranking::{address, ranked};
use super::wording::{count, sentence};
use super::{Report, one_line};
use crate::finding::Finding;
use crate::rules::Impact;
use crate::verdict::Outcome;

/// Annotations written; beyond this a log helps nobody.
const MOST: usize = 200;

/// Writes the report as workflow commands.
///
/// # Errors
/// Only those of the writer.
pub fn github(report: &Report, mut out: impl Write) -> io::Result<()> {
    let places = Places::of(report);
    let rules = ranked(report);
    let failed = || rules.iter().flat_map(|rule| rule.failed.iter().map(move |one| (rule, *one)));
    let review = || rules.iter().flat_map(|rule| rule.review.iter().map(move |one| (rule, *one)));
    for (rule, finding) in failed().chain(review()).take(MOST) {
        let fix = rule.row.map(|row| format!(" To fix: {}", sentence(&row.text.fix))).unwrap_or_default();
        writeln!(out, "{}", annotation(finding, rule.title(), &fix, &places))?;
    }
    let (failed, review) = (failed().count(), review().count());
    let shown = match (failed + review).saturating_sub(MOST) {
        0 => String::new(),
        more => format!("; {more} of them are not annotated"),
    };
    let told = format!(
        "{} judged, {failed} failed, {review} to review{shown}. {} could not be looked at.",
        count(report.coverage.pages.judged, "page", "pages"),
        count(report.coverage.problems, "address", "addresses"),
    );
    writeln!(out, "::notice title=idea-audit::{}", data(&told))
}

fn annotation(finding: &Finding, title: &str, fix: &str, places: &Places<'_>) -> String {
    let command = match (finding.outcome, finding.impact) {
        (Outcome::Failed, Impact::Critical | Impact::High) => "error",
        (Outcome::Failed, Impact::Medium) => "warning",
        (Outcome::Failed, Impact::Low | Impact::Info) => "notice",
        (Outcome::CantTell | Outcome::Passed | Outcome::Untested | Outcome::Inapplicable, _) => "notice",
    };
    let review = if finding.outcome == Outcome::Failed { "" } else { "Needs review: " };
    let asked = if finding.expected.is_empty() { String::new() } else { format!(" Asked for: {}.", finding.expected) };
    let mut properties = vec![];
    let told = match places.path(&finding.url) {
        Some(path) => {
            properties.push(format!("file={}", property(&path)));
            if let Some(line) = finding.place.line {
                properties.push(format!("line={line}"));
            }
            if let Some(column) = finding.place.column {
                properties.push(format!("col={column}"));
            }
            format!("{review}{}.{asked}{fix} ({})", finding.observed, finding.rule)
        }
        None => format!("{review}{}.{asked}{fix} ({}, {})", finding.observed, finding.rule, address(finding)),
    };
    properties.push(format!("title={}", property(title)));
    format!("::{command} {}::{}", properties.join(","), data(&told))
}

/// The message of a command: one line, with `%` escaped.
fn data(text: &str) -> String {
    one_line(text).replace('%', "%25")
}

/// A property of a command: what separates properties is escaped too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
