//! `--format github`: annotations that GitHub Actions shows beside a change.
//!
//! In: a report. Out: workflow commands, worst first, each on one line, then one notice with the numbers. Invariant: nothing
//! a page wrote can begin a command of its own or hide a line; what was waived, answered or in the baseline annotates nothing. GitHub shows ten of each
//! kind a step, so the list is cut and says so. Tested in `tests/it/formats.rs`.

use std::io::{self, Write};

use super::places::Places;
use super::ranking::{address, ranked};
use super::wording::{count, sentence};
use super::{BaselineCounts, Report, one_line};
use crate::finding::{Finding, Since};
use crate::rules::Impact;

/// Annotations written; beyond this a log helps nobody.
const MOST: usize = 200;

/// Writes the report as workflow commands.
///
/// # Errors
/// Only those of the writer.
pub fn github(report: &Report, mut out: impl Write) -> io::Result<()> {
    let places = Places::of(report);
    let rules = ranked(report);
    // Beside a change only what the change brought is of use.
    let is_shown = |one: &&&Finding| one.baseline != Some(Since::Unchanged);
    let failed = || rules.iter().flat_map(|rule| rule.failed.iter().filter(is_shown).map(move |one| (rule, *one)));
    let review = || rules.iter().flat_map(|rule| rule.review.iter().filter(is_shown).map(move |one| (rule, *one)));
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
        "{} judged, {failed} failed, {review} to review{shown}{}. {} could not be looked at.",
        count(report.coverage.pages.judged, "page", "pages"),
        since(report),
        count(report.coverage.problems, "address", "addresses"),
    );
    writeln!(out, "::notice title=idea-audit::{}", data(&told))
}

/// How many findings the baseline had already, and what is gone.
fn since(report: &Report) -> String {
    let Some(row) = &report.baseline else { return String::new() };
    let BaselineCounts { new: _, unchanged, fixed, not_looked_at } = row.counts;
    format!("; besides {unchanged} unchanged since the baseline, {fixed} fixed, {not_looked_at} not looked at again")
}

fn annotation(finding: &Finding, title: &str, fix: &str, places: &Places<'_>) -> String {
    let command = match (finding.is_open_failure(), finding.impact) {
        (true, Impact::Critical | Impact::High) => "error",
        (true, Impact::Medium) => "warning",
        (true, Impact::Low | Impact::Info) | (false, _) => "notice",
    };
    let review = if finding.is_open_failure() { "" } else { "Needs review: " };
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
