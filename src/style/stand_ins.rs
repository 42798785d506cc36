//! Declarations and states that browsers know and the engine does not, written as ones that it keeps and nothing else uses.
//!
//! In: style as it was written. Out: the same with stand-ins: `background-clip: text` as `border-area`, which no browser draws by default;
//! the paint of letters and what is skipped as custom properties, which are inherited; states as attributes, which elements are
//! marked with. Invariant: it ends on any text, and leaves text without such declarations and states as it is. Tested below and in
//! `measure.rs`.

use std::borrow::Cow;

use crate::html::Element;

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

/// What an element is marked as, and the state of it that the engine does not keep.
const BLANK: &str = "audit-blank";
const WRITABLE: &str = "audit-writable";
const UNKNOWN: &str = "audit-unknown";

/// States that the engine does not keep or know, and what stands in for them, of the same weight. One that it does not know would take
/// the whole list of selectors with it.
const STATES: [(&str, &str); 15] = [
    ("placeholder-shown", "[audit-blank]"),
    ("read-write", "[audit-writable]"),
    ("read-only", ":not([audit-writable])"),
    ("defined", ":not([audit-unknown])"),
    ("open", "[open]"),
    ("-webkit-any", ":is"),
    ("-webkit-autofill", "[audit-never]"),
    ("autofill", "[audit-never]"),
    ("user-valid", "[audit-never]"),
    ("user-invalid", "[audit-never]"),
    ("popover-open", "[audit-never]"),
    ("modal", "[audit-never]"),
    ("fullscreen", "[audit-never]"),
    ("-webkit-full-screen", "[audit-never]"),
    ("picture-in-picture", "[audit-never]"),
];

/// The marks of an element, for the states that stand-ins ask for (HTML, 4.16.3; Selectors 4, 13).
pub(super) fn marks(element: &Element<'_>) -> impl Iterator<Item = &'static str> {
    const OTHERS: [&str; 10] =
        ["checkbox", "radio", "button", "submit", "reset", "image", "file", "color", "range", "hidden"];
    let is = |name: &str| element.is_html() && element.name() == name;
    let is_other = || {
        let kind = element.attr("type").unwrap_or_default();
        OTHERS.iter().any(|other| kind.eq_ignore_ascii_case(other))
    };
    let is_text = is("textarea") || is("input") && !is_other();
    let is_free = || !element.has_attr("readonly") && !element.has_attr("disabled");
    let is_edited = element.attr("contenteditable").is_some_and(|value| !value.eq_ignore_ascii_case("false"));
    let is_empty =
        || if is("textarea") { element.text().is_empty() } else { element.attr("value").is_none_or(str::is_empty) };
    let is_blank = is_text && element.attr("placeholder").is_some_and(|words| !words.is_empty()) && is_empty();
    let is_unknown = element.is_html() && element.name().contains('-');
    let all = [(is_blank, BLANK), (is_text && is_free() || is_edited, WRITABLE), (is_unknown, UNKNOWN)];
    all.into_iter().filter(|(is_so, _)| *is_so).map(|(_, mark)| mark)
}

/// Puts the stand-ins in a sheet.
pub(super) fn put_in_sheet(css: &str) -> Cow<'_, str> {
    let mut put = String::new();
    let mut from = 0;
    for (at, _) in css.match_indices(':') {
        let bytes = css.as_bytes();
        let is_double = bytes.get(at + 1) == Some(&b':') || at > 0 && bytes[at - 1] == b':';
        let rest = &css[at + 1..];
        let end = rest.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'-')).unwrap_or(rest.len());
        let Some((state, instead)) = STATES.iter().find(|(state, _)| *state == &rest[..end]).filter(|_| !is_double)
        else {
            continue;
        };
        put.extend([&css[from..at], instead]);
        from = at + 1 + state.len();
    }
    if from == 0 {
        return put_in(css);
    }
    put.push_str(&css[from..]);
    Cow::Owned(put_in(&put).into_owned())
}

/// Puts the stand-ins of declarations in.
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
    fn states_that_the_engine_does_not_keep_are_attributes() {
        for (css, wanted) in [
            ("a:hover{color:red}", "a:hover{color:red}"),
            ("input:not(:placeholder-shown)~p{}", "input:not([audit-blank])~p{}"),
            ("x-a:not(:defined),p:read-only{}", "x-a:not(:not([audit-unknown])),p:not([audit-writable]){}"),
            ("a:-webkit-any(b,c),i:-webkit-autofill{}", "a:is(b,c),i[audit-never]{}"),
            ("p::placeholder-shown,p:opened,:open{}", "p::placeholder-shown,p:opened,[open]{}"),
            ("p:open", "p[open]"),
            (":modal{background-clip:text}", "[audit-never]{background-clip:border-area}"),
        ] {
            assert_eq!(put_in_sheet(css), wanted, "{css}");
        }
    }

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
