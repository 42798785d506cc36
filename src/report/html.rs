//! `--format html`: one file a person opens, prints and sends on.
//!
//! In: a report. Out: HTML with its style and script inside. Invariant: it asks no network for anything and says so to the
//! browser; every word of a page is escaped by [`super::markup`]; without script everything is there; it stays under 15 MB
//! whatever the number of findings, because long lists are cut and say so. Tested in `tests/it/formats.rs`.

mod changes;
mod chart;
mod entry;
mod findings;
mod frame;
mod overview;
mod owner;
pub mod phrase;
mod requirements;
mod run;
mod seen;
mod template;
mod words;

use std::io::{self, Write};

pub use frame::STYLE;

use super::Report;
use super::markup::Markup;
use super::ranking::ranked;

/// Writes the report as one HTML document.
///
/// # Errors
/// Only those of the writer.
pub fn html(report: &Report, mut out: impl Write) -> io::Result<()> {
    let rules = ranked(report);
    let mut page = Markup::new();
    frame::begin(report, &mut page);
    overview::summary(report, &rules, &mut page);
    overview::fix_first(report, &rules, &mut page);
    changes::since(report, &mut page);
    changes::exceptions(report, &mut page);
    requirements::requirements(report, &mut page);
    seen::sites(report, &mut page);
    findings::findings(report, &mut page);
    seen::nothing_found(report, &mut page);
    words::words(report, &mut page);
    seen::coverage(report, &mut page);
    seen::pages(report, &mut page);
    owner::owners(report, &mut page);
    run::how(report, &mut page);
    frame::end(report, &mut page);
    out.write_all(page.into_text().as_bytes())
}
