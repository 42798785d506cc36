//! `dates-agree`: what a page says of its day in several places can all be true.
//!
//! In: the days that text, structured data, metadata and sitemap say. Out: a verdict for each page that says a day in any of them. What a
//! server writes into its header is compared with nothing. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck, all_told};
use crate::facts::dates::Origin;
use crate::facts::survey::conflict;
use crate::facts::{Need, SiteView};
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "dates-agree",
    asks: "Can what a page says of its day in several places all be true?",
    scope: Scope::Site,
    parameters: &[("max-days", "days by which sources may differ")],
    build: site::<DatesAgree>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DatesAgree {
    max_days: i32,
}

impl SiteCheck for DatesAgree {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Path("/sitemap.xml".to_string())]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        all_told(self, site)
    }

    fn tell(&self, site: &SiteView<'_>, to: &mut dyn FnMut(Verdict)) {
        let survey = site.survey();
        let said = survey.pages.iter().map(|page| (page, survey.all_dates(page)));
        let dated = said.filter(|(_, dates)| dates.iter().any(|dated| dated.origin != Origin::Header));
        let verdict = |(page, dates): (&crate::facts::survey::PageText<'_>, Vec<_>)| {
            let at = Locator::page(page.url.clone());
            match conflict(&dates, site.today, self.max_days) {
                Some(observed) => at.fail(observed, "one day, the same wherever it is said"),
                None => at.pass("what is said of the day fits together"),
            }
        };
        dated.map(verdict).for_each(to);
    }
}
