//! `standards-mode`: browsers render the page by today's rules, not by those of the last century.
//!
//! In: a page. Out: one verdict for the page. Almost standards mode differs in the height of table cells only and passes.
//! Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::PageFacts;
use crate::html::Quirks;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "standards-mode",
    asks: "Does the document type ask for today's rendering?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<StandardsMode>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct StandardsMode {}

impl PageCheck for StandardsMode {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        vec![match (document.quirks(), document.doctype()) {
            (Quirks::No | Quirks::Limited, _) => page.whole().pass("the page is rendered by today's rules"),
            (Quirks::Full, None) => {
                page.whole().fail("the page has no document type", "<!doctype html> as the first line")
            }
            (Quirks::Full, Some(_)) => {
                page.whole().fail("the document type asks for the rendering of old browsers", "<!doctype html>")
            }
        }]
    }
}
