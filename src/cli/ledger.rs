//! Where a scan is written down, opened before anything is fetched, and the run it goes on with.
//!
//! In: what was typed. Out: a [`Plan`] with its store. Invariant: what cannot be opened or resumed is said before the first request; a
//! list whose store was chosen for it runs on without, and says so. Tested in `tests/it/resume.rs`.

use jiff::civil::Date;
use std::io::{self, Write};

use super::exit::Failure;
use super::progress::Talk;
use crate::audit::{Carried, Judge, Ledger, Plan, Rows};
use crate::config::{self, ConfigError, Keeping, Raw};
use crate::report::Report;
use crate::store::{Place, RunLine, RunState, Store};

/// The plan for what was typed, with its store. Where no format is written, rows stay in the store.
pub(super) async fn planned(raw: &Raw, rows: Rows, talk: Talk) -> Result<Plan, Failure> {
    let mut plan = kept(raw, talk).await?;
    match (&mut plan.ledger, rows) {
        (Some(ledger), rows) => ledger.rows = rows,
        (None, Rows::Left) => {
            let told = "--format none writes no report, and there is no store either";
            return Err(ConfigError::of(told, "add --store FILE, or name a format").into());
        }
        (None, Rows::Held) => {}
    }
    if rows == Rows::Left && raw.fail_on != ["never"] {
        let told = "--format none leaves the findings in the store, where --fail-on does not look";
        return Err(ConfigError::of(told, "add --fail-on never, or name a format").into());
    }
    if rows == Rows::Left && raw.baseline.is_some() {
        let told = "--format none leaves the findings in the store, and --baseline compares those of a report";
        return Err(ConfigError::of(told, "compare with `idea-audit diff --store`, or name a format").into());
    }
    Ok(plan)
}

/// The store where the rows of a run stay, if they do.
pub(super) fn left_at(raw: &Raw, rows: Rows) -> Result<Option<Place>, ConfigError> {
    Ok(match (rows, config::keeping(raw)?) {
        (Rows::Left, Keeping::Typed(place) | Keeping::ByDefault(place)) => Some(place),
        (Rows::Left, Keeping::Nowhere) | (Rows::Held, _) => None,
    })
}

/// Says how much was seen, and where it is to be found.
pub(super) fn tell_where(report: &Report, raw: &Raw) -> io::Result<()> {
    let (Keeping::Typed(place) | Keeping::ByDefault(place)) = config::keeping(raw).unwrap_or(Keeping::Nowhere) else {
        return Ok(());
    };
    let pages = &report.coverage.pages;
    writeln!(
        io::stderr(),
        "idea-audit: {} pages judged, {} problems; `idea-audit report --store {place}` shows the run",
        pages.judged,
        report.coverage.problems,
    )
}

/// Says what `--changed-only` spared, or why it spared nothing.
pub(super) fn tell_carried(carried: Carried, report: &Report) -> io::Result<()> {
    let mut to = io::stderr();
    let judged = report.coverage.pages.judged;
    if carried.outgrown > 0 {
        writeln!(
            to,
            "idea-audit: of {} sites what was kept was read by other rules, for another profile or by another version: their pages were \
             judged anew",
            carried.outgrown
        )?;
    }
    if carried.measured > 0 {
        writeln!(
            to,
            "idea-audit: {} pages were measured and will be judged again the next time; with --render home or off what does not change \
             is left out",
            carried.measured
        )?;
    }
    if carried.sites == 0 && carried.outgrown == 0 {
        return writeln!(
            to,
            "idea-audit: nothing was kept of these sites before, and every page was judged; the next run with --changed-only leaves out \
             what does not change"
        );
    }
    writeln!(to, "idea-audit: {} of {judged} pages had not changed and were not judged again", carried.pages)
}

async fn kept(raw: &Raw, talk: Talk) -> Result<Plan, Failure> {
    let today = jiff::Zoned::now().date();
    let rows = Rows::Held;
    let judge = if raw.changed_only == Some(true) { Judge::Changed } else { Judge::All };
    let say = |words: String| {
        if talk != Talk::Quiet {
            let _ = writeln!(io::stderr(), "idea-audit: {words}");
        }
    };
    let (store, place) = match config::keeping(raw)? {
        Keeping::Nowhere => return Ok(config::plan(raw, today)?),
        // What is wrong with the rest is said before a store is made for it.
        Keeping::Typed(place) if raw.resume != Some(true) => {
            let plan = config::plan(raw, today)?;
            return Ok(Plan {
                ledger: Some(Ledger { store: Store::open(&place).await?, resume: None, rows, judge }),
                ..plan
            });
        }
        Keeping::ByDefault(place) if raw.resume != Some(true) => {
            let plan = config::plan(raw, today)?;
            let ledger = match Store::open(&place).await {
                Ok(store) => {
                    say(format!("the run is written down in {place}; if it is interrupted, add --resume to go on"));
                    Some(Ledger { store, resume: None, rows, judge })
                }
                Err(error) => {
                    say(format!("the run is not written down and cannot be resumed: {error}"));
                    None
                }
            };
            return Ok(Plan { ledger, ..plan });
        }
        Keeping::Typed(place) | Keeping::ByDefault(place) => (Store::open_existing(&place).await?, place),
    };
    let (plan, line) = resumed(raw, today, &store, &place).await?;
    say(format!("going on with the run of {}: {} of {} targets are done", line.started, line.done, line.targets));
    Ok(Plan { ledger: Some(Ledger { store, resume: Some(line), rows, judge }), ..plan })
}

/// The last run that did not end and was begun with what was typed now, on the day it was begun.
async fn resumed(raw: &Raw, today: Date, store: &Store, place: &Place) -> Result<(Plan, RunLine), Failure> {
    let runs = store.runs().await?;
    let open: Vec<RunLine> = runs.into_iter().filter(|run| run.state != RunState::Finished).collect();
    if open.is_empty() {
        let told = format!("every run in {place} has ended");
        return Err(ConfigError::of(told, "leave --resume out to begin a new one").into());
    }
    for run in open {
        let plan = config::plan(raw, run.judged_on.parse().unwrap_or(today))?;
        if plan.digest() == run.settings {
            return Ok((plan, run));
        }
    }
    let told = format!("no run in {place} that did not end was begun with these settings, rules and this version");
    Err(ConfigError::of(told, "type the command as it was typed then, or leave --resume out to begin a new run").into())
}
