//! `host-under`: the site's host lies under one of the domains that it belongs to.
//!
//! In: the home page's address. Out: one verdict; hosts reserved for tests are inapplicable. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{SiteView, domain};
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "host-under",
    asks: "Does the site's host lie under one of the domains?",
    scope: Scope::Site,
    parameters: &[
        ("suffixes", "domains: \"gov\", \"fed.us\""),
        ("known", "hosts outside them that are on record as exceptions: cantTell"),
    ],
    build: site::<HostUnder>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HostUnder {
    suffixes: Vec<String>,
    #[serde(default)]
    known: Vec<String>,
}

impl SiteCheck for HostUnder {
    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let Some(home) = &site.facts.home else { return Vec::new() };
        let Some(host) = domain::public_host(&home.url) else { return Vec::new() };
        let expected = format!("a host under {}", self.suffixes.join(", "));
        vec![if domain::is_under(host, &self.suffixes) {
            Locator::whole().pass(format_args!("the host is {host}"))
        } else if domain::is_under(host, &self.known) {
            Locator::whole()
                .cannot_tell(format!("the host is {host}, which is listed as a government host elsewhere"), expected)
        } else {
            Locator::whole().fail(format!("the host is {host}"), expected)
        }]
    }
}
