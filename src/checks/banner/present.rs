//! `government-banner`: the page says whose website it is, in the official words.
//!
//! In: a page. Out: one verdict. Inapplicable to what is no HTML. Tested by the rules of the identity pack.

use serde::Deserialize;

use super::sighting::{Marks, Sighting};
use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{PageFacts, Place};
use crate::html::Document;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "government-banner",
    asks: "Does the page carry the banner with the official sentence?",
    scope: Scope::Page,
    parameters: &[
        ("banner", "how it is recognised: { says, nearly, component, within, except }"),
        ("hint", "CSS selector of elements that may draw it later: cantTell instead of failed"),
        ("looks-for", "the sentence, for people"),
    ],
    build: page::<GovernmentBanner>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct GovernmentBanner {
    banner: Marks,
    hint: Query,
    looks_for: String,
}

impl PageCheck for GovernmentBanner {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let expected = || format!("a banner at the top that says \"{}\"", self.looks_for);
        vec![match self.banner.sight(page) {
            Sighting::Served(banner) => banner.at().pass("the banner says the official sentence"),
            Sighting::Component(banner) => banner.at().pass("a component draws the banner"),
            Sighting::Nearly(banner, words) => {
                banner.at().cannot_tell(format!("the banner says \"{words}\""), expected())
            }
            Sighting::Misplaced(place) => {
                place.at().fail("the sentence stands only here, and not in a banner at the top", expected())
            }
            Sighting::Nowhere => self.nowhere(page, document, expected()),
        }]
    }
}

impl GovernmentBanner {
    fn nowhere(&self, page: &PageFacts<'_>, document: &Document, expected: String) -> Verdict {
        if let Some(reason) = page.blind_spot() {
            return page.whole().untested(reason);
        }
        if let Some(hint) = document.select(&self.hint.0).next() {
            let observed = "this may draw a banner later, which was not seen without a browser";
            return hint.at().cannot_tell(observed, expected);
        }
        page.whole().fail("no banner says that this is an official website", expected)
    }
}
