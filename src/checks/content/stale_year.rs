//! `stale-year`: a year that the page carries about itself is not long past.
//!
//! In: a page. Out: one verdict for each element that names such a year; a range counts by its end, and a range that is open
//! counts as this year. Tested by the rule that uses it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Query, Scope};
use crate::facts::{PageFacts, Place, visible_text, words};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "stale-year",
    asks: "Is the year that the page gives itself a recent one?",
    scope: Scope::Page,
    parameters: &[
        ("in", "CSS selector of the parts that are searched"),
        (
            "pattern",
            "regular expression over folded text; group `year` holds the year, group `open` what leaves it open",
        ),
        ("max-years", "how many years it may be past"),
        ("looks-for", "what the year is, for people"),
    ],
    build: page::<StaleYear>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct StaleYear {
    #[serde(rename = "in")]
    within: Query,
    pattern: Pattern,
    max_years: i16,
    looks_for: String,
}

impl PageCheck for StaleYear {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let parts: Vec<Element<'_>> = document.select(&self.within.0).collect();
        let is_inner = |part: &Element<'_>| parts.iter().any(|other| other.id() != part.id() && other.contains(*part));
        let outer = parts.iter().filter(|part| !is_inner(part));
        outer.filter_map(|part| self.verdict(part, page)).collect()
    }
}

impl StaleYear {
    /// The newest year of a part decides: an old one beside it is somebody else's.
    fn verdict(&self, part: &Element<'_>, page: &PageFacts<'_>) -> Option<Verdict> {
        let text = words::fold(&visible_text(*part));
        let years = self.pattern.0.captures_iter(&text).filter_map(|found| {
            let year: i16 = found.name("year")?.as_str().parse().ok()?;
            Some(if found.name("open").is_some() { page.year() } else { year })
        });
        let newest = years.max()?;
        let now = page.year();
        let observed = format!("{} is {newest}", self.looks_for);
        Some(if now - newest <= self.max_years {
            part.at().pass(observed)
        } else {
            part.at().fail(observed, format!("{} at most {} years past", self.looks_for, self.max_years))
        })
    }
}
