//! `document-title`: the page has a title, and it says something.
//!
//! In: a page. Out: one verdict for the page. The first `title` of HTML counts, as it does for browsers. Tested by the rules that
//! use it and by the ACT cases (2779a5).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, words};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "document-title",
    asks: "Has the page a title with words in it?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<DocumentTitle>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DocumentTitle {}

impl PageCheck for DocumentTitle {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let title = document.with_name("title").find(Element::is_html);
        let wanted = "a title that says what the page is about";
        let Some(title) = title else { return vec![page.whole().fail("the page has no title", wanted)] };
        let words = words::collapse(&title.text());
        vec![if words.is_empty() {
            title.at().fail("the title is empty", wanted)
        } else {
            title.at().pass(format_args!("the title is \"{words}\""))
        }]
    }
}
