//! `--format text`: a summary a person reads in a terminal.
//!
//! In: a report and the width of the terminal. Out: lines no wider than that, most important first: what was seen, what
//! was not, what changed, how each requirement stands, which rules hurt most. Invariant: every word of a page passes
//! [`super::one_line`]; without colour nothing is lost; a pass is never called more than a pass. Tested in
//! `tests/it/sinks.rs`.

mod agencies;
mod changes;
mod owner;
mod seen;
mod sheet;
mod standing;
mod words;
mod worst;

use std::io::{self, Write};

use super::Report;
use super::rollup::Change;
use sheet::{Ink, Sheet};

/// Whether the text carries colours.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Paint {
    /// Words only: for files, pipes, `NO_COLOR` and screen readers.
    Plain,
    /// Words, with ANSI colours for emphasis.
    Colour,
}

/// Writes a summary, `width` columns wide (at least 50).
///
/// # Errors
/// Only those of the writer.
pub fn text(report: &Report, paint: Paint, width: usize, mut out: impl Write) -> io::Result<()> {
    let mut sheet = Sheet::of(paint, width);
    seen::headline(report, &mut sheet);
    seen::coverage(report, &mut sheet);
    owner::owners(report, &mut sheet);
    owner::changes(report, &mut sheet);
    seen::not_looked_at(report, &mut sheet);
    changes::since(report, &mut sheet);
    changes::exceptions(report, &mut sheet);
    standing::sites(report, &mut sheet);
    standing::requirements(report, &mut sheet);
    worst::worst_first(report, &mut sheet);
    worst::needs_review(report, &mut sheet);
    words::words(report, &mut sheet);
    worst::in_short(report, &mut sheet);
    sheet.gap();
    sheet.inked("", Ink::Faint, CLOSING);
    out.write_all(sheet.into_text().as_bytes())
}

/// Writes what changed since the baseline, and in which agencies or bureaus where such groups are given; nothing where the report was
/// not compared.
///
/// # Errors
/// Only those of the writer.
pub fn diff_text(
    report: &Report,
    groups: Option<&[Change]>,
    paint: Paint,
    width: usize,
    mut out: impl Write,
) -> io::Result<()> {
    let mut sheet = Sheet::of(paint, width);
    changes::since(report, &mut sheet);
    groups.iter().for_each(|groups| agencies::worse(groups, report, &mut sheet));
    out.write_all(sheet.into_text().as_bytes())
}

/// What a reader must know before quoting any of the above.
const CLOSING: &str = "A machine saw part of these sites on one day. Where it found nothing, nothing was found: that \
    does not show that a requirement is met, and much of what these policies ask for only people can judge.";
