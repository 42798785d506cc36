//! A worker: takes jobs from the queue until it is told to end.
//!
//! In: how many sites at once, when a silent worker counts as dead. Out: sites in the store. Invariants: while the database is away it
//! waits; what breaks in the middle makes it begin anew; told to end, it gives back what it has in hand. Schedules are kept by a second, small
//! worker beside it, so that a change of theirs interrupts no site. Tested in `tests/it/fleet.rs`.

use graphile_worker::{Database, Schema, Worker, WorkerOptions, WorkerRecoveryConfig, parse_crontab};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch::{self, Receiver};

use super::crew::{Crew, Say};
use super::jobs::{Begin, SiteAudit};
use super::lease::Lease;
use super::patient::Patient;
use super::{Fleet, FleetError, queue};
use crate::config::Raw;
use crate::store::RunId;

/// Between two looks into the queue of a worker that has nothing to do.
const POLL: Duration = Duration::from_millis(500);
/// Between two looks at the schedules.
const TIMETABLE: Duration = Duration::from_secs(15);
/// How long a site may go on after the worker was told to end.
const GRACE: Duration = Duration::from_millis(500);
/// Before a worker begins anew after something broke.
const ANEW: Duration = Duration::from_millis(500);

/// How a worker works.
#[derive(Clone, Copy, Debug)]
pub struct Shift {
    /// Sites at once.
    pub sites: usize,
    /// Between two signs of life.
    pub heartbeat: Duration,
    /// A worker without a sign of life for so long counts as dead, and its sites go to others.
    pub dead_after: Duration,
    /// When it ends by itself.
    pub until: Until,
}

/// When a worker ends by itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Until {
    /// Never.
    Told,
    /// When nothing is left in the queue that anybody will do.
    Done,
}

impl Fleet {
    /// Works until `end` is true, or as the shift says. `tell` hears of each run that this worker ended.
    ///
    /// # Errors
    /// Where the queue cannot be used at all; a database that goes away later is waited for.
    pub async fn work(
        &self,
        shift: Shift,
        own: Raw,
        end: Receiver<bool>,
        say: impl Fn(&str) + Send + Sync + 'static,
        tell: impl Fn(RunId) + Send + Sync + 'static,
    ) -> Result<(), FleetError> {
        let lease = Lease::of(shift.dead_after);
        let say: Say = Arc::new(say);
        let crew = Crew::of(self.clone(), own, lease.clone(), say.clone(), Arc::new(tell));
        let (told, heard) = watch::channel(false);
        let hands = Hands { fleet: self.clone(), shift, crew: crew.clone(), lease: lease.clone(), end: heard, say };
        let signs = tokio::spawn(signs_of_life(self.clone(), lease.clone(), shift.heartbeat));
        let clerk = tokio::spawn(hands.clone().keep_schedules());
        let sites = tokio::spawn(hands.clone().do_sites());
        self.until_the_end(shift.until, end).await;
        lease.end();
        let _ = told.send(true);
        let (sites, clerk) = (sites.await, clerk.await);
        signs.abort();
        crew.give_back().await;
        for outcome in [sites, clerk] {
            outcome.map_err(FleetError::queue)??;
        }
        Ok(())
    }

    async fn until_the_end(&self, until: Until, mut end: Receiver<bool>) {
        loop {
            let told = tokio::time::timeout(POLL, end.wait_for(|end| *end));
            if told.await.is_ok() {
                return;
            }
            let nothing_left = until == Until::Done && self.queue.open_jobs().await.is_ok_and(|open| open == 0);
            if nothing_left {
                return;
            }
        }
    }
}

/// Renews the lease at each beat that reaches the database.
async fn signs_of_life(fleet: Fleet, lease: Lease, every: Duration) {
    let mut beat = tokio::time::interval(every);
    loop {
        beat.tick().await;
        let begun = Instant::now();
        let asked = sqlx::query("SELECT 1").execute(fleet.tables.pool());
        if matches!(tokio::time::timeout(every, asked).await, Ok(Ok(_))) {
            lease.renew(begun);
        }
    }
}

/// The parts that both workers of a process share.
#[derive(Clone)]
struct Hands {
    fleet: Fleet,
    shift: Shift,
    crew: Crew,
    lease: Lease,
    end: Receiver<bool>,
    say: Say,
}

impl Hands {
    fn options(&self, sites: usize) -> WorkerOptions {
        let mut end = self.end.clone();
        let Shift { heartbeat, dead_after, .. } = self.shift;
        let recovery = WorkerRecoveryConfig::default()
            .heartbeat_interval(heartbeat)
            .sweep_interval(heartbeat)
            .sweep_threshold(dead_after)
            .recovery_delay(heartbeat);
        WorkerOptions::default()
            .schema(Schema::new(queue::SCHEMA))
            .database(Database::new(Patient::of(self.fleet.tables.pool().clone(), self.lease.clone())))
            .concurrency(sites)
            .poll_interval(POLL)
            .use_notification_delivery(false)
            .listen_os_shutdown_signals(false)
            .shutdown_grace_period(GRACE)
            .shutdown_interrupted_job_retry_delay(heartbeat)
            .shutdown_signal(async move {
                let _ = end.wait_for(|end| *end).await;
            })
            .worker_recovery(recovery)
            .add_extension(self.crew.clone())
    }

    fn is_ended(&self) -> bool {
        *self.end.borrow()
    }

    async fn do_sites(self) -> Result<(), FleetError> {
        while !self.is_ended() {
            let worker = self.options(self.shift.sites).define_job::<SiteAudit>().init().await;
            self.run(worker.map_err(FleetError::queue)).await;
        }
        Ok(())
    }

    async fn keep_schedules(self) -> Result<(), FleetError> {
        while !self.is_ended() {
            let Ok(timetable) = self.fleet.tables.timetable().await else {
                self.pause(ANEW).await;
                continue;
            };
            let mut options = self.options(1).define_job::<Begin>();
            for kept in self.fleet.tables.schedules().await.unwrap_or_default() {
                match parse_crontab(&crontab(&kept.name, &kept.cron)) {
                    Ok(crons) => options = options.with_crons(crons),
                    Err(error) => (self.say)(&format!("schedule {}: {error}", kept.name)),
                }
            }
            match options.init().await {
                Err(error) => self.run(Err(FleetError::queue(error))).await,
                Ok(worker) => tokio::select! {
                    () = self.run(Ok(worker)) => {}
                    () = self.changed(&timetable) => {}
                },
            }
        }
        Ok(())
    }

    /// Returns when the schedules are not what they were.
    async fn changed(&self, timetable: &str) {
        loop {
            self.pause(TIMETABLE).await;
            if self.fleet.tables.timetable().await.is_ok_and(|now| now != timetable) {
                return;
            }
        }
    }

    /// Runs a worker until it ends; says why, where something broke, and waits a moment.
    async fn run(&self, worker: Result<Worker, FleetError>) {
        let broke = match worker {
            Ok(worker) => worker.run().await.err().map(|error| error.to_string()),
            Err(error) => Some(error.to_string()),
        };
        if let Some(broke) = broke.filter(|_| !self.is_ended()) {
            (self.say)(&format!("begins anew: {broke}"));
            self.pause(ANEW).await;
        }
    }

    /// Waits, but not longer than until the end.
    async fn pause(&self, time: Duration) {
        let mut end = self.end.clone();
        let _ = tokio::time::timeout(time, end.wait_for(|end| *end)).await;
    }
}

/// A schedule as the queue reads it; a moment that was missed is made up for within an hour.
pub(super) fn crontab(name: &str, cron: &str) -> String {
    format!("{cron} begin-run ?id={name}&fill=1h {{\"schedule\":\"{name}\"}}")
}
