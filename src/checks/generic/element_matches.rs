//! `element-matches`: each element that one selector finds is also found by another.
//!
//! In: a page. Out: one verdict for each element found; none found is inapplicable. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{PageFacts, Place, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "element-matches",
    asks: "Is each element that one selector finds also found by another?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector of the elements"),
        ("is", "CSS selector that finds the right ones among them"),
        (
            "count",
            "rendered (default): elements the markup hides are left out; exposed: those kept from assistive technology too; any",
        ),
        ("observed", "what is wrong with the others, for people"),
        ("expected", "what is right, for people"),
    ],
    build: page::<ElementMatches>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ElementMatches {
    selector: Query,
    is: Query,
    #[serde(default)]
    count: Count,
    observed: String,
    expected: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Count {
    #[default]
    Rendered,
    Exposed,
    Any,
}

impl PageCheck for ElementMatches {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let counts = |element: &Element<'_>| match self.count {
            Count::Rendered => visibility::is_rendered(element),
            Count::Exposed => visibility::is_exposed(element),
            Count::Any => true,
        };
        let found = document.select(&self.selector.0).filter(counts);
        Verdict::gathered(found.map(|element| match element.matches(&self.is.0) {
            true => element.at().pass(&self.expected),
            false => element.heard().fail(self.observed.clone(), self.expected.clone()),
        }))
    }
}
