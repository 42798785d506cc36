//! `link-present`: the page links to something.
//!
//! In: a page. Out: one verdict for the page. A link outside the wanted region is said to be elsewhere. Tested by the rules
//! that use it.

use serde::Deserialize;
use std::sync::OnceLock;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{Link, LinkMatch, PageFacts, Place, Region};
use crate::verdict::Verdict;
use crate::web::address;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "link-present",
    asks: "Does the page have a link with one of the texts or addresses?",
    scope: Scope::Page,
    parameters: &[
        ("text", "whole link texts, compared folded and without accents; `*` at the end stands for anything"),
        ("href", "addresses: path globs (`/privacy*`), or host and path (`www.usa.gov/**`, `*.ig.gov/**`, `oig.*/**`)"),
        ("region", "header, navigation, main or footer: only links there count (optional)"),
        ("leads", "anywhere (default) or elsewhere: only links to another site count"),
        ("looks-for", "what the link is, for people"),
    ],
    build: page::<LinkPresent>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LinkPresent {
    #[serde(default)]
    text: Vec<String>,
    #[serde(default)]
    href: Vec<String>,
    region: Option<Region>,
    #[serde(default)]
    leads: Leads,
    #[serde(skip)]
    wanted: OnceLock<LinkMatch>,
    looks_for: String,
}

/// Where a link may lead to count.
#[derive(Clone, Copy, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Leads {
    #[default]
    Anywhere,
    Elsewhere,
}

impl PageCheck for LinkPresent {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        if page.document.is_none() {
            return Vec::new();
        }
        let wanted = self.wanted.get_or_init(|| LinkMatch::of(&self.text, &self.href));
        let mut links = page.links_like(wanted).filter(|link| self.counts(link, page)).peekable();
        let Some(first) = links.peek().map(|link| link.element) else {
            return vec![self.absent(page)];
        };
        let Some(region) = self.region else {
            return vec![first.at().pass(format_args!("links to {}", self.looks_for))];
        };
        let placed = links.find(|link| link.region() == region);
        let place = format!("{region:?}").to_lowercase();
        vec![match placed {
            Some(link) => link.element.at().pass(format_args!("links to {} in the {place}", self.looks_for)),
            None => first.at().fail(
                format!("the link to {} is not in the {place}", self.looks_for),
                format!("a link to {} in the {place}", self.looks_for),
            ),
        }]
    }
}

impl LinkPresent {
    fn counts(&self, link: &Link<'_>, page: &PageFacts<'_>) -> bool {
        match self.leads {
            Leads::Anywhere => true,
            Leads::Elsewhere => link.url().is_some_and(|url| !address::same_site(url, page.url())),
        }
    }

    fn absent(&self, page: &PageFacts<'_>) -> Verdict {
        let expected = format!("a link to {}", self.looks_for);
        if let Some(reason) = page.blind_spot() {
            return page.whole().untested(reason);
        }
        page.whole().fail(format!("no link to {}", self.looks_for), expected)
    }
}
