//! The runs of a store, read once and kept for as long as they do not change.
//!
//! In: a store. Out: [`View`]s of runs, and [`Sums`] of the latest ones for trends. Invariant: a run that goes on is read again when it has
//! moved, at most every few seconds; a handful of whole runs is kept, whatever the store holds. Tested in `tests/it/serve.rs`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

use crate::report::rollup::{Group, Level, Rollup};
use crate::report::{Report, RuleRow, Run, ScoreRow, Tool};
use crate::rules::RuleId;
use crate::store::{RunId, RunLine, RunState, Store, StoreError};

/// For how long the list of runs is believed.
const BELIEVED: Duration = Duration::from_secs(5);
/// For how long a run that goes on is shown as it was.
const PATIENCE: Duration = Duration::from_secs(30);
/// Whole runs that are kept.
const MOST_VIEWS: usize = 4;

/// The runs of a store.
pub(super) struct Past {
    pub(super) store: Store,
    /// Runs in a trend.
    most: usize,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    lines: Option<(Instant, Arc<Vec<RunLine>>)>,
    /// Whole runs, the latest used last.
    views: Vec<Arc<View>>,
    sums: BTreeMap<RunId, Arc<Sums>>,
}

/// A whole run.
pub(super) struct View {
    pub(super) sums: Arc<Sums>,
    pub(super) tool: Tool,
    pub(super) run: Run,
    pub(super) rollup: Rollup,
    pub(super) rules: Vec<RuleRow>,
    pub(super) scorecard: Vec<ScoreRow>,
    /// Where each site stands in the roll-up, by name.
    pub(super) places: BTreeMap<String, usize>,
    read: Instant,
}

/// The numbers of a run.
pub(super) struct Sums {
    pub(super) line: RunLine,
    pub(super) total: Group,
    pub(super) agencies: Vec<Group>,
    /// The rules of the run, sorted; the tallies of groups are in their order.
    pub(super) rules: Vec<RuleId>,
}

impl Past {
    pub(super) fn of(store: Store, most: usize) -> Self {
        Self { store, most, held: Mutex::default() }
    }

    /// All runs, the latest first.
    pub(super) async fn lines(&self) -> Result<Arc<Vec<RunLine>>, StoreError> {
        let mut held = self.held.lock().await;
        if let Some((_, lines)) = held.lines.as_ref().filter(|(read, _)| read.elapsed() < BELIEVED) {
            return Ok(lines.clone());
        }
        let lines = Arc::new(self.store.runs().await?);
        held.lines = Some((Instant::now(), lines.clone()));
        Ok(lines)
    }

    /// A run by its number, else the latest that ended, else the latest.
    pub(super) async fn view(&self, wanted: Option<i64>) -> Result<Arc<View>, StoreError> {
        let lines = self.lines().await?;
        let line = match wanted {
            Some(number) => lines.iter().find(|line| line.id == RunId(number)),
            None => lines.iter().find(|line| line.state == RunState::Finished).or(lines.first()),
        };
        let Some(line) = line else {
            let what = wanted.map_or_else(|| "run yet".to_string(), |number| format!("run {number}"));
            return Err(StoreError::Absent { what, todo: "the list of runs has those that there are" });
        };
        let mut held = self.held.lock().await;
        if let Some(at) = held.views.iter().position(|view| view.sums.line.id == line.id) {
            let view = held.views.remove(at);
            if is_same(&view.sums.line, line) || view.read.elapsed() < PATIENCE {
                held.views.push(view.clone());
                return Ok(view);
            }
        }
        let (frame, rollup) = self.store.rolled_up(line.id).await?;
        let view = Arc::new(View::of(line.clone(), frame, rollup));
        held.sums.insert(line.id, view.sums.clone());
        if held.views.len() == MOST_VIEWS {
            held.views.remove(0);
        }
        held.views.push(view.clone());
        Ok(view)
    }

    /// The numbers of the latest runs up to this one, the earliest first.
    pub(super) async fn trend(&self, until: RunId) -> Result<Vec<Arc<Sums>>, StoreError> {
        let lines = self.lines().await?;
        let from = lines.iter().position(|line| line.id == until).unwrap_or(0);
        let mut sums = Vec::new();
        for line in lines.iter().skip(from).take(self.most) {
            let known = self.held.lock().await.sums.get(&line.id).cloned();
            sums.push(match known.filter(|known| is_same(&known.line, line) || line.state == RunState::Running) {
                Some(known) => known,
                None => self.view(Some(line.id.0)).await?.sums.clone(),
            });
        }
        sums.reverse();
        Ok(sums)
    }
}

/// True where nothing was written since.
fn is_same(a: &RunLine, b: &RunLine) -> bool {
    (a.state, &a.finished, a.done, a.pages, a.findings) == (b.state, &b.finished, b.done, b.pages, b.findings)
}

impl View {
    fn of(line: RunLine, report: Report, rollup: Rollup) -> Self {
        let rules = rollup.rules.iter().map(|head| head.id.clone()).collect();
        let sums = Sums { line, total: rollup.total(), agencies: rollup.groups(Level::Agency), rules };
        Self {
            sums: Arc::new(sums),
            places: rollup.sites.iter().enumerate().map(|(at, stand)| (stand.site.clone(), at)).collect(),
            rollup,
            tool: report.tool,
            run: report.run,
            rules: report.rules,
            scorecard: report.scorecard,
            read: Instant::now(),
        }
    }

    /// A rule by its name.
    pub(super) fn rule(&self, id: &str) -> Option<(usize, &RuleRow)> {
        let at = self.rules.binary_search_by(|row| row.id.as_str().cmp(id)).ok()?;
        Some((at, &self.rules[at]))
    }
}
