//! Declarations: `property: value !important`, one after another.
//!
//! In: what stands in a `style` attribute or between braces. Out: property, value and whether it is important (CSS Syntax 3, 5.4.6).
//! Invariant: strings, brackets and comments hide what would end a declaration. Tested below.

/// One declaration.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Declaration {
    /// The property, lower case.
    pub property: String,
    /// The value as written, without what says that it is important.
    pub value: String,
    /// True when it says `!important`.
    pub important: bool,
}

/// The declarations of a `style` attribute, in order; of several of one property that are alike in force, the last counts.
pub fn of_attribute(style: &str) -> Vec<Declaration> {
    split(style)
        .map(|(property, value, important)| Declaration {
            property: property.to_ascii_lowercase(),
            value: value.to_string(),
            important,
        })
        .collect()
}

/// Property, value and force of each declaration.
pub(super) fn split(style: &str) -> impl Iterator<Item = (&str, &str, bool)> {
    pieces(style, b';').filter_map(|piece| {
        let (property, value) = after_comments(piece).split_once(':')?;
        let (value, important) = match value.rsplit_once('!') {
            Some((value, flag)) if flag.trim().eq_ignore_ascii_case("important") => (value, true),
            Some(_) | None => (value, false),
        };
        let (property, value) = (property.trim(), value.trim());
        let is_name = !property.is_empty() && property.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        (is_name && !value.is_empty()).then_some((property, value, important))
    })
}

fn after_comments(piece: &str) -> &str {
    let mut rest = piece.trim_start();
    while let Some(comment) = rest.strip_prefix("/*") {
        rest = comment.split_once("*/").map_or("", |(_, after)| after).trim_start();
    }
    rest
}

/// A text cut at a sign that stands outside strings, brackets and comments.
pub(super) fn pieces(text: &str, sign: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = outside(text, |byte| byte == sign);
        rest = end.map(|end| &text[end + 1..]);
        Some(end.map_or(text, |end| &text[..end]))
    })
}

/// Where the first wanted sign stands outside strings, brackets and comments.
pub(super) fn outside(text: &str, wanted: impl Fn(u8) -> bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut quote) = (0, 0_u32, None);
    while at < bytes.len() {
        let byte = bytes[at];
        match (quote, byte) {
            (_, b'\\') => at += 1,
            (Some(open), _) if byte == open || byte == b'\n' => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'/') if bytes.get(at + 1) == Some(&b'*') => {
                at += 2 + text.get(at + 2..).and_then(|rest| rest.find("*/")).map_or(bytes.len(), |end| end + 1);
            }
            (None, _) if depth == 0 && wanted(byte) => return Some(at),
            (None, b'(' | b'[') => depth += 1,
            (None, b')' | b']') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_told_apart() {
        for (style, wanted) in [
            ("color:red", vec![("color", "red", false)]),
            ("COLOR : Red ! important ;", vec![("color", "Red", true)]),
            ("a:b;;c:d", vec![("a", "b", false), ("c", "d", false)]),
            ("background:url(a;b.png);c:';'", vec![("background", "url(a;b.png)", false), ("c", "';'", false)]),
            ("/* a:b; */ c:d", vec![("c", "d", false)]),
            ("color", vec![]),
            ("color:", vec![]),
            ("a:b /* ; */ ;c:d\\", vec![("a", "b /* ; */", false), ("c", "d\\", false)]),
        ] {
            let got = of_attribute(style);
            let got: Vec<_> = got.iter().map(|d| (d.property.as_str(), d.value.as_str(), d.important)).collect();
            assert_eq!(got, wanted, "{style}");
        }
    }
}
