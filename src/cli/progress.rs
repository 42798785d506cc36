//! What a person sees while a crawl runs.
//!
//! In: rows and snapshots. Out: one live block on a terminal (pages, rate, hosts that wait and why, problems), a log line every
//! ten seconds elsewhere, on standard error. Invariant: results never go here. Tested in `tests/it/cli.rs`.

use console::{Term, truncate_str};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, Write};
use std::time::{Duration, Instant};

use super::manner::Manner;
use super::scan::is_watched;
use crate::crawl::{Snapshot, Waiting};
use crate::report::{PageRow, ProblemRow, one_line};

/// How often a log line is written where nobody watches.
const LOG_EVERY: Duration = Duration::from_secs(10);
/// Hosts that are named while they wait.
const NAMED: usize = 3;

/// How much is said.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Talk {
    Quiet,
    Usual,
    Verbose,
}

impl Talk {
    pub(super) fn of(quiet: bool, verbose: bool) -> Self {
        match (quiet, verbose) {
            (true, _) => Self::Quiet,
            (false, true) => Self::Verbose,
            (false, false) => Self::Usual,
        }
    }
}

/// The live block, or the log.
pub(super) struct Progress {
    talk: Talk,
    bar: Option<ProgressBar>,
    judged: u64,
    problems: u64,
    begun: Instant,
    logged: Instant,
}

impl Progress {
    pub(super) fn of(talk: Talk, manner: Manner) -> Self {
        let bar = (talk != Talk::Quiet && is_watched() && manner.may_move()).then(|| {
            let bar = ProgressBar::new_spinner();
            let style = ProgressStyle::with_template("{spinner} {wide_msg}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner());
            bar.set_style(style);
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        let now = Instant::now();
        Self { talk, bar, judged: 0, problems: 0, begun: now, logged: now }
    }

    pub(super) fn page(&mut self, row: &PageRow) {
        self.judged += u64::from(row.judged);
    }

    pub(super) fn problem(&mut self, row: &ProblemRow) {
        self.problems += 1;
        if self.talk == Talk::Verbose {
            self.say(&format!("{}: {} ({})", row.kind, one_line(&row.url), one_line(&row.detail)));
        }
    }

    pub(super) fn standing(&mut self, snapshot: &Snapshot) {
        match &self.bar {
            Some(bar) => bar.set_message(self.block(snapshot)),
            None if self.talk != Talk::Quiet && self.logged.elapsed() >= LOG_EVERY => {
                self.logged = Instant::now();
                self.say(&self.line(snapshot));
            }
            None => {}
        }
    }

    pub(super) fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn say(&self, words: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| drop(writeln!(io::stderr(), "{words}"))),
            None => drop(writeln!(io::stderr(), "idea-audit: {words}")),
        }
    }

    /// One line for a log.
    fn line(&self, snapshot: &Snapshot) -> String {
        let count = |number: u64, one: &str| format!("{number} {one}{}", if number == 1 { "" } else { "s" });
        let mut parts = vec![format!("{} judged", count(self.judged, "page"))];
        // A folder is read and not asked: nothing comes by the second, nothing waits.
        if snapshot.rate > 0.0 || snapshot.queued > 0 {
            parts.push(format!("{:.1} a second, {} waiting", snapshot.rate, snapshot.queued));
        }
        parts.push(count(self.problems, "problem"));
        parts.push(format!("{} s", self.begun.elapsed().as_secs()));
        let mut words = parts.join(", ");
        if snapshot.sites_open + snapshot.sites_done > 1 {
            words.push_str(&format!(
                ", {} of {} sites done",
                snapshot.sites_done,
                snapshot.sites_open + snapshot.sites_done
            ));
        }
        if let Some(first) = snapshot.waiting.first() {
            words.push_str(&format!("; {}", waiting(first)));
        }
        words
    }

    /// The line and the hosts that wait, each on a line of its own.
    fn block(&self, snapshot: &Snapshot) -> String {
        let columns = usize::from(Term::stderr().size().1).saturating_sub(4).max(20);
        let hosts = snapshot.waiting.iter().filter(|host| host.left >= Duration::from_secs(1)).take(NAMED);
        let mut lines = vec![self.line(&Snapshot { waiting: Vec::new(), ..snapshot.clone() })];
        lines.extend(hosts.map(|host| format!("  {}", waiting(host))));
        lines.iter().map(|line| truncate_str(line, columns, "…").into_owned()).collect::<Vec<_>>().join("\n")
    }
}

fn waiting(host: &Waiting) -> String {
    format!("{} waits {} s: {} ({} addresses)", host.host, host.left.as_secs().max(1), host.why, host.queued)
}
