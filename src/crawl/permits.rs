//! How many requests may be under way at once, and which of them count.
//!
//! In: requests that begin and end. Out: whether one more may begin. A request that hangs makes room for others after a
//! while: with every permit in the hands of servers that never answer, the good ones would wait for their deadlines.
//! Pure: every instant is an argument. Invariant: sockets stay bounded, whatever hangs. Tested below.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use tokio::task::Id;
use tokio::time::Instant;

/// The part of its deadline after which a request that is under way hangs: two seconds of thirty.
const PATIENCE: u32 = 15;
/// Requests under way for each permit, those that hang among them.
const CROWD: usize = 4;

/// The permits of a run.
#[derive(Debug)]
pub(super) struct Permits {
    most: usize,
    patience: Duration,
    begun: VecDeque<(Instant, Id)>,
    lively: HashSet<Id>,
    hanging: HashSet<Id>,
}

impl Permits {
    /// So many permits, all of them free, for requests with this deadline.
    pub(super) fn of(most: usize, deadline: Duration) -> Self {
        Self {
            most,
            patience: deadline / PATIENCE,
            begun: VecDeque::new(),
            lively: HashSet::new(),
            hanging: HashSet::new(),
        }
    }

    /// A request was begun.
    pub(super) fn begin(&mut self, request: Id, now: Instant) {
        self.begun.push_back((now + self.patience, request));
        self.lively.insert(request);
    }

    /// A request has ended.
    pub(super) fn end(&mut self, request: Id) {
        let _ = self.lively.remove(&request) || self.hanging.remove(&request);
    }

    /// Requests under way.
    pub(super) fn under_way(&self) -> usize {
        self.lively.len() + self.hanging.len()
    }

    /// Whether one more request may begin.
    pub(super) fn is_free(&mut self, now: Instant) -> bool {
        while let Some((_, request)) = self.begun.pop_front_if(|(until, _)| *until <= now) {
            if self.lively.remove(&request) {
                self.hanging.insert(request);
            }
        }
        self.lively.len() < self.most && self.under_way() < self.most.saturating_mul(CROWD)
    }

    /// When a permit becomes free without anything ending; `None` when none does.
    pub(super) fn next(&mut self) -> Option<Instant> {
        while self.begun.pop_front_if(|(_, request)| !self.lively.contains(request)).is_some() {}
        let room = self.under_way() < self.most.saturating_mul(CROWD);
        self.begun.front().filter(|_| room).map(|(until, _)| *until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn requests(count: usize) -> Vec<Id> {
        let mut tasks = tokio::task::JoinSet::new();
        (0..count).map(|_| tasks.spawn(async {}).id()).collect()
    }

    #[tokio::test]
    async fn a_request_that_hangs_makes_room_up_to_a_bound() {
        let ids = requests(9).await;
        let start = Instant::now();
        let patience = Duration::from_secs(2);
        let mut permits = Permits::of(2, patience * PATIENCE);
        for round in 0..4u32 {
            let now = start + patience * round;
            for request in &ids[2 * round as usize..2 * round as usize + 2] {
                assert!(permits.is_free(now), "round {round}");
                permits.begin(*request, now);
            }
            assert!(!permits.is_free(now), "round {round}");
            let bounded = round == 3;
            assert_eq!(permits.next(), (!bounded).then_some(now + patience), "round {round}");
        }
        assert!(!permits.is_free(start + patience * 9), "eight hang, and that is all there is room for");
        assert_eq!(permits.under_way(), 8);
        permits.end(ids[0]);
        assert!(permits.is_free(start + patience * 9));
    }

    #[tokio::test]
    async fn a_request_that_ends_gives_its_permit_back_and_wakes_nobody() {
        let ids = requests(2).await;
        let now = Instant::now();
        let mut permits = Permits::of(1, Duration::from_secs(30));
        permits.begin(ids[0], now);
        permits.end(ids[0]);
        assert_eq!((permits.is_free(now), permits.next(), permits.under_way()), (true, None, 0));
        permits.end(ids[1]);
        assert_eq!(permits.under_way(), 0);
    }
}
