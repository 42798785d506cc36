//! `same-region`: a link stands in the same part of every page that has it.
//!
//! In: the parts of the page the link stands in, one note for each page with the link. Out: a verdict for each such page; the
//! part that most pages share is the measure; where that is no marked part, nothing can be compared. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{LinkMatch, Note, PageFacts, SiteView};
use crate::verdict::{Locator, Outcome, Verdict};

/// What `Region::Elsewhere` is called: the page does not say which part it is.
const UNMARKED: &str = "elsewhere";

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "same-region",
    asks: "Does a link stand in the same part of every page that has it?",
    scope: Scope::Site,
    parameters: &[
        ("text", "whole link texts, compared folded and without accents; `*` at the end stands for anything"),
        ("href", "addresses: path globs, or host and path"),
        ("min-pages", "fewer pages with the link are not compared"),
        ("looks-for", "what the link is, for people"),
    ],
    build: site::<SameRegion>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SameRegion {
    #[serde(default)]
    text: Vec<String>,
    #[serde(default)]
    href: Vec<String>,
    min_pages: usize,
    looks_for: String,
    #[serde(skip)]
    wanted: OnceLock<LinkMatch>,
}

impl SiteCheck for SameRegion {
    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        let wanted = self.wanted.get_or_init(|| LinkMatch::of(&self.text, &self.href));
        let found: Vec<_> = page.links_like(wanted).collect();
        if found.is_empty() {
            return Vec::new();
        }
        let regions: BTreeSet<String> =
            found.iter().map(|link| format!("{:?}", link.region()).to_lowercase()).collect();
        let text = regions.into_iter().collect::<Vec<_>>().join(" ");
        vec![Note::of(Outcome::Passed, text)]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, note) in site.notes() {
            for region in note.text.split(' ') {
                *counts.entry(region).or_default() += 1;
            }
        }
        let pages = site.notes().count();
        let Some((shared, count)) = counts.into_iter().max_by_key(|(_, count)| *count) else { return Vec::new() };
        if pages < self.min_pages || shared == UNMARKED {
            return Vec::new();
        }
        let verdict = |(url, note): (&url::Url, &Note)| {
            let at = Locator::page(url.clone());
            if note.text.split(' ').any(|region| region == shared) {
                return at.pass(format_args!("{} stands in the part called {shared}", self.looks_for));
            }
            at.fail(
                format!("{} stands in the part called {} here", self.looks_for, note.text.replace(' ', ", ")),
                format!("{} in the part called {shared}, as on {count} of {pages} pages", self.looks_for),
            )
        };
        site.notes().map(verdict).collect()
    }
}
