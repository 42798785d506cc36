//! `indexable`: a page does not ask search engines to leave it out.
//!
//! In: a page. Out: one verdict for the page; the element or the header field that asks is named. Paths that have reasons to
//! stay out are no targets. A folder has no header fields: there only the elements speak. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Query, Scope};
use crate::facts::{PageFacts, Place};
use crate::verdict::Verdict;
use crate::web::address;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "indexable",
    asks: "May search engines show the page?",
    scope: Scope::Page,
    parameters: &[
        ("meta", "CSS selector of the elements that carry directives in `content`"),
        ("header", "name of the header field that carries them"),
        ("directive", "regular expression over one directive that keeps the page out"),
        ("except", "regular expression over path and query: pages that have reasons to stay out (optional)"),
    ],
    build: page::<Indexable>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Indexable {
    meta: Query,
    header: String,
    directive: Pattern,
    except: Option<Pattern>,
}

impl PageCheck for Indexable {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let place = format!("{}?{}", address::decoded_path(page.url()), page.url().query().unwrap_or_default());
        if page.is_error_document() || self.except.as_ref().is_some_and(|except| except.is_in(&place)) {
            return Vec::new();
        }
        let expected = "a public page that search engines may show";
        for element in document.select(&self.meta.0) {
            let content = element.attr("content").unwrap_or_default();
            if self.keeps_out(content) {
                return vec![element.at().fail(format!("the page says \"{content}\" to search engines"), expected)];
            }
        }
        let headers = page.capture.headers.iter().flat_map(|headers| headers.all(&self.header));
        match headers.into_iter().find(|value| self.keeps_out(value)) {
            Some(value) => vec![page.whole().fail(format!("the answer carries {}: {value}", self.header), expected)],
            None => vec![page.whole().pass("nothing keeps the page out of search engines")],
        }
    }
}

impl Indexable {
    fn keeps_out(&self, directives: &str) -> bool {
        directives.split(',').any(|directive| self.directive.is_in(directive.trim()))
    }
}
