//! How the crawl stands at one moment, for a person who wonders why it takes so long.
//!
//! Plain values; reading them changes nothing. Tested in `tests/it/crawl.rs`.

use std::time::Duration;

use tokio::time::Instant;

use super::coordinator::Crawl;
use super::lane::Lane;

/// The time over which the rate is shown.
const RATE_WINDOW: Duration = Duration::from_secs(10);

/// How the crawl stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Pages delivered.
    pub pages: u64,
    /// Pages a second over the last ten seconds.
    pub rate: f64,
    /// Requests under way.
    pub in_flight: usize,
    /// Addresses that wait for their host.
    pub queued: u64,
    /// Problems so far.
    pub problems: u64,
    /// Sites that are not done.
    pub sites_open: u64,
    /// Sites that are.
    pub sites_done: u64,
    /// Hosts that have work but must wait, the longest wait first.
    pub waiting: Vec<Waiting>,
}

/// A host that has work but must wait.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Waiting {
    /// Host and port.
    pub host: String,
    /// How much longer.
    pub left: Duration,
    /// Why, in a few words.
    pub why: &'static str,
    /// Addresses that wait there.
    pub queued: usize,
}

impl Crawl {
    /// How things stand.
    pub fn snapshot(&self) -> Snapshot {
        let now = Instant::now();
        let recent = self.arrivals.iter().filter(|at| now.saturating_duration_since(**at) < RATE_WINDOW).count();
        let span = self.arrivals.front().map_or(RATE_WINDOW, |first| now.saturating_duration_since(*first));
        let span = span.clamp(Duration::from_secs(1), RATE_WINDOW);
        let mut waiting: Vec<Waiting> = self.lanes.iter().filter_map(|lane| waiting(lane, now)).collect();
        waiting.sort_by(|a, b| b.left.cmp(&a.left).then_with(|| a.host.cmp(&b.host)));
        Snapshot {
            pages: self.pages,
            rate: recent as f64 / span.as_secs_f64(),
            in_flight: self.permits.under_way(),
            queued: self.lanes.iter().map(|lane| lane.queue.len() as u64).sum(),
            problems: self.problems,
            sites_open: self.open_sites,
            sites_done: self.sites.len() as u64 - self.open_sites,
            waiting,
        }
    }
}

fn waiting(lane: &Lane, now: Instant) -> Option<Waiting> {
    let at = lane.turn(now)?;
    let left = at.saturating_duration_since(now);
    if left.is_zero() {
        return None;
    }
    let why = if lane.pace.blocked_until().is_some_and(|until| until >= at) {
        "it asked us to wait (Retry-After)"
    } else if lane.pace.is_strained() {
        "it had too much to do"
    } else if lane.pace.obeys_robots() {
        "robots.txt asks for this wait"
    } else {
        "politeness"
    };
    Some(Waiting { host: lane.name.clone(), left, why, queued: lane.queue.len() })
}
