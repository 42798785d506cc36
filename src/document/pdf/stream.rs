//! Streams, decoded within a bound.
//!
//! In: a stream. Out: its octets, or nothing. Invariant: what one compression filter gives is never more than [`MOST`] octets here;
//! rarer chains of filters are left to the library, and the memory of the child process bounds those. Tested in
//! `tests/it/documents.rs`.

use flate2::bufread::ZlibDecoder;
use hayro_syntax::Filter;
use hayro_syntax::object::{Dict, Stream};
use std::io::Read;

/// The most octets of one stream.
pub(super) const MOST: u64 = 16 << 20;

/// The decoded octets; `None` for images, for what is broken from the start and for what is larger than [`MOST`].
pub(super) fn decoded(stream: &Stream<'_>) -> Option<Vec<u8>> {
    let filters = stream.filters();
    if filters.is_empty() {
        return Some(stream.raw_data().into_owned()).filter(|data| data.len() as u64 <= MOST);
    }
    let plain = !stream.dict().contains_key("DecodeParms")
        || stream.dict().get::<Dict<'_>>("DecodeParms").is_some_and(|parms| parms.is_empty());
    if let ([Filter::FlateDecode], true) = (&filters[..], plain) {
        return inflated(&stream.raw_data());
    }
    let decoded = stream.decoded_data().ok()?.into_owned();
    (decoded.len() as u64 <= MOST).then_some(decoded)
}

/// What is there before an error counts: readers show it, too.
fn inflated(data: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let read = ZlibDecoder::new(data).take(MOST + 1).read_to_end(&mut out);
    let some = read.is_ok() || !out.is_empty();
    (some && out.len() as u64 <= MOST).then_some(out)
}
