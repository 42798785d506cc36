//! One site of the run: its frontier, its budgets, and what is still owed for it.
//!
//! Plain state with its sums. Invariant: `pending` counts every errand of the site that has not ended, `outstanding`
//! every page whose links are awaited; a site is done when both are zero. Tested in `tests/it/crawl.rs`.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::time::Instant;
use url::Url;

use super::errand::Errand;
use super::event::SiteId;
use super::frontier::Frontier;
use super::key::Key;
use super::schedule::HostId;
use super::scope::Scope;
use super::settings::Settings;
use super::skip::Skip;

/// One site.
#[derive(Debug)]
pub(super) struct Site {
    /// Its number.
    pub(super) id: SiteId,
    /// Scheme, host and port with the path "/".
    pub(super) root: Url,
    /// What it has named.
    pub(super) frontier: Frontier,
    /// Pages delivered, by their final address.
    pub(super) delivered: HashSet<Key>,
    /// Its own hosts, and those that its pages were on.
    pub(super) hosts: HashSet<HostId>,
    /// Errands that have not ended.
    pub(super) pending: u64,
    /// Pages whose links are awaited.
    pub(super) outstanding: u64,
    /// Pages under way that hold a place in the budget.
    pub(super) taken: u64,
    /// Pages that used a place in the budget up.
    pub(super) spent: u64,
    /// Pages delivered.
    pub(super) fetched: u64,
    /// Octets that its answers brought over the wire.
    pub(super) weight: u64,
    /// Addresses that robots.txt forbids, reported one by one.
    pub(super) forbidden: u64,
    /// Sitemap files asked for.
    pub(super) sitemaps: HashSet<Key>,
    /// Addresses that sitemaps named.
    pub(super) listed: u64,
    /// Pages that wait for a place in the budget.
    pub(super) held: Vec<Errand>,
    /// When its time is up.
    pub(super) deadline: Option<Instant>,
    /// Why no more pages of it are fetched.
    pub(super) closed: Option<Skip>,
    /// Whether its time was up: what waits for it is not awaited any more.
    pub(super) late: bool,
    /// Whether its end was told.
    pub(super) done: bool,
    settings: Arc<Settings>,
}

impl Site {
    /// A site whose root is known.
    pub(super) fn of(id: SiteId, root: Url, settings: Arc<Settings>, deadline: Option<Instant>) -> Self {
        Self {
            id,
            frontier: Frontier::of(Scope::of(root.clone(), &settings), settings.max_depth),
            root,
            delivered: HashSet::new(),
            hosts: HashSet::new(),
            pending: 0,
            outstanding: 0,
            taken: 0,
            spent: 0,
            fetched: 0,
            weight: 0,
            forbidden: 0,
            sitemaps: HashSet::new(),
            listed: 0,
            held: Vec::new(),
            deadline,
            closed: None,
            late: false,
            done: false,
            settings,
        }
    }

    /// Forgets what only fetching needs: a list has tens of thousands of sites. Gives its hosts.
    pub(super) fn let_go(&mut self) -> HashSet<HostId> {
        self.frontier = Frontier::of(Scope::of(self.root.clone(), &self.settings), self.settings.max_depth);
        self.delivered = HashSet::new();
        self.sitemaps = HashSet::new();
        self.held = Vec::new();
        std::mem::take(&mut self.hosts)
    }

    /// True when nothing is left to do or to wait for.
    pub(super) fn is_idle(&self) -> bool {
        self.pending == 0 && self.outstanding == 0
    }

    /// Whether one more page may be begun.
    pub(super) fn room(&self) -> Room {
        match self.settings.max_pages {
            Some(most) if self.spent >= most => Room::Spent,
            Some(most) if self.spent + self.taken >= most => Room::Taken,
            Some(_) | None => Room::Free,
        }
    }
}

/// Whether one more page fits into the budget.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Room {
    /// Yes.
    Free,
    /// Only if one of those under way turns out to be none.
    Taken,
    /// No.
    Spent,
}
