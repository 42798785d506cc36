//! The turn at a host that a target leads to: its jobs wait, or this one does.
//!
//! In: the address that a target redirects to. Out: the named queue of its host, taken like a job's; or why not. Invariants: the queue of a host is
//! held by one job whatever led to it; what is held is given back when the job ends, and goes with the worker's other locks when the worker is
//! dead; a site that the run has already is not asked again. Tested in `tests/it/fleet.rs`.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use url::Url;

use super::{Fleet, queue};
use crate::crawl::{self, Permission};
use crate::store::RunId;
use crate::web::address;

/// Queues that a process holds beside those of its jobs, by name, with the worker that holds each.
pub(super) type Held = Arc<Mutex<BTreeSet<(String, String)>>>;

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
    /// The target's own host, whose queue the job has.
    own: String,
    worker: String,
    /// The crawl has a runtime of its own, and the database has another.
    runtime: Handle,
    held: Held,
    mine: Mutex<BTreeSet<(String, String)>>,
    refusal: Mutex<Option<Refusal>>,
}

impl Turns {
    /// Of the job of a target.
    pub(super) fn of(fleet: Fleet, run: RunId, target: &str, worker: &str, held: Held) -> Self {
        Self(Arc::new(Job {
            fleet,
            run,
            own: queue::name(target),
            worker: worker.to_string(),
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
        if queue::name(url.as_str()) == job.own {
            return Box::pin(std::future::ready(Ok(())));
        }
        let asked = self.0.runtime.spawn(async move { job.ask(&url).await });
        Box::pin(async move { asked.await.unwrap_or_else(|error| Err(error.to_string())) })
    }
}

impl Job {
    async fn ask(&self, url: &Url) -> Result<(), String> {
        let queue = queue::name(url.as_str());
        let entry = (queue.clone(), self.worker.clone());
        if locked(&self.mine).contains(&entry) {
            return Ok(());
        }
        let site = address::site_of(url);
        let refuse = |refusal: Refusal, why: String| {
            *locked(&self.refusal) = Some(refusal);
            Err(why)
        };
        // Written down first, so that what was taken is given back even where the answer is lost.
        locked(&self.held).insert(entry.clone());
        locked(&self.mine).insert(entry.clone());
        match self.fleet.queue.take(&queue, &self.worker).await {
            Ok(true) => {}
            Ok(false) => {
                locked(&self.held).remove(&entry);
                locked(&self.mine).remove(&entry);
                let why = format!("it leads to {site}, which another job of the fleet is at");
                return refuse(Refusal::Busy(why.clone()), why);
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
        let mine = std::mem::take(&mut *locked(&self.mine));
        if !mine.is_empty() {
            let (fleet, held) = (self.fleet.clone(), self.held.clone());
            self.runtime.spawn(async move { give_back(&fleet, &held, mine).await });
        }
    }
}

/// Gives queues back; those that the database did not hear of stay written down.
pub(super) async fn give_back(fleet: &Fleet, held: &Held, mine: BTreeSet<(String, String)>) {
    for entry in mine {
        let (queue, worker) = &entry;
        if fleet.queue.give_back(queue, worker).await.is_ok() {
            locked(held).remove(&entry);
        }
    }
}

/// What is held still, to be given back when the worker ends.
pub(super) fn left(held: &Held) -> BTreeSet<(String, String)> {
    locked(held).clone()
}

/// The names under which a run may have a site: with and without `www.` it is one.
pub(super) fn names(site: &str) -> [String; 2] {
    let bare = address::without_www(site);
    [bare.to_string(), format!("www.{bare}")]
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
