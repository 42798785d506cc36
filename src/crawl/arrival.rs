//! What comes back from the network, and whether it is tried once more.
//!
//! In: ended requests and look-ups. Out: a host that is paced anew, and an errand that ended, hops on, or waits for a
//! second try. Invariant: a refusal that may pass is retried a fixed number of times, at the host's pace, never at once.
//! Tested in `tests/it/crawl.rs`.

use std::net::IpAddr;
use std::time::Duration;

use tokio::task::{Id, JoinError};
use tokio::time::Instant;

use super::coordinator::Crawl;
use super::errand::{Errand, Failure, Purpose};
use super::fetch::{Answer, Exchange};
use super::lane::{Address, MISSES};
use super::memo::{Keep, Outcome};
use super::pace::Mood;
use super::robots;
use super::schedule::HostId;
use super::skip::Skip;
use crate::web::{ProblemKind, retry_after};

/// Tries after the first at an address that answers 429.
const RATE_LIMITED: u8 = 2;
/// Tries after the first at a robots.txt that cannot be read.
const ROBOTS: u8 = 2;

/// A wait that no run outlives, and that clocks can still count.
const AGES: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// What a task of the crawl brings back.
pub(super) enum Done {
    /// A request ended.
    Exchanged(Box<Exchange>),
    /// A host name was looked up.
    LookedUp(Result<IpAddr, Failure>),
    /// Whether another process is at a host is known.
    Turned(Result<(), String>),
    /// A note of an earlier crawl was read; none where it cannot be.
    Recalled(Box<Option<Outcome>>),
}

impl Crawl {
    /// A task ended.
    pub(super) fn arrived(&mut self, joined: Result<(Id, Done), JoinError>) {
        let (id, done) = match joined {
            Ok((id, done)) => (id, Some(done)),
            Err(broken) => (broken.id(), None),
        };
        let Some((host, errand)) = self.flights.remove(&id) else { return };
        self.permits.end(id);
        let broken = || Failure::of(ProblemKind::Internal, "the request's task stumbled");
        match (done, errand) {
            (Some(Done::Recalled(outcome)), Some(errand)) => return self.recalled(host, errand, *outcome),
            (Some(Done::Exchanged(exchange)), Some(errand)) => self.exchanged(host, errand, *exchange),
            (None, Some(errand)) => {
                self.exchanged(host, errand, Exchange::broken(broken()));
            }
            (Some(Done::LookedUp(found)), _) => self.looked_up(host, found),
            (Some(Done::Turned(leave)), _) => self.turned(host, leave),
            (None, None) => self.looked_up(host, Err(broken())),
            (Some(Done::Exchanged(_) | Done::Recalled(_)), None) => {}
        }
        self.relist(host);
    }

    fn looked_up(&mut self, host: HostId, found: Result<IpAddr, Failure>) {
        let lane = &mut self.lanes[host.0 as usize];
        match found {
            Ok(ip) => lane.settle_at(ip, Instant::now(), &self.settings),
            Err(failure) => {
                lane.address = Address::Unknown;
                self.give_up(host, failure);
            }
        }
    }

    fn exchanged(&mut self, host: HostId, errand: Errand, exchange: Exchange) {
        let now = Instant::now();
        let Exchange { outcome, sent, headed, octets, .. } = exchange;
        let origin = robots::origin(&errand.at);
        let lane = &mut self.lanes[host.0 as usize];
        lane.in_flight -= 1;
        lane.pace.note(sent, headed, now, mood(&outcome));
        match &outcome {
            Ok(_) => {
                lane.misses.remove(&origin);
                lane.answered += 1;
                lane.heard.insert(origin.clone());
            }
            Err(_) => *lane.misses.entry(origin.clone()).or_default() += 1,
        }
        let gone = lane.misses.get(&origin).is_some_and(|misses| *misses >= MISSES);
        self.weigh(&errand, octets);
        let is_304 = outcome.as_ref().is_ok_and(|answer| answer.status == 304);
        if is_304 && self.kept_before(&errand).is_some() {
            // It says that nothing changed, and other things than before: it is asked for whole.
            self.outgrown.insert(errand.key());
            let errand = Errand { attempts: errand.attempts + 1, ..errand };
            self.later.insert((now, errand.order), errand);
            return;
        }
        let wait = outcome.as_ref().ok().and_then(asked_wait);
        if let Some(wait) = wait {
            self.lanes[host.0 as usize].pace.block(now + wait);
            if self.is_too_long(host, wait, now) {
                let detail = format!("the host asked to be left alone for {} seconds", wait.as_secs());
                let failure = Failure::of(ProblemKind::RateLimited, detail);
                self.end(host, errand, Err(failure.clone()));
                return self.give_up(host, failure);
            }
        }
        if let (true, Err(failure)) = (gone, &outcome) {
            let detail = format!("{MISSES} requests in a row got no answer, the last: {}", failure.detail);
            let failure = Failure::of(failure.kind, detail);
            self.end(host, errand, outcome);
            return self.give_origin_up(host, origin, failure);
        }
        match self.second_try(host, &errand, &outcome, wait) {
            Some(after) => {
                let errand = Errand { attempts: errand.attempts + 1, ..errand };
                self.later.insert((now + after, errand.order), errand);
            }
            None => self.end(host, errand, outcome),
        }
    }

    /// Octets that came for a site; the one that is too many closes it.
    pub(super) fn weigh(&mut self, errand: &Errand, octets: u64) {
        let (Some(site), Some(most)) = (errand.site(), self.settings.max_bytes) else { return };
        let held = &mut self.sites[site.0 as usize];
        held.weight = held.weight.saturating_add(octets);
        if held.weight > most {
            self.close(site, Skip::ByteBudget);
        }
    }

    /// The request is over for good: it is remembered, the errand and whoever waited for the address go on.
    pub(super) fn end(&mut self, host: HostId, errand: Errand, outcome: Outcome) {
        self.note(host, &errand, &outcome);
        self.settle(host, errand, outcome);
    }

    /// What an end means for the errand, and for whoever waited for its address.
    pub(super) fn settle(&mut self, host: HostId, errand: Errand, outcome: Outcome) {
        let keep = match errand.purpose {
            Purpose::Robots { .. } | Purpose::Sitemap { .. } => Keep::UntilDone,
            Purpose::Seed | Purpose::Page { .. } | Purpose::Ask { .. } => Keep::WhileRoom,
        };
        let waiting = self.memo.finish(errand.key(), host, outcome.clone(), keep);
        let errand = Errand { attempts: 0, ..errand };
        match outcome {
            Ok(answer) => self.conclude(errand, answer),
            Err(failure) => self.fail(errand, failure),
        }
        for errand in waiting {
            self.route(errand);
        }
    }

    /// How long to wait before the same request is sent once more; `None` when its outcome stands.
    fn second_try(&self, host: HostId, errand: &Errand, outcome: &Outcome, wait: Option<Duration>) -> Option<Duration> {
        let lane = &self.lanes[host.0 as usize];
        if self.stopped || lane.refusal(&errand.at).is_some() {
            return None;
        }
        let met = lane.answered > 0;
        let robots = matches!(errand.purpose, Purpose::Robots { .. });
        let tries = match outcome {
            Ok(answer) => match answer.status {
                429 | 500..=599 if robots => ROBOTS,
                429 => RATE_LIMITED,
                500..=599 => 1,
                0..=428 | 430..=499 | 600.. => 0,
            },
            Err(failure) => match failure.kind {
                ProblemKind::Connection | ProblemKind::Timeout if met => 1 + u8::from(robots),
                ProblemKind::Connection if robots => 1,
                ProblemKind::Connection
                | ProblemKind::Timeout
                | ProblemKind::RobotsDisallowed
                | ProblemKind::RobotsUnreachable
                | ProblemKind::Blocked
                | ProblemKind::BotChallenge
                | ProblemKind::RateLimited
                | ProblemKind::ServerError
                | ProblemKind::Dns
                | ProblemKind::Tls
                | ProblemKind::Malformed
                | ProblemKind::Redirects
                | ProblemKind::TooLarge
                | ProblemKind::Refused
                | ProblemKind::TooComplex
                | ProblemKind::Unreadable
                | ProblemKind::Internal => 0,
            },
        };
        if errand.attempts >= tries {
            return None;
        }
        let own = match (robots, met) {
            (true, true) => self.settings.robots_backoff * 3u32.pow(u32::from(errand.attempts)),
            (true, false) => self.settings.robots_backoff / 5,
            (false, _) => Duration::ZERO,
        };
        Some(wait.map_or(own, |wait| wait.max(own)))
    }

    fn is_too_long(&self, host: HostId, wait: Duration, now: Instant) -> bool {
        let deadline = self.lanes[host.0 as usize].site.and_then(|site| self.sites[site.0 as usize].deadline);
        wait > self.settings.longest_wait || deadline.is_some_and(|end| now + wait > end)
    }
}

/// What a host asks for by `Retry-After` when it has too much to do (RFC 9110, 10.2.3).
fn asked_wait(answer: &Answer) -> Option<Duration> {
    if !matches!(answer.status, 429 | 503) {
        return None;
    }
    let wait = retry_after::parse(answer.headers.first("retry-after")?, jiff::Timestamp::now())?;
    Some(wait.min(AGES))
}

fn mood(outcome: &Outcome) -> Mood {
    match outcome {
        Ok(answer) if matches!(answer.status, 429 | 503) => Mood::Strained,
        Ok(answer) if answer.status >= 500 => Mood::Neutral,
        Ok(_) => Mood::Fine,
        Err(failure) if failure.kind == ProblemKind::Timeout => Mood::Strained,
        Err(_) => Mood::Neutral,
    }
}
