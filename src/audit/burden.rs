//! What the pages that are being judged weigh together.
//!
//! In: the octets of each page, for as long as it is judged. Out: leave to judge it, when there is room. Invariants: a page larger than the room
//! is judged alone; what was taken is given back, however judging ends. Held by `hostile::program::memory_stays_bounded_whatever_is_sent` in
//! `tests/it`, and below.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Octets of pages that may be judged at once. A document takes some fifty times the octets of its page.
const ROOM: u32 = 8 << 20;

/// The octets of all pages that are being judged.
#[derive(Clone, Debug)]
pub(super) struct Burden(Arc<Semaphore>);

impl Default for Burden {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(ROOM as usize)))
    }
}

impl Burden {
    /// Takes a page up, when there is room; it weighs until what is given is dropped.
    pub(super) async fn take(&self, octets: usize) -> OwnedSemaphorePermit {
        let weight = u32::try_from(octets).unwrap_or(ROOM).min(ROOM);
        self.0.clone().acquire_many_owned(weight).await.expect("nobody closes it")
    }

    /// Whether another page may be taken up, if it is small.
    pub(super) fn has_room(&self) -> bool {
        self.0.available_permits() > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[test]
    fn a_large_page_is_judged_alone_and_small_ones_together() {
        let burden = Burden::default();
        let take = |octets| burden.take(octets).now_or_never();
        let small: Vec<_> = (0..64).map(|_| take(100_000).expect("there is room")).collect();
        assert!(burden.has_room() && take(10 << 20).is_none());
        drop(small);
        let large = take(10 << 20).expect("it is alone");
        assert!(!burden.has_room() && take(1).is_none());
        drop(large);
        assert!(burden.has_room() && take(0).is_some());
    }
}
