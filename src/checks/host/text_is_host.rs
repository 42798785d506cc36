//! `text-is-host`: an element that names the site's host names the right one.
//!
//! In: a page. Out: one verdict for the first element found; none, and an empty one, are inapplicable. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{PageFacts, Place, visible_text, words};
use crate::verdict::Verdict;
use crate::web::address;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "text-is-host",
    asks: "Does the element name the host that the page is served from?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector; the first element found is compared"),
        ("looks-for", "what names the host, for people"),
    ],
    build: page::<TextIsHost>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TextIsHost {
    selector: Query,
    looks_for: String,
}

impl PageCheck for TextIsHost {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(element) = page.document.and_then(|document| document.select(&self.selector.0).next()) else {
            return Vec::new();
        };
        // A copy on the builder's own machine has no host to compare with.
        let Some(host) = page.url().host_str().filter(|_| !address::is_loopback(page.url())) else { return Vec::new() };
        let text = words::fold(&visible_text(element));
        if text.is_empty() {
            return Vec::new();
        }
        let named = text.trim_start_matches("https://").trim_end_matches('/');
        let named = address::without_www(named.split('/').next().unwrap_or(named));
        // A sub-site may name the site it belongs to.
        vec![if address::is_subdomain_of(host, named) {
            element.at().pass(format_args!("{} names {named}", self.looks_for))
        } else {
            element.at().fail(
                format!("{} says \"{text}\" on {host}", self.looks_for),
                format!("\"{}\"", address::without_www(host)),
            )
        }]
    }
}
