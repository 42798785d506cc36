//! `linked-page-says`: the page behind a link of the home page says, or offers, what belongs on it.
//!
//! In: the reply behind the link. Out: one verdict for each item, or one for all where a number of them is enough. Whether the
//! link is there is another question: without it, and behind an error, nothing is judged. Tested by the rules that use it.

use serde::Deserialize;
use std::sync::OnceLock;

use super::item::Item;
use super::linked_page::linked_page;
use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{LinkMatch, Need, PageFacts, SiteView};
use crate::verdict::{Locator, Verdict};
use crate::web::address;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "linked-page-says",
    asks: "Does the page behind a link of the home page say or offer what belongs on it?",
    scope: Scope::Site,
    parameters: &[
        ("text", "whole texts of the link, folded, without accents; `*` at the end stands for anything"),
        ("href", "addresses of the link: path globs, or host and path"),
        (
            "items",
            "what belongs there: [{ name, says = [], pattern, selector, links = { text, href } }, …]; one sign of each is enough",
        ),
        ("at-least", "how many of the items are enough; every one by default"),
        ("when", "shape of a link: only sites whose home page has it: { text = [], href = [] } (optional)"),
        ("looks-for", "what the page is, for people"),
    ],
    build: site::<LinkedPageSays>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LinkedPageSays {
    #[serde(default)]
    text: Vec<String>,
    #[serde(default)]
    href: Vec<String>,
    items: Vec<Item>,
    at_least: Option<usize>,
    when: Option<LinkMatch>,
    looks_for: String,
    #[serde(skip)]
    wanted: OnceLock<LinkMatch>,
}

impl SiteCheck for LinkedPageSays {
    fn needs(&self) -> Vec<Need> {
        vec![self.need()]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        if !self.is_asked_of(site) {
            return Vec::new();
        }
        let need = self.need();
        let page = match linked_page(site, &need, &self.looks_for) {
            Ok(page) => page,
            Err(unseen) => return unseen,
        };
        let ours = site.facts.home.as_ref().is_some_and(|home| address::same_site(&home.url, page.url()));
        let at = if ours { Locator::page(page.url().clone()) } else { Locator::whole() };
        match self.at_least {
            None => self.items.iter().map(|item| self.each(item, &page, at.clone())).collect(),
            Some(enough) => vec![self.together(enough, &page, at)],
        }
    }
}

impl LinkedPageSays {
    fn need(&self) -> Need {
        Need::Linked(self.wanted.get_or_init(|| LinkMatch::of(&self.text, &self.href)).clone())
    }

    fn is_asked_of(&self, site: &SiteView<'_>) -> bool {
        let linked = |when: &LinkMatch| site.home().is_some_and(|home| home.linked(when).is_some());
        self.when.as_ref().is_none_or(linked)
    }

    fn each(&self, item: &Item, page: &PageFacts<'_>, at: Locator) -> Verdict {
        if item.is_on(page) {
            return at.pass(format_args!("{} has {}", self.looks_for, item.name));
        }
        let observed = format!("no sign of {} at {}", item.name, page.url());
        at.fail(observed, format!("{} has {}", self.looks_for, item.name))
    }

    fn together(&self, enough: usize, page: &PageFacts<'_>, at: Locator) -> Verdict {
        let found: Vec<&str> =
            self.items.iter().filter(|item| item.is_on(page)).map(|item| item.name.as_str()).collect();
        if found.len() >= enough {
            return at.pass(format_args!("{} has {}", self.looks_for, found.join(", ")));
        }
        let all: Vec<&str> = self.items.iter().map(|item| item.name.as_str()).collect();
        let has = if found.is_empty() { "none of them".to_string() } else { format!("only {}", found.join(", ")) };
        let observed = format!("{} has {has} at {}", self.looks_for, page.url());
        at.fail(observed, format!("at least {enough} of: {}", all.join(", ")))
    }
}
