//! One page: its capture, its document and what follows from both, computed when asked for and once.
//!
//! In: a capture. Out: [`Page`] (owned) and [`PageFacts`] (borrowed, lazy). Invariant: facts depend on the capture alone, and
//! on the day as an argument. Tested by the examples of the rules.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::cell::{Cell, OnceCell};
use std::sync::LazyLock;
use url::Url;

use super::grams::Grams;
use super::hints::Hints;
use super::links::{Link, LinkMatch};
use super::prose::{self, Prose};
use super::resources::Resource;
use super::style::{self, Seen, Style};
use super::words::Vocabulary;
use super::{forms, hollow, links, refresh, resources, text};
use crate::html::{Document, Element, Selector};
use crate::verdict::Locator;
use crate::web::{Capture, Source, address, charset};

static CANONICAL: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("link[rel~=canonical i][href]").expect("a constant selector"));

static SCRIPTS: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("script:not([src])").expect("a constant selector"));

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

/// When what was said of a page holds, as long as the page stays what it is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holds {
    /// Whenever.
    #[default]
    Always,
    /// In the year in which it was judged.
    ThatYear,
    /// On the day on which it was judged.
    ThatDay,
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
    today: Date,
    holds: Cell<Holds>,
    base: OnceCell<Url>,
    links: OnceCell<Vec<Link<'a>>>,
    link_hints: OnceCell<Hints>,
    resources: OnceCell<Vec<Resource<'a>>>,
    resource_hints: OnceCell<Hints>,
    text: OnceCell<String>,
    vocabulary: OnceCell<Vocabulary>,
    grams: OnceCell<Grams>,
    scripts: OnceCell<Vec<(Element<'a>, String)>>,
    stub: OnceCell<bool>,
    asks: OnceCell<bool>,
    prose: OnceCell<Prose<'a>>,
    style: OnceCell<Style<'a>>,
}

impl<'c> Page<'c> {
    /// Decodes and parses a capture. Never fails: bad HTML is a fact, not an error.
    pub fn read(capture: &'c Capture) -> Self {
        let decoded = charset::decode(&capture.body, capture.header("content-type"));
        let document = capture.media.is_html().then(|| Document::parse(&decoded.text));
        Self { capture, document, decoded }
    }

    /// Hands over what was seen of the page; to be done before its facts are asked for.
    pub fn see(&self, seen: Seen) {
        if let Some(document) = &self.document {
            style::see(document, seen);
        }
    }

    /// The facts of this page.
    pub fn facts(&self, standing: Standing, today: Date) -> PageFacts<'_> {
        PageFacts {
            capture: self.capture,
            document: self.document.as_ref(),
            decoded: &self.decoded,
            standing,
            today,
            holds: Cell::new(Holds::Always),
            base: OnceCell::new(),
            links: OnceCell::new(),
            link_hints: OnceCell::new(),
            resources: OnceCell::new(),
            resource_hints: OnceCell::new(),
            text: OnceCell::new(),
            vocabulary: OnceCell::new(),
            grams: OnceCell::new(),
            scripts: OnceCell::new(),
            stub: OnceCell::new(),
            asks: OnceCell::new(),
            style: OnceCell::new(),
            prose: OnceCell::new(),
        }
    }
}

impl<'a> PageFacts<'a> {
    /// The day the page is judged on. Who asks for it is remembered: what was said of the page then holds on that day only, so that nobody
    /// asks who does not need it.
    pub fn today(&self) -> Date {
        self.holds.set(Holds::ThatDay);
        self.today
    }

    /// The year the page is judged in; what was said of the page then holds in that year only.
    pub fn year(&self) -> i16 {
        self.holds.set(self.holds.get().max(Holds::ThatYear));
        self.today.year()
    }

    /// When what was said of the page so far holds.
    pub fn holds(&self) -> Holds {
        self.holds.get()
    }

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

    /// The primary subtag of the language the root element names, lower case (BCP 47, 2.2.1); `None` where it names none.
    pub fn language(&self) -> Option<String> {
        let tag = self.document?.root().attr("lang")?.trim().to_ascii_lowercase();
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        (!primary.is_empty()).then(|| primary.to_string())
    }

    /// True when the page only sends its reader elsewhere: at once (`<meta http-equiv=refresh content="0;…">`), or later and
    /// with next to nothing to read until then.
    pub fn is_redirect_stub(&self) -> bool {
        *self.stub.get_or_init(|| {
            self.document.is_some_and(|document| refresh::only_leads_on(document, self.base(), self.url()))
        })
    }

    /// True for the file that static hosts send for addresses that do not exist: it is an answer, not a page of its own.
    pub fn is_error_document(&self) -> bool {
        let name = self.url().path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
        let stem = name.split('.').next().unwrap_or_default();
        matches!(self.capture.source, Source::File(_)) && matches!(stem, "403" | "404" | "410" | "500" | "503")
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

    /// Which words stand in that text.
    pub fn vocabulary(&self) -> &Vocabulary {
        self.vocabulary.get_or_init(|| Vocabulary::of(self.text()))
    }

    /// Which runs of bytes stand in that text.
    pub fn grams(&self) -> &Grams {
        self.grams.get_or_init(|| Grams::of(self.text()))
    }

    /// The main text, read as prose; empty for what is no document.
    pub fn prose(&self) -> &Prose<'a> {
        self.prose
            .get_or_init(|| Prose::of(self.document.map(prose::blocks).unwrap_or_default(), self.language().as_deref()))
    }

    /// The scripts that stand in the page itself, with their text.
    pub fn scripts(&self) -> &[(Element<'a>, String)] {
        self.scripts.get_or_init(|| {
            let scripts = self.document.into_iter().flat_map(|document| document.select(&SCRIPTS));
            scripts.map(|script| (script, script.text())).collect()
        })
    }

    /// The hyperlinks that have the wanted shape, in document order.
    pub fn links_like<'p>(&'p self, wanted: &'p LinkMatch) -> impl Iterator<Item = &'p Link<'a>> {
        let hints = self.link_hints.get_or_init(|| Hints::of(self.links().iter().map(Link::hint)));
        let links = if wanted.may_match(hints) { self.links() } else { &[] };
        links.iter().filter(|link| wanted.matches(link, self.url()))
    }

    /// What the page loads from the wanted addresses, in document order.
    pub fn resources_from<'p>(&'p self, wanted: &'p LinkMatch) -> impl Iterator<Item = &'p Resource<'a>> {
        let hints = self.resource_hints.get_or_init(|| {
            let hint =
                |resource: &'p Resource<'_>| ("", Some((resource.url.host_str().unwrap_or_default(), resource.path())));
            Hints::of(self.resources().iter().map(hint))
        });
        let resources = if wanted.may_match(hints) { self.resources() } else { &[] };
        resources.iter().filter(|resource| wanted.loads(resource))
    }

    /// Where the first link leads that has the wanted shape.
    pub fn linked(&self, wanted: &LinkMatch) -> Option<Url> {
        self.links_like(wanted).find_map(|link| link.url().cloned())
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
        *self.asks.get_or_init(|| self.document.is_some_and(forms::asks_for_data))
    }

    /// How the page looks; nothing for what is no document.
    pub fn style(&self) -> Option<&Style<'a>> {
        let document = self.document?;
        Some(self.style.get_or_init(|| Style::of(document)))
    }

    /// Why nothing may be concluded from what the page does not say, if so.
    pub fn blind_spot(&self) -> Option<&'static str> {
        if self.capture.truncated {
            return Some("only the beginning of the page was read, so what is not there may come later");
        }
        let script_only = self.document.is_some_and(hollow::is_drawn_by_script);
        script_only.then_some("scripts draw this page and it was read without a browser")
    }

    /// The page as a whole, as the place of a verdict.
    pub fn whole(&self) -> Locator {
        Locator::whole()
    }
}
