//! How a run of a fleet stands: how far, how fast, what waits and why; and its schedules.
//!
//! In: store, queue, the day's clock. Out: [`Status`], whose keys `docs/fleet.md` describes. Invariant: looking changes nothing. Tested in
//! `tests/it/fleet.rs`.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::time::Duration;

use graphile_worker::{Database, Schema, WorkerUtils, parse_crontab};

use super::work::crontab;
use super::{Campaign, Fleet, FleetError, queue};
use crate::config::ConfigError;

/// Jobs that are named with their reasons.
const MOST_NAMED: i64 = 20;
/// A worker that was silent for so long is shown as silent.
const SILENT: Duration = Duration::from_secs(60);
/// Letters of the name of a schedule.
const LONGEST_NAME: usize = 40;

/// How a run stands.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Status {
    /// The number of the run.
    pub run: i64,
    /// Its id.
    pub id: String,
    /// running, stopped or finished.
    pub state: String,
    /// RFC 3339, UTC.
    pub started: String,
    /// RFC 3339, UTC; null while it goes on.
    pub finished: Option<String>,
    /// Sites in all.
    pub targets: u64,
    /// Sites that are done.
    pub done: u64,
    /// Pages judged so far.
    pub pages: u64,
    /// Findings so far.
    pub findings: u64,
    /// Sites a minute since the run began.
    pub sites_per_minute: f64,
    /// Seconds until the end at this pace; null where nothing is left or nothing is done yet.
    pub seconds_left: Option<u64>,
    /// Jobs that are not done, by how they stand.
    pub jobs: Numbers,
    /// Jobs that wait for something or gave up, with the reason, those that gave up first.
    pub waiting: Vec<Waiting>,
    /// The workers that gave a sign of life and did not sign off.
    pub workers: Vec<Worker>,
}

/// Jobs by how they stand.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Numbers {
    /// A worker is at the site.
    pub running: u64,
    /// Any worker may take the site.
    pub ready: u64,
    /// Behind another site of the same host.
    pub behind: u64,
    /// Tried again later.
    pub later: u64,
    /// All tries failed: `fleet enqueue --again RUN` gives them new ones.
    pub failed: u64,
}

/// A job that waits or gave up.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Waiting {
    /// The site.
    pub target: String,
    /// later, behind or failed.
    pub state: String,
    /// Tries so far.
    pub tries: i16,
    /// Tries it has.
    pub most_tries: i16,
    /// What the last try came to; null where there was none.
    pub why: Option<String>,
    /// When it may be tried, RFC 3339, UTC.
    pub not_before: String,
}

/// A worker.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Worker {
    /// Its id.
    pub id: String,
    /// RFC 3339, UTC.
    pub since: String,
    /// Its last sign of life, RFC 3339, UTC.
    pub heard: String,
    /// True when that is long ago.
    pub silent: bool,
}

/// A schedule.
#[derive(Clone, Debug, Serialize)]
pub struct Schedule {
    /// Its name.
    pub name: String,
    /// Minute, hour, day of the month, month, day of the week, by the clock of the workers.
    pub cron: String,
    /// Its sites.
    pub sites: usize,
}

impl Fleet {
    /// How a run stands at a moment.
    ///
    /// # Errors
    /// Where there is no such run; those of the database.
    pub async fn status(&self, name: &str, now: Timestamp) -> Result<Status, FleetError> {
        let line = self.line(name).await?;
        let end = line.finished.as_deref().and_then(|end| end.parse().ok()).unwrap_or(now);
        let lasted = line.started.parse().map_or(SignedDuration::ZERO, |begun: Timestamp| end.duration_since(begun));
        let pace = if lasted.is_positive() { line.done as f64 / lasted.as_secs_f64() } else { 0.0 };
        let left = line.targets.saturating_sub(line.done);
        let seconds_left =
            (left > 0 && pace > 0.0 && line.finished.is_none()).then(|| (left as f64 / pace).ceil() as u64);
        Ok(Status {
            run: line.id.0,
            id: line.uuid.clone(),
            state: line.state.as_str().to_string(),
            started: line.started.clone(),
            finished: line.finished.clone(),
            targets: line.targets,
            done: line.done,
            pages: line.pages,
            findings: line.findings,
            sites_per_minute: (pace * 60.0 * 10.0).round() / 10.0,
            seconds_left,
            jobs: self.queue.numbers(line.id).await?,
            waiting: self.queue.waiting(line.id, MOST_NAMED).await?,
            workers: self.workers().await?,
        })
    }

    async fn workers(&self) -> Result<Vec<Worker>, FleetError> {
        let utils = WorkerUtils::new(Database::from(self.tables.pool().clone()), Schema::new(queue::SCHEMA));
        let active = utils.list_active_workers(SILENT).await.map_err(FleetError::queue)?;
        let worker = |row: graphile_worker::ActiveWorkerRow| Worker {
            id: row.worker_id,
            since: row.started_at.to_rfc3339(),
            heard: row.last_heartbeat_at.to_rfc3339(),
            silent: row.is_stale,
        };
        Ok(active.into_iter().map(worker).collect())
    }

    /// Keeps a schedule; one of that name is replaced.
    ///
    /// # Errors
    /// A name or times that mean nothing; those of the database.
    pub async fn schedule(&self, name: &str, cron: &str, campaign: &Campaign) -> Result<(), FleetError> {
        let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_letter) {
            let told = format!("`{name}` is no name of a schedule");
            return Err(ConfigError::of(told, "use up to 40 small letters, digits and hyphens: weekly").into());
        }
        let cron = cron.split_whitespace().collect::<Vec<_>>().join(" ");
        let todo = "write minute, hour, day of the month, month and day of the week: \"0 3 * * 1\" is Mondays at 03:00";
        let refused = |why: String| ConfigError::of(format!("`{cron}` are no times of a schedule{why}"), todo);
        if cron.split(' ').count() != 5 {
            return Err(refused(String::new()).into());
        }
        match parse_crontab(&crontab(name, &cron)) {
            Ok(read) if read.len() == 1 => self.tables.schedule(name, &cron, campaign).await,
            Ok(_) => Err(refused(String::new()).into()),
            Err(error) => Err(refused(format!(": {error}")).into()),
        }
    }

    /// Removes a schedule; runs it began go on.
    ///
    /// # Errors
    /// Where there is none of that name.
    pub async fn unschedule(&self, name: &str) -> Result<(), FleetError> {
        self.tables.unschedule(name).await
    }

    /// The schedules by name.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn schedules(&self) -> Result<Vec<Schedule>, FleetError> {
        let kept = self.tables.schedules().await?.into_iter();
        Ok(kept.map(|kept| Schedule { name: kept.name, cron: kept.cron, sites: kept.campaign.sites() }).collect())
    }
}
