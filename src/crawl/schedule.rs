//! Whose turn it is: a heap of hosts by the moment each may be asked.
//!
//! In: hosts with work and their moments. Out: the next host, or how long to sleep. Pure: every instant is an argument.
//! Invariant: a host waits here and nowhere else, so nobody holds a permit for it meanwhile. Tested below.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tokio::time::Instant;

/// A host of this run, by number.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) struct HostId(pub(super) u32);

/// The hosts that have work, by the moment each may be asked.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    heap: BinaryHeap<Reverse<(Instant, u64, HostId)>>,
    listed: Vec<Option<Instant>>,
    order: u64,
}

impl Schedule {
    /// Lists a host for a moment; an earlier listing of it is forgotten.
    pub(super) fn list(&mut self, host: HostId, at: Instant) {
        let index = host.0 as usize;
        if self.listed.len() <= index {
            self.listed.resize(index + 1, None);
        }
        if self.listed[index] == Some(at) {
            return;
        }
        self.listed[index] = Some(at);
        self.order += 1; // hosts that became ready together take turns in the order they were listed
        self.heap.push(Reverse((at, self.order, host)));
    }

    /// Takes a host off the list.
    pub(super) fn forget(&mut self, host: HostId) {
        if let Some(listed) = self.listed.get_mut(host.0 as usize) {
            *listed = None;
        }
    }

    /// The next host whose moment has come; it must be listed again to get another turn.
    pub(super) fn take(&mut self, now: Instant) -> Option<HostId> {
        if self.next()? > now {
            return None;
        }
        let Reverse((_, _, host)) = self.heap.pop()?;
        self.listed[host.0 as usize] = None;
        Some(host)
    }

    /// The moment of the next host.
    pub(super) fn next(&mut self) -> Option<Instant> {
        loop {
            let Reverse((at, _, host)) = *self.heap.peek()?;
            if self.listed[host.0 as usize] == Some(at) {
                return Some(at);
            }
            self.heap.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn hosts_come_in_the_order_of_their_moments_and_only_once() {
        let now = Instant::now();
        let at = |n| now + Duration::from_secs(n);
        let mut schedule = Schedule::default();
        schedule.list(HostId(0), at(3));
        schedule.list(HostId(1), at(1));
        schedule.list(HostId(2), at(2));
        schedule.list(HostId(0), at(1)); // moved forward; ties keep the order of listing
        assert_eq!(schedule.take(now), None);
        assert_eq!(schedule.next(), Some(at(1)));
        let order: Vec<_> = std::iter::from_fn(|| schedule.take(at(9))).collect();
        assert_eq!(order, [HostId(1), HostId(0), HostId(2)]);
        assert_eq!(schedule.next(), None);
    }

    #[test]
    fn a_forgotten_host_does_not_come() {
        let now = Instant::now();
        let mut schedule = Schedule::default();
        schedule.list(HostId(0), now);
        schedule.forget(HostId(0));
        assert_eq!(schedule.take(now), None);
    }
}
