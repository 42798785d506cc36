//! `text-matches`: the page says something.
//!
//! In: a page. Out: one verdict for each place searched (the page, or each element of `in`). Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Phrases, Query, Scope};
use crate::facts::{PageFacts, Place, visible_text, words};
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "text-matches",
    asks: "Does the text contain one of the phrases?",
    scope: Scope::Page,
    parameters: &[
        ("any", "phrases, found as whole words without regard to case, quotes and spaces"),
        ("pattern", "regular expression over folded text (instead of, or beside, `any`)"),
        ("in", "CSS selector: search each element it finds instead of the page (optional)"),
        ("looks-for", "what is looked for, for people"),
    ],
    build: page::<TextMatches>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TextMatches {
    #[serde(default)]
    any: Phrases,
    pattern: Option<Pattern>,
    #[serde(rename = "in")]
    within: Option<Query>,
    looks_for: String,
}

impl PageCheck for TextMatches {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let Some(within) = &self.within else {
            let phrase = self.any.first_on(page);
            let pattern = || self.pattern.as_ref()?.find_on(page).map(|found| found.as_str());
            return vec![self.verdict(phrase.or_else(pattern), Locator::whole)];
        };
        document
            .select(&within.0)
            .map(|element| {
                let text = words::fold(&visible_text(element));
                let pattern = || self.pattern.as_ref()?.0.find(&text).map(|found| found.as_str());
                self.verdict(self.any.first_in(&text).or_else(pattern), || element.at().place())
            })
            .collect()
    }
}

impl TextMatches {
    fn verdict(&self, found: Option<&str>, at: impl FnOnce() -> Locator) -> Verdict {
        match found {
            Some(words) => Locator::whole().pass(format_args!("says \"{words}\"")),
            None => at().fail(format!("does not say {}", self.looks_for), self.looks_for.clone()),
        }
    }
}
