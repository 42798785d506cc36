//! `page-address`: the address of the page has the right shape.
//!
//! In: a page. Out: one verdict; nothing for the root of the site, which has no shape. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Scope};
use crate::facts::PageFacts;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "page-address",
    asks: "Has the page's address the right shape?",
    scope: Scope::Page,
    parameters: &[
        ("not", "regular expression that path and query do not match (optional)"),
        ("max", "most characters of path and query (optional)"),
        ("expected", "what a right address is, for people"),
    ],
    build: page::<PageAddress>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PageAddress {
    not: Option<Pattern>,
    max: Option<usize>,
    expected: String,
}

impl PageCheck for PageAddress {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let url = page.url();
        if page.document.is_none() || (url.path() == "/" && url.query().is_none()) {
            return Vec::new();
        }
        let written = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let length = written.chars().count();
        let found = self.not.as_ref().and_then(|not| not.0.find(written));
        let observed = match (found, self.max) {
            (Some(found), _) => format!("the address has \"{}\" in it", found.as_str()),
            (None, Some(max)) if length > max => format!("the address has {length} characters"),
            (None, _) => return vec![page.whole().pass("the address can be read")],
        };
        vec![page.whole().fail(observed, self.expected.clone())]
    }
}
