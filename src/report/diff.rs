//! What changed between two reports: `idea-audit diff`.
//!
//! In: a report compared with an earlier one. Out: text for people, one JSON object for programs (`docs/diff.schema.json`).
//! Invariant: only what changed is listed, and what was not looked at again is told apart. Tested in `tests/it/gate.rs`.

use jiff::civil::Date;
use serde::Serialize;
use std::io::{self, Write};

use super::rollup::Change;
use super::{BaselineCounts, Report};
use crate::finding::{Finding, Since};

/// The name and version of the shape.
const SCHEMA: &str = "idea-audit-diff/1";

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Diff<'a> {
    schema: &'static str,
    old: Side<'a>,
    new: Side<'a>,
    counts: BaselineCounts,
    /// Findings only the new run has.
    new_findings: Vec<&'a Finding>,
    fixed: &'a [Finding],
    not_looked_at: &'a [Finding],
    /// What changed in each agency or bureau, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<&'a [Change]>,
}

/// One of the runs.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Side<'a> {
    run: &'a str,
    started: &'a str,
    judged_on: Date,
}

/// Writes what changed as one JSON object, by agency or bureau where such groups are given; nothing where the report was not compared.
///
/// # Errors
/// Only those of the writer.
pub fn diff_json(report: &Report, groups: Option<&[Change]>, mut out: impl Write) -> io::Result<()> {
    let Some(row) = &report.baseline else { return Ok(()) };
    let diff = Diff {
        schema: SCHEMA,
        old: Side { run: &row.run, started: &row.started, judged_on: row.judged_on },
        new: Side { run: &report.run.id, started: &report.run.started, judged_on: report.run.judged_on },
        counts: row.counts,
        new_findings: report.findings.iter().filter(|one| one.baseline == Some(Since::New)).collect(),
        fixed: &row.fixed,
        not_looked_at: &row.not_looked_at,
        groups,
    };
    serde_json::to_writer_pretty(&mut out, &diff)?;
    writeln!(out)
}
