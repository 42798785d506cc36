//! `near-copies`: no page says nearly the same as another one.
//!
//! In: the own texts of the pages, as sketches. Out: a verdict for each page with enough words: copies name the page that looks like the
//! one to keep, and why. Texts that are the same word by word are another check's question. Tested by the rules that use it and by the
//! labelled cases.

use serde::Deserialize;
use std::collections::BTreeMap;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck, all_told};
use crate::facts::SiteView;
use crate::facts::survey::clusters;
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "near-copies",
    asks: "Does every page say something of its own?",
    scope: Scope::Site,
    parameters: &[
        ("min-words", "pages with fewer words of their own are not compared"),
        ("at-least", "the share of runs of five words in common from which texts are copies, 0 to 1"),
    ],
    build: site::<NearCopies>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct NearCopies {
    min_words: u64,
    at_least: f64,
}

impl SiteCheck for NearCopies {
    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        all_told(self, site)
    }

    fn tell(&self, site: &SiteView<'_>, to: &mut dyn FnMut(Verdict)) {
        let texts = site.survey().texts(self.min_words);
        let mut copies = BTreeMap::new();
        for cluster in clusters(&texts, self.at_least) {
            for (at, likeness) in cluster.copies.iter().filter(|(_, likeness)| *likeness < 1.0) {
                copies.insert(*at, (cluster.authority, *likeness, cluster.because));
            }
        }
        let verdict = |(at, text): (usize, &crate::facts::survey::Text<'_>)| {
            let place = Locator::page(text.url.clone());
            match copies.get(&at) {
                Some((authority, likeness, because)) => place.fail(
                    format!(
                        "about {:.0} % of its text stands at {} too, which looks like the one to keep: {because}",
                        likeness * 100.0,
                        texts[*authority].url
                    ),
                    "one page for this text, to which the others link or lead",
                ),
                None => place.pass("no other page has nearly the same text"),
            }
        };
        texts.iter().enumerate().map(verdict).for_each(to);
    }
}
