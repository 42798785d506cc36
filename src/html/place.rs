//! What is asked of elements most often, kept side by side: place in tree and source, name, and which attributes it may have.
//!
//! In: the grown tree and which source text made each element. Out: one [`Place`] for each element, in document order; template contents
//! are passed over. Invariant: what is here says what the tree says; an attribute that an element has is never denied. Tested in
//! `document.rs` and below.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

use ego_tree::iter::Edge;
use html5ever::{LocalName, QualName, ns};
use scraper::Html;

use super::element::attribute_name;
use super::index::Fnv;
use super::sink::{Origin, Span};

/// One element's place in tree and source.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) node: ego_tree::NodeId,
    /// Index of the parent; the root is its own.
    pub(super) parent: u32,
    /// Index after the last descendant.
    pub(super) after: u32,
    /// Index of the element before it with the same parent; its own where there is none.
    pub(super) previous: u32,
    pub(super) depth: u32,
    pub(super) span: Span,
    pub(super) exact: bool,
    pub(super) kind: Kind,
    /// The local name, where it is one of HTML's: the tree has the others.
    pub(super) name: Option<&'static str>,
    pub(super) attributes: Attributes,
}

/// The namespace of an element.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Html,
    Svg,
    MathMl,
    Other,
}

/// Says no to most attributes that an element does not have: most questions are about these.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Attributes(u64);

impl Attributes {
    /// One of 64 by length, first and last letter; the factors keep usual names apart.
    const fn bit(name: &str) -> u64 {
        let bytes = name.as_bytes();
        let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return 0 };
        1 << ((*first as usize * 8 + *last as usize * 12 + bytes.len() * 5) & 63)
    }

    fn add(&mut self, name: &str) {
        self.0 |= Self::bit(name);
    }

    /// False when no attribute has this name.
    #[inline]
    pub(super) fn may_have(self, name: &str) -> bool {
        self.0 & Self::bit(name) != 0
    }
}

/// The names of HTML's elements, also of those it has given up.
const NAMES: &str = "a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body br button \
    canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure \
    font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map \
    mark marquee math menu meta meter nav nobr noembed noframes noscript object ol optgroup option output p param path picture pre progress \
    q rp rt ruby s samp script search section select small source span strike strong style sub summary sup svg table tbody td template \
    textarea tfoot th thead time title tr track tt u ul use var video wbr";

static NAMED: LazyLock<HashMap<LocalName, &'static str, BuildHasherDefault<Fnv>>> =
    LazyLock::new(|| NAMES.split_ascii_whitespace().map(|name| (LocalName::from(name), name)).collect());

fn kind(name: &QualName) -> Kind {
    match name.ns {
        ns!(html) => Kind::Html,
        ns!(svg) => Kind::Svg,
        ns!(mathml) => Kind::MathMl,
        _ => Kind::Other,
    }
}

/// Numbers the elements below the document in tree order; template contents hang under a fragment and are passed over.
pub(super) fn places(html: &Html, origins: &[Origin]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::with_capacity(origins.len());
    // The elements that are open, each with the last child that was met.
    let mut open: Vec<(u32, Option<u32>)> = Vec::new();
    let mut fragments = 0usize;
    for edge in html.root_element().traverse() {
        match edge {
            Edge::Open(node) if node.value().is_fragment() => fragments += 1,
            Edge::Close(node) if node.value().is_fragment() => fragments -= 1,
            Edge::Open(node) if fragments == 0 => {
                let Some(element) = node.value().as_element() else { continue };
                let origin = origins.binary_search_by_key(&node.id(), |origin| origin.node);
                let Origin { span, exact, .. } = origins[origin.expect("every element has an origin")];
                let index = places.len() as u32;
                let (parent, before) =
                    open.last_mut().map_or((0, None), |(parent, last)| (*parent, last.replace(index)));
                open.push((index, None));
                let mut attributes = Attributes::default();
                element.attrs.iter().for_each(|(name, _)| attributes.add(attribute_name(name)));
                places.push(Place {
                    node: node.id(),
                    parent,
                    after: 0,
                    previous: before.unwrap_or(index),
                    depth: open.len() as u32,
                    span,
                    exact,
                    kind: kind(&element.name),
                    name: NAMED.get(&element.name.local).copied(),
                    attributes,
                });
            }
            Edge::Close(node) if fragments == 0 && node.value().is_element() => {
                let (closed, _) = open.pop().expect("what closes was opened");
                places[closed as usize].after = places.len() as u32;
            }
            Edge::Open(_) | Edge::Close(_) => {}
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{Document, samples};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_kept_aside_is_what_the_tree_says(source in samples::page()) {
            let document = Document::parse(&source);
            for element in document.elements() {
                prop_assert_eq!(element.name(), &*element.qualified_name().local);
                prop_assert_eq!(element.is_html(), element.qualified_name().ns == ns!(html));
                for (name, value) in element.attrs() {
                    prop_assert_eq!(element.attrs().find(|(other, _)| *other == name), Some((name, value)));
                    prop_assert_eq!(element.attr(name), Some(value));
                }
                let siblings: Vec<_> = element.parent().into_iter().flat_map(|parent| parent.children()).collect();
                let at = siblings.iter().position(|sibling| *sibling == element);
                let before = at.and_then(|at| at.checked_sub(1)).map(|before| siblings[before]);
                prop_assert_eq!(element.previous_sibling(), before);
            }
        }
    }

    #[test]
    fn an_attribute_that_is_there_is_never_denied() {
        for name in ["id", "x", "\u{e9}", "xlink:href", "a-very-long-name-of-an-attribute", "", "@click"] {
            let mut attributes = Attributes::default();
            attributes.add(name);
            assert!(attributes.may_have(name) || name.is_empty(), "{name}");
        }
        assert!(!Attributes::default().may_have("id"));
    }
}
