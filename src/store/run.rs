//! Runs: their beginning, their end, and which there are.
//!
//! In: the frame of a report (everything but sites, pages, findings, problems), targets. Out: a number to write under, lines about
//! runs. Invariant: the dictionary of a run never changes. Tested in `tests/it/store.rs`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::database::{Row, Value};
use super::outcomes::Dictionary;
use super::pack::{pack, unpack};
use super::{Listed, Store, StoreError};
use crate::report::Report;
use crate::rules::RuleId;

/// The number of a run in its store.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct RunId(pub i64);

/// How far a run is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RunState {
    /// It was begun and has not ended: it is under way, or was killed.
    Running,
    /// Somebody stopped it, or its time was up; it can be resumed.
    Stopped,
    /// It ended.
    Finished,
}

impl RunState {
    /// The word in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Finished => "finished",
        }
    }

    fn read(word: &str) -> Result<Self, StoreError> {
        [Self::Running, Self::Stopped, Self::Finished]
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or_else(|| StoreError::Broken { what: "the state of a run", reason: word.to_string() })
    }
}

/// A run that begins.
#[derive(Clone, Debug)]
pub struct NewRun<'a> {
    /// A report of this run without sites; its rules are the dictionary.
    pub frame: &'a Report,
    /// Which pages are looked at, in a word: full, home, sample 20.
    pub plan: &'a str,
    /// A digest of everything the verdicts depend on.
    pub settings: &'a str,
    /// What will be looked at; more may be added later.
    pub targets: &'a [Listed],
}

/// A run in a line.
#[derive(Clone, Debug)]
pub struct RunLine {
    /// Its number.
    pub id: RunId,
    /// The id that its report has: a UUID.
    pub uuid: String,
    /// How far it is.
    pub state: RunState,
    /// Which pages were looked at, in a word.
    pub plan: String,
    /// A digest of everything the verdicts depend on.
    pub settings: String,
    /// RFC 3339, UTC.
    pub started: String,
    /// RFC 3339, UTC; none while it goes on.
    pub finished: Option<String>,
    /// The day it judged on.
    pub judged_on: String,
    /// Targets.
    pub targets: u64,
    /// Targets that are done, also those that led to the site of another.
    pub done: u64,
    /// Pages judged.
    pub pages: u64,
    /// Findings.
    pub findings: u64,
}

/// What is needed to read and write under a run.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) dictionary: Dictionary,
    pub(super) numbers: BTreeMap<RuleId, i64>,
    pub(super) frame: Report,
    pub(super) settled: bool,
}

const LINES: &str = "SELECT r.id, r.uuid, r.state, r.plan, r.settings, r.started, r.finished, r.judged_on, COUNT(a.id), \
    CAST(COALESCE(SUM(CASE WHEN a.state IN ('done', 'same') THEN 1 ELSE 0 END), 0) AS BIGINT), \
    CAST(COALESCE(SUM(a.judged), 0) AS BIGINT), CAST(COALESCE(SUM(a.findings), 0) AS BIGINT) \
    FROM runs r LEFT JOIN audits a ON a.run_id = r.id";
const GROUPED: &str = "GROUP BY r.id, r.uuid, r.state, r.plan, r.settings, r.started, r.finished, r.judged_on \
    ORDER BY r.started DESC, r.id DESC";

fn line(row: &Row) -> Result<RunLine, StoreError> {
    let count = |at| row.number(at).map(|number| u64::try_from(number).unwrap_or(0));
    Ok(RunLine {
        id: RunId(row.number(0)?),
        uuid: row.text(1)?,
        state: RunState::read(&row.text(2)?)?,
        plan: row.text(3)?,
        settings: row.text(4)?,
        started: row.text(5)?,
        finished: row.text_if_any(6)?,
        judged_on: row.text(7)?,
        targets: count(8)?,
        done: count(9)?,
        pages: count(10)?,
        findings: count(11)?,
    })
}

impl Store {
    /// Begins a run.
    ///
    /// # Errors
    /// Those of the database; nothing is written then.
    pub async fn begin(&self, run: &NewRun<'_>) -> Result<RunId, StoreError> {
        let frame = bare(run.frame);
        let rules: Vec<RuleId> = frame.rules.iter().map(|rule| rule.id.clone()).collect();
        let mut work = self.database.begin().await?;
        let names = rules.iter().map(|rule| vec![rule.as_str().into()]).collect();
        work.insert("INSERT INTO rules (name)", names, "ON CONFLICT (name) DO NOTHING").await?;
        let row = work
            .row(
                "INSERT INTO runs (uuid, state, plan, settings, started, judged_on, dictionary, frame) \
                 VALUES ($1, 'running', $2, $3, $4, $5, $6, $7) RETURNING id",
                vec![
                    frame.run.id.as_str().into(),
                    run.plan.into(),
                    run.settings.into(),
                    frame.run.started.as_str().into(),
                    frame.run.judged_on.to_string().as_str().into(),
                    pack(&rules).into(),
                    pack(&frame).into(),
                ],
            )
            .await?;
        let id = RunId(row.ok_or_else(lost_row)?.number(0)?);
        super::claim::enlist(&mut work, id, run.targets).await?;
        work.commit().await?;
        Ok(id)
    }

    /// Adds targets to a run; those it has already are left as they are.
    ///
    /// # Errors
    /// Those of the database; nothing is written then.
    pub async fn enlist(&self, run: RunId, targets: &[Listed]) -> Result<(), StoreError> {
        let mut work = self.database.begin().await?;
        super::claim::enlist(&mut work, run, targets).await?;
        work.commit().await
    }

    /// Ends a run. With the whole run's report its frame is kept as it is; without, whoever reads sums up the sites. The journal of a
    /// run that finished is emptied, and its room given back.
    ///
    /// # Errors
    /// Those of the database; nothing is written then.
    pub async fn finish(
        &self,
        run: RunId,
        state: RunState,
        finished: &str,
        frame: Option<&Report>,
    ) -> Result<(), StoreError> {
        let mut work = self.database.begin().await?;
        let values = vec![state.as_str().into(), finished.into(), run.0.into()];
        work.run("UPDATE runs SET state = $1, finished = $2 WHERE id = $3", values).await?;
        if let Some(frame) = frame {
            let values = vec![pack(&bare(frame)).into(), run.0.into()];
            work.run("UPDATE runs SET frame = $1, settled = 1 WHERE id = $2", values).await?;
        }
        if state == RunState::Finished {
            work.run("DELETE FROM journal WHERE run_id = $1", vec![run.0.into()]).await?;
        }
        work.commit().await?;
        if state == RunState::Finished {
            self.database.shrink().await;
        }
        self.known.lock().await.remove(&run);
        Ok(())
    }

    /// Opens a run again that was killed or stopped.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn reopen(&self, run: RunId) -> Result<(), StoreError> {
        let mut work = self.database.begin().await?;
        let sql = "UPDATE runs SET state = 'running', finished = NULL, settled = 0 WHERE id = $1";
        work.run(sql, vec![run.0.into()]).await?;
        work.commit().await?;
        self.known.lock().await.remove(&run);
        Ok(())
    }

    /// Removes a run with all that only it has; findings stay in the history of their sites.
    ///
    /// # Errors
    /// Those of the database; nothing is removed then.
    pub async fn remove(&self, run: RunId) -> Result<(), StoreError> {
        let mut work = self.database.begin().await?;
        work.run("DELETE FROM runs WHERE id = $1", vec![run.0.into()]).await?;
        work.commit().await?;
        self.database.shrink().await;
        self.known.lock().await.remove(&run);
        Ok(())
    }

    /// All runs, the latest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn runs(&self) -> Result<Vec<RunLine>, StoreError> {
        self.database.rows(format!("{LINES} {GROUPED}"), Vec::new()).await?.iter().map(line).collect()
    }

    /// A run by name: `latest`, its number, its UUID, or the beginning of that.
    ///
    /// # Errors
    /// Where there is none, or several begin so.
    pub async fn run(&self, name: &str) -> Result<RunLine, StoreError> {
        let runs = self.runs().await?;
        let todo = "`latest`, a number, or the beginning of a run's id names a run";
        let absent = |what: String| StoreError::Absent { what, todo };
        if name == "latest" {
            let finished = runs.iter().position(|run| run.state == RunState::Finished).unwrap_or(0);
            return runs.into_iter().nth(finished).ok_or_else(|| absent("run".to_string()));
        }
        let numbered = name.parse().ok().and_then(|number| runs.iter().position(|run| run.id == RunId(number)));
        let mut named = runs.iter().enumerate().filter(|(_, run)| !name.is_empty() && run.uuid.starts_with(name));
        let at = match (numbered, named.next(), named.next()) {
            (Some(at), _, _) | (None, Some((at, _)), None) => at,
            (None, Some(_), Some(_)) => return Err(absent(format!("single run `{name}`: several begin so"))),
            (None, None, _) => return Err(absent(format!("run `{name}`"))),
        };
        runs.into_iter().nth(at).ok_or_else(|| absent(format!("run `{name}`")))
    }

    /// What is needed to read and write under a run; read once.
    pub(super) async fn known(&self, run: RunId) -> Result<Arc<Known>, StoreError> {
        let mut held = self.known.lock().await;
        if let Some(known) = held.get(&run) {
            return Ok(known.clone());
        }
        let sql = "SELECT dictionary, frame, settled FROM runs WHERE id = $1";
        let row = self
            .database
            .row(sql, vec![run.0.into()])
            .await?
            .ok_or_else(|| StoreError::Absent { what: format!("run {}", run.0), todo: "was it removed meanwhile?" })?;
        let rules: Vec<RuleId> = unpack("a dictionary", &row.octets(0)?)?;
        let frame: Report = unpack("the frame of a run", &row.octets(1)?)?;
        let settled = row.number(2)? == 1;
        let mut numbers = BTreeMap::new();
        for row in self.database.rows("SELECT name, id FROM rules", Vec::<Value>::new()).await? {
            numbers.insert(RuleId::of(row.text(0)?), row.number(1)?);
        }
        let known = Arc::new(Known { dictionary: Dictionary::of(rules), numbers, frame, settled });
        held.insert(run, known.clone());
        Ok(known)
    }
}

/// A report without what grows with sites.
fn bare(report: &Report) -> Report {
    Report {
        schema: report.schema.clone(),
        tool: report.tool.clone(),
        run: report.run.clone(),
        coverage: report.coverage.clone(),
        scorecard: report.scorecard.clone(),
        rules: report.rules.clone(),
        disabled: report.disabled.clone(),
        sites: Vec::new(),
        pages: Vec::new(),
        findings: Vec::new(),
        problems: Vec::new(),
        waivers: report.waivers.clone(),
        reviews: report.reviews.clone(),
        // The earlier report need not be in this store, and the marks of findings are of the comparison alone.
        baseline: None,
    }
}

/// A statement that returns a row for each it writes returned none.
pub(super) fn lost_row() -> StoreError {
    StoreError::Broken { what: "an answer", reason: "a row that was written did not come back".to_string() }
}
