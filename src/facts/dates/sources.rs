//! The sources that date a page: text, `time`, JSON-LD, metadata, the server.
//!
//! In: a page. Out: [`Dated`] days. Words such as "updated" tell what a visible date means; a date beside no such word says nothing of
//! the page. Invariant: at most one day for each source and meaning, the newest; bounded work. Tested below and by the labelled cases.

use jiff::civil::Date;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::written::{Order, Written, first_written, written};
use crate::facts::packed::{Pack, Unpack};
use crate::facts::{PageFacts, visible_text, words};
use crate::html::{Document, Selector};

/// Who says it, the weightiest first.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The text that people read, and `time` elements beside a word that says what they mean.
    Text,
    /// JSON-LD.
    JsonLd,
    /// `meta` elements.
    Meta,
    /// The sitemap; known when the site is put together.
    Sitemap,
    /// `Last-Modified`, where it is not the moment of the answer.
    Header,
}

impl Origin {
    /// As people call it.
    pub fn as_words(self) -> &'static str {
        match self {
            Self::Text => "the text",
            Self::JsonLd => "the structured data",
            Self::Meta => "the metadata",
            Self::Sitemap => "the sitemap",
            Self::Header => "the server",
        }
    }
}

/// What the day is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// The page was published.
    Published,
    /// The page was changed or checked.
    Changed,
}

/// A day that a page says of itself.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Dated {
    /// Who says it.
    pub origin: Origin,
    /// What it means.
    pub meaning: Meaning,
    /// The day.
    pub day: Date,
}

/// Who says it and what it means, as they are numbered.
const ORIGINS: [Origin; 5] = [Origin::Text, Origin::JsonLd, Origin::Meta, Origin::Sitemap, Origin::Header];
const MEANINGS: [Meaning; 2] = [Meaning::Published, Meaning::Changed];

/// Days as octets.
pub(in crate::facts) fn packed(dates: &[Dated]) -> Vec<u8> {
    let mut pack = Pack::default();
    for dated in dates {
        let origin = ORIGINS.iter().position(|origin| *origin == dated.origin).unwrap_or_default();
        let meaning = MEANINGS.iter().position(|meaning| *meaning == dated.meaning).unwrap_or_default();
        pack.one((origin << 1 | meaning) as u8);
        pack.two(dated.day.year().cast_unsigned());
        pack.one(dated.day.month().cast_unsigned());
        pack.one(dated.day.day().cast_unsigned());
    }
    pack.done()
}

/// Days from octets; what is no day is left out.
pub(in crate::facts) fn unpacked(mut read: Unpack<'_>) -> Vec<Dated> {
    let mut dates = Vec::new();
    while !read.is_done() {
        let first = usize::from(read.one());
        let (year, month, day) = (read.two(), read.one(), read.one());
        let day = Date::new(year.cast_signed(), month.cast_signed(), day.cast_signed());
        if let (Some(origin), Ok(day)) = (ORIGINS.get(first >> 1), day) {
            dates.push(Dated { origin: *origin, meaning: MEANINGS[first & 1], day });
        }
    }
    dates
}

/// Octets between a word and the date it belongs to.
const NEAR: usize = 40;

/// What a date beside it means: the first group published, the second changed.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(?:(?P<published>published|posted|released|issued|publicad[oa]s?|fecha de publicaci[oó]n|publicaci[oó]n)|(?P<changed>(?:last |page )?(?:updated?|modified|reviewed|revised|revision|changed?|verified|edited)|last (?:update|revision|review|change|modification)|current as of|reviewed/updated|[uú]ltima (?:actualizaci[oó]n|modificaci[oó]n|revisi[oó]n)|actualizad[oa]|modificad[oa]|revisad[oa]|fecha de (?:actualizaci[oó]n|revisi[oó]n)))\b",
    )
    .expect("a constant pattern")
});

static TIMES: LazyLock<Selector> = LazyLock::new(|| Selector::parse("time[datetime]").expect("a constant selector"));
static METAS: LazyLock<Selector> = LazyLock::new(|| Selector::parse("meta[content]").expect("a constant selector"));
static LINKED: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("script[type='application/ld+json' i]").expect("a constant selector"));

/// The days a page says of itself, sorted by source.
pub fn dates(page: &PageFacts<'_>) -> Vec<Dated> {
    let mut newest = Newest(BTreeMap::new());
    if let Some(document) = page.document {
        visible(page, document, &mut newest);
        structured(document, &mut newest);
        metadata(document, &mut newest);
    }
    let modified = page.capture.header("last-modified").and_then(day_of);
    // Whoever writes the moment of the answer there has no better day.
    if let Some(day) = modified.filter(|day| page.capture.header("date").and_then(day_of) != Some(*day)) {
        newest.take(Origin::Header, Meaning::Changed, day);
    }
    newest.0.into_iter().map(|((origin, meaning), day)| Dated { origin, meaning, day }).collect()
}

/// The day that counts: of the weightiest source the newest; "changed" and "published" alike say how old the page is.
pub fn best(dates: &[Dated]) -> Option<Dated> {
    let origin = dates.iter().map(|dated| dated.origin).min()?;
    dates.iter().filter(|dated| dated.origin == origin).max_by_key(|dated| dated.day).copied()
}

struct Newest(BTreeMap<(Origin, Meaning), Date>);

impl Newest {
    fn take(&mut self, origin: Origin, meaning: Meaning, day: Date) {
        let held = self.0.entry((origin, meaning)).or_insert(day);
        *held = day.max(*held);
    }
}

fn visible(page: &PageFacts<'_>, document: &Document, into: &mut Newest) {
    // Dates of numbers are read month first where English is spoken.
    let order = if page.language().as_deref() == Some("es") { Order::Unknown } else { Order::MonthFirst };
    let text = page.text();
    for label in LABEL.captures_iter(text) {
        let Some(whole) = label.get(0) else { continue };
        let meaning = if label.name("changed").is_some() { Meaning::Changed } else { Meaning::Published };
        let end = (whole.end() + NEAR + 20).min(text.len());
        let after = &text[whole.end()..floor(text, end)];
        // The end of a sentence lies between a word and a date that is not its own.
        let found =
            first_written(after, order).filter(|date| date.at.start <= NEAR && !after[..date.at.start].contains(". "));
        if let Some(date) = found.filter(|date| is_its_own(&after[..date.at.start])) {
            into.take(Origin::Text, meaning, date.day);
        }
    }
    for time in document.select(&TIMES) {
        let Some(day) = time.attr("datetime").and_then(day_of) else { continue };
        let around = time.parent().map(|parent| words::fold(&visible_text(parent))).unwrap_or_default();
        let near = around.get(..200).unwrap_or(&around);
        let label = LABEL.captures(near);
        let says = |name: &str| {
            time.attr("itemprop").is_some_and(|value| value.eq_ignore_ascii_case(name))
                || time.classes().any(|class| class.eq_ignore_ascii_case(name))
        };
        if label.as_ref().is_some_and(|label| label.name("changed").is_some())
            || says("dateModified")
            || says("updated")
        {
            into.take(Origin::Text, Meaning::Changed, day);
        } else if label.is_some() || says("datePublished") || says("published") {
            into.take(Origin::Text, Meaning::Published, day);
        }
    }
}

/// Words that may stand between a label and its date.
const BETWEEN: [&str; 42] = [
    "on",
    "of",
    "at",
    "in",
    "as",
    "is",
    "was",
    "date",
    "day",
    "time",
    "the",
    "this",
    "page",
    "last",
    "and",
    "or",
    "updated",
    "reviewed",
    "revised",
    "modified",
    "changed",
    "published",
    "el",
    "en",
    "la",
    "de",
    "del",
    "fecha",
    "día",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
];

/// False where the words between make the date that of something else: "updated rules take effect on".
fn is_its_own(between: &str) -> bool {
    let mut words = between.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    // "Reviewed by the office on": whoever did it stands between.
    if words.peek() == Some(&"by") {
        return words.count() <= 5;
    }
    words.all(|word| BETWEEN.contains(&word))
}

fn structured(document: &Document, into: &mut Newest) {
    for script in document.select(&LINKED).take(20) {
        let text = script.text();
        for (key, meaning) in [("\"dateModified\"", Meaning::Changed), ("\"datePublished\"", Meaning::Published)] {
            for (at, _) in text.match_indices(key).take(20) {
                let rest = text[at + key.len()..].trim_start_matches([' ', ':', '"', '\n', '\t', '\r']);
                if let Some(day) = day_of(rest.get(..floor(rest, 40)).unwrap_or(rest)) {
                    into.take(Origin::JsonLd, meaning, day);
                }
            }
        }
    }
}

fn metadata(document: &Document, into: &mut Newest) {
    for meta in document.select(&METAS) {
        let names = ["name", "property", "itemprop", "http-equiv"].into_iter().filter_map(|name| meta.attr(name));
        let Some(meaning) = names.map(|name| name.trim().to_ascii_lowercase()).find_map(|name| meaning_of(&name))
        else {
            continue;
        };
        if let Some(day) = meta.attr("content").and_then(day_of) {
            into.take(Origin::Meta, meaning, day);
        }
    }
}

/// What the date of a meta element means, by its name.
fn meaning_of(name: &str) -> Option<Meaning> {
    Some(match name {
        "article:modified_time"
        | "og:updated_time"
        | "dc.date.modified"
        | "dc.date.reviewed"
        | "dcterms.modified"
        | "dcterms:modified"
        | "datemodified"
        | "revised"
        | "last-modified"
        | "last-updated"
        | "lastmod"
        | "review_date"
        | "date.modified"
        | "dc.modified"
        | "lastmodified" => Meaning::Changed,
        "article:published_time"
        | "dc.date"
        | "dc.date.created"
        | "dc.date.issued"
        | "dcterms.date"
        | "dcterms.created"
        | "dcterms.issued"
        | "dcterms:created"
        | "dcterms:date"
        | "datepublished"
        | "date"
        | "pubdate"
        | "citation_date"
        | "created"
        | "publish_date"
        | "dc.created" => Meaning::Published,
        _ => return None,
    })
}

/// The day of a date as programs write it: W3C, HTTP, or in words.
pub fn day_of(value: &str) -> Option<Date> {
    let value = value.trim();
    let begins_with_year = value.len() >= 10 && value.is_char_boundary(10);
    let iso = begins_with_year.then(|| value[..10].parse::<Date>().ok()).flatten();
    iso.filter(|day| (1990..2101).contains(&day.year())).or_else(|| {
        let compact = value.get(..8).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()) && value.len() == 8);
        let dashed = compact.map(|digits| format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]));
        let folded = words::fold(dashed.as_deref().unwrap_or(value));
        let read: Option<Written> = written(&folded, Order::MonthFirst).next();
        read.filter(|date| date.is_exact).map(|date| date.day)
    })
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_come_back_from_their_octets() {
        let days =
            [Date::new(-44, 3, 15), Date::new(2026, 12, 31), Date::new(1969, 7, 20)].map(|day| day.expect("a day"));
        let all = ORIGINS.into_iter().flat_map(|origin| MEANINGS.map(|meaning| (origin, meaning)));
        let dates: Vec<Dated> =
            all.zip(days.into_iter().cycle()).map(|((origin, meaning), day)| Dated { origin, meaning, day }).collect();
        assert_eq!(unpacked(Unpack(&packed(&dates))), dates);
        assert_eq!(unpacked(Unpack(&[2, 0, 0, 13, 40, 1])), []);
    }

    #[test]
    fn the_days_of_programs_are_read() {
        for (value, day) in [
            ("2026-11-03T10:00:00Z", Some(date(2026, 11, 3))),
            ("2026-11-03", Some(date(2026, 11, 3))),
            ("Tue, 03 Nov 2026 10:00:00 GMT", Some(date(2026, 11, 3))),
            ("20261103", Some(date(2026, 11, 3))),
            ("November 3, 2026", Some(date(2026, 11, 3))),
            ("11/03/2026", Some(date(2026, 11, 3))),
            ("2026", None),
            ("0000-00-00", None),
            ("yesterday", None),
        ] {
            assert_eq!(day_of(value), day, "{value}");
        }
    }

    #[test]
    fn the_weightiest_source_counts_and_of_it_the_newest_day() {
        let day = |year| date(year, 1, 1);
        let said = [
            Dated { origin: Origin::Header, meaning: Meaning::Changed, day: day(2026) },
            Dated { origin: Origin::Text, meaning: Meaning::Published, day: day(2019) },
            Dated { origin: Origin::Text, meaning: Meaning::Changed, day: day(2021) },
        ];
        assert_eq!(best(&said).map(|dated| dated.day), Some(day(2021)));
        assert_eq!(best(&[]), None);
    }
}
