//! The character set of a document, and its text.
//!
//! In: octets and the `Content-Type` they came with. Out: [`Decoded`]: text, encoding, and who said so. The order is that of
//! browsers: byte order mark, header, the document's own first 1,024 octets (HTML, 13.2.3.2 and XML declarations), then what
//! the octets look like. Encodings and labels are those of the WHATWG Encoding Standard.
//! Invariant: every octet string decodes; what cannot be decoded becomes U+FFFD and is reported. Tested below.

mod prescan;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

/// Octets that are looked at when nothing is declared and the text is no UTF-8.
const DETECTION_CAP: usize = 256 * 1024;

/// A document's text and how it was read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Decoded<'a> {
    /// The text, without byte order mark.
    pub text: Cow<'a, str>,
    /// The name of the encoding, "UTF-8" or "windows-1252" for example.
    pub encoding: &'static str,
    /// Who said so.
    pub by: By,
    /// True when some octets are not text in this encoding.
    pub had_errors: bool,
    /// The label of the header, else of the document, as written, even when it names no encoding or was overruled.
    pub declared: Option<String>,
}

/// Who decided the encoding.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum By {
    /// A byte order mark.
    Bom,
    /// The `charset` parameter of `Content-Type`.
    Header,
    /// A `meta` element or an XML declaration near the start.
    Meta,
    /// The octets themselves, as nothing was declared.
    Detected,
    /// Nobody: the text is ASCII or empty, and any answer would do.
    Default,
}

/// The text of a document.
pub fn decode<'a>(body: &'a [u8], content_type: Option<&str>) -> Decoded<'a> {
    let header = content_type.and_then(charset_parameter);
    let meta = prescan::declaration(body);
    let meta_encoding = meta.as_ref().and_then(|found| found.encoding);
    let declared = header.clone().or_else(|| meta.and_then(|found| found.label));
    let (encoding, by, body) = if let Some((encoding, mark)) = Encoding::for_bom(body) {
        (encoding, By::Bom, &body[mark..])
    } else if let Some(encoding) = header.as_deref().and_then(|label| Encoding::for_label(label.as_bytes())) {
        (encoding, By::Header, body)
    } else if let Some(encoding) = meta_encoding {
        (encoding, By::Meta, body)
    } else {
        let (encoding, by) = detected(body);
        (encoding, by, body)
    };
    let (text, had_errors) = encoding.decode_without_bom_handling(body);
    Decoded { text, encoding: encoding.name(), by, had_errors, declared }
}

/// The value of the `charset` parameter of a `Content-Type`, quotes and white space taken off; the first one counts.
pub fn charset_parameter(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']).trim();
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_string())
    })
}

/// What octets look like about which nobody said anything. A body that was cut inside a character is still UTF-8.
fn detected(body: &[u8]) -> (&'static Encoding, By) {
    if body.is_ascii() && !body.contains(&0x1B) {
        return (UTF_8, By::Default);
    }
    match std::str::from_utf8(body) {
        Ok(_) => (UTF_8, By::Detected),
        Err(error) if error.error_len().is_none() => (UTF_8, By::Detected),
        Err(_) => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
            detector.feed(&body[..body.len().min(DETECTION_CAP)], true);
            (detector.guess(None, Utf8Detection::Allow), By::Detected)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_mark_goes_before_the_header_before_the_document_before_a_guess() {
        let meta = b"<meta charset=windows-1251>\xE9".as_slice();
        let marked = b"\xEF\xBB\xBF<meta charset=windows-1251>".as_slice();
        for (body, header, encoding, by, declared) in [
            (marked, Some("text/html; charset=iso-8859-1"), "UTF-8", By::Bom, Some("iso-8859-1")),
            (meta, Some("text/html; Charset=\"ISO-8859-1\""), "windows-1252", By::Header, Some("ISO-8859-1")),
            (meta, Some("text/html; charset=nonsense"), "windows-1251", By::Meta, Some("nonsense")),
            (meta, Some("text/html"), "windows-1251", By::Meta, Some("windows-1251")),
            (b"\xFF\xFEa\0", None, "UTF-16LE", By::Bom, None),
            (b"plain", None, "UTF-8", By::Default, None),
            (b"", None, "UTF-8", By::Default, None),
            ("caf\u{e9}".as_bytes(), None, "UTF-8", By::Detected, None),
            (b"caf\xC3", None, "UTF-8", By::Detected, None),
            (
                b"<p>Un caf\xE9 et une cr\xE8me br\xFBl\xE9e, s'il vous pla\xEEt",
                None,
                "windows-1252",
                By::Detected,
                None,
            ),
        ] {
            let got = decode(body, header);
            assert_eq!((got.encoding, got.by, got.declared.as_deref()), (encoding, by, declared), "{body:?}");
        }
    }

    #[test]
    fn text_is_decoded_and_errors_are_told() {
        let read = |body: &'static [u8], header| {
            let got = decode(body, Some(header));
            (got.text.into_owned(), got.had_errors)
        };
        assert_eq!(read(b"caf\xE9", "text/html; charset=latin1"), ("café".into(), false));
        assert_eq!(read(b"caf\xE9", "text/html; charset=utf-8"), ("caf\u{fffd}".into(), true));
        assert_eq!(read(b"\xEF\xBB\xBFa", "text/html"), ("a".into(), false));
    }

    proptest! {
        #[test]
        fn any_octets_decode(body: Vec<u8>, header: Option<String>) {
            decode(&body, header.as_deref());
        }

        #[test]
        fn anything_like_a_declaration_decodes(body in "(<|>|meta|!--|--|/| |charset|=|\"|'|utf-16|content|http-equiv|;|<\\?xml|encoding){0,20}") {
            decode(body.as_bytes(), None);
        }
    }
}
