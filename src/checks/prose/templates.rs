//! `templates`: the pages of a site are built by one template, or by few.
//!
//! In: what pages are built of, their text aside. Out: a verdict for each page, where there are enough pages: those outside the largest
//! family name what differs. Tested by the rules that use it and in `tests/it/words.rs`.

use serde::Deserialize;
use std::collections::BTreeMap;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck, all_told};
use crate::facts::SiteView;
use crate::facts::survey::{Family, PageText, families};
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "templates",
    asks: "Are the pages of the site built alike?",
    scope: Scope::Site,
    parameters: &[
        ("likeness", "the share of marks in common from which templates are one family, 0 to 1"),
        ("min-pages", "sites with fewer pages are not compared"),
        ("min-share", "the share of pages that the largest family has at least, 0 to 1"),
    ],
    build: site::<Templates>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Templates {
    likeness: f64,
    min_pages: usize,
    min_share: f64,
}

impl SiteCheck for Templates {
    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        all_told(self, site)
    }

    fn tell(&self, site: &SiteView<'_>, to: &mut dyn FnMut(Verdict)) {
        let survey = site.survey();
        let total = survey.pages.len();
        if total < self.min_pages {
            return;
        }
        let found = families(survey, self.likeness);
        let main = found.first().map_or(0, |family| family.pages);
        let is_enough = main as f64 >= total as f64 * self.min_share;
        let family_of: BTreeMap<u64, usize> = found
            .iter()
            .enumerate()
            .flat_map(|(at, family)| family.templates.iter().map(move |template| (*template, at)))
            .collect();
        let verdict = |page: &PageText<'_>| {
            let at = Locator::page(page.url.clone());
            let family = family_of.get(&page.imprint.template).copied().unwrap_or(0);
            if is_enough || family == 0 {
                return at.pass(format_args!("{main} of {total} pages are built alike"));
            }
            at.fail(
                outside(&found[family], total),
                format!("the template of the {main} of {total} pages that are built alike"),
            )
        };
        survey.pages.iter().map(verdict).for_each(to);
    }
}

fn outside(family: &Family, total: usize) -> String {
    let others = match family.pages {
        1 => "alone".to_string(),
        pages => format!("with {} others of {total}", pages - 1),
    };
    format!("the page stands {others}: another {}", family.differs.join(", "))
}
