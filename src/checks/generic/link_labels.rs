//! `link-labels`: links to well-known addresses carry one of their usual texts.
//!
//! In: a page. Out: one verdict for each link to such an address that has a name; none is inapplicable. Tested by the rules that
//! use it.

use serde::Deserialize;
use std::sync::OnceLock;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{Link, LinkMatch, PageFacts, Place, Region};
use crate::verdict::Verdict;
use crate::web::address;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "link-labels",
    asks: "Do links to these addresses carry one of their usual texts?",
    scope: Scope::Page,
    parameters: &[
        ("items", "addresses of this site and the texts of links to them: [{ name = \"…\", href = [], text = [] }, …]"),
        ("region", "header, navigation, main or footer: only links there count (optional)"),
    ],
    build: page::<LinkLabels>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LinkLabels {
    items: Vec<Item>,
    region: Option<Region>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Item {
    name: String,
    href: Vec<String>,
    text: Vec<String>,
    #[serde(skip)]
    shapes: OnceLock<(LinkMatch, LinkMatch)>,
}

impl PageCheck for LinkLabels {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let placed = |link: &&Link<'_>| self.region.is_none_or(|region| link.region() == region);
        let links = page.links().iter().filter(|link| !link.name.is_empty()).filter(placed);
        links.filter_map(|link| self.items.iter().find_map(|item| item.verdict(page, link))).collect()
    }
}

impl Item {
    fn verdict(&self, page: &PageFacts<'_>, link: &Link<'_>) -> Option<Verdict> {
        let (href, text) = self.shapes.get_or_init(|| (LinkMatch::of(&[], &self.href), LinkMatch::of(&self.text, &[])));
        link.url().filter(|url| address::same_site(url, page.url()) && href.href_matches(url))?;
        let observed = format!("the link to {} says \"{}\"", self.name, link.name);
        Some(if text.matches(link, page.url()) {
            link.element.at().pass(observed)
        } else {
            link.element
                .at()
                .fail(observed, format!("a usual text, as \"{}\"", self.text.first().map_or("", |text| text)))
        })
    }
}
