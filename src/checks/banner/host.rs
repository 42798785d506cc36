//! `banner-host`: the banner stands only on hosts and connections it speaks the truth about.
//!
//! In: a page. Out: one verdict at the banner; no banner, and hosts reserved for tests, are inapplicable. Tested by the rules of the
//! identity pack.

use serde::Deserialize;

use super::sighting::{Marks, Sighting};
use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, domain};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "banner-host",
    asks: "Does a page with the banner stand on a host it may stand on?",
    scope: Scope::Page,
    parameters: &[
        ("banner", "how it is recognised: { says, nearly, component, within, except }"),
        ("suffixes", "domains under which the banner is true"),
    ],
    build: page::<BannerHost>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct BannerHost {
    banner: Marks,
    suffixes: Vec<String>,
}

impl PageCheck for BannerHost {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(host) = domain::public_host(page.url()) else { return Vec::new() };
        let (Sighting::Served(banner) | Sighting::Component(banner)) = self.banner.sight(page) else {
            return Vec::new();
        };
        let expected = format!("the banner only on hosts under {}", self.suffixes.join(", "));
        vec![if domain::is_under(host, &self.suffixes) {
            banner.at().pass(format_args!("{host} is a government host"))
        } else {
            banner.at().fail(format!("the banner stands on {host}"), expected)
        }]
    }
}
