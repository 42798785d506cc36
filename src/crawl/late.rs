//! A second chance, late in the run, for targets whose host stood in the way of everything for a reason that may pass.
//!
//! In: targets that failed. Out: the same once more, when all others have had their turn and some time has gone by; how they end then
//! stands. Invariants: a target comes back once at most; a run with one target has nothing to do meanwhile and ends; what a host said the
//! first time is not held against it. Tested in `tests/it/crawl.rs`.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use super::coordinator::Crawl;
use super::errand::{Errand, Failure, Purpose};
use super::key::Key;
use super::lane::Owner;
use super::names::NO_SUCH_NAME;
use super::robots;
use crate::web::{ProblemKind, address};

/// A target that comes back.
#[derive(Debug)]
pub(super) struct Waiting {
    /// From when on.
    from: Instant,
    seed: Url,
    /// Where it stood when it failed, at the end of its redirects.
    at: Url,
}

/// Targets that come back.
#[derive(Debug, Default)]
pub(super) struct Late {
    waiting: VecDeque<Waiting>,
    /// Those that have had their second chance, or wait for it.
    once: HashSet<Key>,
    /// Targets of the run, so that one alone is not waited for.
    targets: usize,
}

impl Late {
    /// For a run of so many targets.
    pub(super) fn of(targets: usize) -> Self {
        Self { targets, ..Self::default() }
    }

    /// Nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// When the next may come back.
    pub(super) fn next(&self) -> Option<Instant> {
        self.waiting.front().map(|one| one.from)
    }

    /// The next one whose moment has come.
    pub(super) fn pop(&mut self, now: Instant) -> Option<Waiting> {
        self.waiting.pop_front_if(|one| one.from <= now)
    }

    /// All that wait, because the crawl ends.
    pub(super) fn leave(&mut self) -> impl Iterator<Item = Url> {
        std::mem::take(&mut self.waiting).into_iter().map(|one| one.seed)
    }
}

impl Crawl {
    /// Puts a target that failed aside for later, where that may help. True when it comes back.
    pub(super) fn comes_back(&mut self, errand: &Errand, failure: &Failure) -> bool {
        let seed = &errand.requested;
        let wait = self.settings.second_chance.filter(|_| self.late.targets > 1 && !self.stopped && may_pass(failure));
        let Some(wait) = wait.filter(|_| !self.late.once.contains(&Key::of(seed))) else { return false };
        let name = address::site_of(seed);
        if self.by_site.contains_key(address::without_www(&name)) {
            return false; // another target led to the site
        }
        self.late.once.insert(Key::of(seed));
        let host = self.lane(seed);
        let at_home = self.lanes[host.0 as usize].owner == Owner::Loopback;
        let wait = if at_home { Duration::ZERO } else { wait };
        let from = Instant::now() + wait;
        self.late.waiting.push_back(Waiting { from, seed: Url::clone(seed), at: Url::clone(&errand.at) });
        true
    }

    /// Asks for targets once more that may come back now: after those that were not asked yet.
    pub(super) fn open_late(&mut self, now: Instant) {
        while self.seeds.is_empty() && self.unlanded.len() + (self.open_sites as usize) < self.settings.open_sites {
            let Some(Waiting { seed, at, .. }) = self.late.pop(now) else { return };
            self.forgive(&seed);
            self.forgive(&at);
            self.unlanded.push((seed.clone(), now));
            let errand = self.errand(seed, Purpose::Seed);
            self.launch(errand);
        }
    }

    /// Forgets what was held against the host of an address.
    fn forgive(&mut self, url: &Url) {
        let host = self.lane(url);
        self.lanes[host.0 as usize].forgive();
        self.names.forgive(url.host_str().unwrap_or_default());
        let origin = robots::origin(url);
        self.robots.forget(&origin);
        let file = url.join("/robots.txt").expect("a web address has a root");
        for url in [url, &file] {
            let key = Key::of(url);
            self.memo.expire(key);
            self.outgrown.insert(key);
        }
    }

    /// What is told of a target that failed twice.
    pub(super) fn told_late(&self, errand: &Errand, failure: Failure) -> Failure {
        if !matches!(errand.purpose, Purpose::Seed) || !self.late.once.contains(&Key::of(&errand.requested)) {
            return failure;
        }
        let detail = format!("{}; it was tried again later in the run", failure.detail);
        Failure { detail, ..failure }
    }
}

/// True where the same request may succeed in a while.
fn may_pass(failure: &Failure) -> bool {
    match failure.kind {
        ProblemKind::Connection
        | ProblemKind::Timeout
        | ProblemKind::ServerError
        | ProblemKind::RateLimited
        | ProblemKind::RobotsUnreachable => true,
        // A name that does not exist will not exist in a minute; a name service that did not answer may.
        ProblemKind::Dns => !failure.detail.contains(NO_SUCH_NAME),
        ProblemKind::RobotsDisallowed
        | ProblemKind::Blocked
        | ProblemKind::BotChallenge
        | ProblemKind::Tls
        | ProblemKind::Malformed
        | ProblemKind::Redirects
        | ProblemKind::TooLarge
        | ProblemKind::Refused
        | ProblemKind::TooComplex
        | ProblemKind::Unreadable
        | ProblemKind::Internal => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_is_told_from_what_will_not() {
        for (kind, detail, passes) in [
            (ProblemKind::Timeout, "late", true),
            (ProblemKind::ServerError, "status 503", true),
            (ProblemKind::Dns, "x.example has no address: the look-up took too long", true),
            (ProblemKind::Dns, "x.example has no address: there is no such name", false),
            (ProblemKind::Blocked, "status 403", false),
            (ProblemKind::Tls, "a certificate", false),
        ] {
            assert_eq!(may_pass(&Failure::of(kind, detail)), passes, "{kind:?} {detail}");
        }
    }
}
