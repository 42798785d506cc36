//! An address in sixteen octets.
//!
//! In: canonical addresses. Out: keys for sets of millions of them. Two addresses share a key with a chance of 2^-128
//! each pair. Tested through the frontier.

use url::Url;

/// Stands for one address, pattern or body.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) struct Key(u128);

impl Key {
    /// The key of a canonical address.
    pub(super) fn of(url: &Url) -> Self {
        Self::of_bytes(url.as_str().as_bytes())
    }

    /// The same for whoever keeps it elsewhere.
    pub(super) fn octets(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }

    /// The key of any octets.
    pub(super) fn of_bytes(bytes: &[u8]) -> Self {
        let hash = blake3::hash(bytes);
        let (half, _) = hash.as_bytes().split_first_chunk::<16>().expect("a hash has 32 octets");
        Self(u128::from_le_bytes(*half))
    }
}
