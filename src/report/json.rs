//! `--format json`: the whole report as one object.
//!
//! In: a report, or the bytes of one. Out: UTF-8 JSON, indented, ending in a line feed; a report again. Tested below and in
//! `tests/it/sinks.rs`.

use std::io::{self, Write};

use super::Report;

/// Writes the report as one JSON object.
///
/// # Errors
/// Only those of the writer.
pub fn json(report: &Report, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, report)?;
    writeln!(out)
}

/// Reads what [`json`] wrote, also where another program has written it again with half of a surrogate pair in it: JSON allows the
/// escape (RFC 8259, section 8.2), no text can hold the character, and it is read as U+FFFD.
///
/// # Errors
/// No JSON, or no report of this version.
pub fn read(mut bytes: Vec<u8>) -> serde_json::Result<Report> {
    mend_surrogates(&mut bytes);
    serde_json::from_slice(&bytes)
}

/// Replaces escapes of lone surrogates; an escape is as long as its replacement.
fn mend_surrogates(bytes: &mut [u8]) {
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'\\')) {
        at += found;
        match (unit(bytes, at), unit(bytes, at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => at += 12,
            (Some(0xd800..=0xdfff), _) => {
                bytes[at + 2..at + 6].copy_from_slice(b"fffd");
                at += 6;
            }
            (Some(_), _) => at += 6,
            (None, _) => at += 2,
        }
    }
}

/// The UTF-16 code unit of the escape (RFC 8259, 7: `\u` and four digits) that begins here.
fn unit(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let all_digits = digits.iter().all(u8::is_ascii_hexdigit);
    let digits = std::str::from_utf8(digits).ok().filter(|_| all_digits)?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_surrogate_pair_is_shown_as_such_and_nothing_else_changes() {
        for (wrote, reads) in [
            (r#""\ud800""#, "\u{fffd}"),
            (r#""a\uDFFFb""#, "a\u{fffd}b"),
            (r#""\ud83d\ude00""#, "\u{1f600}"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\\ud800""#, r"\ud800"),
            (r#""\\\ud800""#, "\\\u{fffd}"),
            (r#""\n\u0041""#, "\nA"),
        ] {
            let mut bytes = wrote.as_bytes().to_vec();
            mend_surrogates(&mut bytes);
            assert_eq!(serde_json::from_slice::<String>(&bytes).expect("that is JSON"), reads, "{wrote}");
        }
    }

    #[test]
    fn what_is_cut_off_is_no_report_and_no_panic() {
        for wrote in ["", "\\", "{\"a\": \"\\u", "{\"a\": \"\\ud8", "\"\\ud800\\"] {
            assert!(read(wrote.as_bytes().to_vec()).is_err(), "{wrote:?}");
        }
    }
}
