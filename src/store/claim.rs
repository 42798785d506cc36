//! Who works on a target: attempts and their fencing.
//!
//! In: targets of a run. Out: a [`Claim`] with the number of the attempt. Invariant: of several claims of a target only the last can
//! write; a queue gives no such promise, so the store does. Tested in `tests/it/store.rs`.

use super::database::Work;
use super::run::lost_row;
use super::{RunId, Store, StoreError};

/// A target with what a list says of its owner.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Listed {
    /// The target as it is asked for: an address.
    pub target: String,
    /// The agency.
    pub agency: Option<String>,
    /// The bureau.
    pub bureau: Option<String>,
    /// The branch.
    pub branch: Option<String>,
}

/// An attempt at a target.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Claim {
    /// The run.
    pub run: RunId,
    /// The target.
    pub target: String,
    /// The number of the row.
    pub audit: i64,
    /// From 1.
    pub attempt: i64,
}

/// How a target stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Standing {
    /// The target.
    pub target: String,
    /// waiting, running, done, partly (the run was stopped) or same (another target led to the site).
    pub state: String,
    /// The site it led to, once that is known.
    pub site: Option<String>,
    /// Attempts so far.
    pub attempts: u64,
}

/// Adds targets to a run.
pub(super) async fn enlist(work: &mut Work, run: RunId, targets: &[Listed]) -> Result<(), StoreError> {
    let rows = targets
        .iter()
        .map(|one| {
            vec![
                run.0.into(),
                one.target.as_str().into(),
                one.agency.as_deref().into(),
                one.bureau.as_deref().into(),
                one.branch.as_deref().into(),
                0.into(),
                "waiting".into(),
            ]
        })
        .collect();
    let head = "INSERT INTO audits (run_id, target, agency, bureau, branch, attempt, state)";
    work.insert(head, rows, "ON CONFLICT (run_id, target) DO NOTHING").await
}

impl Store {
    /// Begins an attempt at a target; what an earlier attempt wrote and did not commit is removed.
    ///
    /// # Errors
    /// Those of the database; nothing is written then.
    pub async fn claim(&self, run: RunId, target: &str, started: &str) -> Result<Claim, StoreError> {
        let mut work = self.database.begin().await?;
        let row = work
            .row(
                "INSERT INTO audits (run_id, target, attempt, state, started) VALUES ($1, $2, 1, 'running', $3) \
                 ON CONFLICT (run_id, target) DO UPDATE \
                 SET attempt = audits.attempt + 1, state = 'running', started = excluded.started \
                 RETURNING id, attempt",
                vec![run.0.into(), target.into(), started.into()],
            )
            .await?;
        let row = row.ok_or_else(lost_row)?;
        let (audit, attempt) = (row.number(0)?, row.number(1)?);
        for sql in ["DELETE FROM pages WHERE audit_id = $1", "DELETE FROM problems WHERE audit_id = $1"] {
            work.run(sql, vec![audit.into()]).await?;
        }
        work.commit().await?;
        Ok(Claim { run, target: target.to_string(), audit, attempt })
    }

    /// How each target of a run stands, in the order of targets.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn targets(&self, run: RunId) -> Result<Vec<Standing>, StoreError> {
        let sql = "SELECT a.target, a.state, s.name, a.attempt FROM audits a LEFT JOIN sites s ON s.id = a.site_id \
                   WHERE a.run_id = $1 ORDER BY a.target";
        let rows = self.database.rows(sql, vec![run.0.into()]).await?;
        rows.iter().map(read_standing).collect()
    }
}

/// One target of a run.
impl Store {
    /// How a target of a run stands; none where the run does not have it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn standing(&self, run: RunId, target: &str) -> Result<Option<Standing>, StoreError> {
        let sql = "SELECT a.target, a.state, s.name, a.attempt FROM audits a LEFT JOIN sites s ON s.id = a.site_id \
                   WHERE a.run_id = $1 AND a.target = $2";
        let row = self.database.row(sql, vec![run.0.into(), target.into()]).await?;
        row.as_ref().map(read_standing).transpose()
    }

    /// Which of two names of a site a run has it under already.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn seen(&self, run: RunId, names: &[String; 2]) -> Result<Option<String>, StoreError> {
        let sql = "SELECT s.name FROM audits a JOIN sites s ON s.id = a.site_id \
                   WHERE a.run_id = $1 AND a.state = 'done' AND s.name IN ($2, $3)";
        let values = vec![run.0.into(), names[0].as_str().into(), names[1].as_str().into()];
        self.database.row(sql, values).await?.map(|row| row.text(0)).transpose()
    }

    /// How many targets of a run are not done.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn open_targets(&self, run: RunId) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) FROM audits WHERE run_id = $1 AND state NOT IN ('done', 'same')";
        let row = self.database.row(sql, vec![run.0.into()]).await?.ok_or_else(lost_row)?;
        Ok(u64::try_from(row.number(0)?).unwrap_or(0))
    }
}

fn read_standing(row: &super::database::Row) -> Result<Standing, StoreError> {
    Ok(Standing {
        target: row.text(0)?,
        state: row.text(1)?,
        site: row.text_if_any(2)?,
        attempts: u64::try_from(row.number(3)?).unwrap_or(0),
    })
}

/// Takes the lock of an attempt's row; refuses an attempt that is not the last.
pub(super) async fn hold(work: &mut Work, claim: &Claim, state: &str) -> Result<(), StoreError> {
    let sql = "UPDATE audits SET state = $1 WHERE id = $2 AND attempt = $3";
    let held = work.run(sql, vec![state.into(), claim.audit.into(), claim.attempt.into()]).await?;
    if held == 1 {
        return Ok(());
    }
    Err(StoreError::Lost { target: claim.target.clone(), attempt: claim.attempt })
}
