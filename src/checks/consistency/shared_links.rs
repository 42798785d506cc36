//! `shared-links`: pages of one language carry the same links in the same part of the page.
//!
//! In: short digests of the link texts in a region, one note for each page. Out: a verdict for each page where at least so
//! many pages share a language. What most pages have is the measure; a page may have more links, and may lack a few, because
//! the entry of the page one is on is often no link. Tested by the rules that use it and below.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use url::Url;

use crate::checks::parameters::site;
use crate::checks::{Entry, Query, Scope, SiteCheck};
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

type PagesOfLanguage<'s> = Vec<(&'s Arc<Url>, BTreeSet<&'s str>)>;

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
        let mut languages: BTreeMap<&str, PagesOfLanguage<'_>> = BTreeMap::new();
        for (url, note) in site.notes() {
            let (language, names) = note.text.split_once(' ').unwrap_or((note.text, ""));
            languages.entry(language).or_default().push((url, names.split_ascii_whitespace().collect()));
        }
        languages.values().flat_map(|pages| self.compare(pages)).collect()
    }
}

impl SharedLinks {
    #[expect(clippy::cast_precision_loss, reason = "counts of links and pages")]
    fn compare(&self, pages: &PagesOfLanguage<'_>) -> Vec<Verdict> {
        let shared = shared(pages);
        if pages.len() < self.min_pages || shared.len() < self.min_links {
            return Vec::new();
        }
        let most_lacking = (shared.len() as f64 * self.tolerance).floor().max(1.0) as usize;
        let lacking: Vec<usize> = pages.iter().map(|(_, names)| shared.difference(names).count()).collect();
        let same = lacking.iter().filter(|lacks| **lacks <= most_lacking).count();
        let is_enough = same as f64 >= pages.len() as f64 * self.min_share;
        pages
            .iter()
            .zip(lacking)
            .map(|((url, _), lacks)| {
                let at = Locator::page((*url).clone());
                if is_enough || lacks <= most_lacking {
                    return at.pass(format_args!("{same} of {} pages share {}", pages.len(), self.looks_for));
                }
                at.fail(
                    format!("{lacks} of the {} links of {} are not on this page", shared.len(), self.looks_for),
                    format!("{} that {same} of {} pages share", self.looks_for, pages.len()),
                )
            })
            .collect()
    }
}

/// What stands on more than half of the pages.
fn shared<'s>(pages: &PagesOfLanguage<'s>) -> BTreeSet<&'s str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in pages.iter().flat_map(|(_, names)| names) {
        *counts.entry(name).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| count * 2 > pages.len()).map(|(name, _)| name).collect()
}

fn digest(name: &str) -> String {
    blake3::hash(name.as_bytes()).to_hex()[..8].to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_more_than_half_of_the_pages_have_is_shared() {
        let page = Arc::new(Url::parse("https://a.example/").unwrap());
        let pages = vec![
            (&page, BTreeSet::from(["home", "forms"])),
            (&page, BTreeSet::from(["home", "forms", "news"])),
            (&page, BTreeSet::from(["home"])),
        ];
        assert_eq!(shared(&pages), BTreeSet::from(["forms", "home"]));
    }
}
