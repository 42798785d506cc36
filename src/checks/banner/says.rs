//! `banner-says`: the explanation in the banner says what it has to for the site's top-level domain.
//!
//! In: a page. Out: one verdict at the banner; no banner in the markup is inapplicable. Text behind the banner's button counts.
//! Tested by the rules of the identity pack.

use serde::Deserialize;
use std::collections::BTreeMap;

use super::sighting::{Marks, Sighting};
use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Phrases, Scope};
use crate::facts::{PageFacts, Place, domain, whole_text, words};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "banner-says",
    asks: "Does the banner say one of the phrases for the site's top-level domain?",
    scope: Scope::Page,
    parameters: &[
        ("banner", "how it is recognised: { says, nearly, component, within, except }"),
        ("by-domain", "phrases by top-level domain: { gov = [], mil = [] }; any of them where the host has another"),
        ("outdated", "phrases of older versions: cantTell"),
        ("looks-for", "what it says, for people"),
    ],
    build: page::<BannerSays>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct BannerSays {
    banner: Marks,
    by_domain: BTreeMap<String, Phrases>,
    #[serde(default)]
    outdated: Phrases,
    looks_for: String,
}

impl PageCheck for BannerSays {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        match self.banner.sight(page) {
            Sighting::Served(banner) => vec![self.verdict(page, banner)],
            Sighting::Component(banner) => vec![banner.at().pass("a component draws the banner with its words")],
            Sighting::Nearly(..) | Sighting::Misplaced(_) | Sighting::Nowhere => Vec::new(),
        }
    }
}

impl BannerSays {
    fn verdict(&self, page: &PageFacts<'_>, banner: Element<'_>) -> Verdict {
        let folded = words::fold(&whole_text(banner));
        let top = domain::public_host(page.url()).and_then(|host| host.rsplit('.').next()).unwrap_or_default();
        let said = match self.by_domain.get(top) {
            Some(phrases) => phrases.first_in(&folded),
            None => self.by_domain.values().find_map(|phrases| phrases.first_in(&folded)),
        };
        if let Some(words) = said {
            return banner.at().pass(format_args!("the banner says \"{words}\""));
        }
        if let Some(words) = self.outdated.first_in(&folded) {
            return banner.at().cannot_tell(format!("the banner still says \"{words}\""), self.looks_for.clone());
        }
        let others = self.by_domain.values().find_map(|phrases| phrases.first_in(&folded));
        let observed = match others {
            Some(words) => format!("the banner says \"{words}\" on a .{top} site"),
            None => format!("the banner does not say {}", self.looks_for),
        };
        banner.at().fail(observed, self.looks_for.clone())
    }
}
