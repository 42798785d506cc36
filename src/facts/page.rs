//! One page: its capture, its document and what follows from both, computed when asked for and once.
//!
//! In: a capture. Out: [`Page`] (owned) and [`PageFacts`] (borrowed, lazy). Invariant: facts depend on the capture alone, and
//! on the day as an argument. Tested by the examples of the rules.

use jiff::civil::Date;
use std::cell::OnceCell;
use std::sync::LazyLock;
use url::Url;

use super::links::{Link, LinkMatch};
use super::resources::Resource;
use super::{forms, links, resources, stand_in, text};
use crate::html::{Document, Selector};
use crate::verdict::Locator;
use crate::web::{Capture, address, charset};

static CANONICAL: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("link[rel~=canonical i][href]").expect("a constant selector"));

/// A page that was read: the capture with its decoded, parsed document.
pub struct Page<'c> {
    /// What the server said.
    pub capture: &'c Capture,
    /// The document; `None` where the capture is no HTML.
    pub document: Option<Document>,
    /// How the character encoding was found.
    pub decoded: charset::Decoded<'c>,
}

/// Where a page stands in its site.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// The page that the site's root shows.
    Home,
    /// Any other page.
    Inner,
}

/// What is true of one page.
pub struct PageFacts<'a> {
    /// What the server said.
    pub capture: &'a Capture,
    /// The document; `None` where the capture is no HTML.
    pub document: Option<&'a Document>,
    /// How the character encoding was found.
    pub decoded: &'a charset::Decoded<'a>,
    /// Where the page stands in its site.
    pub standing: Standing,
    /// The day the page is judged on.
    pub today: Date,
    base: OnceCell<Url>,
    links: OnceCell<Vec<Link<'a>>>,
    resources: OnceCell<Vec<Resource<'a>>>,
    text: OnceCell<String>,
}

impl<'c> Page<'c> {
    /// Decodes and parses a capture. Never fails: bad HTML is a fact, not an error.
    pub fn read(capture: &'c Capture) -> Self {
        let decoded = charset::decode(&capture.body, capture.header("content-type"));
        let document = capture.media.is_html().then(|| Document::parse(&decoded.text));
        Self { capture, document, decoded }
    }

    /// The facts of this page.
    pub fn facts(&self, standing: Standing, today: Date) -> PageFacts<'_> {
        PageFacts {
            capture: self.capture,
            document: self.document.as_ref(),
            decoded: &self.decoded,
            standing,
            today,
            base: OnceCell::new(),
            links: OnceCell::new(),
            resources: OnceCell::new(),
            text: OnceCell::new(),
        }
    }
}

impl<'a> PageFacts<'a> {
    /// The page's address.
    pub fn url(&self) -> &'a Url {
        &self.capture.url
    }

    /// The address that relative references resolve against: the first usable `<base href>`, else the page's own.
    pub fn base(&self) -> &Url {
        self.base.get_or_init(|| {
            self.document.and_then(|document| links::base(document, self.url())).unwrap_or_else(|| self.url().clone())
        })
    }

    /// The hyperlinks in document order.
    pub fn links(&self) -> &[Link<'a>] {
        self.links.get_or_init(|| self.document.map(|document| links::links(document, self.base())).unwrap_or_default())
    }

    /// Scripts, style sheets, images, frames and other things the page loads.
    pub fn resources(&self) -> &[Resource<'a>] {
        self.resources.get_or_init(|| {
            self.document.map(|document| resources::resources(document, self.base())).unwrap_or_default()
        })
    }

    /// The text people read, folded for comparison.
    pub fn text(&self) -> &str {
        self.text.get_or_init(|| self.document.map(|document| text::folded(document.root())).unwrap_or_default())
    }

    /// Where the first link leads that has the wanted shape.
    pub fn linked(&self, wanted: &LinkMatch) -> Option<Url> {
        self.links().iter().filter(|link| wanted.matches(link)).find_map(|link| link.url().cloned())
    }

    /// True when the page names another address as its canonical one (RFC 6596).
    pub fn is_version_of_another(&self) -> bool {
        self.canonical().is_some_and(|canonical| address::canonical(&canonical) != *self.url())
    }

    /// The canonical address the page names in its head (RFC 6596).
    pub fn canonical(&self) -> Option<Url> {
        let link = self.document?.select(&CANONICAL).next()?;
        self.base().join(link.attr("href")?.trim()).ok()
    }

    /// True when a form of the page asks people for data: more than a search box or a subscription field.
    pub fn has_data_form(&self) -> bool {
        self.document.is_some_and(forms::asks_for_data)
    }

    /// True when the page stands in for another: a stub that forwards people, or the page for what is missing.
    pub fn is_stand_in(&self) -> bool {
        stand_in::is_error_page(self.url()) || self.document.is_some_and(stand_in::forwards)
    }

    /// The page as a whole, as the place of a verdict.
    pub fn whole(&self) -> Locator {
        Locator::whole()
    }
}
