//! Whether this process may still ask its hosts: the others take it for dead when it has not been heard of for too long.
//!
//! In: each moment the database was reached, and the wish to end. Out: yes or no. Invariant: it is lost well before another worker takes over,
//! so that a host is never asked by two. Tested below.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Of the time after which a silent worker counts as dead, the share after which it stops by itself.
const SHARE: f64 = 0.7;

/// The right to ask hosts; clones are the same right.
#[derive(Clone, Debug)]
pub(super) struct Lease(Arc<Held>);

#[derive(Debug)]
struct Held {
    begun: Instant,
    /// Milliseconds after the beginning.
    heard: AtomicU64,
    most: Duration,
    ended: AtomicBool,
}

impl Lease {
    /// A lease of a worker that counts as dead after `dead_after` without a sign of life.
    pub(super) fn of(dead_after: Duration) -> Self {
        let most = dead_after.mul_f64(SHARE);
        Self(Arc::new(Held { begun: Instant::now(), heard: AtomicU64::new(0), most, ended: AtomicBool::new(false) }))
    }

    /// The database was reached by a sign of life that was begun at this moment.
    pub(super) fn renew(&self, moment: Instant) {
        let age = moment.saturating_duration_since(self.0.begun).as_millis();
        self.0.heard.fetch_max(u64::try_from(age).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Somebody wants this process to end.
    pub(super) fn end(&self) {
        self.0.ended.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_ended(&self) -> bool {
        self.0.ended.load(Ordering::Relaxed)
    }

    /// True when hosts may not be asked any more.
    pub(super) fn is_lost(&self) -> bool {
        self.is_lost_at(Instant::now())
    }

    fn is_lost_at(&self, now: Instant) -> bool {
        let heard = self.0.begun + Duration::from_millis(self.0.heard.load(Ordering::Relaxed));
        now.saturating_duration_since(heard) > self.0.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_is_lost_before_others_take_over_and_comes_back() {
        let lease = Lease::of(Duration::from_secs(10));
        let begun = lease.0.begun;
        for (renewed, now, lost) in
            [(0, 6, false), (0, 8, true), (8, 14, false), (8, 16, true), (4, 16, true), (16, 17, false)]
        {
            lease.renew(begun + Duration::from_secs(renewed));
            assert_eq!(lease.is_lost_at(begun + Duration::from_secs(now)), lost, "heard at {renewed}, now {now}");
        }
    }
}
