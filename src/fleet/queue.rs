//! The queue: a job for each site of a run, through graphile_worker.
//!
//! In: a run and its targets. Out: jobs, and how they stand. Invariants: a site has one job a run, told by its key; jobs of one host have one named
//! queue and therefore never run at once. Tested in `tests/it/fleet.rs`.

use graphile_worker::{Database, JobKeyMode, JobSpec, RawJobSpec, Schema, TaskHandler, WorkerUtils};
use sqlx::Row;
use sqlx::postgres::PgPool;
use std::time::Duration;
use url::Url;

use super::FleetError;
use super::jobs::SiteAudit;
use super::status::{Numbers, Waiting};
use crate::store::{Claim, RunId};
use crate::web::address;

/// The schema of the queue's tables.
pub(super) const SCHEMA: &str = "idea_audit_queue";
/// Jobs that are added at once.
const BATCH: usize = 500;
/// How long a job waits at first that another is in the way of, and how often that time is doubled: what is in the way may be a large site,
/// and each try asks the target where it leads.
const WHILE: Duration = Duration::from_secs(5);
const DOUBLED: u32 = 7;

/// How a job stands, in a word; the rows of a run are those whose key begins with its number.
const STANDS: &str = "CASE WHEN j.locked_at IS NOT NULL THEN 'running' WHEN j.attempts >= j.max_attempts THEN 'failed' \
    WHEN j.run_at > now() THEN 'later' WHEN q.locked_at IS NOT NULL THEN 'behind' ELSE 'ready' END";
const JOBS: &str = "FROM idea_audit_queue._private_jobs j LEFT JOIN idea_audit_queue._private_job_queues q ON q.id = j.job_queue_id \
    WHERE j.key LIKE $1";

/// The queue of a database.
#[derive(Clone)]
pub(super) struct Queue {
    utils: WorkerUtils,
    pool: PgPool,
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("Queue").finish_non_exhaustive()
    }
}

impl Queue {
    pub(super) async fn open(pool: PgPool) -> Result<Self, FleetError> {
        let utils = WorkerUtils::new(Database::from(pool.clone()), Schema::new(SCHEMA));
        utils.migrate().await.map_err(FleetError::queue)?;
        Ok(Self { utils, pool })
    }

    /// Adds a job with all its tries for each target; one that waits is replaced, and one that is being done goes on.
    pub(super) async fn add(&self, run: RunId, targets: &[String], tries: i16) -> Result<(), FleetError> {
        for some in targets.chunks(BATCH) {
            let jobs: Vec<RawJobSpec> = some.iter().map(|target| job(run, target, tries)).collect();
            self.utils.add_raw_jobs(&jobs).await.map_err(FleetError::queue)?;
        }
        Ok(())
    }

    /// Adds the job of a claimed target anew, with all its tries and a reason, to be done in a while, which grows with each attempt: it waits for
    /// its turn, which costs no try.
    pub(super) async fn put_off(&self, claim: &Claim, tries: i16, why: &str) -> Result<(), FleetError> {
        let Claim { run, target, .. } = claim;
        self.add(*run, std::slice::from_ref(target), tries).await?;
        let doubled = u32::try_from(claim.attempt - 1).unwrap_or(0).min(DOUBLED);
        let wait = WHILE * 2_u32.pow(doubled);
        let sql = "UPDATE idea_audit_queue._private_jobs SET run_at = now() + make_interval(secs => $1), last_error = $2 \
                   WHERE key = $3 AND locked_at IS NULL";
        let rows = sqlx::query(sql).bind(wait.as_secs_f64()).bind(why).bind(key(*run, target));
        rows.execute(&self.pool).await?;
        Ok(())
    }

    /// Takes a named queue for a worker, as a job of it would: its jobs wait. False where somebody has it. Worker recovery gives it back
    /// with the worker's other locks.
    pub(super) async fn take(&self, queue: &str, worker: &str) -> Result<bool, FleetError> {
        let sql = "INSERT INTO idea_audit_queue._private_job_queues AS q (queue_name, locked_at, locked_by) VALUES ($1, now(), $2) \
                   ON CONFLICT (queue_name) DO UPDATE SET locked_at = excluded.locked_at, locked_by = excluded.locked_by \
                   WHERE q.locked_at IS NULL";
        Ok(sqlx::query(sql).bind(queue).bind(worker).execute(&self.pool).await?.rows_affected() == 1)
    }

    /// Gives back what [`Queue::take`] took.
    pub(super) async fn give_back(&self, queue: &str, worker: &str) -> Result<(), FleetError> {
        let sql = "UPDATE idea_audit_queue._private_job_queues SET locked_at = NULL, locked_by = NULL \
                   WHERE queue_name = $1 AND locked_by = $2";
        sqlx::query(sql).bind(queue).bind(worker).execute(&self.pool).await?;
        Ok(())
    }

    /// How many jobs are left that some worker will do; those that failed for good are not.
    pub(super) async fn open_jobs(&self) -> Result<i64, FleetError> {
        let sql = "SELECT COUNT(*) FROM idea_audit_queue._private_jobs WHERE attempts < max_attempts OR locked_at IS NOT NULL";
        Ok(sqlx::query(sql).fetch_one(&self.pool).await?.try_get(0)?)
    }

    /// The numbers of a run's jobs.
    pub(super) async fn numbers(&self, run: RunId) -> Result<Numbers, FleetError> {
        let sql = format!("SELECT {STANDS}, COUNT(*) {JOBS} GROUP BY 1");
        let mut numbers = Numbers::default();
        for row in sqlx::query(sqlx::AssertSqlSafe(sql)).bind(pattern(run)).fetch_all(&self.pool).await? {
            let number = u64::try_from(row.try_get::<i64, _>(1)?).unwrap_or(0);
            match row.try_get::<String, _>(0)?.as_str() {
                "running" => numbers.running = number,
                "failed" => numbers.failed = number,
                "later" => numbers.later = number,
                "behind" => numbers.behind = number,
                _ready => numbers.ready = number,
            }
        }
        Ok(numbers)
    }

    /// Jobs that wait or gave up, with the reason; those that gave up first, at most `most`.
    pub(super) async fn waiting(&self, run: RunId, most: i64) -> Result<Vec<Waiting>, FleetError> {
        let sql = format!(
            "SELECT j.key, {STANDS}, j.attempts, j.max_attempts, j.last_error, \
             to_char(j.run_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') {JOBS} \
             AND (j.run_at > now() OR j.attempts >= j.max_attempts OR (q.locked_at IS NOT NULL AND j.locked_at IS NULL)) \
             AND j.locked_at IS NULL ORDER BY j.attempts >= j.max_attempts DESC, j.run_at, j.id LIMIT $2"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(pattern(run)).bind(most).fetch_all(&self.pool).await?;
        let waiting = |row: &sqlx::postgres::PgRow| {
            let key: String = row.try_get(0)?;
            let error: Option<String> = row.try_get(4)?;
            Ok(Waiting {
                target: key.split_once(':').map_or(key.clone(), |(_, target)| target.to_string()),
                state: row.try_get(1)?,
                tries: row.try_get(2)?,
                most_tries: row.try_get(3)?,
                why: error.map(|error| error.trim_matches('"').to_string()),
                not_before: row.try_get(5)?,
            })
        };
        rows.iter().map(waiting).collect()
    }
}

fn key(run: RunId, target: &str) -> String {
    format!("{}:{target}", run.0)
}

fn pattern(run: RunId) -> String {
    format!("{}:%", run.0)
}

fn job(run: RunId, target: &str, tries: i16) -> RawJobSpec {
    let payload = SiteAudit { run: run.0, target: target.to_string() };
    let spec = JobSpec {
        queue_name: Some(name(target)),
        job_key: Some(key(run, target)),
        job_key_mode: Some(JobKeyMode::Replace),
        max_attempts: Some(tries),
        ..JobSpec::default()
    };
    let payload = serde_json::to_value(payload).expect("a job has words and numbers only");
    RawJobSpec { identifier: SiteAudit::IDENTIFIER.to_string(), payload, spec }
}

/// The named queue of a target: that of its host without `www.` and port. Who shares it is never asked by two jobs.
pub(super) fn name(target: &str) -> String {
    let host = Url::parse(target).ok().and_then(|url| url.host_str().map(str::to_ascii_lowercase)).unwrap_or_default();
    format!("host {}", address::without_www(&host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lives_on_one_host_shares_a_queue_and_each_target_has_a_key() {
        let of = |target: &str| job(RunId(7), target, 2).spec;
        let (bare, www) = (of("https://a.example/"), of("http://WWW.a.example:8080/x"));
        assert_eq!((&bare.queue_name, &bare.queue_name), (&www.queue_name, &Some("host a.example".to_string())));
        assert_eq!(bare.job_key, Some("7:https://a.example/".to_string()));
        assert_ne!(bare.job_key, www.job_key);
        assert_ne!(of("https://b.example/").queue_name, bare.queue_name);
    }
}
