//! The two kinds of jobs: the audit of a site, and the beginning of a scheduled run.
//!
//! In: what the queue kept of a job. Out: done, or why not, which the queue shows and tries again. Invariant: done twice, either does no more than
//! once. Tested in `tests/it/fleet.rs`.

use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::crew::{Crew, Tries};
use crate::store::RunId;

/// The audit of a site.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct SiteAudit {
    pub(super) run: i64,
    pub(super) target: String,
}

impl TaskHandler for SiteAudit {
    const IDENTIFIER: &'static str = "site-audit";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        self.done(context).await
    }
}

impl SiteAudit {
    async fn done(self, context: WorkerContext) -> Result<(), String> {
        let crew = crew(&context)?;
        let (attempt, most) = (*context.job().attempts(), *context.job().max_attempts());
        let tries = Tries { most, last: attempt >= most };
        crew.audit(RunId(self.run), &self.target, context.worker_id(), tries).await
    }
}

/// The beginning of a scheduled run.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Begin {
    pub(super) schedule: String,
    /// What the queue adds: the moment it stands for.
    #[serde(rename = "_cron")]
    pub(super) cron: Moment,
}

/// The moment of a schedule.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Moment {
    pub(super) ts: String,
}

impl TaskHandler for Begin {
    const IDENTIFIER: &'static str = "begin-run";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        self.done(context).await
    }
}

impl Begin {
    async fn done(self, context: WorkerContext) -> Result<(), String> {
        let crew = crew(&context)?;
        let unread = |error: jiff::Error| format!("{}: {error}", self.cron.ts);
        let moment: Timestamp = self.cron.ts.parse().map_err(unread)?;
        crew.begin(&self.schedule, moment).await
    }
}

fn crew(context: &WorkerContext) -> Result<Crew, String> {
    context.get_ext::<Crew>().cloned().ok_or_else(|| "the worker was built without its crew".to_string())
}
