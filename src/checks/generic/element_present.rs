//! `element-present`: the page has an element that a selector finds.
//!
//! In: a page. Out: one verdict for the page. Inapplicable to what is no HTML. Tested by the examples of the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{PageFacts, Place, visibility};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "element-present",
    asks: "Does the page have an element that the selector finds?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector of the element"),
        ("looks-for", "what it is, for people: \"a main landmark\""),
        ("unless", "CSS selector: where it finds something the rule is inapplicable (optional)"),
        ("count", "rendered (default): elements the markup hides do not count; any: they do, as for head elements"),
    ],
    build: page::<ElementPresent>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ElementPresent {
    selector: Query,
    looks_for: String,
    unless: Option<Query>,
    #[serde(default)]
    count: Count,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Count {
    #[default]
    Rendered,
    Any,
}

/// The words without their article, which "there is no" does not take.
fn bare(looks_for: &str) -> &str {
    ["a ", "an ", "the "].iter().find_map(|article| looks_for.strip_prefix(article)).unwrap_or(looks_for)
}

impl PageCheck for ElementPresent {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        if self.unless.as_ref().is_some_and(|unless| document.select(&unless.0).next().is_some()) {
            return Vec::new();
        }
        let found = document.select(&self.selector.0).find(|element| match self.count {
            Count::Rendered => visibility::is_rendered(element),
            Count::Any => true,
        });
        vec![match found {
            Some(element) => element.at().pass(format_args!("found {}", self.looks_for)),
            None => page.whole().fail(format!("there is no {}", bare(&self.looks_for)), self.looks_for.clone()),
        }]
    }
}
