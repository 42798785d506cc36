//! The comparison of a rule's pattern with a path, octet by octet (RFC 9309, 2.2.2 and 2.2.3).
//!
//! In: a pattern as written, a path as asked. Out: whether it matches, and how long the pattern is.
//! Invariant: both sides are brought to one spelling first (ASCII, upper-case percent-encoding), and matching is one pass
//! over the path, never backtracking: of two places for a piece between wildcards the first is never worse.
//! Tested below and in `tests/it/robots_conformance.rs`.

/// A pattern in normal spelling.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Pattern {
    text: String,
    end: End,
}

/// What may follow a match.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum End {
    Anything,
    Nothing,
}

/// A path with its query in normal spelling.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Path(String);

impl Path {
    /// The normal spelling of a path; an empty one is "/". A fragment is dropped.
    pub fn of(path: &str) -> Self {
        let path = path.split('#').next().unwrap_or_default();
        let path = if path.is_empty() { "/" } else { path };
        Self(normal(path.as_bytes(), Side::Path))
    }

    /// True for the address of robots.txt itself.
    pub fn is_robots_txt(&self) -> bool {
        self.0 == "/robots.txt"
    }
}

impl Pattern {
    /// The normal spelling of a pattern; a "$" at its end anchors it, "*" is a wildcard anywhere.
    pub fn of(written: &[u8]) -> Self {
        let (written, end) = match written.split_last() {
            Some((b'$', rest)) => (rest, End::Nothing),
            Some(_) | None => (written, End::Anything),
        };
        Self { text: normal(written, Side::Pattern), end }
    }

    /// How specific it is: its octets in normal spelling, special characters included.
    pub fn octets(&self) -> usize {
        self.text.len() + usize::from(self.end == End::Nothing)
    }

    /// True for a pattern that matches every path.
    pub fn covers_everything(&self) -> bool {
        let wide = self.end == End::Anything || self.text.ends_with('*');
        wide && matches!(self.text.trim_end_matches('*'), "" | "/")
    }

    /// Whether the pattern matches from the start of the path.
    pub fn matches(&self, path: &Path) -> bool {
        let mut pieces = self.text.split('*');
        let first = pieces.next().unwrap_or_default();
        let Some(mut rest) = path.0.strip_prefix(first) else { return false };
        let last = match (self.end, pieces.next_back()) {
            (End::Anything, None) => return true,
            (End::Nothing, None) => return rest.is_empty(),
            (_, Some(last)) => last,
        };
        for piece in pieces.filter(|piece| !piece.is_empty()) {
            let Some(at) = rest.find(piece) else { return false };
            rest = &rest[at + piece.len()..];
        }
        match self.end {
            End::Anything => rest.contains(last),
            End::Nothing => rest.ends_with(last),
        }
    }
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Side {
    Path,
    Pattern,
}

/// One spelling for octets that RFC 9309, 2.2.2 calls equal.
///
/// Unreserved characters stand for themselves, everything a URI may not hold is percent-encoded in upper case. "*" and "$"
/// of a path are encoded, since a pattern spells them "%2A" and "%24" when it means the character; so is "'", which browsers
/// encode in queries. In a query, ":" and "/" mean the same encoded or not, as in the RFC's own example.
fn normal(octets: &[u8], side: Side) -> String {
    let mut text = String::with_capacity(octets.len() + 8);
    let mut in_query = false;
    let mut at = 0;
    while let Some(&octet) = octets.get(at) {
        let encoded = if octet == b'%' { octets.get(at + 1..at + 3).and_then(hex_pair) } else { None };
        at += if encoded.is_some() { 3 } else { 1 };
        in_query |= octet == b'?';
        match encoded {
            Some(value) if is_unreserved(value) || in_query && matches!(value, b':' | b'/') => text.push(value.into()),
            Some(value) => push_encoded(&mut text, value),
            None if octet == b'*' && side == Side::Pattern => text.push('*'),
            None if stands_for_itself(octet) => text.push(octet.into()),
            None => push_encoded(&mut text, octet),
        }
    }
    text
}

fn hex_pair(digits: &[u8]) -> Option<u8> {
    let [high, low] = digits else { return None };
    let value = char::from(*high).to_digit(16)? * 16 + char::from(*low).to_digit(16)?;
    u8::try_from(value).ok()
}

fn is_unreserved(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_' | b'~')
}

/// RFC 3986, 2.2 without the characters that [`normal`] encodes; a "%" that encodes nothing is left alone.
fn stands_for_itself(octet: u8) -> bool {
    is_unreserved(octet) || b"%:/?#[]@!&()+,;=".contains(&octet)
}

fn push_encoded(text: &mut String, octet: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    text.push('%');
    text.push(DIGITS[usize::from(octet >> 4)].into());
    text.push(DIGITS[usize::from(octet & 15)].into());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_paths_the_way_the_specification_says() {
        for (pattern, path, want) in [
            ("/fish", "/fish.html", true),
            ("/fish", "/Fish", false),
            ("/fish/", "/fish", false),
            ("/*.pdf$", "/a/b.pdf", true),
            ("/*.pdf$", "/a/b.pdf?x", false),
            ("/*.pdf$", "/a.pdf/b.pdf", true),
            ("/a*b*b$", "/ab", false),
            ("/a*b*b$", "/abb", true),
            ("*", "/", true),
            ("*/x", "/a/x", true),
            ("$", "/", false),
            ("/$", "/", true),
            ("/$", "/a", false),
            ("/x$/a", "/x$/abc", true),
            ("/x%24", "/x$y", true),
            ("/x%2Ay", "/x*y", true),
            ("/x%2Ay", "/xzy", false),
            ("/%62%61z", "/baz", true),
            ("/a%3cd", "/a<d", true),
            ("/a%2fb", "/a/b", false),
            ("/a%2fb", "/a%2Fb", true),
            ("/ü", "/%c3%bc", true),
            ("/s?u=https://x", "/s?u=https%3A%2F%2Fx", true),
            ("/s?q='a'", "/s?q=%27a%27", true),
            ("/100%", "/100%", true),
            ("fish", "/fish", false),
            ("/a**", "/a", true),
        ] {
            assert_eq!(Pattern::of(pattern.as_bytes()).matches(&Path::of(path)), want, "{pattern} on {path}");
        }
    }

    #[test]
    fn a_pattern_for_everything_is_recognised() {
        for (pattern, want) in [("/", true), ("*", true), ("/*", true), ("/*$", true), ("/$", false), ("/a", false)] {
            assert_eq!(Pattern::of(pattern.as_bytes()).covers_everything(), want, "{pattern}");
        }
    }
}
