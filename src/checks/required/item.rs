//! One thing that belongs on a page, and the signs that it is there.
//!
//! In: an item of a rule and a page. Out: whether one of its signs is on the page. Invariant: one sign is enough, and none of
//! them is a word that a check knows by itself. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::{Pattern, Phrases, Query};
use crate::facts::{LinkMatch, PageFacts};

/// What belongs on a page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Item {
    /// What it is, for people.
    pub(super) name: String,
    #[serde(default)]
    says: Phrases,
    pattern: Option<Pattern>,
    selector: Option<Query>,
    #[serde(default)]
    links: LinkMatch,
}

impl Item {
    /// True when one of the signs is on the page.
    pub(super) fn is_on(&self, page: &PageFacts<'_>) -> bool {
        self.says.first_in(page.text()).is_some()
            || self.pattern.as_ref().is_some_and(|pattern| pattern.is_in(page.text()))
            || page.links().iter().any(|link| self.links.matches(link, page.url()))
            || self
                .selector
                .as_ref()
                .zip(page.document)
                .is_some_and(|(query, document)| document.select(&query.0).next().is_some())
    }
}
