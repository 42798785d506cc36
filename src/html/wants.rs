//! What an element needs at least for a selector to find it.
//!
//! In: the text of a selector that compiles. Out: [`Wants`]: for each alternative of the list the names, ids, classes and
//! attributes that its last compound asks for. Invariant: where the text is not understood nothing is wanted, so that every
//! element is looked at; too little is slow, too much would be wrong. Tested here, and on random documents in `find.rs`.

use super::index::Key;

/// The alternatives of a selector list; an element that it finds has all keys of at least one of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Wants {
    /// Any element might be found.
    Anything,
    /// One of these.
    OneOf(Vec<Vec<Key>>),
}

impl Wants {
    pub(super) fn of(text: &str) -> Self {
        // Escapes and comments are rare enough to be looked for in every element.
        if text.contains('\\') || text.contains("/*") {
            return Self::Anything;
        }
        let Some(found) = alternatives(text) else { return Self::Anything };
        // `[class*=a], [class*=b]` wants the same twice.
        let mut apart: Vec<Vec<Key>> = Vec::with_capacity(found.len());
        found.into_iter().for_each(|keys| {
            if !apart.contains(&keys) {
                apart.push(keys)
            }
        });
        Self::OneOf(apart)
    }
}

/// A selector list for what must be somewhere on a page, where the last compound of a selector asks for something inside
/// (`:has()`); `None` where it does not.
pub(super) fn inside(text: &str) -> Option<String> {
    if text.contains('\\') || text.contains("/*") || text.contains(":scope") {
        return None;
    }
    let list = split(text, |byte| byte == b',');
    let [complex] = list.as_slice() else { return None };
    let compound = last_compound(complex)?;
    let [_, after] = split_once_outside(compound, ":has")?;
    let (relative, _) = bracket(after)?;
    let lasts: Option<Vec<&str>> = split(relative, |byte| byte == b',').into_iter().map(last_compound).collect();
    Some(lasts?.join(", "))
}

/// The parts before and after a mark that stands in no bracket and no string.
fn split_once_outside<'a>(text: &'a str, mark: &str) -> Option<[&'a str; 2]> {
    let at = text.match_indices(mark).map(|(at, _)| at).find(|at| closes(&text[..*at]))?;
    Some([&text[..at], &text[at + mark.len()..]])
}

/// True when every bracket is closed, as far as can be said without reading strings.
fn closes(text: &str) -> bool {
    let count = |wanted: &[char]| text.matches(wanted).count();
    !text.contains(['"', '\'']) && count(&['(', '[']) == count(&[')', ']'])
}

pub(super) fn last_compound(complex: &str) -> Option<&str> {
    let is_combinator = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'+' | b'~');
    split(complex.trim(), is_combinator).pop().filter(|compound| !compound.is_empty())
}

/// `None` when one of them wants nothing.
fn alternatives(list: &str) -> Option<Vec<Vec<Key>>> {
    let mut all = Vec::new();
    for complex in split(list, |byte| byte == b',') {
        all.extend(keys(last_compound(complex)?)?);
    }
    Some(all)
}

/// The parts between separators that stand in no bracket and no string.
pub(super) fn split(text: &str, is_separator: impl Fn(u8) -> bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut quote) = (0, 0_u32, None);
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(' | b'[') => depth += 1,
            (None, b')' | b']') => depth = depth.saturating_sub(1),
            (None, _) if depth == 0 && is_separator(byte) => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            (None, _) => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// The alternatives of a compound: one, or those of its `:is()` where it asks for nothing else.
fn keys(compound: &str) -> Option<Vec<Vec<Key>>> {
    let mut keys = Vec::new();
    let mut inner = None;
    let mut rest = compound;
    while let Some(first) = rest.chars().next() {
        match first {
            '*' => rest = &rest[1..],
            '#' => {
                let (id, after) = identifier(&rest[1..]);
                keys.push(Key::id(id));
                rest = after;
            }
            '.' => {
                let (class, after) = identifier(&rest[1..]);
                keys.push(Key::class(class));
                rest = after;
            }
            '[' => {
                let (inside, after) = bracket(rest)?;
                keys.extend(attribute(inside));
                rest = after;
            }
            ':' => {
                let (name, after) = identifier(&rest[1..]);
                let (inside, after) = if after.starts_with('(') { bracket(after)? } else { ("", after) };
                if matches!(name, "is" | "where") {
                    inner = inner.or(Some(inside));
                }
                rest = after;
            }
            _ => {
                let (name, after) = identifier(rest);
                // An empty name is a mark that is not known here, such as that of a namespace.
                if name.is_empty() || after.starts_with('|') {
                    return None;
                }
                // SVG keeps its capitals, HTML drops them: such a name wants nothing.
                keys.extend(is_plain(name).then(|| Key::name(name)));
                rest = after;
            }
        }
    }
    match (keys.is_empty(), inner) {
        (false, _) => Some(vec![keys]),
        (true, Some(inner)) => alternatives(inner),
        (true, None) => None,
    }
}

/// The attribute that must be there, by what stands between the brackets.
fn attribute(inside: &str) -> Option<Key> {
    let (name, after) = identifier(inside.trim_start());
    let after = after.trim_start();
    let is_whole = after.is_empty() || after.starts_with(['=', '~', '^', '$', '*']) || after.starts_with("|=");
    (is_whole && is_plain(name)).then(|| Key::attribute(name))
}

pub(super) fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.bytes().any(|byte| byte.is_ascii_uppercase())
}

pub(super) fn identifier(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && c != '-' && c != '_');
    text.split_at(end.unwrap_or(text.len()))
}

/// What stands in the bracket that the text begins with, and what comes after it.
pub(super) fn bracket(text: &str) -> Option<(&str, &str)> {
    let (mut depth, mut quote) = (0_u32, None);
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(' | b'[') => depth += 1,
            (None, b')' | b']') => {
                depth -= 1;
                if depth == 0 {
                    return Some((&text[1..at], &text[at + 1..]));
                }
            }
            (None, _) => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_compound_of_each_alternative_says_what_is_wanted() {
        let (name, id, class, attribute) = (Key::name, Key::id, Key::class, Key::attribute);
        for (selector, wanted) in [
            ("a", vec![vec![name("a")]]),
            ("nav > a[href]", vec![vec![name("a"), attribute("href")]]),
            ("a , #x.y", vec![vec![name("a")], vec![id("x"), class("y")]]),
            ("ul li:not(:has(a, b))", vec![vec![name("li")]]),
            ("[a='],['] *.b", vec![vec![class("b")]]),
            ("html[lang|=\"es\" i]", vec![vec![name("html"), attribute("lang")]]),
            (":is(main, [role=main i] p)", vec![vec![name("main")], vec![name("p")]]),
            ("a:where(.b, .c)", vec![vec![name("a")]]),
            ("b:nth-child(2n + 1)", vec![vec![name("b")]]),
            ("linearGradient.x", vec![vec![class("x")]]),
            ("[viewBox].x", vec![vec![class("x")]]),
            ("li:first-child~li", vec![vec![name("li")]]),
        ] {
            assert_eq!(Wants::of(selector), Wants::OneOf(wanted), "{selector}");
        }
    }

    #[test]
    fn what_must_be_inside_is_what_its_last_compounds_find() {
        for (selector, expected) in [
            ("p:has(a)", Some("a")),
            (
                ":is(p, li):has(> a:is([href$='.pdf' i], [href*='.pdf?' i]))",
                Some("a:is([href$='.pdf' i], [href*='.pdf?' i])"),
            ),
            ("ul > li:has(b, ol > i)", Some("b, i")),
            ("p:not(:has(a))", None),
            ("p:has(a), b", None),
            ("p:has(a) b", None),
            ("p", None),
        ] {
            assert_eq!(inside(selector).as_deref(), expected, "{selector}");
        }
    }

    #[test]
    fn what_is_not_understood_wants_nothing() {
        for selector in ["*", "a, *", ":root", "linearGradient", "#a\\:b", "a/* b */", "svg|a", "*|*", ":is(a, *)"] {
            assert_eq!(Wants::of(selector), Wants::Anything, "{selector}");
        }
    }
}
