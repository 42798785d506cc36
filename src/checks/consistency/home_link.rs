//! `home-link`: the header of every page leads back to the home page.
//!
//! In: the shortest address of this site that a page's header links to. Out: one verdict for each page but the home page; a
//! page without links in its header is left out. Tested by the rules that use it.

use serde::Deserialize;
use url::Url;

use crate::checks::parameters::site;
use crate::checks::{Entry, Pattern, Scope, SiteCheck, all_told};
use crate::facts::{Note, PageFacts, Region, SiteView, Standing, top};
use crate::verdict::{Locator, Outcome, Verdict};
use crate::web::address;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "home-link",
    asks: "Does the header of every page link to the home page?",
    scope: Scope::Site,
    parameters: &[
        ("region", "the parts of a page in which the link counts, beside everything above the content"),
        ("also", "regular expression over paths that are home pages as well, of a language for one (optional)"),
    ],
    build: site::<HomeLink>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HomeLink {
    region: Vec<Region>,
    also: Option<Pattern>,
}

impl SiteCheck for HomeLink {
    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        if page.standing == Standing::Home {
            return Vec::new();
        }
        let content = page.document.and_then(top::content_begins);
        let links = page.links().iter().filter(|link| {
            content.is_some_and(|content| link.element.order() < content) || self.region.contains(&link.region())
        });
        let here = links.filter_map(|link| link.url()).map(address::canonical);
        let shortest = here
            .filter(|url| address::same_site(url, page.url()))
            .min_by_key(|url| (url.as_str().len(), url.to_string()));
        let note = |url: Url| Note::of(Outcome::Passed, url.to_string());
        shortest.map(note).into_iter().collect()
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        all_told(self, site)
    }

    fn tell(&self, site: &SiteView<'_>, to: &mut dyn FnMut(Verdict)) {
        let Some(home) = &site.facts.home else { return };
        site.notes()
            .filter(|(url, _)| ***url != home.url)
            .map(|(url, note)| {
                let at = Locator::page(url.clone());
                if self.is_home(note.text, &home.url) || note.text == home.requested.as_str() {
                    return at.pass("the header links to the home page");
                }
                let observed = format!("no link of the header leads home; the nearest leads to {}", note.text);
                at.fail(observed, format!("a link in the header to {}", home.url))
            })
            .for_each(to);
    }
}

impl HomeLink {
    /// The home page may stand below what people link to: "/" leads to "/en/home".
    fn is_home(&self, linked: &str, home: &Url) -> bool {
        let Ok(url) = Url::parse(linked) else { return false };
        let above = |path: &str| home.path().strip_prefix(path.trim_end_matches('/')).is_some_and(starts_a_segment);
        above(url.path()) || self.also.as_ref().is_some_and(|also| also.is_in(url.path()))
    }
}

fn starts_a_segment(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('/')
}
