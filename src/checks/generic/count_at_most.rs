//! `count-at-most`: the page has no more than so many of something.
//!
//! In: a page. Out: one verdict, at the first element too many; none of them is inapplicable. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{PageFacts, Place, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "count-at-most",
    asks: "Has the page at most so many elements that the selector finds?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector of what is counted"),
        ("max", "the most there may be"),
        ("count", "rendered (default): elements the markup hides do not count; any: they do, as for scripts"),
        ("looks-for", "what is counted, in the plural, for people"),
    ],
    build: page::<CountAtMost>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CountAtMost {
    selector: Query,
    max: usize,
    #[serde(default)]
    count: Count,
    looks_for: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Count {
    #[default]
    Rendered,
    Any,
}

impl PageCheck for CountAtMost {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let in_head = |element: &Element<'_>| document.head().is_some_and(|head| head.contains(*element));
        let is_counted = |element: &Element<'_>| match self.count {
            Count::Rendered => in_head(element) || visibility::is_rendered(element),
            Count::Any => true,
        };
        let found: Vec<Element<'_>> = document.select(&self.selector.0).filter(is_counted).collect();
        let observed = format!("{} {}", found.len(), self.looks_for);
        match found.get(self.max) {
            Some(extra) => vec![extra.at().fail(observed, format!("at most {}", self.max))],
            None if found.is_empty() => Vec::new(),
            None => vec![page.whole().pass(observed)],
        }
    }
}
