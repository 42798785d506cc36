//! How long one host is left alone between two requests.
//!
//! In: what the host said and how it answered. Out: the moment it may be asked again. Pure: every instant is an argument.
//! Invariant: the wait never falls below the floor, `Crawl-delay`, or a `Retry-After`. Tested below.

use std::time::Duration;

use tokio::time::Instant;

/// The penalty never makes a wait longer than this (a longer `Crawl-delay` is kept).
const LONGEST: Duration = Duration::from_secs(60);
/// What a penalty multiplies where there is no wait to multiply.
const LEAST: Duration = Duration::from_millis(250);
/// The part of a wait that is added because requests do not all travel equally fast; spacing counts where they arrive.
const SLACK: u32 = 64;
/// Answers after which a host's shortest latency is trusted.
const FAMILIAR: u32 = 2;

/// Requests at once where the owner set the wait.
const OWNED: usize = 4;

/// How a host's wait is found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Manners {
    /// A stranger's host: at least `floor`, and twice as long as it takes to answer.
    Guest {
        /// The least wait.
        floor: Duration,
    },
    /// The owner said how long; a few requests at a time, where answers take longer than that.
    Owner {
        /// The wait.
        interval: Duration,
    },
    /// No wait, several requests at a time.
    Free {
        /// How many.
        at_once: usize,
    },
}

/// How a request went, as far as pacing cares.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mood {
    /// It answered.
    Fine,
    /// It did not, but that says nothing about its load.
    Neutral,
    /// 429, 503 or a time-out: it has too much to do.
    Strained,
}

/// The pace of one host.
#[derive(Debug)]
pub(super) struct Pace {
    manners: Manners,
    crawl_delay: Duration,
    latency: Duration,
    penalty: f64,
    shortest: Duration,
    answers: u32,
    contact: Option<Contact>,
    blocked: Option<Instant>,
}

/// The latest request. It arrived somewhere between leaving and the beginning of its answer; what its answer took longer
/// than the host's shortest one it may have lost on the way there.
#[derive(Clone, Copy, Debug)]
struct Contact {
    sent: Instant,
    lost: Duration,
    headed: Option<Instant>,
}

impl Pace {
    /// The pace of a host that was not asked yet.
    pub(super) fn of(manners: Manners) -> Self {
        Self {
            manners,
            crawl_delay: Duration::ZERO,
            latency: Duration::ZERO,
            penalty: 1.0,
            shortest: Duration::MAX,
            answers: 0,
            contact: None,
            blocked: None,
        }
    }

    /// The host's robots.txt asks for this wait.
    pub(super) fn ask_for(&mut self, crawl_delay: Duration) {
        self.crawl_delay = self.crawl_delay.max(crawl_delay);
    }

    /// Requests that may be in flight at once.
    pub(super) fn at_once(&self) -> usize {
        match self.manners {
            Manners::Free { at_once } if self.crawl_delay.is_zero() && self.penalty <= 1.0 => at_once,
            Manners::Owner { .. } if self.penalty <= 1.0 => OWNED,
            Manners::Free { .. } | Manners::Guest { .. } | Manners::Owner { .. } => 1,
        }
    }

    /// The wait between two requests as things stand.
    pub(super) fn delay(&self) -> Duration {
        let floor = match self.manners {
            Manners::Guest { floor } => floor.max(self.latency * 2),
            Manners::Owner { interval } => interval,
            Manners::Free { .. } => Duration::ZERO,
        };
        let calm = floor.max(self.crawl_delay);
        if self.penalty <= 1.0 {
            return calm;
        }
        calm.max(LEAST).mul_f64(self.penalty).min(LONGEST).max(calm)
    }

    /// When the host may be asked. The wait is counted from when the last request arrived there at the latest: when its
    /// answer began, or earlier where the host's habits tell.
    pub(super) fn ready_at(&self, now: Instant) -> Instant {
        let delay = self.delay();
        let ready = self.contact.filter(|_| !delay.is_zero()).map(|Contact { sent, lost, headed }| {
            let late = sent + lost + delay / SLACK;
            headed.map_or(late, |headed| headed.min(late)) + delay
        });
        [ready, self.blocked].into_iter().flatten().fold(now, Instant::max)
    }

    /// The wait is a server's order (`Retry-After`), until then.
    pub(super) fn blocked_until(&self) -> Option<Instant> {
        self.blocked
    }

    /// A penalty is in force.
    pub(super) fn is_strained(&self) -> bool {
        self.penalty > 1.0
    }

    /// The wait comes from robots.txt.
    pub(super) fn obeys_robots(&self) -> bool {
        !self.crawl_delay.is_zero() && self.delay() <= self.crawl_delay
    }

    /// The host asked to be left alone until then.
    pub(super) fn block(&mut self, until: Instant) {
        self.blocked = Some(self.blocked.map_or(until, |held| held.max(until)));
    }

    /// A request left; the next one is timed from here until more is known.
    pub(super) fn leave(&mut self, sent: Instant) {
        self.meet(Contact { sent, lost: Duration::ZERO, headed: None });
    }

    /// A request ended at `now`. It left at `sent` and its answer began at `headed`; where there was no answer the host
    /// may have worked on it until now.
    pub(super) fn note(&mut self, sent: Option<Instant>, headed: Option<Instant>, now: Instant, mood: Mood) {
        if let (Some(sent), Some(headed)) = (sent, headed) {
            let took = headed.saturating_duration_since(sent);
            self.latency = if self.latency.is_zero() { took } else { (self.latency * 3 + took) / 4 };
            self.shortest = self.shortest.min(took);
            self.answers = self.answers.saturating_add(1);
        }
        self.penalty = match mood {
            Mood::Strained => (self.penalty * 2.0).min(240.0),
            Mood::Fine => (self.penalty * 0.9).max(1.0),
            Mood::Neutral => self.penalty,
        };
        self.meet(match (sent, headed) {
            (Some(sent), Some(head)) => {
                let took = head.saturating_duration_since(sent);
                let lost = if self.answers > FAMILIAR { took.saturating_sub(self.shortest) } else { took };
                Contact { sent, lost, headed }
            }
            (Some(_), None) | (None, _) => Contact { sent: now, lost: Duration::ZERO, headed: Some(now) },
        });
    }

    /// Keeps the latest contact.
    fn meet(&mut self, contact: Contact) {
        if self.contact.is_none_or(|held| contact.sent >= held.sent) {
            self.contact = Some(contact);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn guest() -> Pace {
        Pace::of(Manners::Guest { floor: SECOND })
    }

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    #[test]
    fn the_wait_is_the_longest_of_floor_crawl_delay_and_twice_the_latency() {
        let start = Instant::now();
        let table = [(ms(10), 0, ms(1000)), (ms(700), 0, ms(1400)), (ms(700), 10, ms(10_000))];
        for (latency, crawl_delay, expect) in table {
            let mut pace = guest();
            pace.ask_for(Duration::from_secs(crawl_delay));
            pace.note(Some(start), Some(start + latency), start + latency, Mood::Fine);
            assert_eq!(pace.delay(), expect, "{latency:?} {crawl_delay}");
        }
    }

    #[test]
    fn spacing_is_counted_from_when_a_request_can_have_arrived_at_the_latest() {
        let begun = Instant::now();
        let wait = ms(640);
        let slack = ms(10);
        let mut pace = Pace::of(Manners::Owner { interval: wait });
        let mut at = begun + ms(300); // a handshake came first
        let table = [
            (ms(50), ms(50)), // a stranger: it may have arrived just before the answer began
            (ms(60), ms(60)),
            (ms(50), slack),          // as fast as ever: it arrived at once
            (ms(80), ms(30) + slack), // slower: it may have been late by as much
            (ms(5), ms(5)),           // the answer's beginning is always a bound
        ];
        for (took, arrived) in table {
            pace.leave(at);
            assert_eq!(pace.ready_at(begun), at + slack + wait, "before the answer of {took:?}");
            pace.note(Some(at), Some(at + took), at + took, Mood::Fine);
            assert_eq!(pace.ready_at(begun), at + arrived + wait, "after the answer of {took:?}");
            at += wait * 2;
        }
    }

    #[test]
    fn a_wait_that_is_learned_later_counts_from_the_request_that_taught_it() {
        let now = Instant::now();
        let mut pace = Pace::of(Manners::Free { at_once: 8 });
        pace.note(Some(now), Some(now + ms(1)), now + ms(1), Mood::Fine);
        assert_eq!(pace.ready_at(now), now);
        pace.ask_for(SECOND * 10);
        assert_eq!(pace.ready_at(now), now + ms(1) + SECOND * 10);
    }

    #[test]
    fn strain_doubles_the_wait_up_to_a_minute_and_good_answers_bring_it_back_slowly() {
        let now = Instant::now();
        let mut pace = guest();
        let mut strain = |mood| {
            pace.note(Some(now), Some(now + ms(1)), now + ms(1), mood);
            pace.delay()
        };
        assert_eq!(strain(Mood::Strained), SECOND * 2);
        assert_eq!(strain(Mood::Strained), SECOND * 4);
        assert_eq!(strain(Mood::Fine), ms(3600));
        for _ in 0..10 {
            strain(Mood::Strained);
        }
        assert_eq!(strain(Mood::Strained), SECOND * 60);
        for _ in 0..60 {
            strain(Mood::Fine);
        }
        assert_eq!(strain(Mood::Fine), SECOND);
    }

    #[test]
    fn a_crawl_delay_is_never_shortened_by_the_cap_on_penalties() {
        let now = Instant::now();
        let mut pace = guest();
        pace.ask_for(SECOND * 600);
        pace.note(Some(now), None, now, Mood::Strained);
        assert_eq!(pace.delay(), SECOND * 600);
    }

    #[test]
    fn retry_after_holds_even_where_there_is_no_wait() {
        let now = Instant::now();
        let mut pace = Pace::of(Manners::Free { at_once: 8 });
        assert_eq!((pace.at_once(), pace.ready_at(now)), (8, now));
        pace.block(now + SECOND * 7);
        assert_eq!(pace.ready_at(now), now + SECOND * 7);
    }

    #[test]
    fn a_free_host_that_strains_is_asked_one_by_one() {
        let now = Instant::now();
        let mut pace = Pace::of(Manners::Free { at_once: 8 });
        pace.note(Some(now), Some(now), now, Mood::Strained);
        assert_eq!((pace.at_once(), pace.delay()), (1, ms(500)));
    }

    #[test]
    fn a_crawl_delay_paces_a_free_host() {
        let mut pace = Pace::of(Manners::Free { at_once: 8 });
        pace.ask_for(SECOND);
        assert_eq!((pace.at_once(), pace.delay()), (1, SECOND));
    }
}
