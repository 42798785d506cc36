//! Where a page has its banner.
//!
//! In: a page and the marks a rule gives. Out: [`Sighting`]. Invariant: a sentence in the body of an article, in the footer or in
//! a look-alike is not the banner, wherever else it fits. Tested below and by the rules of the identity pack.

use serde::Deserialize;

use super::position;
use crate::checks::{Phrases, Query};
use crate::facts::{PageFacts, Region, visibility, visible_text, whole_text, words};
use crate::html::Element;

/// Characters of everything a banner says, opened; an element with more text holds the banner and other things.
const BANNER_TEXT: usize = 1_000;

/// How a banner is recognised.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Marks {
    /// Sentences that make a strip the banner.
    says: Phrases,
    /// Sentences that come close.
    #[serde(default)]
    nearly: Phrases,
    /// The element of a component that draws the banner itself.
    component: Query,
    /// Elements that hold a whole banner.
    within: Query,
    /// Look-alikes.
    except: Query,
}

/// What was found of a banner.
pub(super) enum Sighting<'a> {
    /// A banner in the markup: the element that holds it.
    Served(Element<'a>),
    /// An element whose script draws the banner.
    Component(Element<'a>),
    /// A strip that says nearly the right thing, and what it says.
    Nearly(Element<'a>, String),
    /// The sentence stands where no banner does.
    Misplaced(Element<'a>),
    /// No trace.
    Nowhere,
}

impl Marks {
    /// Looks for the banner of a page.
    pub(super) fn sight<'a>(&self, page: &PageFacts<'a>) -> Sighting<'a> {
        let Some(document) = page.document else { return Sighting::Nowhere };
        let mut places = Places::default();
        if self.says.first_in(page.text()).is_some() {
            places = self.places(document.body(), &self.says);
        }
        if let Some(element) = places.fitting {
            return Sighting::Served(self.container(element));
        }
        if let Some(component) = document.select(&self.component.0).find(visibility::is_rendered) {
            return Sighting::Component(component);
        }
        if let Some(words) = self.nearly.first_in(page.text())
            && let Some(element) = self.places(document.body(), &self.nearly).fitting
        {
            return Sighting::Nearly(self.container(element), words.to_string());
        }
        places.other.map_or(Sighting::Nowhere, Sighting::Misplaced)
    }

    /// The first innermost elements that say a sentence: one that fits a banner, and one that does not.
    fn places<'a>(&self, body: Option<Element<'a>>, sentences: &Phrases) -> Places<'a> {
        let says = |element: &Element<'a>| sentences.first_in(&words::fold(&visible_text(*element))).is_some();
        let mut places = Places::default();
        let mut open: Vec<Element<'a>> = body.into_iter().collect();
        while let Some(element) = open.pop() {
            let before = open.len();
            open.extend(element.children().filter(&says));
            open[before..].reverse();
            if open.len() > before {
                continue;
            }
            if self.fits(&element) {
                places.fitting = Some(element);
                return places;
            }
            places.other = places.other.or(Some(element));
        }
        places
    }

    fn fits(&self, element: &Element<'_>) -> bool {
        if std::iter::once(*element).chain(element.ancestors()).any(|around| around.matches(&self.except.0)) {
            return false;
        }
        match Region::of(element) {
            Region::Header | Region::Navigation | Region::Elsewhere => true,
            Region::Main | Region::Footer => position::first_before(*element, None).is_none(),
        }
    }

    /// The element that holds the whole banner: the one the rule describes, else the largest with no more than a banner's text.
    fn container<'a>(&self, innermost: Element<'a>) -> Element<'a> {
        let around = || std::iter::once(innermost).chain(innermost.ancestors());
        let short = |element: &Element<'a>| {
            !matches!(element.name(), "html" | "body" | "main" | "form")
                && words::fold(&whole_text(*element)).chars().count() <= BANNER_TEXT
        };
        if let Some(named) = around().find(|element| element.matches(&self.within.0)) {
            return named;
        }
        around().take_while(short).last().unwrap_or(innermost)
    }
}

/// Places that say a sentence.
#[derive(Default)]
struct Places<'a> {
    fitting: Option<Element<'a>>,
    other: Option<Element<'a>>,
}
