//! Values as compressed octets.
//!
//! In: anything that serialises. Out: a version octet and deflated JSON (RFC 1951), and back. Invariant: what was packed by a later
//! version is refused, never misread. Tested below.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;

/// The first octet of everything packed.
const VERSION: u8 = 1;

/// A value as octets.
pub(super) fn pack(value: &impl Serialize) -> Vec<u8> {
    deflate(&serde_json::to_vec(value).expect("what is stored is plain data with text keys"))
}

/// The value of octets; `what` names it where it cannot be read.
pub(super) fn unpack<T: DeserializeOwned>(what: &'static str, octets: &[u8]) -> Result<T, StoreError> {
    let broken = |reason: String| StoreError::Broken { what, reason };
    let plain = inflate(octets).map_err(broken)?;
    serde_json::from_slice(&plain).map_err(|error| broken(error.to_string()))
}

/// Octets, smaller.
pub(super) fn deflate(plain: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(vec![VERSION], Compression::best());
    encoder.write_all(plain).and_then(|()| encoder.finish()).expect("memory takes what is written to it")
}

/// The octets that [`deflate`] was given.
pub(super) fn inflate(octets: &[u8]) -> Result<Vec<u8>, String> {
    let Some((&VERSION, deflated)) = octets.split_first() else {
        return Err("it has another version".to_string());
    };
    let mut plain = Vec::new();
    DeflateDecoder::new(deflated).read_to_end(&mut plain).map_err(|error| error.to_string())?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_back_and_what_was_not_is_refused() {
        let value = vec!["a".to_string(), "ü".repeat(1000)];
        let packed = pack(&value);
        assert!(packed.len() < 100);
        assert_eq!(unpack::<Vec<String>>("words", &packed).expect("comes back"), value);
        for octets in [&b""[..], b"\x02abc", b"\x01\xff\xff", &packed[..packed.len() - 3]] {
            assert!(unpack::<Vec<String>>("words", octets).is_err());
        }
    }
}
