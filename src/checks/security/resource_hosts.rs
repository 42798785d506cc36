//! `resource-hosts`: a page loads nothing from hosts of ill repute.
//!
//! In: what the markup loads from other hosts. Out: a failure for each thing loaded from a listed host, else a pass; a page
//! that loads nothing from elsewhere is inapplicable. Tested by the rules that use it.

use serde::Deserialize;

use super::script_integrity::is_from_elsewhere;
use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, Resource};
use crate::verdict::Verdict;
use crate::web::address;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "resource-hosts",
    asks: "Does the page load nothing from the listed hosts?",
    scope: Scope::Page,
    parameters: &[
        ("deny", "hosts; those below them are meant as well"),
        ("looks-for", "what these hosts are, for people"),
        ("expected", "what to have instead, for people"),
    ],
    build: page::<ResourceHosts>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ResourceHosts {
    deny: Vec<String>,
    looks_for: String,
    expected: String,
}

impl PageCheck for ResourceHosts {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let elsewhere: Vec<&Resource<'_>> =
            page.resources().iter().filter(|resource| is_from_elsewhere(&resource.url, page.url())).collect();
        if elsewhere.is_empty() {
            return Vec::new();
        }
        let found: Vec<Verdict> = elsewhere
            .iter()
            .filter(|resource| self.is_denied(resource))
            .map(|resource| {
                let observed = format!("{} comes from {}", resource.url, self.looks_for);
                resource.element.at().fail(observed, self.expected.clone())
            })
            .collect();
        if found.is_empty() {
            vec![page.whole().pass(format_args!("nothing comes from {}", self.looks_for))]
        } else {
            found
        }
    }
}

impl ResourceHosts {
    fn is_denied(&self, resource: &Resource<'_>) -> bool {
        let host = resource.url.host_str().unwrap_or_default();
        self.deny.iter().any(|denied| address::is_subdomain_of(host, denied))
    }
}
