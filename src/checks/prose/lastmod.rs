//! `lastmod`: the sitemap tells for each page when that page changed.
//!
//! In: the first sitemap that was found. Out: one verdict for a sitemap with enough dated entries; nothing without one. Nine entries in
//! ten of one day are taken for the day of a build. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Need, SiteView};
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "lastmod",
    asks: "Does the sitemap tell of each page when it changed?",
    scope: Scope::Site,
    parameters: &[("min-entries", "sitemaps with fewer dated entries say nothing")],
    build: site::<Lastmod>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Lastmod {
    min_entries: usize,
}

impl SiteCheck for Lastmod {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Path("/sitemap.xml".to_string())]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let lastmods = &site.survey().lastmods;
        if lastmods.entries < self.min_entries {
            return Vec::new();
        }
        let at = Locator::whole();
        vec![match lastmods.touched {
            Some(day) => at.fail(
                format!("nearly all of {} dated entries of the sitemap bear the day {day}", lastmods.entries),
                "for each page the day on which its content changed",
            ),
            None => at.pass(format_args!("{} entries of the sitemap bear days of their own", lastmods.entries)),
        }]
    }
}
