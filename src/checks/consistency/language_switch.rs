//! `language-switch`: a site in several languages lets people change the language.
//!
//! In: one note for each page: its language, and whether it offers another. Out: a verdict for the home page and for each page
//! in a language other than the site's most frequent one: not every page has a translation, but every translation has an
//! original. Never: follows the switch. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use url::Url;

use crate::checks::parameters::site;
use crate::checks::{Entry, Query, Scope, SiteCheck};
use crate::facts::{LinkMatch, Note, Noted, PageFacts, SiteView};
use crate::verdict::{Locator, Outcome, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "language-switch",
    asks: "Do the home page and the translated pages offer another language?",
    scope: Scope::Site,
    parameters: &[
        ("links", "shape of a link that leads to another language: { text = [], href = [] }"),
        ("selector", "CSS selector of elements that are a switch"),
        ("min-pages", "a language with fewer pages does not make a site one of several languages"),
    ],
    build: site::<LanguageSwitch>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LanguageSwitch {
    links: LinkMatch,
    selector: Query,
    min_pages: usize,
}

impl SiteCheck for LanguageSwitch {
    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        let Some((document, language)) = page.document.zip(page.language()) else { return Vec::new() };
        let switches =
            page.links_like(&self.links).next().is_some() || document.select(&self.selector.0).next().is_some();
        let outcome = match (switches, page.blind_spot()) {
            (true, _) => Outcome::Passed,
            (false, Some(_)) => Outcome::Untested,
            (false, None) => Outcome::Failed,
        };
        vec![Note::of(outcome, language)]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, note) in site.notes() {
            *counts.entry(note.text).or_default() += 1;
        }
        counts.retain(|_, count| *count >= self.min_pages);
        let Some(most) = counts.iter().max_by_key(|(_, count)| **count).map(|(language, _)| *language) else {
            return Vec::new();
        };
        if counts.len() < 2 {
            return Vec::new();
        }
        let home = site.facts.home.as_ref().map(|home| &home.url);
        let judged = site
            .notes()
            .filter(|(url, note)| Some(&***url) == home || (note.text != most && counts.contains_key(note.text)));
        let verdict = |(url, note): (&Arc<Url>, Noted<'_>)| {
            let at = Locator::page(url.clone());
            let expected = "a link to the page in another language";
            match note.outcome {
                Outcome::Passed => at.pass("the page offers another language"),
                Outcome::Untested => at.untested("scripts draw this page and it was read without a browser"),
                Outcome::Failed | Outcome::CantTell | Outcome::Inapplicable => at.fail(
                    format!(
                        "a page in \"{}\" of a site in {} languages offers no other language",
                        note.text,
                        counts.len()
                    ),
                    expected,
                ),
            }
        };
        judged.map(verdict).collect()
    }
}
