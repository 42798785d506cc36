//! Many workers on many machines share the sites of a run, through one PostgreSQL database.
//!
//! In: targets and settings, once. Out: a run of the store in which every site was audited by one worker at a time. A job is the audit of
//! one site, and the queue is graphile_worker's. Invariants: a worker may be killed at any moment; of several attempts at a site
//! only the last writes; jobs of one host never run at once; a worker that has not reached the database for too long stops asking
//! its hosts before anybody else begins. Never: judges, prints. Described by `docs/fleet.md`; tested in `tests/it/fleet.rs`.

mod campaign;
mod crew;
mod error;
mod jobs;
mod lease;
mod patient;
mod queue;
mod status;
mod tables;
mod turns;
mod work;

pub use campaign::Campaign;
pub use error::FleetError;
pub use status::{Schedule, Status, Waiting, Worker};
pub use work::{Shift, Until};

use jiff::Timestamp;
use sqlx::postgres::{PgPool, PgPoolOptions};
use std::time::Duration;

use crate::audit;
use crate::report::Report;
use crate::report::rollup::Rollup;
use crate::store::{Listed, NewRun, Place, RunId, RunLine, RunState, Store, StoreError};
use queue::Queue;
use tables::Tables;

/// How long a call waits for a connection.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections for the queue; the store has its own.
const CONNECTIONS: u32 = 6;

/// A database with its store, its queue and its schedules.
#[derive(Clone, Debug)]
pub struct Fleet {
    store: Store,
    queue: Queue,
    tables: Tables,
}

impl Fleet {
    /// Opens a database and makes what is missing in it.
    ///
    /// # Errors
    /// A place that is no PostgreSQL database, or that cannot be reached.
    pub async fn open(place: &Place) -> Result<Self, FleetError> {
        let Place::Postgres(url) = place else { return Err(FleetError::NoServer(place.to_string())) };
        let store = Store::open(place).await?;
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
        let pool: PgPool = pool.connect(url.as_str()).await.map_err(StoreError::from)?;
        let tables = Tables::open(pool.clone()).await?;
        let queue = Queue::open(pool).await?;
        Ok(Self { store, queue, tables })
    }

    /// Begins a run: every target becomes a job.
    ///
    /// # Errors
    /// Settings that cannot be carried out; those of the database.
    pub async fn begin(&self, campaign: &Campaign) -> Result<RunLine, FleetError> {
        self.begin_as(campaign, None).await
    }

    /// Begins a run under an id of its own; one that is there under that id is carried on, so that a repeat does no harm.
    pub(crate) async fn begin_as(&self, campaign: &Campaign, id: Option<String>) -> Result<RunLine, FleetError> {
        let plan = campaign.plan(None)?;
        let mut frame = audit::frame(&plan);
        frame.run.id = id.unwrap_or(frame.run.id);
        frame.run.targets = campaign.typed.clone();
        frame.run.list_problems = campaign.list_problems.clone();
        let run = match self.store.run(&frame.run.id).await {
            Ok(line) => line.id,
            Err(StoreError::Absent { .. }) => self.create(campaign, &frame, &plan.span()).await?,
            Err(error) => return Err(error.into()),
        };
        self.tables.keep(run, campaign).await?;
        self.queue.add(run, &campaign.targets, campaign.tries).await?;
        Ok(self.store.run(&frame.run.id).await?)
    }

    async fn create(&self, campaign: &Campaign, frame: &Report, span: &str) -> Result<RunId, FleetError> {
        let listed = |target: &String| {
            let owner = campaign.owner(target);
            Listed {
                target: target.clone(),
                agency: owner.and_then(|owner| owner.agency.clone()),
                bureau: owner.and_then(|owner| owner.bureau.clone()),
                branch: owner.and_then(|owner| owner.branch).map(|branch| branch.as_str().to_string()),
            }
        };
        let targets: Vec<Listed> = campaign.targets.iter().map(listed).collect();
        let digest = campaign.digest();
        let run = NewRun { frame, plan: span, settings: &digest, targets: &targets };
        Ok(self.store.begin(&run).await?)
    }

    /// Puts the targets of a run that are not done back into the queue, with all their tries: those that failed for good, and those
    /// whose jobs were lost.
    ///
    /// # Errors
    /// A run that no fleet began; those of the database.
    pub async fn again(&self, name: &str) -> Result<(RunLine, usize), FleetError> {
        let line = self.line(name).await?;
        let campaign = self.tables.campaign(line.id).await?;
        let open = |state: &str| !matches!(state, "done" | "same");
        let standings = self.store.targets(line.id).await?;
        let targets: Vec<String> = standings.into_iter().filter(|one| open(&one.state)).map(|one| one.target).collect();
        if !targets.is_empty() && line.state == RunState::Finished {
            self.store.reopen(line.id).await?;
        }
        let tries = campaign.tries;
        self.queue.add(line.id, &targets, tries).await?;
        Ok((line, targets.len()))
    }

    /// A run by name; `latest` is the one that was begun last, done or not.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn line(&self, name: &str) -> Result<RunLine, FleetError> {
        if name == "latest" {
            // A store holds runs of `scan`, too.
            let ours = self.tables.latest().await?;
            if let Some(line) = self.store.runs().await?.into_iter().find(|line| Some(line.id) == ours) {
                return Ok(line);
            }
        }
        Ok(self.store.run(name).await?)
    }

    /// The report of a run, as far as it is.
    ///
    /// # Errors
    /// Where there is no such run.
    pub async fn report(&self, name: &str) -> Result<Report, FleetError> {
        Ok(self.store.report(self.line(name).await?.id).await?)
    }

    /// The roll-up of a run, as far as it is, with its numbers; memory does not grow with its pages.
    ///
    /// # Errors
    /// Where there is no such run.
    pub async fn rolled_up(&self, name: &str) -> Result<(Report, Rollup), FleetError> {
        Ok(self.store.rolled_up(self.line(name).await?.id).await?)
    }

    /// Lets the connections go.
    pub async fn close(self) {
        self.tables.close().await;
        self.store.close().await;
    }
}

fn now() -> String {
    Timestamp::now().to_string()
}
