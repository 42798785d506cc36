//! What happens while an audit runs: the progress a person sees, the lines a program reads, the wish to stop.
//!
//! In: rows of the audit. Out: lines of JSON on standard output as pages are judged. Tested in `tests/it/cli.rs`.

use std::io::{self, BufWriter, Stdout, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::exit::Failure;
use super::output::{cannot, unless_closed};
use super::progress::Progress;
use crate::audit::{Carried, Observer};
use crate::crawl::Snapshot;
use crate::finding::Finding;
use crate::report::{self, Line, PageRow, ProblemRow, Report};
use crate::store::StoreError;

/// Everybody who watches.
pub(super) struct Watch {
    pub(super) progress: Progress,
    pub(super) stop: Arc<AtomicBool>,
    pub(super) stream: Option<Stream>,
    /// Why the store took no more.
    pub(super) store_failed: Option<StoreError>,
    /// What an earlier run spared this one.
    pub(super) carried: Option<Carried>,
}

impl Observer for Watch {
    fn page(&mut self, row: &PageRow, findings: &[Finding]) {
        self.progress.page(row);
        if let Some(stream) = &mut self.stream {
            stream.line(&Line::Page(row));
            findings.iter().for_each(|finding| stream.line(&Line::Finding(finding)));
        }
    }

    fn site(&mut self, findings: &[Finding]) {
        if let Some(stream) = &mut self.stream {
            findings.iter().for_each(|finding| stream.line(&Line::Finding(finding)));
        }
    }

    fn problem(&mut self, row: &ProblemRow) {
        self.progress.problem(row);
        if let Some(stream) = &mut self.stream {
            stream.line(&Line::Problem(row.into()));
        }
    }

    fn store_failed(&mut self, error: StoreError) {
        self.store_failed.get_or_insert(error);
    }

    fn carried(&mut self, carried: Carried) {
        self.carried = Some(carried);
    }

    fn standing(&mut self, snapshot: &Snapshot) {
        self.progress.standing(snapshot);
    }

    fn wants_stop(&mut self) -> bool {
        // A reader who went away still leaves somebody who waits for the exit code; a full disk leaves nobody.
        let broken = |error: &io::Error| error.kind() != io::ErrorKind::BrokenPipe;
        let lost = self.stream.as_ref().and_then(|stream| stream.failed.as_ref()).is_some_and(broken);
        lost || self.stop.load(Ordering::Relaxed)
    }
}

/// Lines of JSON on standard output.
pub(super) struct Stream {
    out: BufWriter<Stdout>,
    failed: Option<io::Error>,
}

impl Stream {
    /// A stream that has said nothing yet.
    pub(super) fn begin() -> Self {
        Self { out: BufWriter::new(io::stdout()), failed: None }
    }

    fn line(&mut self, line: &Line<'_>) {
        if self.failed.is_none() {
            self.failed = report::line(line, &mut self.out).and_then(|()| self.out.flush()).err();
        }
    }

    /// What only the end knows: the rules, the run, sites, scorecard and coverage.
    pub(super) fn end(mut self, report: &Report) -> Result<(), Failure> {
        report.rules.iter().for_each(|row| self.line(&Line::Rule(row)));
        self.line(&Line::Run { schema: &report.schema, tool: &report.tool, run: &report.run });
        let told = match self.failed.take() {
            Some(error) => Err(error),
            None => report::last(report, &mut self.out).and_then(|()| self.out.flush()),
        };
        unless_closed(told).map_err(cannot("standard output"))
    }
}
