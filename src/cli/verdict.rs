//! How a run ends, and why in a line.
//!
//! In: a report and the gate. Out: an exit code, and what failed the run on standard error. Invariant: where the gate compares with a
//! baseline, what failed it is named. Tested in `tests/it/gate.rs`.

use std::io::{self, BufWriter, Write};

use super::exit::Exit;
use super::output::unless_closed;
use crate::finding::{Finding, Gate};
use crate::report::{Report, idle_exceptions, one_line};

/// Findings named.
const MOST_NAMED: usize = 20;

/// What a run came to.
pub(super) struct Verdict<'r> {
    report: &'r Report,
    /// True where too little was seen to say anything.
    blind: bool,
    /// What fails the run by a condition.
    failing: Vec<&'r Finding>,
    /// New failures, where they are too many.
    too_many: Option<Vec<&'r Finding>>,
    /// Whether the gate compares with a baseline.
    compares: bool,
}

impl<'r> Verdict<'r> {
    pub(super) fn of(report: &'r Report, gate: &Gate, min_coverage: f64) -> Self {
        Self {
            report,
            blind: report.coverage.pages.judged == 0 || report.coverage.share < min_coverage,
            failing: gate.failing(&report.findings),
            too_many: gate.too_many_new(&report.findings),
            compares: gate.asks_for_baseline(),
        }
    }

    pub(super) fn exit(&self) -> Exit {
        let failed = !self.failing.is_empty() || self.too_many.is_some();
        match (self.blind, failed, self.report.run.stopped) {
            (true, _, _) => Exit::Unseen,
            (false, true, _) => Exit::Findings,
            (false, false, true) => Exit::Unseen,
            (false, false, false) => Exit::Fine,
        }
    }

    /// Says on standard error which exceptions to look at again, and what failed the run where that is only a part of the findings.
    pub(super) fn tell(&self) -> io::Result<()> {
        let mut out = BufWriter::new(io::stderr().lock());
        unless_closed(self.lines(&mut out).and_then(|()| out.flush()))
    }

    fn lines(&self, out: &mut impl Write) -> io::Result<()> {
        for words in idle_exceptions(self.report).iter().take(MOST_NAMED) {
            writeln!(out, "idea-audit: {}", one_line(words))?;
        }
        if !self.compares || self.blind {
            return Ok(());
        }
        let named = |out: &mut dyn Write, findings: &[&Finding]| -> io::Result<()> {
            for one in findings.iter().take(MOST_NAMED) {
                let line = one.place.line.map(|line| format!(":{line}")).unwrap_or_default();
                writeln!(out, "  {} at {}{line}: {}", one.rule, one_line(&one.url), one_line(&one.observed))?;
            }
            match findings.len().saturating_sub(MOST_NAMED) {
                0 => Ok(()),
                more => writeln!(out, "  and {more} more"),
            }
        };
        if !self.failing.is_empty() {
            let number = self.failing.len();
            let words = if number == 1 { "finding fails" } else { "findings fail" };
            writeln!(out, "idea-audit: {number} {words} the run by --fail-on:")?;
            named(out, &self.failing)?;
        }
        if let Some(new) = &self.too_many {
            let number = new.len();
            let words = if number == 1 { "failure is" } else { "failures are" };
            writeln!(out, "idea-audit: {number} {words} new, more than --max-new accepts:")?;
            named(out, new)?;
        }
        Ok(())
    }
}
