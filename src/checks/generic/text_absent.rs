//! `text-absent`: the page does not say something.
//!
//! In: a page. Out: one failure for each innermost block that says it, else a pass. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Phrases, Query, Scope};
use crate::facts::{PageFacts, Place, is_block, visibility, visible_text, words};
use crate::html::{Document, Element};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "text-absent",
    asks: "Is the text free of the phrases?",
    scope: Scope::Page,
    parameters: &[
        ("any", "phrases, found as whole words without regard to case, quotes and spaces"),
        ("pattern", "regular expression over folded text (instead of, or beside, `any`)"),
        ("in", "CSS selector: only elements it finds are searched (optional)"),
        ("unless", "CSS selector: where it finds something the rule is inapplicable (optional)"),
        ("unless-says", "phrases: a page that says one of them passes (optional)"),
        ("on-path", "regular expression: inapplicable to pages whose path does not match (optional)"),
        ("looks-for", "what is unwanted, for people"),
        ("expected", "what to have instead, for people"),
    ],
    build: page::<TextAbsent>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TextAbsent {
    #[serde(default)]
    any: Phrases,
    pattern: Option<Pattern>,
    #[serde(rename = "in")]
    within: Option<Query>,
    unless: Option<Query>,
    #[serde(default)]
    unless_says: Phrases,
    on_path: Option<Pattern>,
    looks_for: String,
    expected: String,
}

impl PageCheck for TextAbsent {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        if self.on_path.as_ref().is_some_and(|path| !path.is_in(page.url().path())) {
            return Vec::new();
        }
        if self.unless.as_ref().is_some_and(|unless| document.select(&unless.0).next().is_some()) {
            return Vec::new();
        }
        if let Some(words) = self.unless_says.first_on(page) {
            return vec![page.whole().pass(format_args!("says \"{words}\""))];
        }
        // Most pages say nothing of the kind: look at the page's folded text once before looking for the place.
        if self.within.is_none() && !self.is_said_on(page) {
            return vec![page.whole().pass(format_args!("without {}", self.looks_for))];
        }
        let found: Vec<Verdict> = self
            .innermost(document, page)
            .into_iter()
            .map(|(element, words)| {
                element.at().fail(format!("{}: \"{words}\"", self.looks_for), self.expected.clone())
            })
            .collect();
        if found.is_empty() { vec![page.whole().pass(format_args!("without {}", self.looks_for))] } else { found }
    }
}

impl TextAbsent {
    fn is_said_on(&self, page: &PageFacts<'_>) -> bool {
        self.any.first_on(page).is_some() || self.pattern.as_ref().is_some_and(|pattern| pattern.is_on(page))
    }

    fn said(&self, folded: &str) -> Option<String> {
        let phrase = self.any.first_in(folded).map(str::to_string);
        phrase.or_else(|| self.pattern.as_ref()?.0.find(folded).map(|found| found.as_str().to_string()))
    }

    /// Elements that say it while none of their children does.
    fn innermost<'a>(&self, document: &'a Document, page: &PageFacts<'a>) -> Vec<(Element<'a>, String)> {
        // What a block that is seen says, the page says; a pattern may mind where a text ends.
        let is_silent = self.pattern.is_none() && self.any.first_on(page).is_none();
        let is_left_out = |element: &Element<'a>| {
            visibility::hides(element) || element.ancestors().any(|around| visibility::hides(&around))
        };
        let may_say = |element: &Element<'a>| !is_silent || !is_block(element) || is_left_out(element);
        let mut open: Vec<Element<'a>> = match &self.within {
            Some(within) => document.select(&within.0).filter(may_say).collect(),
            None => document.body().into_iter().collect(),
        };
        open.reverse();
        let mut found = Vec::new();
        while let Some(element) = open.pop() {
            let Some(words) = self.said(&words::fold(&visible_text(element))) else { continue };
            if !visibility::is_rendered(&element) {
                continue;
            }
            let before = open.len();
            open.extend(element.children().filter(|child| self.said(&words::fold(&visible_text(*child))).is_some()));
            if open.len() == before {
                found.push((element, words));
            }
            open[before..].reverse();
        }
        found
    }
}
