//! `shared-links`: pages of one language carry the same links in the same part of the page.
//!
//! In: short digests of the link texts in a region, one note for each page. Out: a verdict for each page where at least so
//! many pages share a language. What most pages have is the measure; a page may have more links, and may lack a few, because
//! the entry of the page one is on is often no link. Tested by the rules that use it and below.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use url::Url;

use crate::checks::parameters::site;
use crate::checks::{Entry, Query, Scope, SiteCheck, all_told};
use crate::facts::{Note, PageFacts, Region, SiteView};
use crate::verdict::{Locator, Outcome, Verdict};

/// Links of a page that are remembered: enough for a large menu, few enough for memory.
const KEPT: usize = 80;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "shared-links",
    asks: "Do all pages carry the same links in the same part?",
    scope: Scope::Site,
    parameters: &[
        ("region", "the parts of the page that are compared"),
        ("except", "CSS selector of what differs from page to page by design (optional)"),
        ("min-pages", "fewer pages of a language are not compared"),
        ("min-links", "fewer shared links are nothing that could be compared"),
        ("tolerance", "the share of the shared links that a page may lack, 0 to 1"),
        ("min-share", "the share of pages that has to carry them, 0 to 1"),
        ("looks-for", "what is compared, for people"),
    ],
    build: site::<SharedLinks>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SharedLinks {
    region: Vec<Region>,
    except: Option<Query>,
    min_pages: usize,
    min_links: usize,
    tolerance: f64,
    min_share: f64,
    looks_for: String,
}

/// The pages of a language.
#[derive(Default)]
struct Pages<'s> {
    /// How many there are.
    number: usize,
    /// On how many of them a link stands.
    counts: HashMap<u32, usize>,
    /// What more than half of them have.
    shared: HashSet<u32>,
    /// How many of these each lacks.
    lacking: Vec<(&'s Arc<Url>, usize)>,
}

impl SiteCheck for SharedLinks {
    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        let Some(document) = page.document else { return Vec::new() };
        let excepted = self.except.as_ref().map(|except| document.inside(&except.0));
        let links = page.links().iter().filter(|link| self.region.contains(&link.region()));
        let links = links.filter(|link| excepted.as_ref().is_none_or(|excepted| !excepted.holds(&link.element)));
        let names: BTreeSet<String> =
            links.filter(|link| !link.name.is_empty()).map(|link| digest(link.name)).take(KEPT).collect();
        let language = page.language().unwrap_or_default();
        let text = format!("{language} {}", names.into_iter().collect::<Vec<_>>().join(" "));
        vec![Note::of(Outcome::Passed, text)]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        all_told(self, site)
    }

    fn tell(&self, site: &SiteView<'_>, to: &mut dyn FnMut(Verdict)) {
        let mut languages: BTreeMap<String, Pages<'_>> = BTreeMap::new();
        site.each_note(|_, note| {
            let (language, links) = links(note.text);
            let pages = languages.entry(language.to_string()).or_default();
            pages.number += 1;
            links.for_each(|link| *pages.counts.entry(link).or_default() += 1);
        });
        languages.values_mut().for_each(Pages::count);
        languages.retain(|_, pages| pages.number >= self.min_pages && pages.shared.len() >= self.min_links);
        site.each_note(|url, note| {
            let (language, links) = links(note.text);
            if let Some(pages) = languages.get_mut(language) {
                let has = links.filter(|link| pages.shared.contains(link)).count();
                pages.lacking.push((url, pages.shared.len().saturating_sub(has)));
            }
        });
        languages.values().for_each(|pages| self.compare(pages, to));
    }
}

impl SharedLinks {
    #[expect(clippy::cast_precision_loss, reason = "counts of links and pages")]
    fn compare(&self, pages: &Pages<'_>, to: &mut dyn FnMut(Verdict)) {
        let (shared, number) = (pages.shared.len(), pages.number);
        let most_lacking = (shared as f64 * self.tolerance).floor().max(1.0) as usize;
        let same = pages.lacking.iter().filter(|(_, lacks)| *lacks <= most_lacking).count();
        let is_enough = same as f64 >= number as f64 * self.min_share;
        let verdict = |(url, lacks): &(&Arc<Url>, usize)| {
            let at = Locator::page((*url).clone());
            if is_enough || *lacks <= most_lacking {
                return at.pass(format_args!("{same} of {number} pages share {}", self.looks_for));
            }
            at.fail(
                format!("{lacks} of the {shared} links of {} are not on this page", self.looks_for),
                format!("{} that {same} of {number} pages share", self.looks_for),
            )
        };
        pages.lacking.iter().map(verdict).for_each(to);
    }
}

impl Pages<'_> {
    /// What stands on more than half of the pages is shared.
    fn count(&mut self) {
        let counts = std::mem::take(&mut self.counts).into_iter();
        self.shared = counts.filter(|(_, count)| count * 2 > self.number).map(|(link, _)| link).collect();
    }
}

/// The language and the links that a note tells, each link once.
fn links(note: &str) -> (&str, impl Iterator<Item = u32>) {
    let (language, links) = note.split_once(' ').unwrap_or((note, ""));
    (language, links.split_ascii_whitespace().filter_map(|link| u32::from_str_radix(link, 16).ok()))
}

fn digest(name: &str) -> String {
    blake3::hash(name.as_bytes()).to_hex()[..8].to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_more_than_half_of_the_pages_have_is_shared() {
        let mut pages = Pages { number: 3, counts: HashMap::from([(1, 3), (2, 2), (3, 1)]), ..Pages::default() };
        pages.count();
        assert_eq!(pages.shared, HashSet::from([1, 2]));
    }

    #[test]
    fn a_note_tells_the_language_and_the_links() {
        let names = ["Home", "Forms"].map(digest);
        let note = format!("es {}", names.join(" "));
        let (language, found) = links(&note);
        let digests = names.map(|name| u32::from_str_radix(&name, 16).unwrap());
        assert_eq!((language, found.collect::<Vec<_>>()), ("es", digests.to_vec()));
        assert_eq!(links("es ").1.count(), 0);
        assert_eq!(links(" ").0, "");
    }
}
