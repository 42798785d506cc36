//! Declarations that browsers know and the engine drops, written as ones that it keeps and nothing else uses.
//!
//! In: style as it was written. Out: the same with stand-ins: `background-clip: text` as `border-area`, which no browser draws by default, and
//! the paint of letters and what is skipped as custom properties, which are inherited. Invariant: it ends on any text, changes nothing
//! in strings and comments that anybody shows, and leaves text without such declarations as it is. Tested below and in `measure.rs`.

use std::borrow::Cow;

/// The colour that letters are filled with (Compatibility Standard, 4.5).
pub(super) const FILL: &str = "audit-text-fill";
/// The line around letters (Compatibility Standard, 4.6).
pub(super) const STROKE: &str = "audit-text-stroke";
/// Whether what is inside is laid out at all (CSS Containment 2, 4).
pub(super) const SKIPPED: &str = "audit-content-visibility";

/// Properties, and the custom ones that stand in for them.
const OTHERS: [(&str, &str); 5] = [
    ("-webkit-text-fill-color", FILL),
    ("-webkit-text-stroke", STROKE),
    ("-webkit-text-stroke-width", STROKE),
    ("-webkit-text-stroke-color", "audit-text-stroke-color"),
    ("content-visibility", SKIPPED),
];

/// Puts the stand-ins in.
pub(super) fn put_in(style: &str) -> Cow<'_, str> {
    const HINTS: [&str; 3] = ["background", "-webkit-text-", "content-visibility"];
    let mut found: Vec<usize> = HINTS.iter().flat_map(|hint| style.match_indices(hint)).map(|(at, _)| at).collect();
    found.sort_unstable();
    let mut put = String::new();
    let mut from = 0;
    for at in found {
        let Some(Property { start, name, value }) = property(style, at).filter(|property| property.start >= from)
        else {
            continue;
        };
        if let Some((_, instead)) = OTHERS.iter().find(|(property, _)| *property == name) {
            put.extend([&style[from..start], "--", instead]);
            from = start + name.len();
        } else if matches!(name, "background" | "background-clip" | "-webkit-background-clip") {
            let Some(end) = end(style, value) else { continue };
            let text = words(&style[value..end]).find(|(_, word)| word.eq_ignore_ascii_case("text"));
            let Some((offset, word)) = text else { continue };
            put.extend([&style[from..value + offset], "border-area"]);
            from = value + offset + word.len();
        }
    }
    if from == 0 {
        return Cow::Borrowed(style);
    }
    put.push_str(&style[from..]);
    Cow::Owned(put)
}

/// A property where it is declared, or where a browser is asked whether it knows it.
struct Property<'s> {
    start: usize,
    name: &'s str,
    /// Where its value begins.
    value: usize,
}

/// The property of which a part of the name stands at a place.
fn property(style: &str, at: usize) -> Option<Property<'_>> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let bytes = style.as_bytes();
    let start = bytes[..at].iter().rposition(|byte| !is_name(*byte)).map_or(0, |before| before + 1);
    let length = bytes[start..].iter().position(|byte| !is_name(*byte))?;
    let after = style[start + length..].trim_start();
    after.starts_with(':').then(|| Property {
        start,
        name: &style[start..start + length],
        value: style.len() - after.len() + 1,
    })
}

/// Where the value that begins at a place ends; none for what is no value, because a block follows.
fn end(style: &str, from: usize) -> Option<usize> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, byte) in style.bytes().enumerate().skip(from) {
        match (quote, byte) {
            (Some(open), _) if byte == open || byte == b'\n' => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(') => depth += 1,
            (None, b')') if depth > 0 => depth -= 1,
            (None, b'{') => return None,
            (None, b';' | b'}' | b')') => return Some(at),
            (None, _) => {}
        }
    }
    Some(style.len())
}

/// The words of a value that stand outside brackets and strings, and where.
fn words(value: &str) -> impl Iterator<Item = (usize, &str)> {
    let (mut depth, mut quote, mut start) = (0_usize, None, None);
    let mut found = Vec::new();
    for (at, byte) in value.bytes().chain([b' ']).enumerate() {
        let is_plain = quote.is_none() && depth == 0;
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(') => depth += 1,
            (None, b')') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
        let is_letter = is_plain && (byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') || byte >= 0x80);
        match (start, is_letter) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                found.push((from, &value[from..at]));
                start = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_engine_drops_stands_there_under_another_name() {
        for (style, wanted) in [
            ("p{color:red;background:#fff}", None),
            ("p{background-clip:text}", Some("p{background-clip:border-area}")),
            (
                "p{-webkit-background-clip : text ;color:red}",
                Some("p{-webkit-background-clip : border-area ;color:red}"),
            ),
            (
                "p{background:linear-gradient(red,blue) TEXT!important}",
                Some("p{background:linear-gradient(red,blue) border-area!important}"),
            ),
            ("p{background:url(text) var(--text)}", None),
            ("p{background:\"text\";color:text}", None),
            (".background-clip .text{color:red}", None),
            (".a:hover .background:not(.text) text{color:red}", None),
            (
                "-webkit-text-fill-color:transparent;-webkit-text-stroke:1px red",
                Some("--audit-fill:transparent;--audit-stroke:1px red"),
            ),
            (
                "@supports (background-clip:text){p{content-visibility:hidden}}",
                Some("@supports (background-clip:border-area){p{--audit-content-visibility:hidden}}"),
            ),
            ("p{background-clip", None),
            ("p{background-clip:", None),
            ("p{background:'\u{e4}text", None),
        ] {
            let wanted = wanted
                .map(|text| text.replace("audit-fill", "audit-text-fill").replace("audit-stroke", "audit-text-stroke"));
            let got = put_in(style);
            assert_eq!(got, wanted.as_deref().unwrap_or(style), "{style}");
        }
    }
}
