//! `element-text`: the text of the elements a selector finds has the right shape.
//!
//! In: a page. Out: one verdict for each element that has text; none is inapplicable. Text is that of the markup, so that a
//! title counts although it is not rendered in the page. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Query, Scope};
use crate::facts::{PageFacts, Place, words};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "element-text",
    asks: "Does the text of each element found have the right shape?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector of the elements"),
        ("pattern", "regular expression that the folded text matches (optional)"),
        ("not", "regular expression that the folded text does not match (optional)"),
        ("looks-for", "what a right text is, for people"),
    ],
    build: page::<ElementText>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ElementText {
    selector: Query,
    pattern: Option<Pattern>,
    not: Option<Pattern>,
    looks_for: String,
}

impl PageCheck for ElementText {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        Verdict::gathered(document.select(&self.selector.0).filter_map(|element| self.verdict(&element)))
    }
}

impl ElementText {
    fn verdict(&self, element: &Element<'_>) -> Option<Verdict> {
        let text = words::fold(&element.text());
        if text.is_empty() {
            return None;
        }
        let right = self.pattern.as_ref().is_none_or(|pattern| pattern.is_in(&text))
            && !self.not.as_ref().is_some_and(|pattern| pattern.is_in(&text));
        let observed = format!("the text is \"{text}\"");
        Some(if right { element.at().pass(observed) } else { element.at().fail(observed, self.looks_for.clone()) })
    }
}
