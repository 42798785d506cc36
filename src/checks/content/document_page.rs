//! `document-page`: a page says something itself, and is not only the way to a document.
//!
//! In: the main part of a page. Out: one verdict where it links to documents; a page without them is inapplicable. A page that
//! leads anywhere else, or holds a form or a film, is more than a cover. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Query, Scope};
use crate::facts::{PageFacts, Place, visible_text, words};
use crate::verdict::Verdict;
use crate::web::address::Link as Target;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "document-page",
    asks: "Does a page that links to documents say something itself, or lead elsewhere too?",
    scope: Scope::Page,
    parameters: &[
        ("in", "CSS selector of the main part; the first found is looked at, without one the page is inapplicable"),
        ("path", "regular expression over the path of an address that finds documents"),
        ("more", "CSS selector of what else makes a page more than a cover (optional)"),
        ("min-words", "with this many words a page says something"),
    ],
    build: page::<DocumentPage>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DocumentPage {
    #[serde(rename = "in")]
    within: Query,
    path: Pattern,
    more: Option<Query>,
    min_words: usize,
}

impl PageCheck for DocumentPage {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(main) = page.document.and_then(|document| document.select(&self.within.0).next()) else {
            return Vec::new();
        };
        let inner = page.links().iter().filter(|link| main.contains(link.element));
        let leading: Vec<_> = inner.filter(|link| matches!(link.target, Target::Web(_))).collect();
        let is_document = |url: &url::Url| self.path.is_in(url.path());
        let (documents, others): (Vec<_>, Vec<_>) =
            leading.into_iter().partition(|link| link.url().is_some_and(is_document));
        let Some(first) = documents.first() else { return Vec::new() };
        let words = words::count(&visible_text(main));
        let more = self.more.as_ref().is_some_and(|more| main.select(&more.0).next().is_some());
        if !others.is_empty() || more || words >= self.min_words {
            return vec![page.whole().pass("the page says something beside its documents, or leads elsewhere too")];
        }
        let observed = format!("the page has {words} words and has {}, to documents only", counted(documents.len()));
        vec![first.element.at().fail(observed, "what the document says, on the page itself")]
    }
}

fn counted(links: usize) -> String {
    if links == 1 { "one link".to_string() } else { format!("{links} links") }
}
