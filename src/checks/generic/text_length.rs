//! `text-length`: a text is neither too short nor too long.
//!
//! In: a page. Out: one verdict for the first element found; none is inapplicable (whether it exists is another question).
//! A character that stands for a syllable or a word (Chinese, Japanese, Korean) counts for two. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{PageFacts, Place, words};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "text-length",
    asks: "Has the text of an element or attribute the right number of characters?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector; the first element found is measured"),
        ("attribute", "measure this attribute instead of the element's text (optional)"),
        ("min", "fewest characters, white space folded (optional)"),
        ("max", "most characters (optional)"),
        ("looks-for", "what is measured, for people"),
    ],
    build: page::<TextLength>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TextLength {
    selector: Query,
    attribute: Option<String>,
    #[serde(default)]
    min: usize,
    max: Option<usize>,
    looks_for: String,
}

impl PageCheck for TextLength {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(element) = page.document.and_then(|document| document.select(&self.selector.0).next()) else {
            return Vec::new();
        };
        let text = match &self.attribute {
            Some(attribute) => element.attr(attribute).unwrap_or_default().to_string(),
            None => element.text(),
        };
        let text = words::collapse(&text);
        let length = text.chars().count();
        if length == 0 {
            return Vec::new();
        }
        let observed = format!("{} has {length} characters: \"{text}\"", self.looks_for);
        let weight = text.chars().map(weight).sum::<usize>();
        let right = weight >= self.min && self.max.is_none_or(|max| weight <= max);
        vec![if right { element.at().pass(observed) } else { element.at().fail(observed, self.expected()) }]
    }
}

impl TextLength {
    fn expected(&self) -> String {
        match self.max {
            Some(max) if self.min > 0 => format!("{} to {max} characters", self.min),
            Some(max) => format!("at most {max} characters"),
            None => format!("at least {} characters", self.min),
        }
    }
}

/// How much a character says and how wide it is: the wide ones of UAX 11 count for two letters.
fn weight(c: char) -> usize {
    let wide = matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3fffd}');
    if wide { 2 } else { 1 }
}
