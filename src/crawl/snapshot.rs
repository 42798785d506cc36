//! How the crawl stands at one moment, for a person who wonders why it takes so long.
//!
//! Plain values; reading them changes nothing. Tested in `tests/it/crawl.rs`.

use std::time::Duration;

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
