//! `compressed`: a page travels compressed (RFC 9110, 8.4).
//!
//! In: a page's answer. Out: one verdict; small pages, which gain nothing, are inapplicable, and a folder is untested.
//! Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::PageFacts;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "compressed",
    asks: "Does the page travel compressed?",
    scope: Scope::Page,
    parameters: &[("min-bytes", "smaller pages are inapplicable")],
    build: page::<Compressed>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Compressed {
    min_bytes: usize,
}

impl PageCheck for Compressed {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let size = page.capture.body.len();
        if page.document.is_none() || size < self.min_bytes {
            return Vec::new();
        }
        if page.capture.headers.is_none() {
            return vec![page.whole().untested("a folder has no header fields")];
        }
        let coding = page.capture.header("content-encoding").filter(|coding| !coding.eq_ignore_ascii_case("identity"));
        vec![match coding {
            Some(coding) => page.whole().pass(format_args!("{size} octets travel as {coding}")),
            None => page.whole().fail(
                format!("{size} octets travel uncompressed to a browser that accepts compression"),
                "a compressed answer (gzip, br or zstd)",
            ),
        }]
    }
}
