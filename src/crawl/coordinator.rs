//! The crawl itself: one state that moves when its conductor asks for the next event.
//!
//! In: seeds, links, asks. Out: events. All waiting happens in [`Crawl::next`], which may be dropped and called again at
//! any time without losing anything. Invariants: every ask gets one reply; every site ends.
//! How errands get their turn is in `dispatch`, what comes back in `arrival`, what it means in `landing`.
//! Tested in `tests/it/crawl.rs`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{Id, JoinSet};
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::arrival::Done;
use super::credentials;
use super::diary::Diary;
use super::errand::{Errand, Named, Purpose};
use super::event::{Ask, Event, Reply, SiteId, Voice};
use super::fetch::Fetcher;
use super::guard::Guard;
use super::key::Key;
use super::lane::Lane;
use super::late::Late;
use super::memo::Memo;
use super::names::{Doorkeeper, Names};
use super::permits::Permits;
use super::robots::RobotsFiles;
use super::schedule::{HostId, Schedule};
use super::settings::{Follow, Settings, SetupError, Span};
use super::site::Site;
use super::skip::Skip;
use super::wire;
use crate::web::address;

/// What one IP address is asked at most in a second unless somebody said otherwise.
const PER_IP: f64 = 10.0;
/// Seeds up to this number are all landed before the first site ends, so that a second name of a site finds it open.
const FEW_SEEDS: usize = 100;

/// A crawl of one or many sites.
pub struct Crawl {
    pub(super) settings: Arc<Settings>,
    pub(super) guard: Arc<Guard>,
    pub(super) names: Arc<Names>,
    pub(super) fetcher: Arc<Fetcher>,
    pub(super) valve: DefaultKeyedRateLimiter<IpAddr>,
    pub(super) schedule: Schedule,
    pub(super) lanes: Vec<Lane>,
    pub(super) by_name: HashMap<String, HostId>,
    pub(super) robots: RobotsFiles,
    pub(super) memo: Memo,
    pub(super) sites: Vec<Site>,
    pub(super) by_site: HashMap<String, SiteId>,
    pub(super) tasks: JoinSet<Done>,
    pub(super) flights: HashMap<Id, (HostId, Option<Errand>)>,
    pub(super) permits: Permits,
    pub(super) bell: UnboundedSender<(HostId, Instant)>,
    departures: UnboundedReceiver<(HostId, Instant)>,
    pub(super) later: BTreeMap<(Instant, u64), Errand>,
    pub(super) outbox: VecDeque<Event>,
    pub(super) unlanded: Vec<(Url, Instant)>,
    pub(super) stopped: bool,
    pub(super) problems: u64,
    pub(super) arrivals: VecDeque<Instant>,
    pub(super) pages: u64,
    /// Whoever writes down what was heard.
    pub(super) diary: Option<Arc<dyn Diary>>,
    /// Errands that take a note in place of a request.
    pub(super) noted: VecDeque<(HostId, Errand)>,
    /// Notes that are being read.
    pub(super) reading: usize,
    /// What was noted, and has to be asked again all the same.
    pub(super) outgrown: HashSet<Key>,
    /// Sites that an earlier crawl finished, without `www.`.
    pub(super) ended: HashSet<String>,
    pub(super) seeds: VecDeque<Url>,
    /// Targets that come back.
    pub(super) late: Late,
    few: bool,
    alive: u64,
    order: u64,
    pub(super) open_sites: u64,
    /// Sites that are not done.
    pub(super) open: BTreeSet<SiteId>,
    idle: Vec<SiteId>,
}

impl Crawl {
    /// A crawl that has not begun; nothing is requested before [`Crawl::next`].
    ///
    /// # Errors
    /// No seeds, seeds that are not web addresses, or settings that the HTTP client refuses.
    pub fn new(settings: Settings, seeds: Vec<Url>) -> Result<Self, SetupError> {
        if seeds.is_empty() {
            return Err(SetupError::NoTargets);
        }
        for seed in &seeds {
            if !matches!(seed.scheme(), "http" | "https") || seed.host().is_none() {
                let reason = "only http and https addresses can be crawled".to_string();
                return Err(SetupError::Target { target: credentials::without(seed).to_string(), reason });
            }
        }
        let guard = Arc::new(Guard::of(&settings, &seeds));
        let names = Arc::new(Names::of(guard.clone(), &settings));
        let client = wire::client(&settings, names.clone())?;
        let rate = settings.per_ip_rate.unwrap_or(PER_IP).clamp(0.001, 1_000_000.0);
        let quota = Quota::with_period(Duration::from_secs_f64(1.0 / rate)).expect("the period is not zero");
        let (bell, departures) = unbounded_channel();
        Ok(Self {
            fetcher: Arc::new(Fetcher::of(client, &settings, &seeds)?),
            guard,
            names,
            valve: RateLimiter::keyed(quota),
            schedule: Schedule::default(),
            lanes: Vec::new(),
            by_name: HashMap::new(),
            robots: RobotsFiles::default(),
            memo: Memo::of(settings.memo_bytes),
            sites: Vec::new(),
            by_site: HashMap::new(),
            tasks: JoinSet::new(),
            flights: HashMap::new(),
            permits: Permits::of(settings.concurrency, settings.timeout),
            bell,
            departures,
            later: BTreeMap::new(),
            outbox: VecDeque::new(),
            unlanded: Vec::new(),
            stopped: false,
            problems: 0,
            arrivals: VecDeque::new(),
            pages: 0,
            diary: None,
            noted: VecDeque::new(),
            reading: 0,
            outgrown: HashSet::new(),
            ended: HashSet::new(),
            late: Late::of(seeds.len()),
            few: seeds.len() <= FEW_SEEDS.min(settings.open_sites),
            seeds: seeds.iter().map(|seed| address::canonical(&credentials::without(seed))).collect(),
            settings: Arc::new(settings),
            alive: 0,
            order: 0,
            open_sites: 0,
            open: BTreeSet::new(),
            idle: Vec::new(),
        })
    }

    /// The next event; `None` when every site is done and every ask answered. Safe to drop while it waits.
    ///
    /// While [`Crawl::discovered`] is owed for a page it may wait for ever: race it against the work on the pages.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.outbox.pop_front() {
                return Some(event);
            }
            self.finish_idle_sites();
            let now = Instant::now();
            self.close_late(now);
            self.open_seeds();
            self.open_late(now);
            self.wake(now);
            self.dispatch(now);
            self.read_notes();
            if !self.outbox.is_empty() {
                continue;
            }
            if self.seeds.is_empty()
                && self.late.is_empty()
                && self.alive == 0
                && self.open_sites == 0
                && self.idle.is_empty()
            {
                return None;
            }
            if !self.idle.is_empty() {
                continue;
            }
            let wake = self.next_moment();
            tokio::select! {
                Some(joined) = self.tasks.join_next_with_id() => self.arrived(joined),
                Some((host, at)) = self.departures.recv() => self.left(host, at),
                () = sleep_until(wake.unwrap_or(now)), if wake.is_some() => {}
            }
        }
    }

    /// The links of a page that was delivered; owed once for every [`Event::Page`], also when there are none.
    pub fn discovered(&mut self, site: SiteId, depth: u32, page: &Url, links: Vec<Url>) {
        let held = &mut self.sites[site.0 as usize];
        held.outstanding = held.outstanding.saturating_sub(1);
        // Addresses of a pattern that keeps giving one body only lead to more of the same.
        let dull = held.frontier.is_dull(page);
        if self.settings.follow == Follow::Links && !dull {
            for link in &links {
                self.queue_page(site, link, depth.saturating_add(1), Named::ByLink);
            }
        }
        self.note_idle(site);
    }

    /// Asks for one address, in scope or not; the answer is an [`Event::Reply`].
    pub fn ask(&mut self, ask: Ask) {
        self.ask_as(ask, Voice::Own);
    }

    /// Asks for one address under a browser's name; without [`Settings::browser_name`] the reply is [`Reply::Unknown`].
    pub fn ask_as_browser(&mut self, ask: Ask) {
        self.ask_as(ask, Voice::Browser);
    }

    fn ask_as(&mut self, ask: Ask, voice: Voice) {
        let Ask { site, key, url, follow } = ask;
        let purpose = Purpose::Ask { site, key, follow, voice };
        let errand = self.errand(address::canonical(&credentials::without(&url)), purpose);
        if voice == Voice::Browser && self.settings.browser_name.is_none() {
            self.alive += 1;
            self.sites[site.0 as usize].pending += 1;
            return self.reply(errand, Reply::Unknown);
        }
        self.launch(errand);
    }

    /// Says where hosts may be reached, also beside this crawl.
    pub fn doorkeeper(&self) -> Doorkeeper {
        Doorkeeper::of(self.names.clone())
    }

    /// Begins no further request. What is under way is finished, what waits is counted as skipped.
    pub fn stop(&mut self) {
        if std::mem::replace(&mut self.stopped, true) {
            return;
        }
        for index in 0..self.sites.len() {
            self.close(self.sites[index].id, Skip::Stopped);
        }
        self.abandon_notes();
        let queued: Vec<Box<Errand>> =
            self.lanes.iter_mut().flat_map(|lane| std::mem::take(&mut lane.queue).into_values()).collect();
        for seed in self.late.leave().collect::<Vec<_>>() {
            let errand = self.errand(seed, Purpose::Seed);
            self.launch(errand);
        }
        let later = std::mem::take(&mut self.later).into_values();
        for errand in queued.into_iter().map(|errand| *errand).chain(later) {
            self.abandon(errand);
        }
    }

    /// A new errand, in the order of discovery.
    pub(super) fn errand(&mut self, url: Url, purpose: Purpose) -> Errand {
        self.order += 1;
        Errand::to(url, purpose, self.order)
    }

    /// Sends a new errand on its way.
    pub(super) fn launch(&mut self, errand: Errand) {
        self.alive += 1;
        if let Some(site) = errand.site() {
            self.sites[site.0 as usize].pending += 1;
        }
        self.route(errand);
    }

    /// An errand has ended. One that ends between two tries sets those free that waited for its address.
    pub(super) fn retire(&mut self, errand: &Errand) {
        if errand.attempts > 0 {
            for waiting in self.memo.release(errand.key()) {
                self.route(waiting);
            }
        }
        self.alive -= 1;
        if let Some(site) = errand.site() {
            self.sites[site.0 as usize].pending -= 1;
            self.note_idle(site);
        }
    }

    /// Offers an address to a site's frontier, and queues it when it is new and wanted.
    pub(super) fn queue_page(&mut self, site: SiteId, url: &Url, depth: u32, by: Named) {
        // A subdomain that is a site of this run is left to itself.
        let key = address::site_of(url);
        let name = address::without_www(&key);
        let elsewhere = self.by_site.get(name).is_some_and(|owner| *owner != site) || self.ended.contains(name);
        let frontier = &mut self.sites[site.0 as usize].frontier;
        if elsewhere {
            return frontier.leave(url);
        }
        let Some(url) = frontier.offer(url, depth) else { return };
        let held = &mut self.sites[site.0 as usize];
        if let Some(reason) = held.closed {
            return held.frontier.skip(reason);
        }
        let round = match self.settings.span {
            Span::Sample(_) => held.frontier.round(&url),
            Span::Full | Span::Home => 0,
        };
        let errand = self.errand(url, Purpose::Page { site, depth, by });
        self.launch(Errand { round, ..errand });
    }

    /// The site of an address where a seed landed, or whose seed failed.
    pub(super) fn site_at(&mut self, landed: &Url, seed: &Url) -> (SiteId, Newness) {
        let name = address::site_of(landed);
        let key = address::without_www(&name).to_string();
        let told = |site: SiteId| {
            if let Some(diary) = &self.diary {
                diary.landed(site, seed);
            }
        };
        if let Some(site) = self.by_site.get(&key) {
            told(*site);
            return (*site, Newness::Old);
        }
        let site = SiteId(u32::try_from(self.sites.len()).expect("fewer sites than 2^32"));
        told(site);
        let root = landed.join("/").expect("a web address has a root");
        let fresh = self.settings.max_time.map(|most| Instant::now() + most);
        let deadline = self.seed_deadline(seed).or(fresh);
        self.sites.push(Site::of(site, root.clone(), self.settings.clone(), deadline));
        self.by_site.insert(key, site);
        self.open_sites += 1;
        self.open.insert(site);
        let lane = self.lane(landed);
        self.lanes[lane.0 as usize].site = Some(site);
        self.sites[site.0 as usize].hosts.insert(lane);
        self.outbox.push_back(Event::Site { site, name, root, seed: seed.clone() });
        self.note_idle(site);
        (site, Newness::New)
    }

    /// A seed has landed, or failed for good.
    pub(super) fn landed(&mut self, seed: &Url) {
        if let Some(index) = self.unlanded.iter().position(|(url, _)| url == seed) {
            self.unlanded.swap_remove(index);
        }
        for site in self.open.iter().copied().collect::<Vec<_>>() {
            self.note_idle(site);
        }
    }

    /// Fetches no more pages of a site.
    pub(super) fn close(&mut self, site: SiteId, reason: Skip) {
        let held = &mut self.sites[site.0 as usize];
        if held.closed.is_some() {
            return;
        }
        held.closed = Some(reason);
        let held_back = std::mem::take(&mut held.held);
        let mut queued = Vec::new();
        for lane in held.hosts.clone() {
            queued.extend(self.lanes[lane.0 as usize].withdraw(site));
            self.relist(lane);
        }
        for errand in held_back.into_iter().chain(queued.into_iter().map(|errand| *errand)) {
            self.skip(errand, reason);
        }
    }

    /// The host of an address, by number.
    pub(super) fn lane(&mut self, url: &Url) -> HostId {
        let name = super::lane::name(url);
        if let Some(host) = self.by_name.get(&name) {
            return *host;
        }
        let host = HostId(u32::try_from(self.lanes.len()).expect("fewer hosts than 2^32"));
        self.lanes.push(Lane::of(url, &self.settings));
        self.by_name.insert(name, host);
        host
    }

    fn note_idle(&mut self, site: SiteId) {
        let held = &self.sites[site.0 as usize];
        if held.is_idle() && !held.done && !self.idle.contains(&site) && !self.awaits_seeds(site) {
            self.idle.push(site);
        }
    }

    /// Whether a seed under way may yet land on a site.
    fn awaits_seeds(&self, site: SiteId) -> bool {
        let root = &self.sites[site.0 as usize].root;
        if self.few {
            return !self.unlanded.is_empty() || !self.seeds.is_empty();
        }
        self.unlanded.iter().any(|(seed, _)| address::same_site(seed, root))
    }

    /// Ends the sites for which nothing came up since they fell idle; their events so far have all been taken.
    fn finish_idle_sites(&mut self) {
        for site in std::mem::take(&mut self.idle) {
            let held = &mut self.sites[site.0 as usize];
            if held.done || !held.is_idle() {
                continue;
            }
            held.done = true;
            self.open_sites -= 1;
            self.open.remove(&site);
            let done = Event::SiteDone {
                site,
                discovered: held.frontier.discovered(),
                fetched: held.fetched,
                skipped: held.frontier.skipped(),
            };
            self.outbox.push_back(done);
            let hosts = held.let_go();
            if let Some(diary) = &self.diary {
                diary.done(site, hosts.iter().map(|host| self.lanes[host.0 as usize].name.clone()).collect());
            }
            for lane in hosts {
                self.memo.forget(lane);
            }
        }
    }

    fn open_seeds(&mut self) {
        while self.unlanded.len() + (self.open_sites as usize) < self.settings.open_sites {
            let Some(seed) = self.seeds.pop_front() else { return };
            self.unlanded.push((seed.clone(), Instant::now()));
            let errand = self.errand(seed, Purpose::Seed);
            self.launch(errand);
        }
    }

    /// When something will be due without anything arriving.
    fn next_moment(&mut self) -> Option<Instant> {
        let timed = self.settings.max_time.is_some();
        let waiting = self.schedule.next();
        let free = self.permits.is_free(Instant::now());
        let turn = if free { waiting } else { waiting.and_then(|at| Some(at.max(self.permits.next()?))) };
        let later = self.later.keys().next().map(|(at, _)| *at);
        let open = self.open.iter().filter(|_| timed).map(|site| &self.sites[site.0 as usize]);
        let deadline = open.filter(|site| !site.late).filter_map(|site| site.deadline).min();
        let seeds = self.unlanded.iter().filter(|_| timed);
        let seed = seeds.filter_map(|(seed, _)| self.seed_deadline(seed)).min();
        let back = self.late.next().filter(|_| self.seeds.is_empty());
        [turn, later, deadline, seed, back].into_iter().flatten().min()
    }

    /// The answer to an ask.
    pub(super) fn reply(&mut self, errand: Errand, reply: Reply) {
        self.retire(&errand);
        if let Purpose::Ask { site, key, .. } = errand.purpose {
            self.outbox.push_back(Event::Reply { site, key, reply });
        }
    }
}

/// Whether a site was known before.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Newness {
    /// It is new to the run.
    New,
    /// It was known.
    Old,
}
