//! `redirects`: an address leads to its page without detours.
//!
//! In: the redirects that led to a page. Out: one verdict; a page that was reached directly is inapplicable. A way that
//! leaves HTTPS and comes back is a detour whatever its length. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::PageFacts;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "redirects",
    asks: "Is the page reached in few redirects that all keep to HTTPS?",
    scope: Scope::Page,
    parameters: &[("max", "the most redirects there may be")],
    build: page::<Redirects>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Redirects {
    max: usize,
}

impl PageCheck for Redirects {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let hops = &page.capture.hops;
        let Some(first) = hops.first() else { return Vec::new() };
        let way = hops.iter().map(|hop| hop.url.as_str()).chain([page.url().as_str()]).collect::<Vec<_>>().join(" → ");
        let left_https = first.url.scheme() == "https"
            && (hops.iter().any(|hop| hop.url.scheme() == "http") || page.url().scheme() == "http");
        if left_https {
            return vec![page.whole().fail(format!("the way leaves HTTPS: {way}"), "redirects that keep to HTTPS")];
        }
        if hops.len() > self.max {
            let observed = format!("{} redirects: {way}", hops.len());
            return vec![page.whole().fail(observed, format!("at most {} redirects", self.max))];
        }
        vec![page.whole().pass(format_args!("{} redirects lead here", hops.len()))]
    }
}
