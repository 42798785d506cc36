//! `broken-links`: links within the site lead to pages that are there.
//!
//! In: what every linked address of the site answered, and who links to it. Out: a failure at each link that leads nowhere,
//! else one pass; a site whose links were not followed is inapplicable. Addresses that were not fetched say nothing.
//! Tested by the rules that use it.

use serde::Deserialize;
use url::Url;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Referrer, SiteView};
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "broken-links",
    asks: "Do links within the site lead to pages that are there?",
    scope: Scope::Site,
    parameters: &[("status", "the statuses that say a page is not there")],
    build: site::<BrokenLinks>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct BrokenLinks {
    status: Vec<u16>,
}

impl SiteCheck for BrokenLinks {
    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let answered = site.facts.pages.iter().filter(|(url, _)| site.facts.links_in(url) > 0);
        let mut followed = answered.count();
        let mut broken = Vec::new();
        for (target, referrers) in site.facts.referrers.iter() {
            if site.facts.missing.contains(&target) {
                followed += 1;
                let why = "which is not in the folder";
                broken.extend(referrers.iter().map(|referrer| verdict(&target, why, referrer)));
                continue;
            }
            let Some(page) = site.facts.pages.get(&target) else { continue };
            if self.status.contains(&page.status) {
                let why = format!("which answers {}", page.status);
                broken.extend(referrers.iter().map(|referrer| verdict(&target, &why, referrer)));
            }
        }
        match followed {
            0 => Vec::new(),
            _ if broken.is_empty() => {
                vec![Locator::whole().pass(format_args!("{followed} linked addresses of the site lead to a page"))]
            }
            _ => broken,
        }
    }
}

fn verdict(target: &Url, why: &str, referrer: &Referrer) -> Verdict {
    let at = Locator {
        page: Some(referrer.page.clone()),
        selector: Some(referrer.selector().to_string()),
        line: Some(referrer.line),
        column: Some(referrer.column),
        snippet: Some(referrer.snippet().to_string()),
        ..Locator::default()
    };
    at.fail(format!("the link leads to {target}, {why}"), "a link to a page that is there")
}
