//! Where pages come from: the network or a folder, behind one set of verbs.
//!
//! In: the verbs of a crawl. Out: its events. Invariant: what is done with an event does not depend on where it came from.

use url::Url;

use crate::crawl::{Ask, Crawl, Doorkeeper, Event, Folder, SiteId, Snapshot};

/// A crawl or a replay.
pub(super) enum Source {
    Network(Box<Crawl>),
    Folder(Box<Folder>),
}

/// The next thing a source has to say.
pub(super) enum Next {
    Event(Box<Event>),
    /// Nothing before the links of some page are known.
    AwaitsLinks,
    Done,
}

impl Source {
    pub(super) async fn next(&mut self, owed: usize) -> Next {
        let event = match self {
            Self::Network(crawl) => crawl.next().await,
            Self::Folder(folder) => folder.next(),
        };
        match event {
            Some(event) => Next::Event(Box::new(event)),
            None if owed > 0 => Next::AwaitsLinks,
            None => Next::Done,
        }
    }

    pub(super) fn discovered(&mut self, site: SiteId, depth: u32, page: &Url, links: Vec<Url>) {
        match self {
            Self::Network(crawl) => crawl.discovered(site, depth, page, links),
            Self::Folder(folder) => folder.discovered(site, depth, page, links),
        }
    }

    pub(super) fn ask(&mut self, ask: Ask) {
        match self {
            Self::Network(crawl) => crawl.ask(ask),
            Self::Folder(folder) => folder.ask(ask),
        }
    }

    pub(super) fn ask_as_browser(&mut self, ask: Ask) {
        match self {
            Self::Network(crawl) => crawl.ask_as_browser(ask),
            Self::Folder(folder) => folder.ask_as_browser(ask),
        }
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        match self {
            Self::Network(crawl) => crawl.snapshot(),
            Self::Folder(_) => Snapshot::default(),
        }
    }

    pub(super) fn stop(&mut self) {
        match self {
            Self::Network(crawl) => crawl.stop(),
            Self::Folder(folder) => folder.stop(),
        }
    }

    /// Says where hosts may be reached; a folder has none.
    pub(super) fn doorkeeper(&self) -> Option<Doorkeeper> {
        match self {
            Self::Network(crawl) => Some(crawl.doorkeeper()),
            Self::Folder(_) => None,
        }
    }

    pub(super) fn is_folder(&self) -> bool {
        matches!(self, Self::Folder(_))
    }
}
