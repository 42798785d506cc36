//! `titled-page-says`: a page on a certain subject says, or offers, what belongs on it.
//!
//! In: a page. Out: one verdict for each item, on pages whose title or main heading names the subject; other pages are
//! inapplicable. For pages that no link of the home page leads to. Tested by the rules that use it.

use serde::Deserialize;
use std::sync::LazyLock;

use super::item::Item;
use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Scope};
use crate::facts::{PageFacts, visible_text, words};
use crate::html::Selector;
use crate::verdict::Verdict;

static HEADINGS: LazyLock<Selector> = LazyLock::new(|| Selector::parse("h1").expect("a constant selector"));

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "titled-page-says",
    asks: "Does a page on a subject say or offer what belongs on it?",
    scope: Scope::Page,
    parameters: &[
        ("titled", "regular expression over the folded main headings: pages on the subject"),
        (
            "items",
            "what belongs there: [{ name, says = [], pattern, selector, links = { text, href } }, …]; one sign of each is enough",
        ),
        ("looks-for", "what the page is, for people"),
    ],
    build: page::<TitledPageSays>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TitledPageSays {
    titled: Pattern,
    items: Vec<Item>,
    looks_for: String,
}

impl PageCheck for TitledPageSays {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let on_subject = |heading| self.titled.is_in(&words::fold(&visible_text(heading)));
        if !document.select(&HEADINGS).any(on_subject) {
            return Vec::new();
        }
        if let Some(reason) = page.blind_spot() {
            return vec![page.whole().untested(reason)];
        }
        self.items
            .iter()
            .map(|item| match item.is_on(page) {
                true => page.whole().pass(format_args!("{} has {}", self.looks_for, item.name)),
                false => page
                    .whole()
                    .fail(format!("no sign of {}", item.name), format!("{} has {}", self.looks_for, item.name)),
            })
            .collect()
    }
}
