//! `hidden-parts`: what a page hides when it opens is a smaller part of its words than what it shows.
//!
//! In: a page. Out: one verdict for a page that hides words: where most are hidden, at the largest part, for a person who opens it. What only
//! names or describes something else is read with that and does not count; what a `details` holds is opened by everybody and counts as
//! shown. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeSet;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, visibility, whole_text, words};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "hidden-parts",
    asks: "Does a page show more words than it hides when it opens?",
    scope: Scope::Page,
    parameters: &[
        ("min-words", "fewer hidden words are let pass"),
        ("max-share", "the share of all words of the page that may be hidden, 0 to 1"),
    ],
    build: page::<HiddenParts>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HiddenParts {
    min_words: usize,
    max_share: f64,
}

impl PageCheck for HiddenParts {
    #[expect(clippy::cast_precision_loss, reason = "counts of words")]
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(body) = page.document.and_then(|document| document.body()) else { return Vec::new() };
        let read_elsewhere = referenced(&body);
        let mut parts: Vec<(usize, Element<'_>)> = Vec::new();
        // Words that wait in a `details` are among these.
        let shown = words::count(page.text());
        for element in body.descendants() {
            let is_top = !visibility::is_rendered(&element)
                && element
                    .parent()
                    .is_some_and(|parent| visibility::is_rendered(&parent) && parent.name() != "details");
            let is_text =
                !matches!(element.name(), "script" | "style" | "template" | "noscript" | "datalist" | "option");
            let is_read = element.id_attr().is_some_and(|id| read_elsewhere.contains(id));
            if is_top && is_text && !is_read {
                let words = words::count(&whole_text(element));
                if words > 0 {
                    parts.push((words, element));
                }
            }
        }
        let hidden: usize = parts.iter().map(|(words, _)| words).sum();
        let Some((most, largest)) = parts.iter().rev().max_by_key(|(words, _)| *words) else { return Vec::new() };
        let share = hidden as f64 / (hidden + shown).max(1) as f64;
        let observed = format!(
            "{hidden} of {} words are hidden when the page opens, {most} of them in the largest of {} parts",
            hidden + shown,
            parts.len()
        );
        if hidden < self.min_words || share <= self.max_share {
            return vec![page.whole().pass(observed)];
        }
        vec![largest.at().cannot_tell(observed, "a look at the parts that are hidden, opened one by one")]
    }
}

/// Ids of elements that are read as the name or the description of others.
fn referenced<'a>(body: &Element<'a>) -> BTreeSet<&'a str> {
    let named = body.descendants().flat_map(|element| {
        ["aria-labelledby", "aria-describedby"].into_iter().filter_map(move |attribute| element.attr(attribute))
    });
    named.flat_map(str::split_ascii_whitespace).collect()
}
