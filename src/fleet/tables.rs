//! What a fleet keeps in the database beside store and queue: campaigns by run, and schedules.
//!
//! In and out: [`Campaign`]s as JSON. Invariant: the tables have a schema of their own, so that nothing else in the database is touched.
//! Tested in `tests/it/fleet.rs`.

use sqlx::Row;
use sqlx::postgres::PgPool;

use super::{Campaign, FleetError};
use crate::store::{RunId, StoreError};

/// A number for the lock under which the tables are made: two processes may begin at once.
const LOCK: i64 = 0x1dea_f1ee;
const MAKE: [&str; 3] = [
    "CREATE SCHEMA IF NOT EXISTS idea_audit_fleet",
    "CREATE TABLE IF NOT EXISTS idea_audit_fleet.campaigns (run BIGINT PRIMARY KEY, campaign TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS idea_audit_fleet.schedules (name TEXT PRIMARY KEY, cron TEXT NOT NULL, campaign TEXT NOT NULL)",
];

/// The tables.
#[derive(Clone, Debug)]
pub(super) struct Tables(PgPool);

/// A schedule as it lies there.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) name: String,
    pub(super) cron: String,
    pub(super) campaign: Campaign,
}

impl Tables {
    pub(super) async fn open(pool: PgPool) -> Result<Self, FleetError> {
        let mut work = pool.begin().await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *work).await?;
        for sql in MAKE {
            sqlx::query(sql).execute(&mut *work).await?;
        }
        work.commit().await?;
        Ok(Self(pool))
    }

    pub(super) fn pool(&self) -> &PgPool {
        &self.0
    }

    pub(super) async fn close(&self) {
        self.0.close().await;
    }

    pub(super) async fn keep(&self, run: RunId, campaign: &Campaign) -> Result<(), FleetError> {
        let sql = "INSERT INTO idea_audit_fleet.campaigns (run, campaign) VALUES ($1, $2) ON CONFLICT (run) DO NOTHING";
        sqlx::query(sql).bind(run.0).bind(written(campaign)).execute(&self.0).await?;
        Ok(())
    }

    pub(super) async fn campaign(&self, run: RunId) -> Result<Campaign, FleetError> {
        let sql = "SELECT campaign FROM idea_audit_fleet.campaigns WHERE run = $1";
        let row = sqlx::query(sql).bind(run.0).fetch_optional(&self.0).await?;
        let todo = "runs of `scan --store` are resumed with --resume; a fleet's are begun with `fleet enqueue`";
        let row = row.ok_or_else(|| FleetError::Absent { what: format!("run {}", run.0), todo })?;
        read(row.try_get(0)?)
    }

    /// The run that was begun last, done or not.
    pub(super) async fn latest(&self) -> Result<Option<RunId>, FleetError> {
        let sql = "SELECT max(run) FROM idea_audit_fleet.campaigns";
        let run: Option<i64> = sqlx::query(sql).fetch_one(&self.0).await?.try_get(0)?;
        Ok(run.map(RunId))
    }

    pub(super) async fn schedule(&self, name: &str, cron: &str, campaign: &Campaign) -> Result<(), FleetError> {
        let sql = "INSERT INTO idea_audit_fleet.schedules (name, cron, campaign) VALUES ($1, $2, $3) \
                   ON CONFLICT (name) DO UPDATE SET cron = excluded.cron, campaign = excluded.campaign";
        sqlx::query(sql).bind(name).bind(cron).bind(written(campaign)).execute(&self.0).await?;
        Ok(())
    }

    pub(super) async fn unschedule(&self, name: &str) -> Result<(), FleetError> {
        let gone =
            sqlx::query("DELETE FROM idea_audit_fleet.schedules WHERE name = $1").bind(name).execute(&self.0).await?;
        if gone.rows_affected() == 0 {
            let todo = "`fleet schedule list` names those there are";
            return Err(FleetError::Absent { what: format!("schedule `{name}`"), todo });
        }
        Ok(())
    }

    pub(super) async fn schedules(&self) -> Result<Vec<Kept>, FleetError> {
        let rows = sqlx::query("SELECT name, cron, campaign FROM idea_audit_fleet.schedules ORDER BY name");
        let kept = |row: &sqlx::postgres::PgRow| {
            Ok(Kept { name: row.try_get(0)?, cron: row.try_get(1)?, campaign: read(row.try_get(2)?)? })
        };
        rows.fetch_all(&self.0).await?.iter().map(kept).collect()
    }

    /// Names and times of all schedules in one word: another word means that one of them changed.
    pub(super) async fn timetable(&self) -> Result<String, FleetError> {
        let sql = "SELECT COALESCE(string_agg(name || ' ' || cron, E'\\n' ORDER BY name), '') FROM idea_audit_fleet.schedules";
        Ok(sqlx::query(sql).fetch_one(&self.0).await?.try_get(0)?)
    }
}

fn written(campaign: &Campaign) -> String {
    serde_json::to_string(campaign).expect("a campaign has words and numbers only")
}

fn read(text: String) -> Result<Campaign, FleetError> {
    let broken = |error: serde_json::Error| StoreError::Broken { what: "a campaign", reason: error.to_string() };
    Ok(serde_json::from_str(&text).map_err(broken)?)
}
