//! The turn at a host that a target leads to: its jobs wait, or this one does.
//!
//! In: the address that a target redirects to. Out: the named queue of its host, taken like a job's; or why not. Invariants: the queue of a host is
//! held by one job whatever led to it; what is held is given back when the job ends, and goes with the worker's other locks when the worker is
//! dead; a site that the run has already is not asked again. Tested in `tests/it/fleet.rs` and below.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use url::Url;

use super::{Fleet, queue};
use crate::crawl::{self, Permission};
use crate::store::RunId;
use crate::web::address;

/// A named queue and the worker that holds it.
type Entry = (String, String);

/// The queues that the jobs of a process hold, with how many are at them. The database knows a holder by its worker, which does several jobs
/// at once: which of them it is, only the process knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Held(Arc<Mutex<BTreeMap<Entry, u32>>>);

impl Held {
    fn note(&self, entry: &Entry) {
        *locked(&self.0).entry(entry.clone()).or_default() += 1;
    }

    /// Notes a queue that no other job of the process is at; false where one is.
    fn note_alone(&self, entry: &Entry) -> bool {
        let mut held = locked(&self.0);
        let is_free = !held.contains_key(entry);
        if is_free {
            held.insert(entry.clone(), 1);
        }
        is_free
    }

    fn forget(&self, entry: &Entry) {
        let mut held = locked(&self.0);
        if let Some(jobs) = held.get_mut(entry) {
            *jobs -= 1;
            if *jobs == 0 {
                held.remove(entry);
            }
        }
    }

    /// What is held still, to be given back when the worker ends.
    pub(super) fn left(&self) -> BTreeSet<Entry> {
        locked(&self.0).keys().cloned().collect()
    }
}

/// Why a job goes no further.
#[derive(Clone, Debug)]
pub(super) enum Refusal {
    /// Another job is at the host.
    Busy(String),
    /// The run has this site by another target.
    Seen(String),
}

/// The turns of one job.
#[derive(Clone, Debug)]
pub(super) struct Turns(Arc<Job>);

#[derive(Debug)]
struct Job {
    fleet: Fleet,
    run: RunId,
    /// The queue of the target's own host, which the job has, and its worker.
    own: Entry,
    /// The crawl has a runtime of its own, and the database has another.
    runtime: Handle,
    held: Held,
    /// Queues of other hosts.
    mine: Mutex<BTreeSet<Entry>>,
    refusal: Mutex<Option<Refusal>>,
}

impl Turns {
    /// Of the job of a target.
    pub(super) fn of(fleet: Fleet, run: RunId, target: &str, worker: &str, held: Held) -> Self {
        let own = (queue::name(target), worker.to_string());
        held.note(&own);
        Self(Arc::new(Job {
            fleet,
            run,
            own,
            runtime: Handle::current(),
            held,
            mine: Mutex::default(),
            refusal: Mutex::default(),
        }))
    }

    /// Why the job goes no further, where it does not.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        locked(&self.0.refusal).clone()
    }
}

impl crawl::Turns for Turns {
    fn ask(&self, url: &Url) -> Permission {
        let (job, url) = (self.0.clone(), url.clone());
        if queue::name(url.as_str()) == job.own.0 {
            return Box::pin(std::future::ready(Ok(())));
        }
        let asked = self.0.runtime.spawn(async move { job.ask(&url).await });
        Box::pin(async move { asked.await.unwrap_or_else(|error| Err(error.to_string())) })
    }
}

impl Job {
    async fn ask(&self, url: &Url) -> Result<(), String> {
        let entry = (queue::name(url.as_str()), self.own.1.clone());
        if locked(&self.mine).contains(&entry) {
            return Ok(());
        }
        let site = address::site_of(url);
        let refuse = |refusal: Refusal, why: String| {
            *locked(&self.refusal) = Some(refusal);
            Err(why)
        };
        let busy = format!("it leads to {site}, which another job of the fleet is at");
        if !self.held.note_alone(&entry) {
            return refuse(Refusal::Busy(busy.clone()), busy);
        }
        // Written down first, so that what was taken is given back even where the answer is lost.
        locked(&self.mine).insert(entry.clone());
        match self.fleet.queue.take(&entry.0, &entry.1).await {
            Ok(true) => {}
            Ok(false) => {
                locked(&self.mine).remove(&entry);
                self.held.forget(&entry);
                return refuse(Refusal::Busy(busy.clone()), busy);
            }
            Err(error) => {
                let why =
                    format!("it leads to {site}, and the database did not say whether another job is there: {error}");
                return refuse(Refusal::Busy(why.clone()), why);
            }
        }
        match self.fleet.store.seen(self.run, &names(&site)).await {
            Ok(None) => Ok(()),
            Ok(Some(site)) => refuse(Refusal::Seen(site.clone()), format!("the run has {site} already")),
            Err(error) => {
                let why = format!("it leads to {site}, and the database did not say whether the run has it: {error}");
                refuse(Refusal::Busy(why.clone()), why)
            }
        }
    }
}

impl Drop for Job {
    /// However the job ends.
    fn drop(&mut self) {
        self.held.forget(&self.own);
        let mine = std::mem::take(&mut *locked(&self.mine));
        if !mine.is_empty() {
            let (fleet, held) = (self.fleet.clone(), self.held.clone());
            self.runtime.spawn(async move { give_back(&fleet, &held, mine).await });
        }
    }
}

/// Gives queues back; those that the database did not hear of stay written down.
pub(super) async fn give_back(fleet: &Fleet, held: &Held, mine: BTreeSet<Entry>) {
    for entry in mine {
        let (queue, worker) = &entry;
        if fleet.queue.give_back(queue, worker).await.is_ok() {
            held.forget(&entry);
        }
    }
}

/// The names under which a run may have a site: with and without `www.` it is one.
pub(super) fn names(site: &str) -> [String; 2] {
    let bare = address::without_www(site);
    [bare.to_string(), format!("www.{bare}")]
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_jobs_of_one_process_only_one_is_at_a_queue() {
        let (held, entry) = (Held::default(), ("host a.example".to_string(), "worker".to_string()));
        held.note(&entry);
        assert!(!held.note_alone(&entry), "a job of that host is under way");
        held.forget(&entry);
        assert!(held.note_alone(&entry) && !held.note_alone(&entry));
        // The queue is given back, and its next job begins before that is written down here.
        held.note(&entry);
        held.forget(&entry);
        assert!(!held.note_alone(&entry) && held.left().contains(&entry));
        held.forget(&entry);
        assert!(held.left().is_empty());
    }
}
