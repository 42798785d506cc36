//! Whether a host that a target leads to may be asked now: another process may be at it.
//!
//! In: the address that a target leads to. Out: leave, or why not; then nothing is asked of the host. Invariant: asked once for each host, before
//! its first request, and only on the way from a target to its site. Tested in `tests/it/fleet.rs`.

use std::future::Future;
use std::pin::Pin;

use url::Url;

use super::arrival::Done;
use super::coordinator::Crawl;
use super::errand::{Failure, Purpose};
use super::schedule::HostId;
use crate::web::ProblemKind;

/// Permission, or why there is none.
pub type Permission = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// Whoever knows which hosts other processes ask.
pub trait Turns: std::fmt::Debug + Send + Sync {
    /// Asks whether the host of an address may be asked now; leave holds until the crawl ends.
    fn ask(&self, url: &Url) -> Permission;
}

/// Whether a host may be asked as far as other processes go.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Turn {
    /// Nobody asked.
    Unasked,
    /// The answer is not there yet.
    Asking,
    /// It may.
    Ours,
}

impl Crawl {
    /// Asks for the turn at a host, where a target leads there and others may be at it. True when its requests have to wait.
    pub(super) fn awaits_turn(&mut self, host: HostId) -> bool {
        let Some(turns) = &self.settings.turns else { return false };
        let lane = &mut self.lanes[host.0 as usize];
        let seed = lane.queue.values().find(|errand| matches!(errand.purpose, Purpose::Seed));
        let (Turn::Unasked, Some(seed)) = (lane.leave, seed) else { return lane.leave == Turn::Asking };
        lane.leave = Turn::Asking;
        let leave = turns.ask(&seed.at);
        let task = self.tasks.spawn(async move { Done::Turned(leave.await) });
        self.flights.insert(task.id(), (host, None));
        true
    }

    /// Whether the host may be asked is known.
    pub(super) fn turned(&mut self, host: HostId, leave: Result<(), String>) {
        let lane = &mut self.lanes[host.0 as usize];
        match leave {
            Ok(()) => lane.leave = Turn::Ours,
            Err(why) => {
                lane.leave = Turn::Unasked;
                self.give_up(host, Failure::of(ProblemKind::Refused, why));
            }
        }
    }
}
