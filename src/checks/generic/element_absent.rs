//! `element-absent`: no element of the page is one that a selector finds.
//!
//! In: a page. Out: a failure for each such element, else a pass for the page. Tested by the examples of the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Query, Scope};
use crate::facts::{PageFacts, Place, names};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "element-absent",
    asks: "Is the page free of elements that the selector finds?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector of the unwanted element"),
        ("looks-for", "what it is, for people: \"a marquee\""),
        ("only", "CSS selector: inapplicable to pages without such an element (optional)"),
        ("named", "pattern: only elements whose accessible name matches (optional)"),
        ("expected", "what to have instead, for people"),
    ],
    build: page::<ElementAbsent>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ElementAbsent {
    selector: Query,
    looks_for: String,
    only: Option<Query>,
    named: Option<Pattern>,
    expected: String,
}

impl PageCheck for ElementAbsent {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        if self.only.as_ref().is_some_and(|only| document.select(&only.0).next().is_none()) {
            return Vec::new();
        }
        let found: Vec<Verdict> = document
            .select(&self.selector.0)
            .filter(|element| self.is_meant(element))
            .map(|element| element.at().fail(self.looks_for.clone(), self.expected.clone()))
            .collect();
        if found.is_empty() {
            return vec![page.whole().pass(format_args!("without {}", self.looks_for))];
        }
        found
    }
}

impl ElementAbsent {
    fn is_meant(&self, element: &Element<'_>) -> bool {
        self.named.as_ref().is_none_or(|pattern| pattern.is_in(names::folded(element)))
    }
}
