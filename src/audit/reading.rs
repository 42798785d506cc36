//! What was read of a page or a site, as octets: for a run that goes on where it was killed.
//!
//! In: a [`Reading`], or other plain data. Out: octets, and back. Invariant: octets of another version are no reading, and the page is judged anew.
//! Tested below.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::judging::Reading;

/// The first octet.
const VERSION: u8 = 3;

/// A reading as octets.
pub(super) fn octets(reading: &Reading) -> Vec<u8> {
    packed(reading)
}

/// Plain data as octets.
pub(super) fn packed(value: &impl Serialize) -> Vec<u8> {
    let plain = serde_json::to_vec(value).expect("what is kept is plain data with text keys");
    let mut encoder = DeflateEncoder::new(vec![VERSION], Compression::fast());
    encoder.write_all(&plain).and_then(|()| encoder.finish()).expect("memory takes what is written to it")
}

/// The reading of octets.
pub(super) fn reading(octets: &[u8]) -> Option<Reading> {
    unpacked(octets)
}

/// The data of octets.
pub(super) fn unpacked<T: DeserializeOwned>(octets: &[u8]) -> Option<T> {
    let (&VERSION, deflated) = octets.split_first()? else { return None };
    let mut plain = Vec::new();
    DeflateDecoder::new(deflated).read_to_end(&mut plain).ok()?;
    serde_json::from_slice(&plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::{Problem, ProblemKind};

    #[test]
    fn a_reading_comes_back_and_another_version_is_none() {
        let problem = Problem { url: "x".to_string(), kind: ProblemKind::TooComplex, detail: "deep".to_string() };
        let before = Reading { problem: Some(problem.clone()), ..Reading::default() };
        let octets = octets(&before);
        assert_eq!(reading(&octets).expect("comes back").problem, Some(problem));
        assert!(reading(&[&[9], &octets[1..]].concat()).is_none());
        assert!(reading(&octets[..octets.len() - 1]).is_none());
    }
}
