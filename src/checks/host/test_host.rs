//! `test-host`: a host whose name says that it is for tests keeps out of search engines.
//!
//! In: a page. Out: nothing for a host with another name; a pass where the page asks engines to leave it out, else a failure.
//! Invariant: the registered name itself is never judged, only the labels before it. Tested by the rule that uses it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Query, Scope};
use crate::facts::{PageFacts, Place};
use crate::verdict::Verdict;

/// Labels of a registered name: the name and its top-level domain.
const REGISTERED: usize = 2;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "test-host",
    asks: "Does a host named for tests keep out of search engines?",
    scope: Scope::Page,
    parameters: &[
        ("label", "regular expression over one label of the host name, before the registered name"),
        ("kept-out-by", "CSS selector of an element that keeps the page out of search engines"),
        ("header", "name of the header field that does the same"),
        ("directive", "regular expression over the value of that field"),
    ],
    build: page::<TestHost>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TestHost {
    label: Pattern,
    kept_out_by: Query,
    header: String,
    directive: Pattern,
}

impl PageCheck for TestHost {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let (Some(document), Some(host)) = (page.document, page.url().host_str()) else { return Vec::new() };
        let labels: Vec<&str> = host.split('.').collect();
        let Some(before) = labels.len().checked_sub(REGISTERED) else { return Vec::new() };
        let Some(named) = labels.iter().take(before).find(|label| self.label.is_in(label)) else { return Vec::new() };
        if let Some(element) = document.select(&self.kept_out_by.0).next() {
            return vec![
                element.at().pass(format_args!("\"{named}\" in the host name, and search engines are kept out")),
            ];
        }
        let headers = page.capture.headers.as_ref();
        if headers.is_some_and(|headers| headers.all(&self.header).any(|value| self.directive.is_in(value))) {
            return vec![
                page.whole().pass(format_args!("\"{named}\" in the host name, and {} keeps it out", self.header)),
            ];
        }
        let observed = format!("the host name {host} says \"{named}\", and the page is open to everybody");
        vec![page.whole().fail(observed, "a test site that asks for a log-in, or at least says noindex")]
    }
}
