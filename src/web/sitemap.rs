//! Sitemaps (sitemaps.org protocol 0.9): lists of addresses in XML, plain text, or a feed, gzipped or not.
//!
//! In: the octets of an answer that may be a sitemap, and limits. Out: [`Sitemap`], or what it is instead.
//! Invariant: the work is bounded by the limits whatever the octets unpack to; entities are never expanded; what is broken
//! half-way keeps what came before and says so. Never: fetching, or whether an entry belongs to the site. Tested below.

mod xml;

use std::borrow::Cow;
use std::io::Read;

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use jiff::civil::Date;

use super::charset;

/// How much of a sitemap is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Entries kept.
    pub entries: usize,
    /// Octets read, after unpacking.
    pub bytes: usize,
}

impl Default for Limits {
    /// The protocol's own: 50,000 addresses, 50 MiB.
    fn default() -> Self {
        Self { entries: 50_000, bytes: 50 * 1024 * 1024 }
    }
}

/// A sitemap as read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sitemap {
    /// Which form it has.
    pub kind: Kind,
    /// Its entries in order.
    pub entries: Vec<Entry>,
    /// True when it goes on beyond a limit.
    pub truncated: bool,
    /// What is wrong with it, for a person; at most [`ERRORS_KEPT`].
    pub errors: Vec<String>,
}

/// Errors kept of one sitemap.
pub const ERRORS_KEPT: usize = 20;

/// The forms of a sitemap.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// `sitemapindex`: its entries are sitemaps.
    Index,
    /// `urlset`: its entries are pages.
    Urls,
    /// One address a line.
    Text,
    /// RSS or Atom.
    Feed,
}

/// One address of a sitemap.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Entry {
    /// The address as written, white space around it taken off.
    pub loc: String,
    /// When it changed, as written: `lastmod`, in a feed `updated` or `pubDate`.
    pub lastmod: Option<String>,
}

/// Why something is no sitemap.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotASitemap {
    /// Nothing, or only white space.
    #[error("it is empty")]
    Empty,
    /// A page; usually the site's "not found" under status 200.
    #[error("it is an HTML page")]
    Html,
    /// XML of another kind.
    #[error("it is XML whose root is `{0}`")]
    OtherXml(String),
    /// XML that breaks before its root.
    #[error("it is broken XML: {0}")]
    BrokenXml(String),
    /// Text that does not begin with an address.
    #[error("it is text that does not begin with an address")]
    OtherText,
    /// Compressed data that cannot be unpacked.
    #[error("it is gzip that cannot be unpacked: {0}")]
    BrokenGzip(String),
}

impl Entry {
    /// The day of `lastmod`, if it is a W3C date (year, month or day; a time needs its zone). A year or month stands for its
    /// first day.
    pub fn lastmod_date(&self) -> Option<Date> {
        let text = self.lastmod.as_deref()?;
        let full = match text.len() {
            4 => format!("{text}-01-01"),
            7 => format!("{text}-01"),
            _ => text.to_string(),
        };
        let day = full.get(..10)?;
        let shaped = day.bytes().enumerate().all(|(at, octet)| match at {
            4 | 7 => octet == b'-',
            _ => octet.is_ascii_digit(),
        });
        let is_whole = full.len() == 10 || full.as_bytes()[10] == b'T' && full.parse::<Timestamp>().is_ok();
        if shaped && is_whole { day.parse().ok() } else { None }
    }
}

/// Reads a sitemap of any form.
///
/// # Errors
///
/// What the octets are when they are no sitemap.
pub fn parse(body: &[u8], limits: Limits) -> Result<Sitemap, NotASitemap> {
    let (body, mut reading) = unpacked(body, limits)?;
    let decoded = charset::decode(&body, None);
    let text = decoded.text.trim_start();
    if text.is_empty() {
        return Err(NotASitemap::Empty);
    }
    if decoded.had_errors && !reading.truncated {
        reading.note(format!("some octets are not {}", decoded.encoding));
    }
    if text.starts_with('<') { xml::read(text, reading) } else { lines(text, reading) }
}

/// What is known before, and gathered while, the text is read.
struct Reading {
    limits: Limits,
    entries: Vec<Entry>,
    truncated: bool,
    errors: Vec<String>,
}

impl Reading {
    fn note(&mut self, error: String) {
        if self.errors.len() < ERRORS_KEPT {
            self.errors.push(error);
        }
    }

    /// Keeps an entry; false when the limit is reached and reading should stop.
    fn keep(&mut self, entry: Entry) -> bool {
        self.truncated |= self.entries.len() >= self.limits.entries;
        if self.entries.len() < self.limits.entries {
            self.entries.push(entry);
            return true;
        }
        false
    }

    fn into_sitemap(self, kind: Kind) -> Sitemap {
        Sitemap { kind, entries: self.entries, truncated: self.truncated, errors: self.errors }
    }
}

/// The octets without gzip (recognised by its mark, RFC 1952, 2.3.1), cut at the limit.
fn unpacked(body: &[u8], limits: Limits) -> Result<(Cow<'_, [u8]>, Reading), NotASitemap> {
    let mut reading = Reading { limits, entries: Vec::new(), truncated: false, errors: Vec::new() };
    if !body.starts_with(&[0x1F, 0x8B]) {
        reading.truncated = body.len() > limits.bytes;
        return Ok((Cow::Borrowed(&body[..body.len().min(limits.bytes)]), reading));
    }
    let mut plain = Vec::new();
    let outcome = MultiGzDecoder::new(body).take(limits.bytes as u64 + 1).read_to_end(&mut plain);
    match outcome {
        Err(error) if plain.is_empty() => return Err(NotASitemap::BrokenGzip(error.to_string())),
        Err(error) => reading.note(format!("its gzip breaks off: {error}")),
        Ok(_) => {}
    }
    reading.truncated = plain.len() > limits.bytes;
    plain.truncate(limits.bytes);
    Ok((Cow::Owned(plain), reading))
}

/// The text form: one address a line.
fn lines(text: &str, mut reading: Reading) -> Result<Sitemap, NotASitemap> {
    let is_address = |line: &str| {
        let scheme = line.split_once("://").map_or("", |(scheme, _)| scheme);
        ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
    };
    let mut rows = text.split(['\n', '\r']).map(str::trim).enumerate().filter(|(_, line)| !line.is_empty()).peekable();
    if !rows.peek().is_some_and(|(_, line)| is_address(line)) {
        return Err(NotASitemap::OtherText);
    }
    for (at, line) in rows {
        if !is_address(line) {
            reading.note(format!("line {} is no address", at + 1));
        } else if !reading.keep(Entry { loc: line.to_string(), lastmod: None }) {
            break;
        }
    }
    Ok(reading.into_sitemap(Kind::Text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;
    use std::io::Write;

    fn read(text: &str) -> Result<Sitemap, NotASitemap> {
        parse(text.as_bytes(), Limits::default())
    }

    fn check(text: &str, kind: Kind, want: &[(&str, Option<&str>)]) {
        let sitemap = read(text).unwrap();
        let got: Vec<_> = sitemap.entries.iter().map(|entry| (entry.loc.as_str(), entry.lastmod.as_deref())).collect();
        assert_eq!((sitemap.kind, got.as_slice()), (kind, want), "{text}");
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    const TWO: &str = "<?xml version='1.0' encoding='UTF-8'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>\
        <url><loc> https://a.example/x?a=1&amp;b=2 </loc><lastmod>2026-01-02</lastmod></url>\
        <url><loc><![CDATA[https://a.example/y&z]]></loc></url></urlset>";

    #[test]
    fn all_four_forms_are_read() {
        check(TWO, Kind::Urls, &[("https://a.example/x?a=1&b=2", Some("2026-01-02")), ("https://a.example/y&z", None)]);
        let index = "<s:sitemapindex xmlns:s='x'><s:sitemap><s:loc>/1.xml</s:loc></s:sitemap></s:sitemapindex>";
        check(index, Kind::Index, &[("/1.xml", None)]);
        check(
            "\u{feff}https://a.example/\r\n\r\nHTTP://a.example/b\r\n",
            Kind::Text,
            &[("https://a.example/", None), ("HTTP://a.example/b", None)],
        );
        let rss = "<rss><channel><link>https://a.example/</link><item><title>t</title><link>https://a.example/n</link>\
            <pubDate>Sat, 01 Aug 2026 12:00:00 GMT</pubDate></item></channel></rss>";
        check(rss, Kind::Feed, &[("https://a.example/n", Some("Sat, 01 Aug 2026 12:00:00 GMT"))]);
        let atom = "<feed><link href='https://a.example/'/><entry><link rel='edit' href='/e'/><link href='https://a.example/n&amp;1'/>\
            <updated>2026-01-01T00:00:00Z</updated></entry></feed>";
        check(atom, Kind::Feed, &[("https://a.example/n&1", Some("2026-01-01T00:00:00Z"))]);
    }

    #[test]
    fn addresses_of_images_are_no_entries() {
        let text = "<urlset xmlns:image='i'><url><image:loc>/flat.png</image:loc><image:image><image:loc>/a.png</image:loc>\
            <loc>/deep</loc></image:image><loc>/page</loc></url></urlset>";
        check(text, Kind::Urls, &[("/page", None)]);
    }

    #[test]
    fn sloppy_markup_is_read_as_meant() {
        check(
            "\n <urlset><url><loc>/a?b=1&c=2&nbsp;&#65;</loc></url></urlset>",
            Kind::Urls,
            &[("/a?b=1&c=2&nbsp;A", None)],
        );
        check("<!-- x --><urlset><url><loc>/a</loc></url></urlset>", Kind::Urls, &[("/a", None)]);
    }

    #[test]
    fn what_is_broken_keeps_what_came_before() {
        for text in
            ["<urlset><url><loc>/a</loc></url><url><loc>/b", "<urlset><url><loc>/a</loc></url><url><loc>/b</loc"]
        {
            let sitemap = read(text).unwrap();
            assert_eq!(sitemap.entries[0].loc, "/a");
            assert_eq!((sitemap.errors.len(), sitemap.truncated), (1, false), "{text}");
        }
        assert_eq!(read("<urlset><url/></urlset>").unwrap().errors, ["an entry has no address"]);
        assert_eq!(read("https://a.example/\nnot one").unwrap().errors, ["line 2 is no address"]);
    }

    #[test]
    fn what_is_no_sitemap_is_named() {
        for (text, want) in [
            ("", NotASitemap::Empty),
            (" \n", NotASitemap::Empty),
            ("<!DOCTYPE html><p>Not found", NotASitemap::Html),
            ("<html><body>", NotASitemap::Html),
            ("<?xml version='1.0'?><!-- x --><HTML lang=en>", NotASitemap::Html),
            ("<svg/>", NotASitemap::OtherXml("svg".into())),
            ("not found", NotASitemap::OtherText),
        ] {
            assert_eq!(read(text), Err(want), "{text}");
        }
        assert!(matches!(read("<!-- x"), Err(NotASitemap::BrokenXml(_))));
        assert!(matches!(parse(b"\x1F\x8Bnothing", Limits::default()), Err(NotASitemap::BrokenGzip(_))));
    }

    #[test]
    fn limits_hold_and_are_told() {
        let cut = parse(TWO.as_bytes(), Limits { entries: 1, ..Limits::default() }).unwrap();
        assert_eq!((cut.entries.len(), cut.truncated), (1, true));
        let whole = parse(TWO.as_bytes(), Limits { entries: 2, ..Limits::default() }).unwrap();
        assert_eq!((whole.entries.len(), whole.truncated), (2, false));
        let short = parse(TWO.as_bytes(), Limits { bytes: TWO.len() - 30, ..Limits::default() }).unwrap();
        assert_eq!((short.entries.len(), short.truncated, short.errors.len()), (1, true, 0));
    }

    #[test]
    fn gzip_is_unpacked_up_to_the_limit() {
        let sitemap = parse(&gzip(TWO.as_bytes()), Limits::default()).unwrap();
        assert_eq!((sitemap.entries.len(), sitemap.truncated), (2, false));
        let bomb = gzip(format!("{TWO}{}", " ".repeat(1 << 20)).as_bytes());
        let sitemap = parse(&bomb, Limits { bytes: TWO.len(), ..Limits::default() }).unwrap();
        assert_eq!((sitemap.entries.len(), sitemap.truncated), (2, true));
    }

    #[test]
    fn utf_16_is_read_by_its_mark() {
        let wide: Vec<u8> =
            "\u{feff}<urlset><url><loc>/é</loc></url></urlset>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(parse(&wide, Limits::default()).unwrap().entries[0].loc, "/é");
    }

    #[test]
    fn entities_are_never_expanded() {
        let text =
            "<!DOCTYPE urlset [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><urlset><url><loc>/&b;</loc></url></urlset>";
        check(text, Kind::Urls, &[("/&b;", None)]);
    }

    #[test]
    fn dates_are_w3c_dates() {
        for (text, want) in [
            ("2026", Some("2026-01-01")),
            ("2026-07", Some("2026-07-01")),
            ("2026-07-30", Some("2026-07-30")),
            ("2026-07-30T10:11:12+02:00", Some("2026-07-30")),
            ("2026-07-30T10:11:12.5Z", Some("2026-07-30")),
            ("2026-07-30T10:11Z", Some("2026-07-30")),
            ("2026-07-30T10:11:12", None),
            ("2026-07-30 10:11:12Z", None),
            ("2026-02-30", None),
            ("07/30/2026", None),
            ("2026-7-3", None),
            ("yesterday, é", None),
            ("", None),
        ] {
            let entry = Entry { loc: String::new(), lastmod: Some(text.into()) };
            assert_eq!(entry.lastmod_date().map(|day| day.to_string()).as_deref(), want, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_octets_are_read(body: Vec<u8>) {
            let _ = parse(&body, Limits::default());
        }

        #[test]
        fn anything_like_a_sitemap_is_read(
            body in "<(urlset|rss|feed)>(<|>|</|/>|url|loc|item|link| href=|'|\"|&|&#|;|<!--|-->|<!\\[CDATA\\[|\\]\\]>|<\\?|é){0,20}",
        ) {
            let _ = parse(body.as_bytes(), Limits::default());
        }

        #[test]
        fn any_lastmod_is_judged(lastmod: String, dated in "[0-9]{4}-[0-9]{2}-[0-9]{2}[T0-9:+Z.é]{0,12}") {
            for text in [lastmod, dated] {
                Entry { loc: String::new(), lastmod: Some(text) }.lastmod_date();
            }
        }
    }
}
