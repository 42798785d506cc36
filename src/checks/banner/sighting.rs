//! Where a page has its banner.
//!
//! In: a page and the marks a rule gives. Out: [`Sighting`]. Invariant: a sentence in the body of an article, in the footer or in
//! a look-alike is not the banner, wherever else it fits. Tested below and by the rules of the identity pack.

use serde::Deserialize;
use std::cell::RefCell;
use std::collections::BTreeMap;

use super::position;
use crate::checks::{Phrases, Query};
use crate::facts::{PageFacts, Region, visibility, visible_text, whole_text, words};
use crate::html::{Document, Element, ElementId};

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
    /// Looks for the banner of a page, once for all rules that give the same marks.
    pub(super) fn sight<'a>(&self, page: &PageFacts<'a>) -> Sighting<'a> {
        let Some(document) = page.document else { return Sighting::Nowhere };
        let seen = document.remembered(|_| Seen::default());
        let key = self.key();
        if let Some(sighting) = seen.0.borrow().get(&key) {
            return sighting.on(document);
        }
        let sighting = self.look(page, document);
        seen.0.borrow_mut().insert(key, Noted::of(&sighting));
        sighting
    }

    /// The same for marks that are the same.
    fn key(&self) -> String {
        let queries = [&self.component, &self.within, &self.except].map(|query| query.0.as_str());
        let phrases = [&self.says, &self.nearly].map(|phrases| phrases.iter().collect::<Vec<_>>().join("|"));
        format!("{}\n{}", queries.join("\n"), phrases.join("\n"))
    }

    fn look<'a>(&self, page: &PageFacts<'a>, document: &'a Document) -> Sighting<'a> {
        let mut places = Places::default();
        if self.says.first_on(page).is_some() {
            places = self.places(document.body(), &self.says);
        }
        if let Some(element) = places.fitting {
            return Sighting::Served(self.container(element));
        }
        if let Some(component) = document.select(&self.component.0).find(visibility::is_rendered) {
            return Sighting::Component(component);
        }
        if let Some(words) = self.nearly.first_on(page)
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

/// What was seen on a page, by the marks that were looked for.
#[derive(Default)]
struct Seen(RefCell<BTreeMap<String, Noted>>);

/// A sighting that does not hold on to the document.
enum Noted {
    Served(ElementId),
    Component(ElementId),
    Nearly(ElementId, String),
    Misplaced(ElementId),
    Nowhere,
}

impl Noted {
    fn of(sighting: &Sighting<'_>) -> Self {
        match sighting {
            Sighting::Served(element) => Self::Served(element.id()),
            Sighting::Component(element) => Self::Component(element.id()),
            Sighting::Nearly(element, words) => Self::Nearly(element.id(), words.clone()),
            Sighting::Misplaced(element) => Self::Misplaced(element.id()),
            Sighting::Nowhere => Self::Nowhere,
        }
    }

    fn on<'a>(&self, document: &'a Document) -> Sighting<'a> {
        let element = |id: &ElementId| document.element_of(*id).expect("it was seen on this document");
        match self {
            Self::Served(id) => Sighting::Served(element(id)),
            Self::Component(id) => Sighting::Component(element(id)),
            Self::Nearly(id, words) => Sighting::Nearly(element(id), words.clone()),
            Self::Misplaced(id) => Sighting::Misplaced(element(id)),
            Self::Nowhere => Sighting::Nowhere,
        }
    }
}

/// Places that say a sentence.
#[derive(Default)]
struct Places<'a> {
    fitting: Option<Element<'a>>,
    other: Option<Element<'a>>,
}
