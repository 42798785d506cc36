//! `header-matches`: a header field of the page's answer has the right shape.
//!
//! In: a page. Out: one verdict; untested where header fields do not exist (folders). Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Query, Scope};
use crate::facts::PageFacts;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "header-matches",
    asks: "Does the answer carry the header field with a right value?",
    scope: Scope::Page,
    parameters: &[
        ("header", "name of the field"),
        ("pattern", "regular expression that one value matches (optional)"),
        ("not", "regular expression that no value matches (optional)"),
        ("or-meta", "CSS selector of an element that says the same in the page (optional)"),
        ("missing", "fails (default) or inapplicable: answers without the field"),
        ("looks-for", "what a right answer carries, for people"),
    ],
    build: page::<HeaderMatches>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HeaderMatches {
    header: String,
    pattern: Option<Pattern>,
    not: Option<Pattern>,
    or_meta: Option<Query>,
    #[serde(default)]
    missing: Missing,
    looks_for: String,
}

#[derive(Default, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Missing {
    #[default]
    Fails,
    Inapplicable,
}

impl PageCheck for HeaderMatches {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        if !page.capture.media.is_html() {
            return Vec::new();
        }
        let in_page = self
            .or_meta
            .as_ref()
            .zip(page.document)
            .is_some_and(|(meta, document)| document.select(&meta.0).next().is_some());
        if in_page {
            return vec![page.whole().pass("the page itself says it")];
        }
        let Some(headers) = &page.capture.headers else {
            return vec![page.whole().untested("a folder has no header fields")];
        };
        let values: Vec<&str> = headers.all(&self.header).collect();
        if values.is_empty() {
            let fail = || page.whole().fail(format!("no {} header", self.header), self.looks_for.clone());
            return (self.missing == Missing::Fails).then(fail).into_iter().collect();
        }
        let right = self.pattern.as_ref().is_none_or(|pattern| values.iter().any(|value| pattern.is_in(value)))
            && self.not.as_ref().is_none_or(|pattern| !values.iter().any(|value| pattern.is_in(value)));
        let observed = format!("{}: {}", self.header, values.join(", "));
        vec![if right { page.whole().pass(observed) } else { page.whole().fail(observed, self.looks_for.clone()) }]
    }
}
