//! What the pages that are being judged weigh together.
//!
//! In: the octets of each page, for as long as it is judged. Out: whether there is room for another. Invariant: what was taken is given back,
//! however judging ends. Held by `hostile::program::memory_stays_bounded_whatever_is_sent` in `tests/it`, and below.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Octets of pages that may be judged at once; one page more is always taken. A document takes some fifty times the octets of its page.
const ROOM: u64 = 8 << 20;

/// The octets of all pages that are being judged.
#[derive(Clone, Debug, Default)]
pub(super) struct Burden(Arc<AtomicU64>);

/// The octets of one of them, until it is dropped.
#[derive(Debug)]
pub(super) struct Load(Burden, u64);

impl Burden {
    /// Takes a page up.
    pub(super) fn take(&self, octets: usize) -> Load {
        let octets = octets as u64;
        self.0.fetch_add(octets, Ordering::Relaxed);
        Load(self.clone(), octets)
    }

    /// Whether another page may be taken up.
    pub(super) fn has_room(&self) -> bool {
        self.0.load(Ordering::Relaxed) < ROOM
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.0.0.fetch_sub(self.1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_page_is_taken_alone_and_small_ones_together() {
        let burden = Burden::default();
        let small: Vec<Load> = (0..64).map(|_| burden.take(100_000)).collect();
        assert!(burden.has_room());
        let large = burden.take(10 << 20);
        assert!(!burden.has_room());
        drop(small);
        assert!(!burden.has_room());
        drop(large);
        assert!(burden.has_room());
    }
}
