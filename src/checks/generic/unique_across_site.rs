//! `unique-across-site`: no two pages of the site share a text.
//!
//! In: one note for each page. Out: a verdict for each page that has the text. Pages that name another page as canonical are
//! versions of it and are left out. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use url::Url;

use crate::checks::parameters::site;
use crate::checks::{Entry, Query, Scope, SiteCheck, all_told};
use crate::facts::{Note, Noted, PageFacts, Place, SiteView, words};
use crate::verdict::{Outcome, Verdict};

/// How many other pages a finding names.
const NAMED: usize = 3;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "unique-across-site",
    asks: "Is the text of an element or attribute different on every page?",
    scope: Scope::Site,
    parameters: &[
        ("selector", "CSS selector; the first element found is compared"),
        ("attribute", "compare this attribute instead of the element's text (optional)"),
        ("looks-for", "what is compared, for people"),
    ],
    build: site::<UniqueAcrossSite>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct UniqueAcrossSite {
    selector: Query,
    attribute: Option<String>,
    looks_for: String,
}

impl SiteCheck for UniqueAcrossSite {
    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        let Some(element) = page.document.and_then(|document| document.select(&self.selector.0).next()) else {
            return Vec::new();
        };
        let text = match &self.attribute {
            Some(attribute) => element.attr(attribute).unwrap_or_default().to_string(),
            None => element.text(),
        };
        let text = words::fold(&text);
        if text.is_empty() || page.is_version_of_another() || page.is_error_document() {
            return Vec::new();
        }
        vec![Note::of(Outcome::Passed, text).at(element.at().place())]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        all_told(self, site)
    }

    fn tell(&self, site: &SiteView<'_>, to: &mut dyn FnMut(Verdict)) {
        let mut pages: BTreeMap<&str, Vec<&Arc<Url>>> = BTreeMap::new();
        for (url, note) in site.notes() {
            pages.entry(note.text).or_default().push(url);
        }
        site.notes().map(|(url, note)| self.verdict(url, note, &pages[note.text])).for_each(to);
    }
}

impl UniqueAcrossSite {
    fn verdict(&self, url: &Arc<Url>, note: Noted<'_>, sharing: &[&Arc<Url>]) -> Verdict {
        let at = note.on(url);
        if sharing.len() == 1 {
            return at.pass(format_args!("{} is on this page only", self.looks_for));
        }
        let others: Vec<&str> = sharing.iter().filter(|other| **other != url).map(|other| other.path()).collect();
        let more = others.len().saturating_sub(NAMED);
        let named = others.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        at.fail(
            format!("\"{}\" is also on {named}{more}", note.text),
            format!("{} that no other page has", self.looks_for),
        )
    }
}
