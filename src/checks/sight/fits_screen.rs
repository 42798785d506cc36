//! `fits-screen`: a page fits a screen without scrolling sideways.
//!
//! In: a page and how it looks on one screen. Out: a verdict on each outermost element that reaches past the right edge, or one on the page. Tables of data, code,
//! pictures and films may be wide: where only they are, people have to look. Layout is near to that of browsers, not the same.
//! Tested by the rules that use it.

use serde::Deserialize;

use super::screens::Screen;
use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "fits-screen",
    asks: "Does the page fit a screen without scrolling sideways?",
    scope: Scope::Page,
    parameters: &[
        ("screen", "narrow: 320 CSS pixels; phone: 375; desk: 1280"),
        ("least", "CSS pixels past the edge that count"),
        ("may", "selectors of elements that may be wide"),
        ("most", "the most elements that are named"),
    ],
    build: page::<FitsScreen>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FitsScreen {
    screen: Screen,
    least: f64,
    may: crate::checks::Query,
    most: usize,
}

impl PageCheck for FitsScreen {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(style) = page.style() else { return Vec::new() };
        let view = match self.screen.view(page, style, "a page that fits the screen") {
            Ok(view) => view,
            Err(verdict) => return verdict,
        };
        let (Some(wide), Some(screen)) = (view.scroll_width(), view.viewport()) else { return Vec::new() };
        let screen = f64::from(screen.width);
        if wide < screen + self.least {
            return vec![page.whole().pass(format_args!("the page is {wide:.0} pixels wide"))];
        }
        let reaching = view.overflowing();
        let mut outermost: Vec<Element<'_>> = Vec::new();
        for element in reaching.into_iter().filter(|element| !self.may_be_wide(element)) {
            if !outermost.iter().any(|outer| outer.contains(element)) {
                outermost.push(element);
            }
        }
        let expected = format!("a page that fits {screen:.0} pixels");
        let observed = format!("the page is {wide:.0} pixels wide on a screen of {screen:.0}");
        if outermost.is_empty() {
            return vec![page.whole().cannot_tell(format!("{observed}, for parts that may be"), expected)];
        }
        let named = outermost.into_iter().take(self.most);
        named
            .map(|element| element.heard().fail(format!("{observed}; this reaches past its edge"), expected.clone()))
            .collect()
    }
}

impl FitsScreen {
    fn may_be_wide(&self, element: &Element<'_>) -> bool {
        std::iter::once(*element).chain(element.ancestors()).any(|level| level.matches(&self.may.0))
    }
}
