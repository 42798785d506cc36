//! `--format jsonl`: the objects of the report, one a line, each with its `kind`.
//!
//! In: rows as they arrive, or a whole report. Out: lines of JSON; scorecard and coverage come last. Tested in
//! `tests/it/sinks.rs`.

use serde::Serialize;
use std::io::{self, Write};

use super::{BaselineRow, Coverage, PageRow, ProblemRow, Report, RuleRow, Run, ScoreRow, SiteRow, Tool};
use crate::finding::{Finding, Review, Settled, Waiver};
use crate::rules::Disabled;

/// One line.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Line<'a> {
    /// What made it, when and how; the first line.
    Run {
        /// The report's shape.
        schema: &'a str,
        /// What made it.
        tool: &'a Tool,
        /// When and how.
        #[serde(flatten)]
        run: &'a Run,
    },
    /// A rule of the run.
    Rule(&'a RuleRow),
    /// A page.
    Page(&'a PageRow),
    /// A finding.
    Finding(&'a Finding),
    /// Something that could not be looked at.
    Problem(ProblemLine<'a>),
    /// A rule that a pack switched off.
    Disabled(&'a Disabled),
    /// A site.
    Site(&'a SiteRow),
    /// What became of a waiver.
    Waiver(&'a Settled<Waiver>),
    /// What became of a review.
    Review(&'a Settled<Review>),
    /// What changed since an earlier run.
    Baseline(&'a BaselineRow),
    /// A row of the scorecard.
    Scorecard(&'a ScoreRow),
    /// How much was seen; the last line.
    Coverage(&'a Coverage),
}

/// A problem as a line: its own `kind` would clash with the line's.
#[derive(Serialize)]
pub struct ProblemLine<'a> {
    url: &'a str,
    problem: &'a str,
    detail: &'a str,
}

impl<'a> From<&'a ProblemRow> for ProblemLine<'a> {
    fn from(row: &'a ProblemRow) -> Self {
        Self { url: &row.url, problem: &row.kind, detail: &row.detail }
    }
}

/// Writes one line.
///
/// # Errors
/// Only those of the writer.
pub fn line(line: &Line<'_>, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut out, line)?;
    writeln!(out)
}

/// Writes a whole report as lines.
///
/// # Errors
/// Only those of the writer.
pub fn jsonl(report: &Report, mut out: impl Write) -> io::Result<()> {
    line(&Line::Run { schema: &report.schema, tool: &report.tool, run: &report.run }, &mut out)?;
    report.rules.iter().try_for_each(|row| line(&Line::Rule(row), &mut out))?;
    report.pages.iter().try_for_each(|row| line(&Line::Page(row), &mut out))?;
    report.findings.iter().try_for_each(|row| line(&Line::Finding(row), &mut out))?;
    report.problems.iter().try_for_each(|row| line(&Line::Problem(row.into()), &mut out))?;
    last(report, out)
}

/// Writes the lines that only the end of a run knows: disabled rules, sites, exceptions, what changed, scorecard, coverage.
///
/// # Errors
/// Only those of the writer.
pub fn last(report: &Report, mut out: impl Write) -> io::Result<()> {
    report.disabled.iter().try_for_each(|row| line(&Line::Disabled(row), &mut out))?;
    report.sites.iter().try_for_each(|row| line(&Line::Site(row), &mut out))?;
    report.waivers.iter().try_for_each(|row| line(&Line::Waiver(row), &mut out))?;
    report.reviews.iter().try_for_each(|row| line(&Line::Review(row), &mut out))?;
    report.baseline.iter().try_for_each(|row| line(&Line::Baseline(row), &mut out))?;
    report.scorecard.iter().try_for_each(|row| line(&Line::Scorecard(row), &mut out))?;
    line(&Line::Coverage(&report.coverage), out)
}
