//! Content decoding (RFC 9110, 8.4), by us, so that the fields that describe the wire stay visible.
//!
//! In: the octets of the wire and the `Content-Encoding` values. Out: the body, cut at a cap.
//! Invariant: memory is bounded by the cap, however small the bomb, and a bomb is not blown up as far as that: what is
//! more than [`RATIO`] times its wire is no page. Tested below.

use async_compression::tokio::bufread::{BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use async_compression::zstd::DParameter;
use bytes::Bytes;
use tokio::io::{AsyncBufRead, AsyncRead, AsyncReadExt, BufReader};

/// Codings stacked deeper than this are not undone; nobody means them.
const DEEPEST: usize = 3;
/// Octets of a body for each octet of the wire; markup of one repeated row reaches about 200.
const RATIO: u64 = 500;
/// Bodies up to this size may be as thin on the wire as they like.
const HARMLESS: u64 = 1 << 20;
/// The window that a zstd stream of the web may ask for, as a power of two (RFC 9659, 3: 8 MB).
const ZSTD_WINDOW: u32 = 23;

/// A decoded body.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Decoded {
    /// The octets.
    pub(super) body: Bytes,
    /// Whether there were more than the cap.
    pub(super) cut: bool,
}

/// Why a body is not there.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Undecoded {
    /// An unknown coding, too many of them, or octets that are not what the coding promised: one sentence for a person.
    Malformed(String),
    /// A body that is blown up out of a few octets: one sentence for a person.
    Bomb(String),
}

/// Undoes the codings, the last one first.
///
/// # Errors
/// See [`Undecoded`].
pub(super) async fn decode<'a>(
    wire: Bytes,
    codings: impl Iterator<Item = &'a str>,
    cap: u64,
) -> Result<Decoded, Undecoded> {
    let codings: Vec<String> = codings
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty() && name != "identity")
        .collect();
    if codings.len() > DEEPEST {
        return Err(Undecoded::Malformed(format!("{} content codings on top of each other", codings.len())));
    }
    if codings.is_empty() || wire.is_empty() {
        let length = usize::try_from(cap).unwrap_or(usize::MAX).min(wire.len());
        return Ok(Decoded { cut: length < wire.len(), body: wire.slice(..length) });
    }
    if codings.last().is_some_and(|coding| coding == "br") && wants_large_window(&wire) {
        return Err(Undecoded::Malformed("the body asks for a larger window than brotli has on the web".to_string()));
    }
    let most = cap.min((wire.len() as u64).saturating_mul(RATIO).max(HARMLESS));
    let deflate = if is_zlib(&wire) { Deflate::Zlib } else { Deflate::Raw };
    let mut reader: Box<dyn AsyncBufRead + Send + Unpin + 'static> = Box::new(std::io::Cursor::new(wire));
    for coding in codings.iter().rev() {
        reader = undo(reader, coding, deflate).map_err(Undecoded::Malformed)?;
    }
    let mut body = Vec::new();
    let read = reader.take(most.saturating_add(1)).read_to_end(&mut body).await;
    let cut = body.len() as u64 > most;
    if let (Err(cause), false) = (read, cut) {
        return Err(Undecoded::Malformed(format!("the body is not valid {}: {cause}", codings.join(", "))));
    }
    if cut && most < cap {
        return Err(Undecoded::Bomb(format!("the body is more than {RATIO} times as large as its octets on the wire")));
    }
    body.truncate(usize::try_from(cap).unwrap_or(usize::MAX));
    Ok(Decoded { body: body.into(), cut })
}

#[derive(Clone, Copy)]
enum Deflate {
    Zlib,
    Raw,
}

fn undo(
    reader: Box<dyn AsyncBufRead + Send + Unpin>,
    coding: &str,
    deflate: Deflate,
) -> Result<Box<dyn AsyncBufRead + Send + Unpin>, String> {
    let decoder: Box<dyn AsyncRead + Send + Unpin> = match (coding, deflate) {
        ("gzip" | "x-gzip", _) => {
            let mut decoder = GzipDecoder::new(reader);
            decoder.multiple_members(true);
            Box::new(decoder)
        }
        ("br", _) => Box::new(BrotliDecoder::new(reader)),
        ("zstd", _) => Box::new(ZstdDecoder::with_params(reader, &[DParameter::window_log_max(ZSTD_WINDOW)])),
        ("deflate", Deflate::Zlib) => Box::new(ZlibDecoder::new(reader)),
        ("deflate", Deflate::Raw) => Box::new(DeflateDecoder::new(reader)),
        (other, _) => return Err(format!("content coding {other:?} is not known")),
    };
    Ok(Box::new(BufReader::new(decoder)))
}

/// The large windows of later brotli (up to 1 GiB) begin with a code that RFC 7932, 9.1 reserves.
fn wants_large_window(wire: &[u8]) -> bool {
    wire.first().is_some_and(|first| first & 0x7f == 0x11)
}

/// Servers disagree on what "deflate" is; a zlib header (RFC 1950, 2.2) settles it.
fn is_zlib(wire: &[u8]) -> bool {
    matches!(wire, [first, second, ..]
        if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)).is_multiple_of(31))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const TEXT: &[u8] = b"a page, a page, a page, and one more page";

    async fn decoded(wire: Vec<u8>, coding: &str, cap: u64) -> Result<Decoded, Undecoded> {
        decode(wire.into(), [coding].into_iter(), cap).await
    }

    fn gzip(body: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(body).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    }

    fn zlib(body: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(body).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    }

    fn deflate(body: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(body).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    }

    async fn stream(coding: &str, body: &[u8]) -> Vec<u8> {
        use async_compression::tokio::bufread::{BrotliEncoder, ZstdEncoder};
        let mut out = Vec::new();
        match coding {
            "br" => BrotliEncoder::new(body).read_to_end(&mut out).await,
            _ => ZstdEncoder::new(body).read_to_end(&mut out).await,
        }
        .expect("memory takes it");
        out
    }

    #[tokio::test]
    async fn every_coding_gives_the_page_back() {
        let table = [
            (TEXT.to_vec(), ""),
            (TEXT.to_vec(), "identity"),
            (gzip(TEXT), "gzip"),
            (gzip(TEXT), " X-GZIP "),
            (zlib(TEXT), "deflate"),
            (deflate(TEXT), "deflate"),
            (stream("br", TEXT).await, "br"),
            (stream("zstd", TEXT).await, "zstd"),
            (gzip(&gzip(TEXT)), "gzip, gzip"),
        ];
        for (wire, coding) in table {
            let got = decoded(wire, coding, 1000).await;
            assert_eq!(got, Ok(Decoded { body: TEXT.into(), cut: false }), "{coding}");
        }
    }

    #[tokio::test]
    async fn a_bomb_is_cut_at_the_cap() {
        let got = decoded(gzip(&vec![b'a'; 5_000_000]), "gzip", 1_000).await.expect("decodes");
        assert!(got.cut);
        assert_eq!(got.body.len(), 1_000);
    }

    #[tokio::test]
    async fn a_bomb_is_not_blown_up_and_a_long_table_is_a_page() {
        let zeros = vec![0; 8 << 20];
        for (wire, coding) in [
            (gzip(&zeros), "gzip"),
            (stream("br", &zeros).await, "br"),
            (stream("zstd", &zeros).await, "zstd"),
            (gzip(&gzip(&zeros)), "gzip, gzip"),
        ] {
            let got = decoded(wire, coding, 10 << 20).await;
            assert!(matches!(got, Err(Undecoded::Bomb(_))), "{coding}: {:?}", got.map(|got| got.body.len()));
        }
        let rows: String = (0..60_000).map(|n| format!("<tr><td class=\"cell\">{n}<td>same</tr>\n")).collect();
        let got = decoded(gzip(rows.as_bytes()), "gzip", 10 << 20).await.expect("decodes");
        assert_eq!((got.cut, got.body.len()), (false, rows.len()));
    }

    #[tokio::test]
    async fn windows_beyond_what_the_web_agreed_on_are_refused() {
        // A zstd frame header with a window of 128 MB (RFC 8878, 3.1.1.1.2), and brotli's large window of 2^30.
        let zstd = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x88, 0x01, 0x00, 0x00];
        for (wire, coding) in [(zstd, "zstd"), (vec![0x11, 0x1e, 0x00, 0x00, 0x06], "br")] {
            let got = decoded(wire, coding, 1_000).await;
            assert!(matches!(got, Err(Undecoded::Malformed(_))), "{coding}: {got:?}");
        }
    }

    #[tokio::test]
    async fn a_body_that_is_just_as_long_as_the_cap_is_whole() {
        for (wire, coding) in [(TEXT.to_vec(), ""), (gzip(TEXT), "gzip")] {
            let got = decoded(wire, coding, TEXT.len() as u64).await.expect("decodes");
            assert_eq!((got.cut, &got.body[..]), (false, TEXT), "{coding}");
        }
    }

    #[tokio::test]
    async fn what_cannot_be_decoded_is_said() {
        let mut torn = gzip(TEXT);
        torn.truncate(15);
        let table =
            [(TEXT.to_vec(), "gzip"), (torn, "gzip"), (TEXT.to_vec(), "compress"), (vec![1], "gzip, br, zstd, gzip")];
        for (wire, coding) in table {
            assert!(decoded(wire, coding, 1000).await.is_err(), "{coding}");
        }
    }
}
