//! The lines of a robots.txt and how forgiving they are read.
//!
//! In: octets. Out: [`Line`]s whose field is known, and what a `User-agent` value names.
//! Invariant: a leniency is listed in a table below or said where it stands; everything else is RFC 9309, 2.2.
//! Tested below.

/// Octets of a file that are read: 500 KiB, the least RFC 9309, 2.5 asks for.
pub const SIZE_CAP: usize = 500 * 1024;

/// Octets of a line that are read, the rest of it is dropped: eight times 2,083 less one, as Google's parser has it.
pub const LINE_CAP: usize = 8 * 2083 - 1;

/// The fields that are understood. Names are compared whole and without case, so that a made-up field such as
/// "Disallow-Training" is not read as a `Disallow`.
const FIELDS: &[(&str, Field)] = &[
    ("user-agent", Field::UserAgent),
    ("allow", Field::Allow),
    ("disallow", Field::Disallow),
    ("sitemap", Field::Sitemap),
    ("crawl-delay", Field::CrawlDelay),
    // Slips that Google's parser and the suites of others agree to understand.
    ("useragent", Field::UserAgent),
    ("user agent", Field::UserAgent),
    ("dissallow", Field::Disallow),
    ("dissalow", Field::Disallow),
    ("disalow", Field::Disallow),
    ("diasllow", Field::Disallow),
    ("disallaw", Field::Disallow),
    ("site-map", Field::Sitemap),
    ("crawldelay", Field::CrawlDelay),
    ("crawl delay", Field::CrawlDelay),
];

/// What a line speaks of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Field {
    /// Whom the group binds.
    UserAgent,
    /// A rule that opens.
    Allow,
    /// A rule that closes.
    Disallow,
    /// Where a sitemap is.
    Sitemap,
    /// How long to wait between requests.
    CrawlDelay,
}

/// A line that says something.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Line<'a> {
    /// What it speaks of.
    pub field: Field,
    /// What it says, without white space around it.
    pub value: &'a [u8],
    /// Its number in the file, from 1.
    pub number: u32,
    written: &'a [u8],
}

impl Line<'_> {
    /// The line as written, without comment and surrounding white space.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.written).into_owned()
    }

    /// The value as text.
    pub fn value_text(&self) -> String {
        String::from_utf8_lossy(self.value).into_owned()
    }
}

/// The lines of a file that are understood. Lines end with CR, LF or both; a UTF-8 byte order mark, even a broken one, is
/// skipped.
pub(super) fn lines(body: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let body = capped(body);
    let mark = body.iter().zip(b"\xEF\xBB\xBF").take_while(|(octet, mark)| octet == mark).count();
    let mut rest = &body[mark..];
    let mut number = 0;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.iter().position(|octet| matches!(octet, b'\r' | b'\n')).unwrap_or(rest.len());
        let line = &rest[..end];
        let ending = if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = &rest[(end + ending).min(rest.len())..];
        number += 1;
        Some((number, line))
    })
    .filter_map(|(number, line)| read(number, line))
}

/// The file up to the size cap, without the line the cap would cut: half a rule is a wider rule.
fn capped(body: &[u8]) -> &[u8] {
    if body.len() <= SIZE_CAP {
        return body;
    }
    let ended = body[SIZE_CAP] == b'\r' || body[SIZE_CAP] == b'\n';
    let end = body[..SIZE_CAP].iter().rposition(|octet| matches!(octet, b'\r' | b'\n'));
    if ended { &body[..SIZE_CAP] } else { &body[..end.unwrap_or(0)] }
}

/// One line, if its field is known. A forgotten colon is forgiven where exactly two words stand.
fn read(number: u32, line: &[u8]) -> Option<Line<'_>> {
    let line = &line[..line.len().min(LINE_CAP)];
    let written = line.split(|octet| *octet == b'#').next().unwrap_or_default().trim_ascii();
    let (name, value) = match written.iter().position(|octet| *octet == b':') {
        Some(colon) => (written[..colon].trim_ascii(), written[colon + 1..].trim_ascii()),
        None => {
            let mut words = written.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
            let pair = (words.next()?, words.next()?);
            if words.next().is_some() {
                return None;
            }
            pair
        }
    };
    let (_, field) = FIELDS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes()))?;
    Some(Line { field: *field, value, number, written })
}

/// True when a `User-agent` value speaks of `name` (lower case, "*" for everybody).
///
/// RFC 9309, 2.2.1: product tokens are letters, "_" and "-" and compared without case. As in Google's parser the token ends
/// where another character begins ("audit/1.0" and "audit bot" name `audit`), and "* " is still everybody. Names with
/// digits or letters beyond ASCII, which are no tokens, are compared whole.
pub(super) fn names(written: &str, name: &str) -> bool {
    let word = written.split_whitespace().next().unwrap_or_default();
    if name == "*" || word == "*" {
        return word == name;
    }
    let token_end = word.find(|c: char| !(c.is_ascii_alphabetic() || matches!(c, '-' | '_'))).unwrap_or(word.len());
    let product = word.split('/').next().unwrap_or_default();
    !name.is_empty() && (word[..token_end].eq_ignore_ascii_case(name) || product.to_lowercase() == name)
}

/// The names, lower case, that a crawler's `User-Agent` value offers, most telling first: its first product, or for
/// "Mozilla/5.0 (compatible; Audit/1.0; …)" the products after the one that everybody claims, and that one last.
pub(super) fn product_names(agent: &str) -> Vec<String> {
    let mut products = agent
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ';' | ','))
        .map(|word| word.split('/').next().unwrap_or_default().to_lowercase())
        .filter(|name| !name.is_empty());
    let Some(first) = products.next() else { return Vec::new() };
    if first != "mozilla" {
        return vec![first];
    }
    products.filter(|name| name != "compatible").chain([first]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(body: &[u8]) -> Vec<(Field, String, u32)> {
        lines(body).map(|line| (line.field, line.value_text(), line.number)).collect()
    }

    #[test]
    fn lines_end_with_cr_lf_or_both() {
        let want = [(Field::UserAgent, "a".into(), 1), (Field::Disallow, "/".into(), 3)];
        for body in [
            "user-agent: a\n\ndisallow: /\n",
            "user-agent:a\r\rdisallow:/",
            "\u{feff}User-Agent : a # x\r\n\r\nDISALLOW:\t/ \r\n",
        ] {
            assert_eq!(fields(body.as_bytes()), want, "{body:?}");
        }
        assert_eq!(fields(b"\xEF\xBBuser-agent: a"), [(Field::UserAgent, "a".into(), 1)]);
    }

    #[test]
    fn slips_are_forgiven_and_made_up_fields_are_not() {
        for (line, want) in [
            ("user-agent audit", true),
            ("user agent: audit", true),
            ("disalow: /", true),
            ("Disallow  /", true),
            ("disallow /a /b", false),
            ("Disallow-Training: /", false),
            ("<p>Disallow: /", false),
            ("disallow", false),
        ] {
            assert_eq!(fields(line.as_bytes()).len() == 1, want, "{line}");
        }
    }

    #[test]
    fn names_are_read_up_to_the_end_of_the_token() {
        for (written, name, want) in [
            ("Audit", "audit", true),
            ("audit/2.0", "audit", true),
            ("audit bot", "audit", true),
            ("auditor", "audit", false),
            ("*", "*", true),
            ("* # all", "*", true),
            ("*", "audit", false),
            ("audit2", "audit2", true),
            ("Prüfer", "prüfer", true),
            ("", "", false),
        ] {
            assert_eq!(names(written, name), want, "{written:?} {name:?}");
        }
    }

    #[test]
    fn an_overlong_line_is_cut() {
        let body = format!("disallow: /{}", "a".repeat(2 * LINE_CAP));
        assert_eq!(fields(body.as_bytes())[0].1.len(), LINE_CAP - "disallow: ".len());
    }
}
