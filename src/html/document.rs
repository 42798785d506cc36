//! A parsed page: its elements in document order, each with its place in the source.
//!
//! In: decoded text. Out: [`Document`]. The tree of a browser that ran no script, with the content of `noscript` as
//! elements inside it. The content of `template` is no part of the document. Selectors match as in no-quirks mode. An
//! XML declaration is a comment. Invariant: parsing never fails; elements are numbered in document order, and a subtree
//! is a range of numbers. Tested here.

use std::cell::{Cell, OnceCell};
use std::collections::BTreeSet;

use ego_tree::NodeRef;
use html5ever::interface::QuirksMode;
use scraper::{ElementRef, Html, Node as TreeNode};

use super::element::ElementId;
use super::index::{Index, Key};
use super::lines::Lines;
use super::path::Ordinal;
use super::place::{Place, places};
use super::reader::{self, Reading};
use super::remember::Remembered;
use super::{Cut, Element, Limits, Position, Selector};

/// A parsed page. Not `Send`: parse and judge on one thread, hand on what was found.
#[derive(Debug)]
pub struct Document {
    source: String,
    html: Html,
    cut: Option<Cut>,
    doctype: Option<Doctype>,
    /// The elements in document order.
    pub(super) places: Vec<Place>,
    /// The same elements, as indexes of `places`, sorted by id and then by document order; those without an id are left
    /// out.
    ids: OnceCell<Vec<u32>>,
    /// The `label` elements with a `for`, sorted by it and then by document order.
    labels: OnceCell<Vec<u32>>,
    pub(super) ordinals: OnceCell<Vec<Ordinal>>,
    /// How many were counted one by one before.
    pub(super) counted: Cell<u32>,
    /// Tree nodes to indexes of `places`, sorted by node.
    by_node: OnceCell<Vec<(ego_tree::NodeId, u32)>>,
    lines: OnceCell<Lines>,
    index: OnceCell<Index>,
    pub(super) remembered: Remembered,
}

/// A document type declaration, as the parser read it; absent parts are empty.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Doctype {
    /// The name, lower case: "html".
    pub name: String,
    /// The public identifier.
    pub public_id: String,
    /// The system identifier.
    pub system_id: String,
}

/// The rendering mode the doctype asks for (DOM standard, "document mode").
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Quirks {
    /// Standards mode.
    No,
    /// Almost standards mode.
    Limited,
    /// Quirks mode.
    Full,
}

impl Document {
    /// Parses a page within the default [`Limits`].
    pub fn parse(source: &str) -> Document {
        Self::parse_within(source, &Limits::default())
    }

    /// Parses a page; what stopped the reading, if anything did, is in [`Document::cut`].
    pub fn parse_within(source: &str, limits: &Limits) -> Document {
        let Reading { html, origins, cut } = reader::read(source, limits);
        let places = places(&html, &origins);
        // Misnested formatting is moved after it was inserted, so the depth is only sure now.
        let is_deep = || places.iter().any(|place| place.depth as usize > limits.max_depth);
        Document {
            source: source.to_owned(),
            cut: cut.or_else(|| is_deep().then_some(Cut::Depth)),
            doctype: doctype(&html),
            places,
            ids: OnceCell::new(),
            labels: OnceCell::new(),
            ordinals: OnceCell::new(),
            counted: Cell::new(0),
            by_node: OnceCell::new(),
            lines: OnceCell::new(),
            index: OnceCell::new(),
            remembered: Remembered::default(),
            html,
        }
    }

    /// The limit that stopped the reading; `None` when all was read, so that absence means something.
    pub fn cut(&self) -> Option<Cut> {
        self.cut
    }

    /// The text that was parsed.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The `html` element.
    pub fn root(&self) -> Element<'_> {
        self.element(0)
    }

    /// The `head` element; the parser adds a missing one, save where reading was cut.
    pub fn head(&self) -> Option<Element<'_>> {
        self.root().children().find(|child| child.is_html() && child.name() == "head")
    }

    /// The `body` element; none in a page of frames.
    pub fn body(&self) -> Option<Element<'_>> {
        self.root().children().find(|child| child.is_html() && child.name() == "body")
    }

    /// The document type declaration, if there is one where it counts.
    pub fn doctype(&self) -> Option<&Doctype> {
        self.doctype.as_ref()
    }

    /// The rendering mode the doctype asks for.
    pub fn quirks(&self) -> Quirks {
        match self.html.quirks_mode {
            QuirksMode::NoQuirks => Quirks::No,
            QuirksMode::LimitedQuirks => Quirks::Limited,
            QuirksMode::Quirks => Quirks::Full,
        }
    }

    /// The elements a selector matches, in document order.
    pub fn select<'a, 's>(&'a self, selector: &'s Selector) -> impl Iterator<Item = Element<'a>> + use<'a, 's> {
        let root = self.root();
        root.matches(selector).then_some(root).into_iter().chain(root.select(selector))
    }

    /// All elements in document order.
    pub fn elements(&self) -> impl ExactSizeIterator<Item = Element<'_>> {
        (0..self.places.len() as u32).map(|index| self.element(index))
    }

    /// The first element in document order with this id; an empty id finds nothing.
    pub fn by_id(&self, id: &str) -> Option<Element<'_>> {
        self.with_id(id).next()
    }

    /// All elements with this id, in document order.
    pub fn with_id<'a, 's>(&'a self, id: &'s str) -> impl Iterator<Item = Element<'a>> + use<'a, 's> {
        let ids = self.ids();
        let first = ids.partition_point(|index| self.id_of(*index) < id);
        ids[first..].iter().take_while(move |index| self.id_of(**index) == id).map(|index| self.element(*index))
    }

    /// The elements that have an attribute of this name (lower case, without a prefix), in document order.
    pub fn with_attr<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Element<'a>> + use<'a> {
        let having = self.index().having(Key::attribute(name));
        having.iter().map(|index| self.element(*index)).filter(move |element| element.has_attr(name))
    }

    /// The elements that have one of these attributes, in document order.
    pub fn with_any_attr(&self, names: &[&str]) -> Vec<Element<'_>> {
        let numbers = names.iter().flat_map(|name| self.with_attr(name).map(|element| element.order()));
        let numbers: BTreeSet<u32> = numbers.collect();
        numbers.into_iter().map(|index| self.element(index)).collect()
    }

    /// The elements of this name in whatever namespace, in document order.
    pub fn with_name<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Element<'a>> + use<'a> {
        let having = self.index().having(Key::name(name));
        having.iter().map(|index| self.element(*index)).filter(move |element| element.name() == name)
    }

    /// The `label` elements whose `for` is this id, in document order.
    pub fn labels_for<'a, 's>(&'a self, id: &'s str) -> impl Iterator<Item = Element<'a>> + use<'a, 's> {
        let labels = self.labels();
        let first = labels.partition_point(|index| self.for_of(*index) < id);
        labels[first..].iter().take_while(move |index| self.for_of(**index) == id).map(|index| self.element(*index))
    }

    /// The element with this number, as [`Element::id`] gave it for this document.
    pub fn element_of(&self, id: ElementId) -> Option<Element<'_>> {
        ((id.0 as usize) < self.places.len()).then(|| self.element(id.0))
    }

    /// Attributes that a start tag repeats, which the tree does not keep: lower-case name and place of each repeat.
    pub fn duplicate_attributes(&self) -> Vec<(String, Position)> {
        self.elements().flat_map(|element| element.duplicate_attributes()).collect()
    }

    /// Line and column of a byte offset of the source.
    pub(super) fn position(&self, offset: u32) -> (u32, u32) {
        self.lines.get_or_init(|| Lines::of(&self.source)).place(&self.source, offset)
    }

    pub(super) fn element(&self, index: u32) -> Element<'_> {
        Element { document: self, index }
    }

    pub(super) fn element_ref(&self, index: u32) -> ElementRef<'_> {
        let node = self.html.tree.get(self.places[index as usize].node).expect("places hold nodes of this tree");
        ElementRef::wrap(node).expect("places hold elements only")
    }

    /// `None` inside a template.
    pub(super) fn index_of(&self, node: NodeRef<'_, TreeNode>) -> Option<u32> {
        let by_node = self.by_node.get_or_init(|| {
            let mut by_node: Vec<_> = self.places.iter().zip(0..).map(|(place, index)| (place.node, index)).collect();
            by_node.sort_unstable();
            by_node
        });
        let found = by_node.binary_search_by_key(&node.id(), |(id, _)| *id).ok()?;
        Some(by_node[found].1)
    }

    /// Which elements have what, for selectors.
    pub(super) fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(self))
    }

    fn ids(&self) -> &[u32] {
        self.ids.get_or_init(|| {
            let mut ids: Vec<u32> =
                (0..self.places.len() as u32).filter(|index| !self.id_of(*index).is_empty()).collect();
            ids.sort_by_key(|index| self.id_of(*index));
            ids
        })
    }

    fn labels(&self) -> &[u32] {
        self.labels.get_or_init(|| {
            let labels = self.with_name("label").filter(|label| label.is_html() && label.has_attr("for"));
            let mut labels: Vec<u32> = labels.map(|label| label.order()).collect();
            labels.sort_by_key(|index| self.for_of(*index));
            labels
        })
    }

    fn for_of(&self, index: u32) -> &str {
        self.element(index).attr("for").unwrap_or_default()
    }

    fn id_of(&self, index: u32) -> &str {
        self.element(index).id_attr().unwrap_or_default()
    }
}

fn doctype(html: &Html) -> Option<Doctype> {
    html.tree.root().children().find_map(|child| {
        let doctype = child.value().as_doctype()?;
        Some(Doctype {
            name: doctype.name().to_owned(),
            public_id: doctype.public_id().to_owned(),
            system_id: doctype.system_id().to_owned(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::samples;

    fn selector(text: &str) -> Selector {
        Selector::parse(text).expect(text)
    }

    fn names(source: &str) -> String {
        Document::parse(source).elements().map(|element| element.name()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_page_has_root_head_and_body() {
        for source in
            ["", " ", "text", "<!-- -->", "</p>", "<?xml version='1.0'?>", "<title>t</title>", "\u{feff}", "\0", "<"]
        {
            let document = Document::parse(source);
            assert_eq!(document.root().name(), "html", "{source}");
            assert!(document.head().is_some() && document.body().is_some(), "{source}");
            assert_eq!(document.cut(), None, "{source}");
        }
        assert!(Document::parse("<frameset><frame src=a></frameset>").body().is_none());
    }

    #[test]
    fn elements_come_in_document_order_even_when_the_parser_moves_them() {
        assert_eq!(names("<table><tr><td><b>x</b></table>"), "html head body table tbody tr td b");
        assert_eq!(names("<table><i>moved</i><tr><td>x</table>"), "html head body i table tbody tr td");
        let document = Document::parse("<table><i>moved</i><tr><td>x</table><p>");
        let found: Vec<_> = document.select(&selector("*")).map(|element| element.name()).collect();
        assert_eq!(found, ["html", "head", "body", "i", "table", "tbody", "tr", "td", "p"]);
    }

    #[test]
    fn template_contents_are_no_part_of_the_document() {
        let document =
            Document::parse("<div>a<template id=t>b<p id=p>c<template><i></i></template></p></template>d</div>");
        assert!(document.by_id("p").is_none() && document.select(&selector("p, i")).next().is_none());
        assert!(document.elements().all(|element| element.name() != "p"));
        assert_eq!(document.by_id("t").map(|template| template.nodes().count()), Some(0));
        assert_eq!(document.body().map(|body| body.text()).as_deref(), Some("ad"));
        assert_eq!(document.by_id("t").map(|template| template.text()).as_deref(), Some(""));
    }

    #[test]
    fn noscript_content_is_elements_and_stays_inside() {
        let source = "<head><noscript><link id=l><img id=i src=x></noscript><meta id=m><body>\n\
                      <noscript>On<p id=p>a &amp; b<div></noscript><p id=q></p><noscript><!-- c --><b id=b>";
        let document = Document::parse(source);
        let around = |id: &str| {
            let element = document.by_id(id).unwrap_or_else(|| panic!("no {id}"));
            let names: Vec<_> = element.ancestors().map(|above| above.name()).collect();
            names.join(" ")
        };
        for (id, ancestors) in [
            ("l", "noscript head html"),
            ("i", "noscript head html"),
            ("m", "head html"),
            ("p", "noscript body html"),
            ("q", "body html"),
            ("b", "noscript body html"),
        ] {
            assert_eq!(around(id), ancestors, "{id}");
        }
        let p = document.by_id("p").expect("it has just been found");
        assert_eq!(p.text(), "a & b");
        assert_eq!((p.position().line, p.position().column, p.start_tag()), (2, 13, "<p id=p>"));
        let texts: Vec<_> = document.select(&selector("noscript")).map(|noscript| noscript.text()).collect();
        assert_eq!(texts, ["", "Ona & b", ""]);
    }

    #[test]
    fn an_xhtml_prologue_changes_nothing() {
        let xhtml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \
                     \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\n<html xmlns=\"http://www.w3.org/1999/xhtml\" \
                     xml:lang=\"en\" lang=\"en\"><head><title>T</title></head><body><p>x</p><br /></body></html>";
        let document = Document::parse(xhtml);
        assert_eq!(names(xhtml), "html head title body p br");
        assert_eq!(document.root().attr("xml:lang"), Some("en"));
        assert_eq!((document.root().position().line, document.root().position().exact), (3, true));
        assert_eq!(document.quirks(), Quirks::No);
        assert_eq!(document.doctype().map(|d| d.public_id.as_str()), Some("-//W3C//DTD XHTML 1.0 Strict//EN"));
    }

    #[test]
    fn the_doctype_decides_the_mode() {
        for (source, name, quirks) in [
            ("<!doctype HTML><p>", Some("html"), Quirks::No),
            ("<p>", None, Quirks::Full),
            ("<!doctype html public '-//W3C//DTD HTML 4.01 Transitional//EN'>", Some("html"), Quirks::Full),
            ("<!doctype html public '-//W3C//DTD XHTML 1.0 Transitional//EN' 'x'>", Some("html"), Quirks::Limited),
            ("<p><!doctype html>", None, Quirks::Full),
        ] {
            let document = Document::parse(source);
            assert_eq!(document.doctype().map(|doctype| doctype.name.as_str()), name, "{source}");
            assert_eq!(document.quirks(), quirks, "{source}");
        }
    }

    #[test]
    fn an_id_finds_the_first_in_tree_order() {
        let document = Document::parse("<table><tr><td id=x>2<p id=x>3</p><b id=x>1</b></table><b id=''>");
        assert_eq!(document.by_id("x").map(|element| element.name()), Some("td"));
        assert_eq!(document.with_id("x").count(), 3);
        assert!(document.by_id("").is_none() && document.by_id("X").is_none() && document.by_id("w").is_none());
    }

    #[test]
    fn repeated_attributes_are_told_with_their_place() {
        let document = Document::parse("<p id=a>\n<a href=x HREF=y\n  href=z>");
        let found: Vec<_> =
            document.duplicate_attributes().into_iter().map(|(name, at)| (name, at.line, at.column)).collect();
        assert_eq!(found, [("href".to_owned(), 2, 11), ("href".to_owned(), 3, 3)]);
    }

    #[test]
    fn real_pages_parse_and_every_element_is_where_it_says() {
        let pages = samples::real_pages();
        let (mut elements, mut exact) = (0usize, 0usize);
        for (path, source) in &pages {
            let document = Document::parse(source);
            assert_eq!(document.cut(), None, "{}", path.display());
            for element in document.elements() {
                elements += 1;
                exact += usize::from(element.position().exact);
                check_start_tag(element);
            }
        }
        eprintln!("{} pages, {elements} elements, {exact} with a tag of their own", pages.len());
    }

    fn check_start_tag(element: Element<'_>) {
        let tag = element.start_tag();
        assert_eq!(tag.is_empty(), !element.position().exact);
        if tag.is_empty() {
            return;
        }
        let name = tag[1..].split(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').next().unwrap_or_default();
        let is_img = name.eq_ignore_ascii_case("image") && element.name() == "img";
        assert!(tag.starts_with('<') && tag.ends_with('>'), "{tag}");
        assert!(name.eq_ignore_ascii_case(element.name()) || is_img, "{tag} for {}", element.name());
    }
}
