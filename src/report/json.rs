//! `--format json`: the whole report as one object.
//!
//! In: a report. Out: UTF-8 JSON, indented, ending in a line feed. Tested in `tests/it/sinks.rs`.

use std::io::{self, Write};

use super::Report;

/// Writes the report as one JSON object.
///
/// # Errors
/// Only those of the writer.
pub fn json(report: &Report, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, report)?;
    writeln!(out)
}
