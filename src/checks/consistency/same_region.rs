//! `same-region`: a link or a control stands in the same part of every page that has it.
//!
//! In: the parts of the page it stands in, one note for each page that has it. Out: a verdict for each such page; the part that
//! most pages share is the measure; where that is no marked part, nothing can be compared. Tested by the rules that use it.

use serde::Deserialize;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};
use url::Url;

use crate::checks::parameters::site;
use crate::checks::{Entry, Query, Scope, SiteCheck, all_told};
use crate::facts::{LinkMatch, Note, Noted, PageFacts, Region, SiteView, visibility};
use crate::html::Element;
use crate::verdict::{Locator, Outcome, Verdict};

/// What `Region::Elsewhere` is called: the page does not say which part it is.
const UNMARKED: &str = "elsewhere";

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "same-region",
    asks: "Does a link or a control stand in the same part of every page that has it?",
    scope: Scope::Site,
    parameters: &[
        ("text", "whole link texts, compared folded and without accents; `*` at the end stands for anything"),
        ("href", "addresses: path globs, or host and path"),
        ("selector", "CSS selector of controls that count like the link, where they are shown (optional)"),
        ("except", "CSS selector of parts whose links and controls do not count (optional)"),
        ("min-pages", "fewer pages that have it are not compared"),
        ("looks-for", "what it is, for people"),
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
    selector: Option<Query>,
    except: Option<Query>,
    min_pages: usize,
    looks_for: String,
    #[serde(skip)]
    wanted: OnceLock<LinkMatch>,
}

impl SiteCheck for SameRegion {
    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        let wanted = self.wanted.get_or_init(|| LinkMatch::of(&self.text, &self.href));
        let links = page.links_like(wanted).map(|link| link.element);
        let controls = page.document.into_iter().flat_map(|document| {
            let found = self.selector.iter().flat_map(|selector| document.select(&selector.0));
            found.filter(visibility::is_rendered)
        });
        let left_out = OnceCell::new();
        let counts = |element: &Element<'_>| {
            let inside = |except: &Query| left_out.get_or_init(|| element.document().inside(&except.0)).holds(element);
            !self.except.as_ref().is_some_and(inside)
        };
        let mut found: Vec<Region> = links.chain(controls).filter(counts).map(|element| Region::of(&element)).collect();
        found.dedup();
        let regions: BTreeSet<String> = found.iter().map(|region| format!("{region:?}").to_lowercase()).collect();
        if regions.is_empty() {
            return Vec::new();
        }
        vec![Note::of(Outcome::Passed, regions.into_iter().collect::<Vec<_>>().join(" "))]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        all_told(self, site)
    }

    fn tell(&self, site: &SiteView<'_>, to: &mut dyn FnMut(Verdict)) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, note) in site.notes() {
            for region in note.text.split(' ') {
                *counts.entry(region).or_default() += 1;
            }
        }
        let pages = site.notes().count();
        let Some((shared, count)) = counts.into_iter().max_by_key(|(_, count)| *count) else { return };
        if pages < self.min_pages || shared == UNMARKED {
            return;
        }
        let verdict = |(url, note): (&Arc<Url>, Noted<'_>)| {
            let at = Locator::page(url.clone());
            if note.text.split(' ').any(|region| region == shared) {
                return at.pass(format_args!("{} stands in the part called {shared}", self.looks_for));
            }
            at.fail(
                format!("{} stands in the part called {} here", self.looks_for, note.text.replace(' ', ", ")),
                format!("{} in the part called {shared}, as on {count} of {pages} pages", self.looks_for),
            )
        };
        site.notes().map(verdict).for_each(to);
    }
}
