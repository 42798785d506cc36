//! `links-within`: a part of the page, where it exists, holds all the links that belong to it.
//!
//! In: a page. Out: for each part found, one verdict for each link that belongs there; no such part is inapplicable. A link that
//! leads nowhere is as good as missing. Tested by the rules that use it.

use serde::Deserialize;
use std::sync::OnceLock;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{Link, LinkMatch, PageFacts, Place};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "links-within",
    asks: "Does a part of the page hold every link that belongs to it?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector of the part; the first found is judged"),
        ("items", "the links: [{ name = \"…\", text = [], href = [] }, …]"),
    ],
    build: page::<LinksWithin>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LinksWithin {
    selector: Query,
    items: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Item {
    name: String,
    #[serde(default)]
    text: Vec<String>,
    #[serde(default)]
    href: Vec<String>,
    #[serde(skip)]
    wanted: OnceLock<LinkMatch>,
}

impl PageCheck for LinksWithin {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(part) = page.document.and_then(|document| document.select(&self.selector.0).next()) else {
            return Vec::new();
        };
        let inside: Vec<&Link<'_>> = page.links().iter().filter(|link| part.contains(link.element)).collect();
        self.items.iter().map(|item| item.verdict(page, part, &inside)).collect()
    }
}

impl Item {
    fn verdict(&self, page: &PageFacts<'_>, part: Element<'_>, inside: &[&Link<'_>]) -> Verdict {
        let wanted = self.wanted.get_or_init(|| LinkMatch::of(&self.text, &self.href));
        let mut links = inside.iter().filter(|link| wanted.matches(link, page.url())).peekable();
        let expected = format!("a link \"{}\" that leads to the page", self.name);
        let Some(first) = links.peek().map(|link| link.element) else {
            return part.at().fail(format!("the link \"{}\" is not there", self.name), expected);
        };
        match links.find(|link| link.url().is_some()) {
            Some(link) => link.element.at().pass(format_args!("links to \"{}\"", self.name)),
            None => first.at().fail(format!("the link \"{}\" leads nowhere", self.name), expected),
        }
    }
}
