//! What checks about looks have in common: what they say where nobody knows.
//!
//! In: the facts of a page. Out: the one verdict that stands for all: not tested where nobody measured, "cannot tell" where a sheet could
//! not be read. Invariant: nothing is said of a page that was not seen. Tested by the rules that use the checks.

use crate::facts::PageFacts;
use crate::facts::style::{Gap, Style};
use crate::html::{Element, Node};
use crate::verdict::Verdict;

/// What stands for all verdicts where the looks of a page are not known.
pub(super) fn unknown(page: &PageFacts<'_>, style: &Style<'_>, expected: &str) -> Option<Verdict> {
    match style.gap()? {
        gap @ Gap::NotMeasured(_) => Some(page.whole().untested(gap.to_string())),
        gap @ Gap::Unread(_) => Some(page.whole().cannot_tell(gap.to_string(), expected)),
    }
}

/// The letters and digits of an element's own text.
pub(super) fn own_letters(element: &Element<'_>) -> usize {
    let letters = |node: Node<'_>| match node {
        Node::Text(text) => text.chars().filter(|c| c.is_alphanumeric()).count(),
        Node::Element(_) => 0,
    };
    element.nodes().map(letters).sum()
}
