//! `name-matches`: the names of links, images and fields say something.
//!
//! In: a page. Out: one verdict for each exposed element that has a name; an empty name is for another rule. Tested by the rules
//! that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Phrases, Query, Scope};
use crate::facts::{PageFacts, Place, names, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "name-matches",
    asks: "Do the accessible names of the elements found say something?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector of the elements"),
        ("not-any", "whole names that say nothing, compared without regard to case, quotes and end marks (optional)"),
        ("not", "regular expression over folded names that say nothing (optional)"),
        ("looks-for", "what is named, for people: \"the link\""),
        ("expected", "what a right name is, for people"),
    ],
    build: page::<NameMatches>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct NameMatches {
    selector: Query,
    #[serde(default)]
    not_any: Phrases,
    not: Option<Pattern>,
    looks_for: String,
    expected: String,
}

impl PageCheck for NameMatches {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let targets = document.select(&self.selector.0).filter(visibility::is_exposed);
        Verdict::gathered(targets.filter_map(|element| self.verdict(&element)))
    }
}

impl NameMatches {
    fn verdict(&self, element: &Element<'_>) -> Option<Verdict> {
        let name = names::name(element);
        let folded = names::folded(element);
        // "Read more »" and "read more..." are no better than "read more".
        let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
        if folded.is_empty() {
            return None;
        }
        let says_nothing = self.not_any.has(bare) || self.not.as_ref().is_some_and(|pattern| pattern.is_in(folded));
        let observed = format_args!("{} is named \"{name}\"", self.looks_for);
        Some(if says_nothing {
            element.heard().fail(observed.to_string(), self.expected.clone())
        } else {
            element.at().pass(observed)
        })
    }
}
