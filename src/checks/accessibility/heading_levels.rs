//! `heading-levels`: headings go down one level at a time.
//!
//! In: a page. Out: one verdict for each exposed heading after the first. Going up may skip levels: a chapter ends that way. The
//! first heading may have any level, because headers and navigation often come before the main heading. Tested by its rules.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, roles, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "heading-levels",
    asks: "Do headings go down one level at a time?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<HeadingLevels>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HeadingLevels {}

impl PageCheck for HeadingLevels {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let headings: Vec<(Element<'_>, u32)> = roles::among(document, &["heading"])
            .into_iter()
            .filter_map(|element| level(&element).map(|level| (element, level)))
            .filter(|(element, _)| visibility::is_exposed(element))
            .collect();
        let pairs = headings.windows(2);
        pairs
            .map(|pair| {
                let ((_, above), (heading, level)) = (pair[0], pair[1]);
                if level > above + 1 {
                    let observed = format!("a heading of level {level} follows one of level {above}");
                    heading.heard().fail(observed, format!("level {} or above", above + 1))
                } else {
                    heading.at().pass(format_args!("level {level} after level {above}"))
                }
            })
            .collect()
    }
}

/// The level of a heading; 2 where a heading by role names none (WAI-ARIA 1.2, heading).
fn level(element: &Element<'_>) -> Option<u32> {
    if roles::role(element).as_str() != "heading" {
        return None;
    }
    let given =
        element.attr("aria-level").and_then(|level| level.trim().parse::<u32>().ok()).filter(|level| *level > 0);
    let by_tag = element.name().strip_prefix('h').and_then(|digit| digit.parse::<u32>().ok());
    Some(given.or(by_tag).unwrap_or(2))
}
