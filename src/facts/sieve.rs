//! A quick no: whether something may be among many things.
//!
//! In: texts, as hashes. Out: false when it is not among them, true when it may be. Invariant: what was added is never denied.
//! Tested below.

use std::hash::Hasher;

/// A set of hashes that says no to most of what is not in it, and never to what is.
#[derive(Debug)]
pub(super) struct Sieve {
    /// A power of two of words; a bit for each hash.
    bits: Vec<u64>,
}

impl Sieve {
    /// For about so many things: eight bits for each leave seven in eight unset.
    pub(super) fn of(things: usize) -> Self {
        Self { bits: vec![0; (things / 8).next_power_of_two().max(16)] }
    }

    pub(super) fn add(&mut self, hash: u64) {
        let (at, bit) = self.place(hash);
        self.bits[at] |= bit;
    }

    pub(super) fn may_have(&self, hash: u64) -> bool {
        let (at, bit) = self.place(hash);
        self.bits[at] & bit != 0
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        let mixed = hash ^ hash >> 29;
        ((mixed >> 6) as usize & (self.bits.len() - 1), 1 << (mixed & 63))
    }
}

/// The same for tables whose keys are ours: who asks with other words gains nothing.
#[derive(Clone, Debug)]
pub(in crate::facts) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(hash(&[]))
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 32;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// FNV-1a: short texts, and nobody gains by making two of them alike.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_never_denied_and_most_of_the_rest_is() {
        let name = |number: u32| hash(format!("thing {number}").as_bytes());
        let mut sieve = Sieve::of(1_000);
        (0..1_000).for_each(|number| sieve.add(name(number)));
        assert!((0..1_000).all(|number| sieve.may_have(name(number))));
        let denied = (1_000..2_000).filter(|number| !sieve.may_have(name(*number))).count();
        assert!(denied > 800, "{denied}");
    }
}
