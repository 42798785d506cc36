//! `thin-site`: a site of its own has enough to say for one.
//!
//! In: the pages of a site that was read whole, and their own words. Out: one verdict. A site of which pages were left out is untested; one
//! that only leads elsewhere is inapplicable. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::SiteView;
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "thin-site",
    asks: "Has the site enough to say to be one?",
    scope: Scope::Site,
    parameters: &[
        ("max-pages", "a site with more pages is not thin"),
        ("max-words", "a site with more words of its own is not thin"),
    ],
    build: site::<ThinSite>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ThinSite {
    max_pages: usize,
    max_words: u64,
}

impl SiteCheck for ThinSite {
    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let survey = site.survey();
        let pages = survey.pages.len();
        if pages == 0 || site.home().is_none_or(|home| home.blind_spot().is_some()) {
            return Vec::new();
        }
        let words: u64 = survey.pages.iter().map(|page| page.words).sum();
        let observed = format!("the site has {words} words on {pages} pages");
        let at = Locator::whole();
        if pages > self.max_pages || words > self.max_words {
            return vec![at.pass(observed)];
        }
        vec![match site.facts.unseen.iter().next() {
            Some(reason) => at.untested(format!("some pages were not read ({reason})")),
            None => at.fail(observed, "a part of the site it belongs to, or more that is its own"),
        }]
    }
}
