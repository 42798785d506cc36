//! `banner-part`: the banner holds something that belongs to it.
//!
//! In: a page. Out: one verdict at the banner; no banner in the markup is inapplicable, and a component brings its own parts.
//! Tested by the rules of the identity pack.

use serde::Deserialize;

use super::sighting::{Marks, Sighting};
use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{PageFacts, Place};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "banner-part",
    asks: "Does the banner hold the element that belongs to it?",
    scope: Scope::Page,
    parameters: &[
        ("banner", "how it is recognised: { says, nearly, component, within, except }"),
        ("selector", "CSS selector of the part; the element that holds the banner counts too"),
        ("looks-for", "what the part is, for people"),
    ],
    build: page::<BannerPart>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct BannerPart {
    banner: Marks,
    selector: Query,
    looks_for: String,
}

impl PageCheck for BannerPart {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        match self.banner.sight(page) {
            Sighting::Served(banner) => {
                let part = if banner.matches(&self.selector.0) {
                    Some(banner)
                } else {
                    banner.select(&self.selector.0).next()
                };
                vec![match part {
                    Some(part) => part.at().pass(format_args!("the banner has {}", self.looks_for)),
                    None => banner.at().fail(
                        format!("the banner is without {}", self.looks_for),
                        format!("{} in the banner", self.looks_for),
                    ),
                }]
            }
            Sighting::Component(banner) => vec![banner.at().pass("a component draws the banner and its parts")],
            Sighting::Nearly(..) | Sighting::Misplaced(_) | Sighting::Nowhere => Vec::new(),
        }
    }
}
