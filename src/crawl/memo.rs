//! What was asked in this run and, while there is room, what was said.
//!
//! In: addresses, answers, and errands that want an address somebody else is asking already. Out: the answer a second
//! time without a second request. Invariant: bodies kept never exceed the cap; the oldest go first. Tested below.

use std::collections::{HashMap, HashSet, VecDeque};

use super::errand::{Errand, Failure};
use super::fetch::Answer;
use super::key::Key;
use super::schedule::HostId;

/// What an entry costs besides its body.
const OVERHEAD: u64 = 512;

/// The memory of a run.
#[derive(Debug, Default)]
pub(super) struct Memo {
    known: HashMap<Key, Known>,
    /// What was asked, and is not known any more: most of a large site.
    forgotten: HashSet<Key>,
    order: VecDeque<Key>,
    hosts: HashMap<HostId, Vec<Key>>,
    bytes: u64,
    cap: u64,
}

#[derive(Debug)]
enum Known {
    Asking(Vec<Errand>),
    Said { outcome: Box<Outcome>, keep: Keep },
}

/// How a request ended.
pub(super) type Outcome = Result<Answer, Failure>;

/// Whether an outcome may make room for others before its site is done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Keep {
    /// Until room is needed.
    WhileRoom,
    /// Until the site is done: robots.txt and sitemaps, which are always asked about.
    UntilDone,
}

/// What is known about an address.
#[derive(Debug)]
pub(super) enum Recall {
    /// It was not asked.
    New(Errand),
    /// It is being asked; the errand waits there now.
    Waiting,
    /// It said this.
    Said(Errand, Outcome),
    /// It was asked, but what it said is forgotten.
    Forgotten(Errand),
}

impl Memo {
    /// An empty memory with room for so many octets of bodies.
    pub(super) fn of(cap: u64) -> Self {
        Self { cap, ..Self::default() }
    }

    /// What is known about the address an errand wants; the errand comes back unless it waits.
    pub(super) fn recall(&mut self, errand: Errand) -> Recall {
        let key = errand.key();
        match self.known.get_mut(&key) {
            None if self.forgotten.contains(&key) => Recall::Forgotten(errand),
            None => Recall::New(errand),
            Some(Known::Asking(waiting)) => {
                waiting.push(errand);
                Recall::Waiting
            }
            Some(Known::Said { outcome, .. }) => Recall::Said(errand, (**outcome).clone()),
        }
    }

    /// The address is being asked.
    pub(super) fn begin(&mut self, key: Key) {
        self.forgotten.remove(&key);
        let known = self.known.entry(key).or_insert_with(|| Known::Asking(Vec::new()));
        if !matches!(known, Known::Asking(_)) {
            let before = std::mem::replace(known, Known::Asking(Vec::new()));
            self.bytes -= cost(&before);
        }
    }

    /// The address answered, or could not. Returns the errands that waited for it.
    pub(super) fn finish(&mut self, key: Key, host: HostId, outcome: Outcome, keep: Keep) -> Vec<Errand> {
        let said = Known::Said { outcome: Box::new(outcome), keep };
        self.bytes += cost(&said);
        let before = self.known.insert(key, said);
        self.forgotten.remove(&key);
        self.order.push_back(key);
        self.hosts.entry(host).or_default().push(key);
        self.make_room();
        match before {
            Some(Known::Asking(waiting)) => waiting,
            Some(before) => {
                self.bytes -= cost(&before);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// The address is not being asked after all. Returns the errands that waited for it.
    pub(super) fn release(&mut self, key: Key) -> Vec<Errand> {
        match self.known.remove(&key) {
            Some(Known::Asking(waiting)) => waiting,
            Some(known @ Known::Said { .. }) => {
                self.known.insert(key, known);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// Forgets what a host said (that it was asked stays known).
    pub(super) fn forget(&mut self, host: HostId) {
        for key in self.hosts.remove(&host).unwrap_or_default() {
            self.drop_outcome(key);
        }
    }

    /// The address may be asked anew: its answer is too old.
    pub(super) fn expire(&mut self, key: Key) {
        self.drop_outcome(key);
        self.known.remove(&key);
        self.forgotten.remove(&key);
    }

    fn make_room(&mut self) {
        let mut spared = VecDeque::new();
        while self.bytes > self.cap {
            let Some(key) = self.order.pop_front() else { break };
            match self.known.get(&key) {
                Some(Known::Said { keep: Keep::UntilDone, .. }) => spared.push_back(key),
                Some(Known::Said { .. } | Known::Asking(_)) | None => self.drop_outcome(key),
            }
        }
        while self.bytes > self.cap {
            let Some(key) = spared.pop_front() else { break };
            self.drop_outcome(key); // nothing else is left to make room
        }
        spared.append(&mut self.order);
        self.order = spared;
    }

    fn drop_outcome(&mut self, key: Key) {
        if let Some(Known::Said { .. }) = self.known.get(&key) {
            let before = self.known.remove(&key);
            self.bytes -= before.as_ref().map_or(0, cost);
            self.forgotten.insert(key);
        }
    }
}

fn cost(known: &Known) -> u64 {
    match known {
        Known::Asking(_) => 0,
        Known::Said { outcome, .. } => {
            outcome.as_ref().as_ref().map_or(0, |answer| answer.body.len() as u64) + OVERHEAD
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crawl::errand::Purpose;
    use crate::crawl::fetch::Extent;
    use crate::web::{Headers, MediaType};
    use url::Url;

    fn errand(path: &str) -> Errand {
        Errand::to(Url::parse("http://a.example").and_then(|root| root.join(path)).expect(path), Purpose::Seed, 0)
    }

    fn answer(octets: usize) -> Outcome {
        Ok(Answer {
            status: 200,
            headers: Headers::default(),
            media: MediaType::of("text/html"),
            body: vec![b'x'; octets].into(),
            extent: Extent::Whole,
            wire_bytes: 0,
            peer: None,
        })
    }

    #[test]
    fn the_oldest_bodies_make_room_and_the_kept_ones_stay() {
        let mut memo = Memo::of(10_000);
        let key = |path| Key::of(&errand(path).at);
        for (path, keep) in [("robots", Keep::UntilDone), ("old", Keep::WhileRoom), ("new", Keep::WhileRoom)] {
            memo.begin(key(path));
            memo.finish(key(path), HostId(0), answer(4_000), keep);
        }
        assert!(matches!(memo.recall(errand("robots")), Recall::Said(..)));
        assert!(matches!(memo.recall(errand("old")), Recall::Forgotten(_)));
        assert!(matches!(memo.recall(errand("new")), Recall::Said(..)));
        assert!(matches!(memo.recall(errand("other")), Recall::New(_)));
        memo.forget(HostId(0));
        assert_eq!(memo.bytes, 0);
    }

    #[test]
    fn who_wants_an_address_that_is_being_asked_waits_for_the_answer() {
        let mut memo = Memo::of(10_000);
        let key = Key::of(&errand("x").at);
        memo.begin(key);
        assert!(matches!(memo.recall(errand("x")), Recall::Waiting));
        assert_eq!(memo.finish(key, HostId(0), answer(1), Keep::WhileRoom).len(), 1);
    }
}
