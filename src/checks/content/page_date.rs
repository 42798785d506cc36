//! `page-date`: the page says when it was published or changed.
//!
//! In: a page that was served. Out: one verdict for the page: a date people read, one in its metadata, or a `Last-Modified` that is not
//! the moment of the answer. A sitemap may say it too, which a page cannot show. Tested by the rules that use it.

use serde::Deserialize;
use std::sync::LazyLock;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Query, Scope};
use crate::facts::{PageFacts, Place};
use crate::html::{Document, Element, Selector};
use crate::verdict::Verdict;

static TIMES: LazyLock<Selector> = LazyLock::new(|| Selector::parse("time[datetime]").expect("a constant selector"));
static METAS: LazyLock<Selector> = LazyLock::new(|| Selector::parse("meta[content]").expect("a constant selector"));
static LINKED: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("script[type='application/ld+json' i]").expect("a constant selector"));

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "page-date",
    asks: "Does the page say when it was published or changed?",
    scope: Scope::Page,
    parameters: &[
        ("text", "regular expression over the folded text that finds a date with a word such as \"updated\""),
        ("meta", "names or properties of meta elements that hold the date"),
        ("structured", "keys of JSON-LD that hold the date"),
        ("unless", "CSS selector: where it finds something the rule is inapplicable (optional)"),
    ],
    build: page::<PageDate>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PageDate {
    text: Pattern,
    meta: Vec<String>,
    structured: Vec<String>,
    unless: Option<Query>,
}

impl PageCheck for PageDate {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document.filter(|_| page.capture.is_success()) else { return Vec::new() };
        if self.unless.as_ref().is_some_and(|unless| document.select(&unless.0).next().is_some()) {
            return Vec::new();
        }
        if let Some(time) = document.select(&TIMES).find(|time| has_year(time.attr("datetime").unwrap_or_default())) {
            return vec![time.at().pass("a time element holds a date")];
        }
        if let Some(meta) = document.select(&METAS).find(|meta| self.is_dated(meta)) {
            return vec![meta.at().pass("the metadata hold a date")];
        }
        if let Some(found) = self.text.find_on(page) {
            return vec![page.whole().pass(format_args!("the page says \"{}\"", found.as_str()))];
        }
        if self.is_structured(document) {
            return vec![page.whole().pass("the structured data hold a date")];
        }
        if let Some(modified) = last_modified(page) {
            return vec![page.whole().pass(format_args!("the server says it was changed on {modified}"))];
        }
        let expected = "a visible date, or a date in metadata, structured data, headers or the sitemap";
        vec![page.whole().fail("nothing on the page says when it was published or changed", expected)]
    }
}

impl PageDate {
    fn is_dated(&self, meta: &Element<'_>) -> bool {
        let names = ["name", "property", "itemprop", "http-equiv"].into_iter().filter_map(|name| meta.attr(name));
        let mut wanted = names.filter(|name| self.meta.iter().any(|wanted| wanted.eq_ignore_ascii_case(name.trim())));
        wanted.next().is_some() && has_year(meta.attr("content").unwrap_or_default())
    }

    fn is_structured(&self, document: &Document) -> bool {
        let mut blocks = document.select(&LINKED).map(|script| script.text());
        blocks.any(|text| {
            self.structured.iter().any(|key| {
                let value = text.split_once(&format!("\"{key}\"")).map(|(_, rest)| rest.trim_start());
                value.is_some_and(|rest| has_year(rest.get(..16).unwrap_or(rest)))
            })
        })
    }
}

/// `Last-Modified`, unless it is the moment of the answer: then a program wrote it, and it says nothing.
fn last_modified<'a>(page: &PageFacts<'a>) -> Option<&'a str> {
    let modified = page.capture.header("last-modified")?;
    (page.capture.header("date") != Some(modified)).then_some(modified)
}

/// True when four digits in a row may be a year.
fn has_year(text: &str) -> bool {
    let digits = text.split(|c: char| !c.is_ascii_digit());
    digits.into_iter().any(|run| run.len() >= 4 && (run.starts_with("19") || run.starts_with("20")))
}
