//! `robots-sitemap`: robots.txt says where the sitemap is.
//!
//! In: `/robots.txt`. Out: one verdict; a site without a robots.txt is inapplicable. Whether the sitemap answers is another
//! question. Tested by the rules that use it.

use serde::Deserialize;
use url::Url;

use super::robots_access::{Reading, read, robots_txt};
use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Need, SiteView};
use crate::verdict::{Locator, Verdict};
use crate::web::robots::Robots;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "robots-sitemap",
    asks: "Does robots.txt name a sitemap by its whole address?",
    scope: Scope::Site,
    parameters: &[],
    build: site::<RobotsSitemap>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RobotsSitemap {}

impl SiteCheck for RobotsSitemap {
    fn needs(&self) -> Vec<Need> {
        vec![robots_txt()]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        match read(site) {
            Reading::Nothing => Vec::new(),
            Reading::Unseen(reason) => vec![Locator::whole().untested(reason)],
            Reading::Robots(robots) => vec![verdict(&robots)],
        }
    }
}

fn verdict(robots: &Robots) -> Verdict {
    let at = Locator::whole();
    let expected = "a line \"Sitemap:\" with the whole address of the sitemap";
    let Some(first) = robots.sitemaps().first() else {
        return at.fail("robots.txt names no sitemap", expected);
    };
    let whole = robots.sitemaps().iter().find(|named| {
        Url::parse(named).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
    });
    match whole {
        Some(named) => at.pass(format_args!("robots.txt names {named}")),
        None => at.fail(format!("robots.txt names \"{first}\", which is no whole address"), expected),
    }
}
