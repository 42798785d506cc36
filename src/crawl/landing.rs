//! What an answer means for whoever wanted it.
//!
//! In: errands with an answer or an obstacle. Out: events. Invariants: a page is told once per final address; what we
//! could not look at is a problem and never a page. Tested in `tests/it/crawl.rs`.

use std::sync::Arc;
use tokio::time::Instant;
use url::Url;

use super::before::BodyKeys;
use super::coordinator::{Crawl, Newness};
use super::credentials;
use super::errand::{Errand, Failure, Named, Purpose};
use super::event::{Content, Event, Looked, Redirects, Reply, SiteId};
use super::fetch::{Answer, Extent};
use super::key::Key;
use super::lane::Owner;
use super::robots;
use super::schedule::HostId;
use super::site::Room;
use super::skip::Skip;
use crate::web::robots::Robots;
use crate::web::{Capture, Hop, MediaType, Problem, ProblemKind, Source, address, challenge, file_name};

/// Redirects of one errand.
const HOPS: usize = 10;
/// Addresses a site's robots.txt forbids that are told one by one.
const FORBIDDEN: u64 = 1_000;

impl Crawl {
    /// An errand's address answered.
    pub(super) fn conclude(&mut self, errand: Errand, answer: Answer) {
        let records = matches!(errand.purpose, Purpose::Ask { follow: Redirects::Record, .. });
        if let Some(to) = answer.target(&errand.at).filter(|_| !records) {
            return self.hop(errand, &answer, &to);
        }
        match errand.purpose.clone() {
            Purpose::Robots { origin } => self.land_robots(errand, &origin, &answer),
            Purpose::Seed => self.land_seed(errand, answer),
            Purpose::Page { site, depth, .. } => self.land_page(errand, site, depth, answer),
            Purpose::Ask { .. } => self.land_ask(errand, answer),
            Purpose::Sitemap { site, level, .. } => self.land_sitemap(errand, site, level, &answer),
        }
    }

    /// An errand met an obstacle.
    pub(super) fn fail(&mut self, errand: Errand, failure: Failure) {
        if matches!(errand.purpose, Purpose::Seed) && self.comes_back(&errand, &failure) {
            self.landed(&errand.requested);
            return self.retire(&errand);
        }
        let failure = self.told_late(&errand, failure);
        let problem = Problem { url: errand.requested.to_string(), kind: failure.kind, detail: failure.detail.clone() };
        match errand.purpose.clone() {
            Purpose::Robots { origin } => self.lose_robots(errand, &origin, failure),
            Purpose::Seed => {
                let (site, newness) = self.site_at(&errand.requested, &errand.requested);
                if newness == Newness::New || self.sites[site.0 as usize].frontier.see(&errand.requested) {
                    self.sites[site.0 as usize].frontier.see(&errand.requested);
                    self.sites[site.0 as usize].frontier.count();
                    self.tell_problem(site, problem, &errand.requested, Looked::ForPage);
                }
                self.landed(&errand.requested);
                self.retire(&errand);
            }
            Purpose::Page { site, .. } => self.fail_page(errand, site, problem),
            Purpose::Ask { .. } => self.reply(errand, Reply::Problem(problem)),
            Purpose::Sitemap { site, .. } => {
                self.tell_problem(site, problem, &errand.requested, Looked::ForSitemap);
                self.retire(&errand);
            }
        }
    }

    /// A page is left alone.
    pub(super) fn skip(&mut self, errand: Errand, reason: Skip) {
        if let Purpose::Page { site, .. } = errand.purpose {
            self.sites[site.0 as usize].frontier.skip(reason);
            self.free_place(&errand, site, Spent::No);
        }
        self.retire(&errand);
    }

    /// What was asked for as a page is a file.
    fn skip_file(&mut self, errand: Errand, site: SiteId, media: MediaType, name: Option<String>) {
        let (url, at) = (Url::clone(&errand.requested), Url::clone(&errand.at));
        self.outbox.push_back(Event::File { site, url, at, media, name });
        self.skip(errand, Skip::NotAPage);
    }

    /// A page's address leads to a page that was told before.
    pub(super) fn arrive_again(&mut self, errand: Errand) {
        if let Purpose::Page { site, .. } = errand.purpose {
            self.sites[site.0 as usize].frontier.merge();
            self.tell_aliases(site, &errand);
            self.free_place(&errand, site, Spent::No);
        }
        self.retire(&errand);
    }

    /// An errand wants a host that was given up.
    pub(super) fn fail_given_up(&mut self, errand: Errand, failure: Failure) {
        let known = errand.site().is_some_and(|site| self.sites[site.0 as usize].fetched > 0);
        if errand.is_page() && known {
            return self.skip(errand, Skip::HostGivenUp);
        }
        self.fail(errand, failure);
    }

    /// A host is asked no more: one problem stands for all pages that wait there.
    pub(super) fn give_up(&mut self, host: HostId, failure: Failure) {
        let lane = &mut self.lanes[host.0 as usize];
        if lane.given_up.is_some() {
            return;
        }
        lane.given_up = Some(failure.clone());
        let name = lane.name.clone();
        let waiting = self.withdraw_from(host, &|errand| super::lane::name(&errand.at) == name);
        self.let_go(host, waiting, &name, failure);
    }

    /// As [`Crawl::give_up`], for one origin of a host: its http may answer while its https does not.
    pub(super) fn give_origin_up(&mut self, host: HostId, origin: String, failure: Failure) {
        let lane = &mut self.lanes[host.0 as usize];
        if lane.given_up.is_some() || lane.broken.contains_key(&origin) {
            return;
        }
        lane.broken.insert(origin.clone(), failure.clone());
        let waiting = self.withdraw_from(host, &|errand| robots::origin(&errand.at) == origin);
        self.let_go(host, waiting, &origin, failure);
    }

    fn let_go(&mut self, host: HostId, waiting: Vec<Errand>, name: &str, failure: Failure) {
        let mut told = Vec::new();
        for errand in waiting {
            match errand.purpose {
                Purpose::Page { site, .. } => {
                    if !told.contains(&site) {
                        told.push(site);
                        let url = errand.requested.clone();
                        let detail = format!("{}; no further page of {name} was asked for", failure.detail);
                        let problem = Problem { url: url.to_string(), kind: failure.kind, detail };
                        self.tell_problem(site, problem, &url, Looked::ForHost);
                    }
                    self.skip(errand, Skip::HostGivenUp);
                }
                // A second try holds the mark "being asked": whoever waits for the address must hear of its end.
                Purpose::Robots { .. } | Purpose::Seed | Purpose::Ask { .. } | Purpose::Sitemap { .. } => {
                    self.end_unsent(host, errand, failure.clone())
                }
            }
        }
    }

    fn end_unsent(&mut self, host: HostId, errand: Errand, failure: Failure) {
        if errand.attempts == 0 {
            return self.fail(errand, failure);
        }
        self.end(host, errand, Err(failure));
    }

    /// Walks one redirect on, if it may be walked.
    fn hop(&mut self, mut errand: Errand, answer: &Answer, to: &Url) {
        // A server's word for user and password is not ours to send, and not to be published.
        let to = address::canonical(&credentials::without(to));
        let most = if matches!(errand.purpose, Purpose::Robots { .. }) { robots::REDIRECTS } else { HOPS };
        let circle = to == *errand.at || errand.hops.iter().any(|hop| hop.url == to);
        errand.hops.push(Hop { url: Url::clone(&errand.at), status: answer.status, headers: answer.headers.clone() });
        if circle || errand.hops.len() > most {
            let detail = if circle {
                format!("the redirects go in a circle at {to}")
            } else {
                format!("more than {most} redirects")
            };
            return self.fail(errand, Failure::of(ProblemKind::Redirects, detail));
        }
        if let Purpose::Page { site, .. } = errand.purpose {
            let held = &mut self.sites[site.0 as usize];
            held.frontier.upgrade(&errand.at, &to);
            match held.frontier.scope().admit(&to) {
                Ok(()) => {}
                Err(Skip::NotAPage) => {
                    errand.at = Arc::new(to);
                    return self.skip_file(errand, site, MediaType::of(""), None);
                }
                Err(_) => return self.skip(errand, Skip::RedirectOutOfScope),
            }
            if held.delivered.contains(&Key::of(&to)) {
                errand.at = Arc::new(to);
                return self.arrive_again(errand);
            }
            held.frontier.see(&to);
        }
        errand.at = Arc::new(to);
        self.route(errand);
    }

    fn land_robots(&mut self, errand: Errand, origin: &str, answer: &Answer) {
        let now = Instant::now();
        if matches!(answer.status, 429 | 500..=599) {
            let detail = format!("robots.txt answered {}", answer.status);
            return self.lose_robots(errand, origin, Failure::of(ProblemKind::RobotsUnreachable, detail));
        }
        // RFC 9309, 2.3.1.3: a client error says that there is no file; anything else says nothing.
        let robots = match answer.status {
            200..=299 => Robots::parse(&answer.body),
            400..=499 => Robots::parse(b""),
            status => {
                let detail = format!("robots.txt answered {status} and nothing that can be read");
                return self.lose_robots(errand, origin, Failure::of(ProblemKind::RobotsUnreachable, detail));
            }
        };
        let host = self.lane(&errand.requested);
        let lane = &mut self.lanes[host.0 as usize];
        if let (Some(delay), true) = (robots.crawl_delay(&self.settings.agent), lane.owner != Owner::Us) {
            if delay > self.settings.longest_wait {
                let detail = format!("robots.txt asks for {} seconds between two requests", delay.as_secs());
                self.spare(host, Failure::of(ProblemKind::RateLimited, detail));
            } else {
                lane.pace.ask_for(delay);
            }
        }
        let waiting = self.robots.read(origin, robots, now);
        self.retire(&errand);
        for errand in waiting {
            self.route(errand);
        }
    }

    /// robots.txt cannot be read: RFC 9309 asks us to stay away. It would let us in where the file only sends us in circles
    /// or nowhere; we stay away there, too.
    fn lose_robots(&mut self, errand: Errand, origin: &str, failure: Failure) {
        let host = self.lane(&errand.requested);
        let silent = !self.lanes[host.0 as usize].heard.contains(origin);
        let silent = silent && failure.kind != ProblemKind::Malformed;
        // An origin that never answered is unreachable as a whole, which says more than "its robots.txt is": a closed port, for one.
        let kind = if silent { failure.kind } else { ProblemKind::RobotsUnreachable };
        let detail = if silent { failure.detail } else { format!("robots.txt: {}", failure.detail) };
        let waiting = self.robots.unreadable(origin, Failure { kind, detail });
        self.retire(&errand);
        for errand in waiting {
            self.route(errand);
        }
    }

    fn land_seed(&mut self, errand: Errand, answer: Answer) {
        if let Some(failure) = obstacle(&answer) {
            return self.fail(errand, failure);
        }
        let (seed, at) = (errand.requested.clone(), errand.at.clone());
        let (site, newness) = self.site_at(&at, &seed);
        let held = &mut self.sites[site.0 as usize];
        for hop in &errand.hops {
            held.frontier.see(&hop.url);
            held.frontier.upgrade(&hop.url, hop_target(&errand, &hop.url));
        }
        held.frontier.see(&errand.at);
        held.frontier.count();
        held.pending += 1;
        let purpose = Purpose::Page { site, depth: 0, by: Named::ByLink };
        let errand = Errand { purpose, ..errand };
        if held.done {
            // A late name of a site that has ended already: its pages were told, this is one more way to it.
            self.arrive_again(errand);
        } else {
            self.land_page(errand, site, 0, answer);
        }
        let spared = self.tell_spared(site, &at);
        if newness == Newness::New && !spared {
            self.seed_sitemaps(site);
        }
        self.landed(&seed);
    }

    fn land_page(&mut self, errand: Errand, site: SiteId, depth: u32, answer: Answer) {
        let held = &mut self.sites[site.0 as usize];
        if held.delivered.contains(&Key::of(&errand.at)) {
            return self.arrive_again(errand);
        }
        if let Some(failure) = obstacle(&answer) {
            return self.fail(errand, failure);
        }
        if matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
            let detail = format!("status {} without a usable Location", answer.status);
            return self.fail(errand, Failure::of(ProblemKind::Redirects, detail));
        }
        if !answer.media.is_page() && answer.status < 400 {
            let name = file_name(&answer.headers);
            return self.skip_file(errand, site, answer.media, name);
        }
        if answer.extent == Extent::Cut && answer.status < 400 {
            let detail = format!("more than {} octets", self.settings.max_body);
            return self.fail(errand, Failure::of(ProblemKind::TooLarge, detail));
        }
        held.delivered.insert(Key::of(&errand.at));
        let before = || self.diary.as_ref().and_then(|diary| diary.before(&errand.key().octets()));
        let content = if answer.extent == Extent::Unchanged { Content::Unchanged } else { Content::Fetched };
        if answer.status < 400 {
            let keys = || match content {
                Content::Unchanged => before().map_or_else(|| BodyKeys::of(b""), |before| before.body),
                Content::Fetched => BodyKeys::of(&answer.body),
            };
            held.frontier.note(&errand.at, depth, keys);
        }
        held.fetched += 1;
        held.outstanding += 1;
        let aliases = errand.hops.iter().map(|hop| hop.url.clone()).collect();
        let capture = Box::new(capture(&errand, answer));
        self.outbox.push_back(Event::Page { site, depth, capture, aliases, content });
        self.pages += 1;
        self.arrivals.push_back(Instant::now());
        if self.arrivals.len() > 10_000 {
            self.arrivals.pop_front();
        }
        self.free_place(&errand, site, Spent::Yes);
        self.retire(&errand);
    }

    fn land_ask(&mut self, errand: Errand, answer: Answer) {
        let reply = match obstacle(&answer) {
            Some(Failure { kind, detail }) => {
                Reply::Problem(Problem { url: errand.requested.to_string(), kind, detail })
            }
            None => Reply::Captured(Box::new(capture(&errand, answer))),
        };
        self.reply(errand, reply);
    }

    fn fail_page(&mut self, errand: Errand, site: SiteId, problem: Problem) {
        let forbidden = problem.kind == ProblemKind::RobotsDisallowed;
        if forbidden {
            let held = &mut self.sites[site.0 as usize];
            held.forbidden += 1;
            if held.forbidden > FORBIDDEN {
                return self.skip(errand, Skip::RobotsDisallowed);
            }
        }
        self.tell_problem(site, problem, &errand.requested, Looked::ForPage);
        self.free_place(&errand, site, if forbidden { Spent::No } else { Spent::Yes });
        self.retire(&errand);
    }

    pub(super) fn tell_problem(&mut self, site: SiteId, problem: Problem, url: &Url, looked: Looked) {
        self.problems += 1;
        self.outbox.push_back(Event::Problem { site, problem, url: url.clone(), looked });
    }

    fn tell_aliases(&mut self, site: SiteId, errand: &Errand) {
        for hop in &errand.hops {
            self.outbox.push_back(Event::Alias { site, from: hop.url.clone(), to: Url::clone(&errand.at) });
        }
    }

    /// A page has ended: its place in the budget is used up, or goes to one that waits for it.
    fn free_place(&mut self, errand: &Errand, site: SiteId, spent: Spent) {
        self.unreserve(errand);
        let held = &mut self.sites[site.0 as usize];
        if spent == Spent::Yes {
            held.spent += 1;
        }
        match held.room() {
            Room::Taken => {}
            Room::Spent => self.close(site, Skip::PageBudget),
            Room::Free => {
                for errand in std::mem::take(&mut held.held) {
                    self.route(errand);
                }
            }
        }
    }
}

/// Whether a page used its place in the budget up.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Spent {
    Yes,
    No,
}

/// Where a hop of an errand led.
fn hop_target<'a>(errand: &'a Errand, from: &Url) -> &'a Url {
    let next = errand.hops.iter().skip_while(|hop| hop.url != *from).nth(1);
    next.map_or(&errand.at, |hop| &hop.url)
}

/// What stands between us and what is really there; `None` when it answered.
fn obstacle(answer: &Answer) -> Option<Failure> {
    let status = answer.status;
    let readable = answer.media.is_html() || status >= 400;
    let sign = readable.then(|| challenge::recognise(status, &answer.headers, &answer.body)).flatten();
    if let Some(sign) = sign {
        return Some(Failure::of(ProblemKind::BotChallenge, format!("status {status}, a bot challenge ({sign})")));
    }
    let kind = match status {
        401 | 403 | 407 | 451 => ProblemKind::Blocked,
        // Answers to conditions and ranges that were not in the request (RFC 9110, 15.3.7 and 15.4.5).
        206 | 304 => ProblemKind::Malformed,
        429 => ProblemKind::RateLimited,
        500..=599 => ProblemKind::ServerError,
        0..=499 => return None,
        // No class of status (RFC 9110, 15).
        600.. => ProblemKind::Malformed,
    };
    Some(Failure::of(kind, format!("status {status}")))
}

fn capture(errand: &Errand, answer: Answer) -> Capture {
    Capture {
        requested: Url::clone(&errand.requested),
        url: Url::clone(&errand.at),
        hops: errand.hops.clone(),
        status: answer.status,
        headers: Some(answer.headers),
        media: answer.media,
        body: answer.body,
        wire_bytes: answer.wire_bytes,
        truncated: answer.extent == Extent::Cut,
        peer: answer.peer,
        source: Source::Network,
    }
}
