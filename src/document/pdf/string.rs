//! Text strings (ISO 32000-2, 7.9.2.2): UTF-16 or UTF-8 with a byte order mark, else PDFDocEncoding.
//!
//! In: octets of a string object. Out: text without control characters. Invariant: any octets give some text. Tested below.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use hayro_syntax::object::String as Octets;

/// The text of a string object, trimmed.
pub(super) fn text(octets: &Octets<'_>) -> String {
    decoded(octets.as_bytes()).trim().to_string()
}

/// The text of the octets of a string.
pub(super) fn decoded(octets: &[u8]) -> String {
    let text = match octets {
        [0xfe, 0xff, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest).0,
        [0xff, 0xfe, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest).0,
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        // PDFDocEncoding differs from it in some dozen signs that no title turns on.
        plain => WINDOWS_1252.decode_without_bom_handling(plain).0,
    };
    text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_read_in_the_encoding_they_name() {
        for (octets, text) in [
            (&b"Annual report"[..], "Annual report"),
            (b"\xfe\xff\0\xe9\0t\0\xe9", "\u{e9}t\u{e9}"),
            (b"\xef\xbb\xbf\xc3\xa9", "\u{e9}"),
            (b"caf\xe9\0", "caf\u{e9}"),
            (b"\xfe\xff\0", "\u{fffd}"),
        ] {
            assert_eq!(decoded(octets), text);
        }
    }
}
