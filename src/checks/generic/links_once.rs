//! `links-once`: a part of the page does not repeat the links of another part.
//!
//! In: a page. Out: one verdict for each part; pages without both parts are inapplicable. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeSet;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{Link, PageFacts, Place};
use crate::verdict::Verdict;
use crate::web::address;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "links-once",
    asks: "Does one part of the page leave the links of another part to that part?",
    scope: Scope::Page,
    parameters: &[
        ("part", "CSS selector of the part that holds the links"),
        ("others", "CSS selector of the parts that need not repeat them; what stands in `part` is no other"),
        ("looks-for", "what the part is, for people"),
    ],
    build: page::<LinksOnce>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LinksOnce {
    part: Query,
    others: Query,
    looks_for: String,
}

impl PageCheck for LinksOnce {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let Some(part) = document.select(&self.part.0).next() else { return Vec::new() };
        let addresses: BTreeSet<_> = page
            .links()
            .iter()
            .filter(|link| part.contains(link.element))
            .filter_map(Link::url)
            .map(address::canonical)
            .collect();
        let others: Vec<_> = document.select(&self.others.0).collect();
        if others.is_empty() {
            return Vec::new();
        }
        let repeats = |link: &&Link<'_>| {
            link.url().is_some_and(|url| url.path() != "/" && addresses.contains(&address::canonical(url)))
                && !part.contains(link.element)
                && others.iter().any(|other| other.contains(link.element))
        };
        let repeated: Vec<&Link<'_>> = page.links().iter().filter(repeats).collect();
        let Some(first) = repeated.first() else {
            return vec![part.at().pass(format_args!("no link of {} stands twice", self.looks_for))];
        };
        let names: Vec<&str> = repeated.iter().map(|link| link.name).collect();
        let observed = format!("stands here and in {} again: {}", self.looks_for, names.join(", "));
        vec![first.element.at().fail(observed, format!("these links in {} only", self.looks_for))]
    }
}
