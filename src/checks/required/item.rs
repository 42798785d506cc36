//! Something that belongs on a page, and the signs by which it is known.
//!
//! In: a page. Out: whether one of the signs is there. Tested by the rules that use the checks of this folder.

use serde::Deserialize;

use crate::checks::{Pattern, Phrases, Query};
use crate::facts::{LinkMatch, PageFacts};

/// One thing that belongs on a page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::checks) struct Item {
    /// What it is, for people.
    pub(in crate::checks) name: String,
    #[serde(default)]
    says: Phrases,
    pattern: Option<Pattern>,
    selector: Option<Query>,
    #[serde(default)]
    links: LinkMatch,
}

impl Item {
    /// True when one of its signs is on the page.
    pub(in crate::checks) fn is_on(&self, page: &PageFacts<'_>) -> bool {
        self.says.first_on(page).is_some()
            || self.pattern.as_ref().is_some_and(|pattern| pattern.is_on(page))
            || page.links_like(&self.links).next().is_some()
            || self
                .selector
                .as_ref()
                .zip(page.document)
                .is_some_and(|(query, document)| document.select(&query.0).next().is_some())
    }
}
