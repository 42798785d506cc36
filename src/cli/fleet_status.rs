//! How a run of a fleet stands, in words.
//!
//! In: a status. Out: lines. Invariant: nothing that a server said moves the cursor. Tested in `tests/it/fleet.rs`.

use std::fmt::Write;

use crate::fleet::Status;
use crate::report::one_line;

/// The status in lines.
pub(super) fn words(status: &Status) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        let _ = writeln!(text, "{words}");
    };
    let Status { run, id, state, started, targets, done, pages, findings, sites_per_minute, jobs, .. } = status;
    line(format!("run {run} ({id}) is {state}, begun {started}"));
    let share = if *targets == 0 { 0.0 } else { *done as f64 * 100.0 / *targets as f64 };
    line(format!("{done} of {targets} sites done ({share:.1} %), {pages} pages judged, {findings} findings"));
    let left = status.seconds_left.map(|left| format!("; about {} left", time(left))).unwrap_or_default();
    line(format!("{sites_per_minute} sites a minute{left}"));
    line(format!(
        "now: {} being looked at, {} ready, {} behind another site of their host, {} to be tried again later, {} given up",
        jobs.running, jobs.ready, jobs.behind, jobs.later, jobs.failed
    ));
    for one in &status.waiting {
        let why = one.why.as_deref().map_or("waits for the other site of its host", one_line_or_nothing);
        let when = if one.state == "later" { format!(" not before {}", one.not_before) } else { String::new() };
        let tries = format!("{} of {} tries", one.tries, one.most_tries);
        line(format!("  {} {}{when} after {tries}: {}", one.state, one_line(&one.target), one_line(why)));
    }
    match status.workers.len() {
        0 => line("no worker: start one with `idea-audit fleet work`".to_string()),
        number => line(format!("{number} workers (a process has two: one for sites, one for schedules)")),
    }
    for worker in &status.workers {
        let silent = if worker.silent { ", SILENT: its sites go to others" } else { "" };
        line(format!("  {} since {}, heard {}{silent}", worker.id, worker.since, worker.heard));
    }
    text
}

fn one_line_or_nothing(why: &str) -> &str {
    if why.trim().is_empty() { "no reason was given" } else { why }
}

fn time(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} seconds"),
        120..=7199 => format!("{} minutes", seconds.div_ceil(60)),
        _ => format!("{:.1} hours", seconds as f64 / 3600.0),
    }
}
