//! What checks about looks have in common: the screens they ask for, and what they say where nobody knows.
//!
//! In: the facts of a page. Out: views, or the one verdict that stands for all: not tested where nobody measured, "cannot tell" where a sheet could
//! not be read. Invariant: nothing is said of a page that was not seen. Tested by the rules that use the checks.

use serde::Deserialize;

use crate::facts::PageFacts;
use crate::facts::style::{Gap, Style, View, Viewport};
use crate::html::{Element, Node};
use crate::verdict::Verdict;

/// Which screen a check looks at.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Screen {
    /// The narrowest that content is to fit.
    Narrow,
    /// A telephone.
    Phone,
    /// A screen on a desk.
    Desk,
}

impl Screen {
    fn viewport(self) -> Viewport {
        match self {
            Self::Narrow => Viewport::NARROW,
            Self::Phone => Viewport::PHONE,
            Self::Desk => Viewport::DESK,
        }
    }

    /// The measured view of the screen.
    pub(super) fn view<'s>(
        self,
        page: &PageFacts<'_>,
        style: &'s Style<'_>,
        expected: &str,
    ) -> Result<View<'s>, Verdict> {
        if let Some(verdict) = unknown(page, style, expected) {
            return Err(verdict);
        }
        style.on(self.viewport()).ok_or_else(|| page.whole().untested("the page was not measured"))
    }
}

/// All measured views, the narrowest first.
pub(super) fn measured<'s>(
    page: &PageFacts<'_>,
    style: &'s Style<'_>,
    expected: &str,
) -> Result<Vec<View<'s>>, Verdict> {
    if let Some(verdict) = unknown(page, style, expected) {
        return Err(verdict);
    }
    let views: Vec<View<'s>> = style.views().into_iter().filter(|view| view.viewport().is_some()).collect();
    if views.is_empty() { Err(page.whole().untested("the page was not measured")) } else { Ok(views) }
}

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
