//! Who does the jobs of a worker: takes a site, looks at it, writes it down.
//!
//! In: a job. Out: the site's audit in the store, or the reason why not. Invariants: a site that is done is left alone; an attempt that is not
//! the last any more writes nothing; a crawl ends when its job is dropped, when the worker ends, or when the lease is lost; while the database is
//! away, what was seen is kept and written when it is back. Tested in `tests/it/fleet.rs`.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use url::Url;

use super::campaign::of_site;
use super::lease::Lease;
use super::turns::{self, Held, Refusal, Turns};
use super::{Fleet, FleetError, now};
use crate::audit::{self, Observer, Outline, Plan, Seen};
use crate::config::Raw;
use crate::report::Report;
use crate::store::{Ended, Entry, Mark, RunId, RunState, StoreError};
use crate::web::address;

/// Between two tries to reach the store.
const PAUSE: Duration = Duration::from_millis(500);
/// One half of the number under which a worker ends a run; the other is the run.
const ENDS: i32 = 0x1dea;
/// Plans that are kept: workers do one or two runs at a time.
const MOST_PLANS: usize = 4;
/// Obstacles that may be gone in a while.
const PASSING: [&str; 5] = ["timeout", "connection", "server-error", "rate-limited", "robots-unreachable"];

/// Says a line to whoever watches a worker.
pub(super) type Say = Arc<dyn Fn(&str) + Send + Sync>;
/// Tells whom it may concern that a run has ended.
pub(super) type Tell = Arc<dyn Fn(RunId) + Send + Sync>;

/// Who does the jobs of a worker.
#[derive(Clone)]
pub(super) struct Crew {
    fleet: Fleet,
    /// What this machine brings of its own.
    own: Arc<Raw>,
    lease: Lease,
    plans: Arc<Mutex<BTreeMap<RunId, Arc<Plan>>>>,
    /// Queues of hosts that targets led to.
    held: Held,
    say: Say,
    tell: Tell,
}

impl std::fmt::Debug for Crew {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("Crew").finish_non_exhaustive()
    }
}

/// Ends a crawl when it is dropped.
struct EndWith(Arc<AtomicBool>);

impl Drop for EndWith {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Watches a crawl for the wish to end.
struct Watch {
    dropped: Arc<AtomicBool>,
    lease: Lease,
    turns: Turns,
    outline: Option<Outline>,
    marks: BTreeMap<String, Mark>,
}

/// The tries of a job.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tries {
    /// How many it has.
    pub(super) most: i16,
    /// A failure would be for good, so that what was seen counts.
    pub(super) last: bool,
}

/// What came of a look at a site.
struct Look {
    report: Report,
    outline: Option<Outline>,
    marks: BTreeMap<String, Mark>,
}

impl Observer for Watch {
    fn outline(&mut self, outline: &Outline) {
        self.outline = Some(outline.clone());
    }

    fn wants_marks(&self) -> bool {
        true
    }

    fn marks(&mut self, marks: BTreeMap<String, Mark>) {
        self.marks = marks;
    }

    fn wants_stop(&mut self) -> bool {
        self.dropped.load(Ordering::Relaxed) || self.lease.is_lost() || self.turns.refusal().is_some()
    }
}

impl Crew {
    pub(super) fn of(fleet: Fleet, own: Raw, lease: Lease, say: Say, tell: Tell) -> Self {
        Self { fleet, own: Arc::new(own), lease, plans: Arc::default(), held: Held::default(), say, tell }
    }

    /// Gives back every host that a target led to and that a job was still at when it was dropped.
    pub(super) async fn give_back(&self) {
        turns::give_back(&self.fleet, &self.held, self.held.left()).await;
    }

    /// Audits a site.
    pub(super) async fn audit(&self, run: RunId, target: &str, worker: &str, tries: Tries) -> Result<(), String> {
        let store = &self.fleet.store;
        let standing = self.patiently(|| store.standing(run, target)).await?;
        if standing.is_some_and(|one| matches!(one.state.as_str(), "done" | "same")) {
            return self.settle(run).await;
        }
        let names = turns::names(&Url::parse(target).map(|url| address::site_of(&url)).unwrap_or_default());
        if let Some(site) = self.patiently(|| store.seen(run, &names)).await? {
            return self.same(run, target, &site).await;
        }
        let plan = self.plan(run).await?;
        let started = now();
        let claim = self.patiently(|| store.claim(run, target, &started)).await?;
        let turns = Turns::of(self.fleet.clone(), run, target, worker, self.held.clone());
        let Look { report, outline, marks } = self.look(of_site(&plan, target)?, &turns).await?;
        match turns.refusal() {
            Some(Refusal::Seen(site)) => return self.same(run, target, &site).await,
            Some(Refusal::Busy(why)) => {
                let put_off = self.fleet.queue.put_off(&claim, tries.most, &why).await;
                return put_off.map_err(|error| format!("{why}; {error}"));
            }
            None => {}
        }
        if report.run.stopped {
            return Err("the worker lost touch with the database, and gave the site back".to_string());
        }
        if let Some(obstacle) = passing(&report).filter(|_| !tries.last) {
            return Err(format!("no page could be judged ({obstacle}); it is tried again"));
        }
        // First, so that no site is done of which nothing is kept to compare with.
        let entries: Vec<Entry> = outline.iter().map(Outline::entry).collect();
        self.patiently(|| store.note(run, &entries)).await?;
        match self.patiently(|| store.commit(&claim, &report, &marks, Ended::Whole)).await {
            Ok(()) => (self.say)(&told(target, &report)),
            Err(Refused::Lost) => {
                (self.say)(&format!("{target}: another worker has taken the site over; nothing was written"))
            }
            Err(Refused::Other(error)) => return Err(error),
        }
        self.settle(run).await
    }

    /// Another target led to the site.
    async fn same(&self, run: RunId, target: &str, site: &str) -> Result<(), String> {
        (self.say)(&format!("{target}: the run has {site} by another target"));
        let targets = [target.to_string()];
        self.patiently(|| self.fleet.store.same(run, &targets, site)).await?;
        self.settle(run).await
    }

    /// Ends the run where nothing of it is left to do.
    async fn settle(&self, run: RunId) -> Result<(), String> {
        let store = &self.fleet.store;
        if self.patiently(|| store.open_targets(run)).await? == 0 {
            let plan = self.plan(run).await?;
            self.patiently(|| self.end(run, &plan)).await?;
        }
        Ok(())
    }

    /// Judges the sites of a run beside each other and ends it; one worker does, and the others find it ended.
    async fn end(&self, run: RunId, plan: &Plan) -> Result<(), StoreError> {
        let store = &self.fleet.store;
        let mut turn = self.fleet.tables.pool().begin().await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1, $2)")
            .bind(ENDS)
            .bind(i32::try_from(run.0).unwrap_or(i32::MAX))
            .execute(&mut *turn)
            .await?;
        if store.run(&run.0.to_string()).await?.state != RunState::Finished {
            audit::compare(store, run, plan, Seen::All, |_| {}).await?;
            store.finish(run, RunState::Finished, &now(), None).await?;
            turn.commit().await?;
            (self.tell)(run);
        }
        Ok(())
    }

    /// Begins the run of a schedule for a moment; a second call for that moment carries the same run on.
    pub(super) async fn begin(&self, name: &str, moment: Timestamp) -> Result<(), String> {
        let told = |error: FleetError| error.to_string();
        let schedules = self.fleet.tables.schedules().await.map_err(told)?;
        let Some(kept) = schedules.into_iter().find(|kept| kept.name == name) else { return Ok(()) };
        let campaign = kept.campaign.on(moment.to_zoned(TimeZone::UTC).date());
        let id = id(name, moment);
        let line = self.fleet.begin_as(&campaign, Some(id)).await.map_err(told)?;
        (self.say)(&format!("schedule {name} began run {} with {} sites", line.id.0, campaign.sites()));
        Ok(())
    }

    /// The crawl has a thread of its own: what watches it need not move between threads.
    async fn look(&self, mut plan: Plan, turns: &Turns) -> Result<Look, String> {
        plan.crawl.turns = Some(Arc::new(turns.clone()));
        let dropped = Arc::new(AtomicBool::new(false));
        let _end = EndWith(dropped.clone());
        let mut watch =
            Watch { dropped, lease: self.lease.clone(), turns: turns.clone(), outline: None, marks: BTreeMap::new() };
        let looked = tokio::task::spawn_blocking(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = runtime.map_err(|error| format!("no runtime: {error}"))?;
            let report = runtime.block_on(audit::audit(plan, &mut watch));
            // Look-ups of dead names may still be waiting on the system; nobody needs their answer.
            runtime.shutdown_background();
            report
                .map(|report| Look { report, outline: watch.outline, marks: watch.marks })
                .map_err(|error| error.to_string())
        });
        looked.await.map_err(|error| format!("the program stumbled over this site: {error}"))?
    }

    async fn plan(&self, run: RunId) -> Result<Arc<Plan>, String> {
        let mut plans = self.plans.lock().await;
        if let Some(plan) = plans.get(&run) {
            return Ok(plan.clone());
        }
        let campaign = self.fleet.tables.campaign(run).await.map_err(|error| error.to_string())?;
        let plan = Arc::new(campaign.plan(Some(&self.own)).map_err(|error| error.to_string())?);
        if plans.len() >= MOST_PLANS {
            plans.pop_first();
        }
        plans.insert(run, plan.clone());
        Ok(plan)
    }

    /// Asks the store until it answers.
    async fn patiently<T, F>(&self, ask: impl Fn() -> F) -> Result<T, Refused>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        loop {
            match ask().await {
                Ok(answer) => return Ok(answer),
                Err(StoreError::Lost { .. }) => return Err(Refused::Lost),
                Err(error) if error.may_pass() && !self.lease.is_ended() => {
                    // paces: the database is away.
                    tokio::time::sleep(PAUSE).await;
                }
                Err(error) => return Err(Refused::Other(error.to_string())),
            }
        }
    }
}

/// Why the store did not do it.
enum Refused {
    /// A later attempt has begun.
    Lost,
    Other(String),
}

impl From<Refused> for String {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Lost => "a later attempt has begun".to_string(),
            Refused::Other(error) => error,
        }
    }
}

/// The obstacle, where a site gave nothing to judge for a reason that may be gone in a while.
fn passing(report: &Report) -> Option<&str> {
    if report.pages.iter().any(|page| page.judged) {
        return None;
    }
    report.problems.iter().map(|row| row.kind.as_str()).find(|kind| PASSING.contains(kind))
}

fn told(target: &str, report: &Report) -> String {
    let (pages, findings) = (report.coverage.pages.judged, report.findings.len());
    match report.problems.first().filter(|_| pages == 0) {
        Some(problem) => format!("{target}: nothing could be judged ({})", problem.kind),
        None => format!("{target}: {pages} pages judged, {findings} findings"),
    }
}

/// The id of the run of a schedule for a moment, in the shape of a UUID: the same for everybody who makes it.
fn id(name: &str, moment: Timestamp) -> String {
    let digits = blake3::hash(format!("{name} {}", moment.as_second()).as_bytes()).to_hex();
    // Version 8 says that the digits mean what their maker says (RFC 9562, 5.8).
    format!("{}-{}-8{}-8{}-{}", &digits[..8], &digits[8..12], &digits[12..15], &digits[15..18], &digits[18..30])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_run_of_a_moment_has_one_id() {
        let moment: Timestamp = "2026-11-22T03:00:00Z".parse().expect("is a moment");
        assert_eq!(id("weekly", moment), id("weekly", moment));
        assert_ne!(id("weekly", moment), id("daily", moment));
        assert!(uuid::Uuid::parse_str(&id("weekly", moment)).is_ok());
    }
}
