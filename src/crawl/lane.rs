//! One host: what waits for it, where it lives, how it is treated.
//!
//! A lane is a host name with its port; http and https share one, because they share the machine. Plain state; the
//! conductor of the crawl moves it. Tested in `tests/it/crawl.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use super::errand::{Errand, Failure, Rank};
use super::event::SiteId;
use super::pace::{Manners, Pace};
use super::robots;
use super::settings::Settings;
use super::turns::Turn;
use crate::web::address;

/// The least wait at a stranger's host.
const FLOOR: Duration = Duration::from_secs(1);
/// Requests at once at an owner's host that is not paced.
const OWNED: usize = 6;
/// An address is looked up again after this time.
const ADDRESS_FRESH: Duration = Duration::from_secs(600);
/// So many requests in a row without an answer give an origin up.
pub(super) const MISSES: u32 = 5;

/// One host.
#[derive(Debug)]
pub(super) struct Lane {
    /// Host, with the port unless it is a default one.
    pub(super) name: String,
    /// Host as URLs write it, and a port that stands for the ports of this lane.
    pub(super) host: (String, u16),
    /// The site whose own host this is.
    pub(super) site: Option<SiteId>,
    /// Who runs it.
    pub(super) owner: Owner,
    /// When it may be asked.
    pub(super) pace: Pace,
    /// What waits, in order. Errands have a room of their own: a map leaves half of its places empty where it grows at its end.
    pub(super) queue: BTreeMap<Rank, Box<Errand>>,
    /// Requests under way.
    pub(super) in_flight: usize,
    /// Requests under way that have not left yet: the next one cannot be timed.
    pub(super) leaving: usize,
    /// Where it lives.
    pub(super) address: Address,
    /// Whether other processes leave it to us.
    pub(super) leave: Turn,
    /// Why it is not asked any more.
    pub(super) given_up: Option<Failure>,
    /// Why it is asked for its home page only.
    pub(super) spared: Option<Failure>,
    /// When the first request to it was begun.
    pub(super) begun: Option<Instant>,
    /// Origins of it that are not asked any more, and why.
    pub(super) broken: BTreeMap<String, Failure>,
    /// Requests in a row without an answer, by origin: what ails https says nothing about http.
    pub(super) misses: BTreeMap<String, u32>,
    /// Requests with an answer.
    pub(super) answered: u64,
    /// Origins of it that have answered.
    pub(super) heard: BTreeSet<String>,
}

/// Where a host lives.
#[derive(Clone, Debug)]
pub(super) enum Address {
    /// Not looked up.
    Unknown,
    /// Being looked up.
    Looking,
    /// Here, since then.
    Known(IpAddr, Instant),
    /// A proxy will know.
    Proxied,
}

/// Who runs a host.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Owner {
    /// Somebody else.
    Stranger,
    /// Whoever runs this.
    Us,
    /// This machine.
    Loopback,
}

/// The name of an address's lane.
pub(super) fn name(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port_or_known_default() {
        Some(80 | 443) | None => host.to_string(),
        Some(port) => format!("{host}:{port}"),
    }
}

impl Lane {
    /// The lane of an address's host, not asked yet.
    pub(super) fn of(url: &Url, settings: &Settings) -> Self {
        let name = name(url);
        let bare = address::without_www(&name);
        let ours = settings.my_sites.iter().any(|mine| address::without_www(mine).eq_ignore_ascii_case(bare));
        let owner = if address::is_loopback(url) {
            Owner::Loopback
        } else if ours {
            Owner::Us
        } else {
            Owner::Stranger
        };
        Self {
            host: (url.host_str().unwrap_or_default().to_string(), url.port_or_known_default().unwrap_or(443)),
            name,
            site: None,
            owner,
            pace: Pace::of(manners(owner, settings)),
            queue: BTreeMap::new(),
            in_flight: 0,
            leaving: 0,
            address: if settings.proxy.is_some() { Address::Proxied } else { Address::Unknown },
            leave: Turn::Unasked,
            given_up: None,
            spared: None,
            begun: None,
            broken: BTreeMap::new(),
            misses: BTreeMap::new(),
            answered: 0,
            heard: BTreeSet::new(),
        }
    }

    /// The host was found at an address; one on this machine is not a stranger.
    pub(super) fn settle_at(&mut self, ip: IpAddr, now: Instant, settings: &Settings) {
        let first = matches!(self.address, Address::Looking) && self.answered == 0;
        self.address = Address::Known(ip, now);
        if first && ip.is_loopback() && self.owner == Owner::Stranger {
            self.owner = Owner::Loopback;
            self.pace = Pace::of(manners(self.owner, settings));
        }
    }

    /// Forgets what was held against the host: it is asked as if for the first time, at its pace.
    pub(super) fn forgive(&mut self) {
        self.given_up = None;
        self.broken.clear();
        self.misses.clear();
        if matches!(self.address, Address::Unknown | Address::Known(..)) {
            self.address = Address::Unknown;
        }
    }

    /// Why an address of this host is not asked any more; `None` when it is.
    pub(super) fn refusal(&self, url: &Url) -> Option<&Failure> {
        self.given_up.as_ref().or_else(|| self.broken.get(&robots::origin(url)))
    }

    /// True when the host must be looked up before it is asked.
    pub(super) fn is_lost(&self, now: Instant) -> bool {
        match self.address {
            Address::Unknown => true,
            Address::Known(_, since) => now.saturating_duration_since(since) > ADDRESS_FRESH,
            Address::Looking | Address::Proxied => false,
        }
    }

    /// When it should get a turn; `None` when it needs none now.
    pub(super) fn turn(&self, now: Instant) -> Option<Instant> {
        let looking = matches!(self.address, Address::Looking) || self.leave == Turn::Asking;
        let untimed = self.leaving > 0 && !self.pace.delay().is_zero();
        let idle = !self.queue.is_empty() && self.in_flight < self.pace.at_once() && !looking && !untimed;
        idle.then(|| self.pace.ready_at(now))
    }

    /// Takes the pages of a site out of the queue, one by one: of a site that is cut short many times as many wait as were read.
    pub(super) fn withdraw(&mut self, site: SiteId) -> impl Iterator<Item = Box<Errand>> {
        let leaving = move |errand: &Errand| errand.is_page() && errand.site() == Some(site);
        self.queue.extract_if(.., move |_, errand| leaving(errand)).map(|(_, errand)| errand)
    }
}

/// How a host is treated: a wait slower than the default is kept everywhere, a faster one only where we are at home.
fn manners(owner: Owner, settings: &Settings) -> Manners {
    match (owner, settings.interval) {
        (Owner::Stranger, interval) => Manners::Guest { floor: interval.unwrap_or(FLOOR).max(FLOOR) },
        (Owner::Us | Owner::Loopback, Some(interval)) => Manners::Owner { interval },
        (Owner::Us, None) => Manners::Free { at_once: OWNED },
        (Owner::Loopback, None) => Manners::Free { at_once: settings.concurrency },
    }
}
