//! `words-between-headings`: long text is divided by headings.
//!
//! In: the main part of a page. Out: one verdict at the paragraph where the longest stretch without a heading begins; a page
//! with less text than that is inapplicable. Only paragraphs are counted: lists and tables divide text by themselves. Tested
//! by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{PageFacts, Place, visibility, visible_text, words};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "words-between-headings",
    asks: "Do headings divide the paragraphs of a long text?",
    scope: Scope::Page,
    parameters: &[
        ("in", "CSS selector of the main part; the first found is looked at, without one the page is inapplicable"),
        ("divides", "CSS selector of what begins a new part of the text"),
        ("except", "CSS selector of what holds paragraphs that do not count (optional)"),
        ("max-words", "the most words of paragraphs in a row; texts with fewer are inapplicable"),
    ],
    build: page::<WordsBetweenHeadings>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WordsBetweenHeadings {
    #[serde(rename = "in")]
    within: Query,
    divides: Query,
    except: Option<Query>,
    max_words: usize,
}

/// Paragraphs in a row: where they begin and how many words they have.
struct Stretch<'a> {
    from: Element<'a>,
    words: usize,
}

impl PageCheck for WordsBetweenHeadings {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let main = page.document.and_then(|document| document.select(&self.within.0).next());
        let stretches = main.map(|main| self.stretches(main)).unwrap_or_default();
        if stretches.iter().map(|stretch| stretch.words).sum::<usize>() <= self.max_words {
            return Vec::new();
        }
        let longest = stretches.iter().max_by_key(|stretch| stretch.words);
        let verdict = |longest: &Stretch<'_>| {
            let (at, words) = (longest.from.at(), longest.words);
            let observed = format!("{words} words of paragraphs follow each other without a heading");
            if words <= self.max_words {
                return at.pass(format_args!("at most {words} words stand between two headings"));
            }
            at.fail(observed, format!("a heading after at most {} words", self.max_words))
        };
        longest.map(verdict).into_iter().collect()
    }
}

fn words_of(paragraph: &Element<'_>) -> usize {
    words::count(&visible_text(*paragraph))
}

impl WordsBetweenHeadings {
    fn stretches<'a>(&self, main: Element<'a>) -> Vec<Stretch<'a>> {
        // Most pages have fewer words in all their paragraphs: what stands between these need not be looked at.
        if words::count(&visible_text(main)) <= self.max_words {
            return Vec::new();
        }
        let mut found: Vec<Stretch<'a>> = Vec::new();
        let mut divided = true;
        let mut divides = main.select(&self.divides.0).peekable();
        for element in main.descendants() {
            if divides.next_if_eq(&element).is_some() {
                divided = true;
            } else if element.name() == "p" && self.counts(&element) {
                let words = words_of(&element);
                match found.last_mut().filter(|_| !divided) {
                    Some(last) => last.words += words,
                    None => found.push(Stretch { from: element, words }),
                }
                divided = false;
            }
        }
        found
    }

    fn counts(&self, paragraph: &Element<'_>) -> bool {
        let excepted = |element: Element<'_>| self.except.as_ref().is_some_and(|except| element.matches(&except.0));
        visibility::is_rendered(paragraph) && !paragraph.ancestors().any(excepted)
    }
}
