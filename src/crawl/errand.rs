//! One address on its way: for whom, where it stands, and which redirects it has walked.
//!
//! Plain data that travels between the queues and the network. Tested in `tests/it/crawl.rs`.

use std::sync::Arc;
use url::Url;

use super::event::{Redirects, SiteId, Voice};
use super::key::Key;
use crate::web::{Hop, ProblemKind};

/// One address on its way.
#[derive(Clone, Debug)]
pub(super) struct Errand {
    /// For whom.
    pub(super) purpose: Purpose,
    /// The canonical address that was wanted first.
    pub(super) requested: Arc<Url>,
    /// The canonical address that is to be asked now; the same room while it is the same, since very many may wait.
    pub(super) at: Arc<Url>,
    /// The redirects so far.
    pub(super) hops: Vec<Hop>,
    /// Requests to `at` that failed in a way that may pass.
    pub(super) attempts: u8,
    /// Whether it holds a place in its site's page budget.
    pub(super) reserved: bool,
    /// Keeps the order of discovery among equals.
    pub(super) order: u64,
    /// In a sample: how many pages of the same shape were found before.
    pub(super) round: u32,
}

/// For whom an errand runs.
#[derive(Clone, Debug)]
pub(super) enum Purpose {
    /// The robots.txt of an origin.
    Robots {
        /// Scheme, host and port.
        origin: String,
    },
    /// A target somebody typed; which site it belongs to is known when it lands.
    Seed,
    /// A page of a site.
    Page {
        /// The site.
        site: SiteId,
        /// Clicks from the seed.
        depth: u32,
        /// Who named it.
        by: Named,
    },
    /// A question of the conductor.
    Ask {
        /// The site.
        site: SiteId,
        /// The asker's word for it.
        key: String,
        /// What to do with redirects.
        follow: Redirects,
        /// Under which name.
        voice: Voice,
    },
    /// A sitemap of a site.
    Sitemap {
        /// The site.
        site: SiteId,
        /// How many indexes led here.
        level: u8,
    },
}

/// Who named a page first; pages that links lead to come before those that only a sitemap knows.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Named {
    /// A link, or a person.
    ByLink,
    /// A sitemap.
    BySitemap,
}

/// The place of an errand in its host's queue: the lowest goes first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Rank {
    class: Class,
    round: u32,
    depth: u32,
    by: Named,
    order: u64,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Class {
    Robots,
    Begun,
    Seed,
    Ask,
    Sitemap,
    Page,
}

/// Why an errand brought nothing home.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    /// The kind of problem.
    pub(super) kind: ProblemKind,
    /// One sentence for a person.
    pub(super) detail: String,
}

impl Failure {
    /// A failure with its sentence.
    pub(super) fn of(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

impl Errand {
    /// A new errand to a canonical address.
    pub(super) fn to(url: Url, purpose: Purpose, order: u64) -> Self {
        let url = Arc::new(url);
        Self {
            purpose,
            requested: url.clone(),
            at: url,
            hops: Vec::new(),
            attempts: 0,
            reserved: false,
            order,
            round: 0,
        }
    }

    /// The site it runs for, where one is known.
    pub(super) fn site(&self) -> Option<SiteId> {
        match self.purpose {
            Purpose::Robots { .. } | Purpose::Seed => None,
            Purpose::Page { site, .. } | Purpose::Ask { site, .. } | Purpose::Sitemap { site, .. } => Some(site),
        }
    }

    /// Under which name it asks.
    pub(super) fn voice(&self) -> Voice {
        match self.purpose {
            Purpose::Ask { voice, .. } => voice,
            Purpose::Robots { .. } | Purpose::Seed | Purpose::Page { .. } | Purpose::Sitemap { .. } => Voice::Own,
        }
    }

    /// What it asks now; the same address under another name is another question.
    pub(super) fn key(&self) -> Key {
        match self.voice() {
            Voice::Own => Key::of(&self.at),
            Voice::Browser => Key::of_bytes(format!("browser {}", self.at).as_bytes()),
        }
    }

    /// True when the errand is a page's.
    pub(super) fn is_page(&self) -> bool {
        matches!(self.purpose, Purpose::Page { .. })
    }

    /// Its place in the queue of the host it goes to. A redirect that was begun is finished first; a second try waits
    /// behind its equals.
    pub(super) fn rank(&self) -> Rank {
        let (class, depth, by) = match self.purpose {
            Purpose::Robots { .. } => (Class::Robots, 0, Named::ByLink),
            Purpose::Seed => (Class::Seed, 0, Named::ByLink),
            Purpose::Ask { .. } => (Class::Ask, 0, Named::ByLink),
            Purpose::Sitemap { level, .. } => (Class::Sitemap, u32::from(level), Named::ByLink),
            Purpose::Page { depth, by, .. } => (Class::Page, depth, by),
        };
        let begun = !self.hops.is_empty() && self.attempts == 0;
        let class = if begun { class.min(Class::Begun) } else { class };
        let late = if self.attempts > 0 { u64::from(self.attempts) << 48 } else { 0 };
        Rank { class, round: self.round, depth, by, order: self.order + late }
    }
}
