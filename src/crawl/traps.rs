//! Places where a site has no end: calendars, faceted search, links that grow their own path.
//!
//! In: addresses in the order they were found, and the bodies of pages. Out: in, or which trap it was.
//! Invariant: memory grows with distinct paths, never with the variants that are turned away. Tested below.

use std::collections::{HashMap, HashSet};

use url::Url;

use super::before::BodyKeys;
use super::key::Key;
use super::skip::Skip;

/// Octets of an address.
const LONGEST: usize = 2_000;
/// Segments of a path.
const DEEPEST: usize = 20;
/// The same run of segments one after the other.
const REPEATS: usize = 2;
/// The longest run that is looked for.
const RUN: usize = 4;
/// Queries of one path.
const VARIANTS: u32 = 50;
/// Months of one calendar.
const MONTHS: usize = 60;
/// The same body from addresses of one pattern.
const SAME: u32 = 20;
/// The same body but for its digits, from addresses of one pattern that lead from one to the next.
const ALIKE: u32 = 25;
/// Pages of one depth, on average, that a chain may have: it leads on and back, a list leads to dozens.
const ABREAST: u32 = 3;

/// What one site has shown so far.
#[derive(Debug, Default)]
pub(super) struct Traps {
    variants: HashMap<Key, u32>,
    months: HashMap<Key, HashSet<(u16, u8)>>,
    /// Pages by the pattern of their address and their body.
    bodies: HashMap<u64, u32>,
    /// The same by the body without its digits.
    worded: HashMap<u64, Chain>,
    dull: HashSet<Key>,
}

/// Pages of one pattern whose bodies differ in their digits only.
#[derive(Debug)]
struct Chain {
    pages: u32,
    nearest: u32,
    farthest: u32,
}

impl Chain {
    /// True when the pages lead from one to the next for as long as one likes. Numbered pages that a list names (stations,
    /// topics, years of data) lie side by side and are pages.
    fn is_endless(&self) -> bool {
        self.pages > ALIKE && (self.farthest - self.nearest + 1).saturating_mul(ABREAST) >= self.pages
    }
}

impl Traps {
    /// Whether an address that was not seen before looks like a page of its own.
    ///
    /// # Errors
    /// The trap.
    pub(super) fn admit(&mut self, url: &Url) -> Result<(), Skip> {
        if url.as_str().len() > LONGEST {
            return Err(Skip::TooLong);
        }
        let segments: Vec<&str> = url.path().split('/').filter(|segment| !segment.is_empty()).collect();
        if segments.len() > DEEPEST {
            return Err(Skip::TooDeep);
        }
        if repeats(&segments) {
            return Err(Skip::RepeatedSegments);
        }
        if self.is_dull(url) {
            return Err(Skip::SameBody);
        }
        self.admit_month(url)?;
        if url.query().is_some() {
            let count = self.variants.entry(Key::of_bytes(place(url).as_bytes())).or_default();
            if *count >= VARIANTS {
                return Err(Skip::QueryVariants);
            }
            *count += 1;
        }
        Ok(())
    }

    /// Whether addresses of this pattern have kept giving the same body.
    pub(super) fn is_dull(&self, url: &Url) -> bool {
        !self.dull.is_empty() && self.dull.contains(&pattern(url))
    }

    /// Remembers what an address gave, so many links from the home page.
    pub(super) fn note(&mut self, url: &Url, depth: u32, body: impl FnOnce() -> BodyKeys) {
        let pattern = pattern(url);
        if self.dull.contains(&pattern) {
            return;
        }
        let BodyKeys { whole, worded } = body();
        let same = self.bodies.entry(together(pattern, whole)).or_default();
        *same += 1;
        let chain = Chain { pages: 0, nearest: depth, farthest: depth };
        let chain = self.worded.entry(together(pattern, worded)).or_insert(chain);
        chain.pages += 1;
        chain.nearest = chain.nearest.min(depth);
        chain.farthest = chain.farthest.max(depth);
        if *same > SAME || chain.is_endless() {
            self.dull.insert(pattern);
        }
    }

    fn admit_month(&mut self, url: &Url) -> Result<(), Skip> {
        let Some(month) = month(url) else { return Ok(()) };
        let months = self.months.entry(pattern(url)).or_default();
        if months.len() >= MONTHS && !months.contains(&month) {
            return Err(Skip::Calendar);
        }
        months.insert(month);
        Ok(())
    }
}

/// A number for a pattern with a body: a site may have a hundred thousand, and where two of these have one number, of which there is a chance
/// of one to two thousand million, a page too many counts.
fn together(pattern: Key, body: [u8; 16]) -> u64 {
    let half = |octets: [u8; 16]| octets.first_chunk().map_or(0, |half| u64::from_le_bytes(*half));
    half(pattern.octets()) ^ half(body).rotate_left(32)
}

/// True when a run of up to four segments stands three times in a row.
fn repeats(segments: &[&str]) -> bool {
    (1..=RUN).any(|run| {
        let mut same = 0;
        for (here, before) in segments.iter().skip(run).zip(segments) {
            same = if here == before { same + 1 } else { 0 };
            if same >= run * REPEATS {
                return true;
            }
        }
        false
    })
}

/// Host and path.
fn place(url: &Url) -> String {
    format!("{}{}", url.host_str().unwrap_or_default(), url.path())
}

/// Host and path with digits blotted out, and the names of the query's parameters: what a template makes.
fn pattern(url: &Url) -> Key {
    let mut text: String = place(url).chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect();
    for (name, _) in url.query_pairs() {
        text.push('&');
        text.push_str(&name);
    }
    while text.contains("##") {
        text = text.replace("##", "#");
    }
    Key::of_bytes(text.as_bytes())
}

/// The year and month that an address names, as `2024/05`, `2024-05`, `202405` or as parameters; `None` when it names none.
fn month(url: &Url) -> Option<(u16, u8)> {
    let path = url.path();
    let query = url.query().unwrap_or_default();
    dated(path).or_else(|| dated(query)).or_else(|| {
        let numbers = |part: &str| {
            url.query_pairs()
                .find(|(name, _)| name.to_ascii_lowercase().contains(part))
                .and_then(|(_, value)| value.parse::<u16>().ok())
        };
        let (year, month) = (numbers("year")?, numbers("month")?);
        ((1900..2200).contains(&year) && (1..=12).contains(&month)).then_some((year, month as u8))
    })
}

fn dated(text: &str) -> Option<(u16, u8)> {
    let mut numbers: Vec<(&str, usize)> = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_ascii_digit(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                numbers.push((&text[from..at], from));
                start = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    let read = |year: &str, month: &str| {
        let (year, month): (u16, u8) = (year.parse().ok()?, month.parse().ok()?);
        ((1900..2200).contains(&year) && (1..=12).contains(&month)).then_some((year, month))
    };
    let together = numbers.iter().filter(|(number, _)| matches!(number.len(), 6 | 8));
    let apart = numbers.windows(2).filter(|pair| {
        let ((year, from), (month, at)) = (pair[0], pair[1]);
        year.len() == 4 && month.len() <= 2 && at == from + 5
    });
    together
        .filter_map(|(number, _)| read(&number[..4], &number[4..6]))
        .next()
        .or_else(|| apart.filter_map(|pair| read(pair[0].0, pair[1].0)).next())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse("https://a.example").and_then(|root| root.join(text)).expect(text)
    }

    #[test]
    fn shapes_that_no_page_has_are_turned_away() {
        let table = [
            ("/a/b/c".to_string(), Ok(())),
            ("/a/a/b".to_string(), Ok(())),
            ("/a/a/a".to_string(), Err(Skip::RepeatedSegments)),
            ("/x/a/b/a/b/y".to_string(), Ok(())),
            ("/x/a/b/a/b/a/b".to_string(), Err(Skip::RepeatedSegments)),
            ("/a/b/c/a/b/c/a/b/c".to_string(), Err(Skip::RepeatedSegments)),
            ((0..20).map(|n| format!("/s{n}")).collect(), Ok(())),
            ((0..21).map(|n| format!("/s{n}")).collect(), Err(Skip::TooDeep)),
            (format!("/{}", "x".repeat(1_900)), Ok(())),
            (format!("/{}", "x".repeat(2_000)), Err(Skip::TooLong)),
        ];
        for (path, expect) in table {
            assert_eq!(Traps::default().admit(&url(&path)), expect, "{path}");
        }
    }

    #[test]
    fn a_path_has_fifty_queries_and_no_more() {
        let mut traps = Traps::default();
        let admitted = (0..80).filter(|n| traps.admit(&url(&format!("/search?q=w{n}x"))).is_ok()).count();
        assert_eq!(admitted, 50);
        assert_eq!(traps.admit(&url("/search?q=other")), Err(Skip::QueryVariants));
        assert_eq!(traps.admit(&url("/search")), Ok(()));
    }

    #[test]
    fn a_calendar_ends_after_sixty_months_whatever_its_days() {
        for calendar in ["/events/{y}/{m}", "/events/{y}-{m}-07/", "/cal?month={y}-{m}", "/cal?date={y}{m}01"] {
            let mut traps = Traps::default();
            let mut admitted = 0;
            for year in 2000..2100 {
                for month in 1..=12 {
                    let at = calendar.replace("{y}", &year.to_string()).replace("{m}", &format!("{month:02}"));
                    admitted += usize::from(traps.admit(&url(&at)).is_ok());
                }
            }
            assert!((50..=60).contains(&admitted), "{calendar}: {admitted}");
        }
    }

    #[test]
    fn an_archive_of_dated_articles_is_no_calendar() {
        let mut traps = Traps::default();
        for n in 0u32..400 {
            let slug: String = n.to_string().chars().map(|c| char::from(b'a' + c as u8 - b'0')).collect();
            let at = format!("/news/{}/{:02}/{slug}", 1990 + n / 12, n % 12 + 1);
            assert_eq!(traps.admit(&url(&at)), Ok(()), "{at}");
        }
    }

    #[test]
    fn a_pattern_that_keeps_giving_one_body_is_dull() {
        let mut traps = Traps::default();
        for n in 0..=20 {
            assert!(!traps.is_dull(&url("/item/7")), "after {n}");
            traps.note(&url(&format!("/item/{n}")), 1, || BodyKeys::of(b"nothing here"));
        }
        assert_eq!(traps.admit(&url("/item/999")), Err(Skip::SameBody));
        assert_eq!(traps.admit(&url("/other/999")), Ok(()));
    }

    #[test]
    fn a_chain_of_pages_that_differ_in_digits_only_has_no_end() {
        let (mut numbers, mut words) = (Traps::default(), Traps::default());
        for n in 0..=25u32 {
            let at = url(&format!("/item/{n}"));
            numbers.note(&at, n / 2, || BodyKeys::of(format!("<a href='/item/{}'>No {n}</a>", n + 1).as_bytes()));
            words.note(&at, n / 2, || BodyKeys::of(format!("<p>{}{n}</p>", "word".repeat(n as usize)).as_bytes()));
        }
        assert_eq!(numbers.admit(&url("/item/999")), Err(Skip::SameBody));
        assert_eq!(words.admit(&url("/item/999")), Ok(()));
    }

    #[test]
    fn numbered_pages_side_by_side_are_pages() {
        let mut traps = Traps::default();
        for n in 0..5_000u32 {
            let at = url(&format!("/station/{n}"));
            assert_eq!(traps.admit(&at), Ok(()), "{n}");
            traps.note(&at, 1 + n / 60, || BodyKeys::of(format!("<h1>Station {n}</h1>").as_bytes()));
        }
    }
}
