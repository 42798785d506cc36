//! An element of a document and the ways around it.
//!
//! In: a [`Document`]. Out: [`Element`], a number and a reference, free to copy. Every walk is a loop over numbers or
//! siblings: depth costs no stack. Comments and template contents are never met. Invariant: order of elements is
//! document order. Tested here.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;

use ego_tree::NodeRef;
use html5ever::QualName;
use scraper::Node as TreeNode;

use super::document::Document;
use super::place::{Kind, Place};
use super::start_tag::attributes;
use super::{Found, Position, Selector};

/// An element of a [`Document`]; equal when it is the same element of the same document, ordered as in the document.
#[derive(Clone, Copy)]
pub struct Element<'a> {
    pub(super) document: &'a Document,
    pub(super) index: u32,
}

/// An element's number in document order, from 0 for `html`; good for that document only.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ElementId(pub(super) u32);

/// What an element contains.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Node<'a> {
    /// A child element.
    Element(Element<'a>),
    /// A run of text with character references resolved.
    Text(&'a str),
}

impl<'a> Element<'a> {
    /// The document it belongs to.
    pub fn document(&self) -> &'a Document {
        self.document
    }

    /// Its number in the document.
    pub fn id(&self) -> ElementId {
        ElementId(self.index)
    }

    /// Its number in document order, from 0 for `html`.
    pub fn order(&self) -> u32 {
        self.index
    }

    /// The number after that of the last element inside it: what is inside has the numbers between.
    pub fn end(&self) -> u32 {
        self.place().after
    }

    /// Nesting level; `html` has 1.
    pub fn depth(&self) -> u32 {
        self.place().depth
    }

    /// The local name: lower case, but as the standard spells it in SVG and MathML (`linearGradient`).
    pub fn name(&self) -> &'a str {
        self.place().name.unwrap_or_else(|| &self.qualified_name().local)
    }

    /// True for an element of the HTML namespace.
    pub fn is_html(&self) -> bool {
        self.place().kind == Kind::Html
    }

    /// True for an element of the SVG namespace.
    pub fn is_svg(&self) -> bool {
        self.place().kind == Kind::Svg
    }

    /// True for an element of the MathML namespace.
    pub fn is_mathml(&self) -> bool {
        self.place().kind == Kind::MathMl
    }

    /// The value of an attribute, by its name in lower case (`xlink:href` and the like with their prefix); empty when
    /// it has none.
    pub fn attr(&self, name: &str) -> Option<&'a str> {
        if !self.place().attributes.may_have(name) {
            return None;
        }
        self.attrs().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// Names and values of its attributes, sorted by name. The start tag has their order and repeats.
    pub fn attrs(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let element = self.document.element_ref(self.index).value();
        element.attrs.iter().map(|(name, value)| (attribute_name(name), &**value))
    }

    /// True when the attribute is there, whatever its value.
    pub fn has_attr(&self, name: &str) -> bool {
        self.attr(name).is_some()
    }

    /// The `id` attribute as written; it may be empty.
    pub fn id_attr(&self) -> Option<&'a str> {
        self.attr("id")
    }

    /// The classes in the order they are written.
    pub fn classes(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.attr("class").unwrap_or_default().split_ascii_whitespace()
    }

    /// True when it has the class, in the same case.
    pub fn has_class(&self, class: &str) -> bool {
        self.classes().any(|found| found == class)
    }

    /// The parent element; none for the root.
    pub fn parent(&self) -> Option<Element<'a>> {
        (self.index > 0).then(|| self.document.element(self.place().parent))
    }

    /// The elements around it, nearest first.
    pub fn ancestors(&self) -> impl Iterator<Item = Element<'a>> + use<'a> {
        std::iter::successors(self.parent(), Element::parent)
    }

    /// The child elements.
    pub fn children(&self) -> impl Iterator<Item = Element<'a>> + use<'a> {
        let first = self.document.element_within(self.index + 1..self.place().after);
        let end = self.place().after;
        std::iter::successors(first, move |child| child.document.element_within(child.place().after..end))
    }

    /// Child elements and texts in order.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let document = self.document;
        let mut next = self.index + 1;
        self.tree_node().children().filter_map(move |child| match child.value() {
            TreeNode::Element(_) => {
                let element = document.element(next);
                next = element.place().after;
                Some(Node::Element(element))
            }
            TreeNode::Text(text) => Some(Node::Text(text)),
            TreeNode::Document
            | TreeNode::Fragment
            | TreeNode::Doctype(_)
            | TreeNode::Comment(_)
            | TreeNode::ProcessingInstruction(_) => None,
        })
    }

    /// The elements inside it, in document order.
    pub fn descendants(&self) -> impl Iterator<Item = Element<'a>> + use<'a> {
        let document = self.document;
        (self.index + 1..self.place().after).map(|index| document.element(index))
    }

    /// The elements before it, its ancestors among them, from the nearest back to the root.
    pub fn preceding(&self) -> impl Iterator<Item = Element<'a>> + use<'a> {
        let document = self.document;
        (0..self.index).rev().map(|index| document.element(index))
    }

    /// True when the other element is inside this one.
    pub fn contains(&self, other: Element<'_>) -> bool {
        std::ptr::eq(self.document, other.document) && (self.index + 1..self.place().after).contains(&other.index)
    }

    /// The next element with the same parent.
    pub fn next_sibling(&self) -> Option<Element<'a>> {
        let end = self.parent()?.place().after;
        self.document.element_within(self.place().after..end)
    }

    /// The element before it with the same parent.
    pub fn previous_sibling(&self) -> Option<Element<'a>> {
        let previous = self.place().previous;
        (previous != self.index).then(|| self.document.element(previous))
    }

    /// All text inside it, scripts and styles too, as the DOM's `textContent` has it.
    pub fn text(&self) -> String {
        self.texts().collect()
    }

    /// The runs of text inside it, in document order.
    pub fn texts(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let top = self.tree_node();
        std::iter::successors(first_inside(top).or_else(|| next_outside(top, top)), move |node| {
            first_inside(*node).or_else(|| next_outside(*node, top))
        })
        .filter_map(|node| node.value().as_text().map(|text| &**text))
    }

    /// True when the selector matches it; `:scope` is the root.
    pub fn matches(&self, selector: &Selector) -> bool {
        let asked = || selector.compiled.matches(&self.document.element_ref(self.index));
        selector.quick.answer(self).unwrap_or_else(asked)
    }

    /// The elements inside it that the selector matches, in document order; `:scope` is this element.
    pub fn select<'s>(&self, selector: &'s Selector) -> Found<'a, 's> {
        Found::below(*self, selector)
    }

    /// The numbers of the elements inside it.
    pub(super) fn range(&self) -> Range<u32> {
        self.index + 1..self.place().after
    }

    /// Local names and values of its attributes, as the tree has them: `xlink:href` is `href` here.
    pub(super) fn tree_attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.document.element_ref(self.index).value().attrs()
    }

    /// Where its start tag begins; for an element without one, where the text begins that made the parser add it.
    pub fn position(&self) -> Position {
        self.position_at(self.place().span.start)
    }

    /// The source text of its start tag, from `<` to `>`; empty when the parser added the element.
    pub fn start_tag(&self) -> &'a str {
        let Place { span, exact, .. } = self.place();
        if *exact { &self.document.source()[span.start as usize..span.end as usize] } else { "" }
    }

    /// Attributes its start tag repeats: lower-case name and place of each repeat. The tree keeps the first only.
    pub fn duplicate_attributes(&self) -> Vec<(String, Position)> {
        let mut seen: Vec<String> = Vec::new();
        let mut repeats = Vec::new();
        for (offset, name) in attributes(self.start_tag()) {
            let name = name.to_ascii_lowercase();
            if seen.contains(&name) {
                repeats.push((name, self.position_at(self.place().span.start + offset as u32)));
            } else {
                seen.push(name);
            }
        }
        repeats
    }

    pub(super) fn qualified_name(&self) -> &'a QualName {
        &self.document.element_ref(self.index).value().name
    }

    fn place(&self) -> &'a Place {
        &self.document.places[self.index as usize]
    }

    fn position_at(&self, offset: u32) -> Position {
        let (line, column) = self.document.position(offset);
        Position { line, column, exact: self.place().exact }
    }

    fn tree_node(&self) -> NodeRef<'a, TreeNode> {
        *self.document.element_ref(self.index)
    }
}

impl Document {
    /// The element that begins a range of numbers, if the range is not empty.
    fn element_within(&self, range: Range<u32>) -> Option<Element<'_>> {
        (!range.is_empty()).then(|| self.element(range.start))
    }
}

impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && std::ptr::eq(self.document, other.document)
    }
}

impl Eq for Element<'_> {}

impl Hash for Element<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}

impl fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.name(), self.selector())
    }
}

/// Template contents hang under a fragment, the only child of the template.
fn first_inside(node: NodeRef<'_, TreeNode>) -> Option<NodeRef<'_, TreeNode>> {
    node.first_child().filter(|child| !child.value().is_fragment())
}

/// The next node in tree order that is not inside `node` but still inside `top`.
fn next_outside<'a>(node: NodeRef<'a, TreeNode>, top: NodeRef<'a, TreeNode>) -> Option<NodeRef<'a, TreeNode>> {
    let up = std::iter::successors(Some(node), NodeRef::parent).take_while(|node| *node != top);
    up.filter_map(|node| node.next_sibling()).next()
}

/// The parser takes these names apart in SVG and MathML (HTML standard, "adjust foreign attributes"); selectors and
/// people do not.
pub(super) fn attribute_name(name: &QualName) -> &str {
    const NAMES: [(&str, &str, &str); 10] = [
        ("xlink", "actuate", "xlink:actuate"),
        ("xlink", "arcrole", "xlink:arcrole"),
        ("xlink", "href", "xlink:href"),
        ("xlink", "role", "xlink:role"),
        ("xlink", "show", "xlink:show"),
        ("xlink", "title", "xlink:title"),
        ("xlink", "type", "xlink:type"),
        ("xml", "lang", "xml:lang"),
        ("xml", "space", "xml:space"),
        ("xmlns", "xlink", "xmlns:xlink"),
    ];
    let Some(prefix) = &name.prefix else { return &name.local };
    let known = NAMES.iter().find(|(known, local, _)| **prefix == **known && *name.local == **local);
    known.map_or(&name.local, |(_, _, whole)| whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses and hands on the first element the selector finds.
    fn with(source: &str, selector: &str, judge: impl FnOnce(Element<'_>)) {
        let document = Document::parse(source);
        let compiled = Selector::parse(selector).expect(selector);
        judge(document.select(&compiled).next().unwrap_or_else(|| panic!("no {selector} in {source}")));
    }

    fn check(source: &str, selector: &str, (line, column, exact): (u32, u32, bool), start_tag: &str) {
        with(source, selector, |element| {
            assert_eq!(element.position(), Position { line, column, exact }, "{selector} in {source:?}");
            assert_eq!(element.start_tag(), start_tag, "{selector} in {source:?}");
        });
    }

    #[test]
    fn a_position_is_that_of_the_start_tag() {
        check("<p>a\n <a\n href='x'\n>b</a>", "a", (2, 2, true), "<a\n href='x'\n>");
        check("<p>\r\n\t<b>x</b>\r\r<i>y</i>", "b", (2, 2, true), "<b>");
        check("<p>\r\n\t<b>x</b>\r\r<i>y</i>", "i", (4, 1, true), "<i>");
        check("<p>日本語 é🏛<b>x", "b", (1, 10, true), "<b>");
        check("\u{feff}<html lang=en>", "html", (1, 1, true), "<html lang=en>");
        check("<IMG\tSRC='a>b'\nALT=\"<p>\"><b>", "img", (1, 1, true), "<IMG\tSRC='a>b'\nALT=\"<p>\">");
        check("<IMG\tSRC='a>b'\nALT=\"<p>\"><b>", "b", (2, 11, true), "<b>");
    }

    #[test]
    fn what_looks_like_a_tag_but_is_text_moves_nothing() {
        for (source, selector, column) in [
            ("1 < 2 <b>x", "b", 7),
            ("<<b>x", "b", 2),
            ("<3 <b>", "b", 4),
            ("&lt<b>x", "b", 4),
            ("&lt<b title='>'>x", "b", 4),
            ("</><b>", "b", 4),
            ("</ ><b>", "b", 5),
            ("<!><b>", "b", 4),
            ("<!-- <i> --><b>", "b", 13),
            ("<!--><b>", "b", 6),
            ("<!-- a --!><b>", "b", 12),
            ("<? a <b ?><b>", "b", 11),
            ("<script>if (a<b && c>d) '<b>'</script><b>", "b", 39),
            ("<script><!-- <script> </script> --></script><b>", "b", 45),
            ("<style>a<b>c</style><b>", "b", 21),
            ("<title>a</b><b></title><b>", "b", 24),
            ("<textarea></text<b></textarea><b>", "b", 31),
            ("<svg><![CDATA[<b>]]><g>", "g", 21),
            ("<svg><![CDATA[]]><g>", "g", 18),
            ("<svg><![CDATA[a<]]><g>", "g", 20),
            ("<![CDATA[ a ]]><b>", "b", 16),
            ("<b\0>x", "b\u{fffd}", 1),
        ] {
            with(source, selector, |element| {
                assert_eq!(element.position(), Position { line: 1, column, exact: true }, "{source:?}");
                assert!(element.start_tag().starts_with("<"), "{source:?}");
            });
        }
    }

    #[test]
    fn an_element_without_a_tag_is_near_what_made_it() {
        check("<table>\n<td>x", "tbody", (2, 1, false), "");
        check("<table>\n<td>x", "tr", (2, 1, false), "");
        check("<table>\n<td>x", "td", (2, 1, true), "<td>");
        check("\n \n  Hello", "html", (3, 3, false), "");
        check("\n \n  Hello", "body", (3, 3, false), "");
        check("<title>x</title>", "head", (1, 1, false), "");
        check("", "body", (1, 1, false), "");
        check("\n<p>a</p>\n</p>", "p:empty", (3, 1, false), "");
        check("a <3 b", "body", (1, 1, false), "");
    }

    #[test]
    fn a_late_html_or_body_tag_is_its_own() {
        check("<!-- a -->\n<title>x</title>\n<html lang=en>", "html", (3, 1, true), "<html lang=en>");
        check("<p>a\n<body class=x>", "body", (2, 1, true), "<body class=x>");
        check("<body>\n<body class=x>", "body", (1, 1, true), "<body>");
    }

    #[test]
    fn misnested_and_moved_elements_keep_their_tags() {
        check("<p><b>1<p>2", "p + p > b", (1, 11, false), "");
        check("<p><b>1<p><b>2", "b > b", (1, 11, true), "<b>");
        check("<b><p>x</b>y", "p > b", (1, 8, false), "");
        check("<table>\n<div>x</div></table>", "div", (2, 1, true), "<div>");
        check("<image src=x>", "img", (1, 1, true), "<image src=x>");
        check("<svg><LinearGradient id=g /><a>", "linearGradient", (1, 6, true), "<LinearGradient id=g />");
        check("<a href=1>x<a href=2>y", "a[href='2']", (1, 12, true), "<a href=2>");
    }

    #[test]
    fn names_and_attributes_of_foreign_elements_are_as_the_standard_spells_them() {
        let source = "<svg viewbox='0 0 1 1'><foreignobject><P>x</P></foreignobject>\
                      <use xlink:href='#a' xml:lang=en></svg><math><mi>";
        with(source, "svg", |svg| {
            assert!(svg.is_svg() && !svg.is_html());
            assert_eq!(svg.attr("viewBox"), Some("0 0 1 1"));
            assert!(svg.descendants().any(|inside| inside.name() == "foreignObject"));
        });
        with(source, "p", |p| assert!(p.is_html()));
        with(source, "mi", |mi| assert!(mi.is_mathml()));
        with(source, "use", |used| {
            assert_eq!(
                (used.attr("xlink:href"), used.attr("href"), used.attr("xml:lang")),
                (Some("#a"), None, Some("en"))
            );
        });
    }

    #[test]
    fn an_element_knows_its_neighbours() {
        let source = "<div id=d class=' b  a b '>one<p>two<i>3</i></p><!-- c -->\
                      <template>no<u></u></template>four<b></b></div><hr>";
        with(source, "#d", |div| {
            let names =
                |elements: Vec<Element<'_>>| elements.iter().map(|e| e.name().to_owned()).collect::<Vec<_>>().join(" ");
            assert_eq!(names(div.children().collect()), "p template b");
            assert_eq!(names(div.descendants().collect()), "p i template b");
            assert_eq!(names(div.ancestors().collect()), "body html");
            assert_eq!(div.classes().collect::<Vec<_>>(), ["b", "a", "b"]);
            assert!(div.has_class("a") && !div.has_class("A"));
            assert_eq!(div.text(), "onetwo3four");
            let last = div.children().last().expect("three children");
            assert_eq!(last.previous_sibling().map(|e| e.name()), Some("template"));
            assert_eq!(last.next_sibling(), None);
            assert_eq!(div.next_sibling().map(|e| e.name()), Some("hr"));
            assert_eq!(div.previous_sibling(), None);
            assert!(div.contains(last) && !div.contains(div) && !last.contains(div));
            let nodes: Vec<_> = div.nodes().collect();
            assert!(matches!(nodes[..], [
                Node::Text("one"), Node::Element(_), Node::Element(_), Node::Text("four"), Node::Element(b)
            ] if b == last));
            assert_eq!(div.depth(), 3);
        });
    }

    #[test]
    fn selecting_within_an_element_finds_its_descendants_only() {
        let selector = |text: &str| Selector::parse(text).expect(text);
        with("<div><div><p>1</p></div></div><p>2</p>", "body > div", |outer| {
            assert_eq!(outer.select(&selector("div")).count(), 1);
            assert_eq!(outer.select(&selector("p")).count(), 1);
            assert_eq!(outer.select(&selector(":scope > div > p")).count(), 1);
            assert!(outer.matches(&selector("div:has(p)")) && !outer.matches(&selector("p")));
        });
    }

    #[test]
    fn depth_costs_no_stack() {
        let source = format!("{}x{}", "<div>".repeat(10_000), "</div>".repeat(10_000));
        let limits = crate::html::Limits {
            max_depth: 20_000,
            clock: std::time::Duration::from_secs(600),
            ..crate::html::Limits::default()
        };
        let document = Document::parse_within(&source, &limits);
        assert_eq!(document.elements().count(), 10_003);
        let deepest = document.elements().last().expect("there are elements");
        assert_eq!((deepest.depth(), deepest.ancestors().count()), (10_002, 10_001));
        assert_eq!(document.root().text(), "x");
        assert_eq!(document.root().descendants().count(), 10_002);
        assert!(deepest.selector().starts_with("html > body > div > div"));
        assert_eq!(document.select(&Selector::parse("div:empty, div:not(:has(div))").expect("valid")).count(), 1);
    }
}
