//! `loads-at-most`: a page asks for few files.
//!
//! In: what the markup of a page loads at once. Out: one verdict; a page that loads nothing is inapplicable. Of the sizes of one
//! image one counts, and what is loaded lazily does not; what scripts load is unknown here. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeSet;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Resource};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "loads-at-most",
    asks: "Does the page ask for few files?",
    scope: Scope::Page,
    parameters: &[("max", "the most files")],
    build: page::<LoadsAtMost>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LoadsAtMost {
    max: usize,
}

impl PageCheck for LoadsAtMost {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let mut elements = BTreeSet::new();
        let of_each = page.resources().iter().filter(|resource| elements.insert(resource.element.order()));
        let files: BTreeSet<&str> =
            of_each.filter(|resource| is_loaded_at_once(resource)).map(|resource| resource.url.as_str()).collect();
        let observed = format!("the page loads {} files", files.len());
        match files.len() {
            0 => Vec::new(),
            count if count <= self.max => vec![page.whole().pass(observed)],
            _ => vec![page.whole().fail(observed, format!("at most {} files", self.max))],
        }
    }
}

/// False for one of several sources, of which the browser takes what it needs, and for what waits until it is seen.
fn is_loaded_at_once(resource: &Resource<'_>) -> bool {
    let lazy = resource.element.attr("loading").is_some_and(|when| when.trim().eq_ignore_ascii_case("lazy"));
    !lazy && !matches!(resource.element.name(), "source" | "track")
}
