//! How errands get their turn.
//!
//! In: errands that want an address. Out: requests under way, each with the leave of scope, guard, robots.txt, budget,
//! host and IP address. Invariant: nothing is requested here that was requested before. Tested in `tests/it/crawl.rs`.

use governor::clock::{Clock, DefaultClock};
use std::sync::Arc;
use tokio::time::Instant;
use url::Url;

use super::arrival::Done;
use super::coordinator::Crawl;
use super::errand::{Errand, Failure, Purpose};
use super::event::Reply;
use super::fetch::{Appetite, Extent, Wanted};
use super::key::Key;
use super::lane::{Address, Owner};
use super::memo::Recall;
use super::robots::{self, Leave, Obedience};
use super::schedule::HostId;
use super::site::Room;
use super::sitemaps;
use super::skip::Skip;
use super::wire::Departure;
use crate::web::ProblemKind;

impl Crawl {
    /// Sends an errand on: to an answer that is known, to one that is awaited, or into the queue of its host.
    pub(super) fn route(&mut self, errand: Errand) {
        if self.stopped {
            return self.abandon(errand);
        }
        if let Err(reason) = self.guard.admits(&errand.at) {
            return self.fail(errand, Failure::of(ProblemKind::Refused, reason));
        }
        let Some(errand) = self.recall(errand) else { return };
        if self.is_noted(&errand) {
            return self.take_note(errand);
        }
        if self.is_late(&errand) {
            return self.leave_late(errand);
        }
        let host = self.lane(&errand.at);
        let lane = &self.lanes[host.0 as usize];
        let first = matches!(errand.purpose, Purpose::Seed | Purpose::Robots { .. });
        if let Some(failure) = lane.refusal(&errand.at).or(lane.spared.as_ref().filter(|_| !first)).cloned() {
            return self.fail_given_up(errand, failure);
        }
        if let (true, Some(site)) = (errand.is_page(), errand.site()) {
            self.sites[site.0 as usize].hosts.insert(host);
        }
        self.lanes[host.0 as usize].queue.insert(errand.rank(), Box::new(errand));
        self.relist(host);
    }

    /// Ends an errand without a request because the crawl was stopped.
    pub(super) fn abandon(&mut self, errand: Errand) {
        match &errand.purpose {
            Purpose::Page { .. } => self.skip(errand, Skip::Stopped),
            Purpose::Ask { .. } => self.reply(errand, Reply::Unknown),
            Purpose::Sitemap { .. } => self.retire(&errand),
            Purpose::Robots { .. } => {
                self.fail(errand, Failure::of(ProblemKind::RobotsUnreachable, "the crawl was stopped"));
            }
            Purpose::Seed => {
                let (site, _) = self.site_at(&errand.requested, &errand.requested);
                self.sites[site.0 as usize].frontier.count();
                self.sites[site.0 as usize].frontier.skip(Skip::Stopped);
                self.landed(&errand.requested);
                self.retire(&errand);
            }
        }
    }

    /// Errands whose second try is due go back to their hosts.
    pub(super) fn wake(&mut self, now: Instant) {
        while let Some(entry) = self.later.first_entry().filter(|entry| entry.key().0 <= now) {
            let errand = entry.remove();
            self.route(errand);
        }
    }

    /// Gives turns to the hosts that are ready, while there are permits.
    pub(super) fn dispatch(&mut self, now: Instant) {
        while self.permits.is_free(now) {
            let Some(host) = self.schedule.take(now) else { return };
            self.turn(host, now);
        }
    }

    /// Lists a host for its next turn.
    pub(super) fn relist(&mut self, host: HostId) {
        match self.lanes[host.0 as usize].turn(Instant::now()) {
            Some(at) => self.schedule.list(host, at),
            None => self.schedule.forget(host),
        }
    }

    fn turn(&mut self, host: HostId, now: Instant) {
        if self.awaits_turn(host) {
            return;
        }
        if self.lanes[host.0 as usize].is_lost(now) {
            return self.look_up(host);
        }
        while let Some((_, errand)) = self.lanes[host.0 as usize].queue.pop_first() {
            let Some(errand) = self.vet(*errand, now) else { continue };
            if let Some(until) = self.held_by_ip(host, now) {
                self.unreserve(&errand);
                let mut errand = errand;
                errand.reserved = false;
                self.lanes[host.0 as usize].queue.insert(errand.rank(), Box::new(errand));
                self.schedule.list(host, until);
                return;
            }
            self.begin(host, errand);
            break;
        }
        self.relist(host);
    }

    /// The last checks before a request; `None` when the errand ended, waits or went elsewhere.
    fn vet(&mut self, errand: Errand, now: Instant) -> Option<Errand> {
        let errand = self.still_wanted(errand)?;
        let errand = self.recall(errand)?;
        let errand = match errand.purpose {
            Purpose::Robots { .. } => errand,
            Purpose::Seed | Purpose::Page { .. } | Purpose::Ask { .. } | Purpose::Sitemap { .. } => {
                self.permitted(errand, now)?
            }
        };
        self.reserve(errand)
    }

    /// Pages lose their worth while they wait: the site closes, the host turns to https, the pattern dulls.
    pub(super) fn still_wanted(&mut self, errand: Errand) -> Option<Errand> {
        if let Purpose::Sitemap { site, .. } = errand.purpose
            && errand.attempts == 0
            && matches!(self.sites[site.0 as usize].closed, Some(Skip::TimeBudget | Skip::ByteBudget))
        {
            self.retire(&errand);
            return None;
        }
        let (true, Some(site)) = (errand.is_page(), errand.site()) else { return Some(errand) };
        let held = &mut self.sites[site.0 as usize];
        if let Some(reason) = held.closed {
            self.skip(errand, reason);
            return None;
        }
        if !errand.hops.is_empty() || errand.attempts > 0 {
            return Some(errand); // begun
        }
        if held.frontier.is_dull(&errand.at) {
            self.skip(errand, Skip::SameBody);
            return None;
        }
        let Some(secure) = held.frontier.secured(&errand.at) else { return Some(errand) };
        if !held.frontier.see(&secure) {
            held.frontier.merge();
            self.skip(errand, Skip::HttpDuplicate);
            return None;
        }
        let secure = Arc::new(secure);
        self.route(Errand { requested: secure.clone(), at: secure, attempts: 0, ..errand });
        None
    }

    /// Looks for what is known about an errand's address. `None` when that settled it, or when it waits for an answer.
    fn recall(&mut self, errand: Errand) -> Option<Errand> {
        if errand.attempts > 0 {
            return Some(errand); // a second try: the address is marked as asked by this very errand
        }
        match self.memo.recall(errand) {
            Recall::New(errand) => Some(errand),
            Recall::Waiting => None,
            Recall::Said(errand, Ok(answer)) => {
                let hungry = matches!(answer.extent, Extent::Unread | Extent::Unchanged) && !errand.is_page();
                if hungry && answer.target(&errand.at).is_none() {
                    return Some(errand); // known by its fields only, and now the body is wanted
                }
                // A page that an ask has fetched costs no request, but a place in the budget as any other.
                let errand = self.reserve(errand)?;
                self.conclude(errand, answer);
                None
            }
            Recall::Said(errand, Err(failure)) => {
                let errand = self.reserve(errand)?;
                self.fail(errand, failure);
                None
            }
            Recall::Forgotten(errand) => {
                let delivered = errand.is_page()
                    && errand
                        .site()
                        .is_some_and(|site| self.sites[site.0 as usize].delivered.contains(&Key::of(&errand.at)));
                if !delivered {
                    return Some(errand);
                }
                self.arrive_again(errand);
                None
            }
        }
    }

    /// What robots.txt says. `None` when it forbids, or has to be fetched first.
    pub(super) fn permitted(&mut self, errand: Errand, now: Instant) -> Option<Errand> {
        let host = self.lane(&errand.at);
        let obey = match self.lanes[host.0 as usize].owner {
            Owner::Us => Obedience::None,
            Owner::Stranger | Owner::Loopback => Obedience::Full,
        };
        match self.robots.leave(errand, &self.settings.agent, obey, now) {
            Leave::Given(errand) => Some(errand),
            Leave::Waiting => None,
            Leave::Refused(errand, failure) => {
                self.fail(errand, failure);
                None
            }
            Leave::Unasked(errand) => {
                self.ask_robots(errand);
                None
            }
            Leave::Stale(errand) => {
                self.memo.expire(Key::of(&robots_file(&errand.at)));
                self.ask_robots(errand);
                None
            }
        }
    }

    fn ask_robots(&mut self, errand: Errand) {
        let origin = robots::origin(&errand.at);
        let file = robots_file(&errand.at);
        self.robots.wait(errand);
        let errand = self.errand(file, Purpose::Robots { origin });
        self.launch(errand);
    }

    /// Takes a place in the page budget. `None` when there is none.
    pub(super) fn reserve(&mut self, mut errand: Errand) -> Option<Errand> {
        let (true, Some(site), false) = (errand.is_page(), errand.site(), errand.reserved) else {
            return Some(errand);
        };
        let held = &mut self.sites[site.0 as usize];
        if let Some(reason) = held.closed {
            self.skip(errand, reason);
            return None;
        }
        match held.room() {
            Room::Free => {
                held.taken += 1;
                errand.reserved = true;
                Some(errand)
            }
            Room::Taken => {
                held.held.push(errand);
                None
            }
            Room::Spent => {
                self.close(site, Skip::PageBudget);
                self.skip(errand, Skip::PageBudget);
                None
            }
        }
    }

    /// Gives an errand's place in the page budget back.
    pub(super) fn unreserve(&mut self, errand: &Errand) {
        if let (true, Some(site)) = (errand.reserved, errand.site()) {
            self.sites[site.0 as usize].taken -= 1;
        }
    }

    /// Until when the host's IP address has had enough; takes a cell of its quota otherwise.
    fn held_by_ip(&self, host: HostId, now: Instant) -> Option<Instant> {
        let lane = &self.lanes[host.0 as usize];
        let Address::Known(ip, _) = lane.address else { return None };
        if lane.owner != Owner::Stranger && self.settings.per_ip_rate.is_none() {
            return None;
        }
        let refusal = self.valve.check_key(&ip).err()?;
        Some(now + refusal.wait_time_from(DefaultClock::default().now()))
    }

    fn begin(&mut self, host: HostId, errand: Errand) {
        self.memo.begin(errand.key());
        let (fetcher, url, appetite) = (self.fetcher.clone(), Url::clone(&errand.at), self.appetite(&errand));
        let (departure, voice) = (Departure::to(host, self.bell.clone()), errand.voice());
        let exchange =
            async move { Done::Exchanged(Box::new(fetcher.exchange(url, voice, appetite, departure).await)) };
        let task = self.tasks.spawn(exchange);
        self.permits.begin(task.id(), Instant::now());
        self.flights.insert(task.id(), (host, Some(errand)));
        let lane = &mut self.lanes[host.0 as usize];
        lane.begun.get_or_insert_with(Instant::now);
        lane.in_flight += 1;
        lane.leaving += 1;
    }

    /// A request has left for a host; the next one may be timed.
    pub(super) fn left(&mut self, host: HostId, at: Instant) {
        let lane = &mut self.lanes[host.0 as usize];
        lane.leaving = lane.leaving.saturating_sub(1);
        lane.pace.leave(at);
        self.relist(host);
    }

    fn look_up(&mut self, host: HostId) {
        let lane = &mut self.lanes[host.0 as usize];
        lane.address = Address::Looking;
        let (names, (name, port)) = (self.names.clone(), lane.host.clone());
        let task = self.tasks.spawn(async move { Done::LookedUp(names.look_up(&name, port).await) });
        self.flights.insert(task.id(), (host, None));
    }

    fn appetite(&self, errand: &Errand) -> Appetite {
        let cap = self.settings.max_body;
        match errand.purpose {
            Purpose::Robots { .. } => Appetite { cap: robots::OCTETS, of: Wanted::Anything, unless: None },
            Purpose::Sitemap { .. } => Appetite { cap: sitemaps::OCTETS, of: Wanted::Anything, unless: None },
            Purpose::Ask { .. } => Appetite { cap, of: Wanted::Anything, unless: None },
            Purpose::Seed | Purpose::Page { .. } => {
                Appetite { cap, of: Wanted::Pages, unless: self.kept_before(errand) }
            }
        }
    }
}

fn robots_file(url: &Url) -> Url {
    url.join("/robots.txt").expect("a web address has a root")
}
