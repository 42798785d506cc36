//! A CSS selector for one element.
//!
//! In: an element. Out: a selector that finds it and nothing else, as short as is cheap: the nearest id that is unique,
//! else the root, then one step per level. Identifiers follow CSSOM §2.1, "serialize an identifier". Invariant: finds
//! exactly the element, in this document. Tested here, on random documents too.

use std::collections::HashMap;
use std::fmt::Write;

use html5ever::QualName;

use super::index::Secret;
use super::{Document, Element};

/// Up to so many siblings are counted for each element that is named.
const FEW_SIBLINGS: usize = 64;

/// So many elements of a document are counted so.
const FEW_COUNTED: u32 = 1_000;

/// What tells an element from its siblings.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ordinal {
    /// It is the root, and an SVG element calls itself `html` too.
    Root,
    /// No sibling has its name.
    Alone,
    /// It is the n-th of its type.
    OfType(u32),
    /// It is the n-th child; a sibling has the same name in another namespace.
    OfChild(u32),
}

impl Element<'_> {
    /// A CSS selector that finds exactly this element in this document.
    pub fn selector(&self) -> String {
        let mut selector = String::with_capacity(64);
        let mut below = Vec::new();
        for element in std::iter::once(*self).chain(self.ancestors()) {
            if let Some(id) = element.unique_id() {
                selector.push('#');
                push_identifier(&mut selector, id);
                break;
            }
            below.push(element);
        }
        for element in below.into_iter().rev() {
            if !selector.is_empty() {
                selector.push_str(" > ");
            }
            element.push_step(&mut selector);
        }
        selector
    }

    /// Its id, if no other element has it.
    fn unique_id(&self) -> Option<&str> {
        let id = self.id_attr().filter(|id| !id.is_empty())?;
        (self.document().with_id(id).nth(1).is_none()).then_some(id)
    }

    fn push_step(&self, out: &mut String) {
        let ordinal = self.ordinal();
        if let Ordinal::Root = ordinal {
            out.push_str(":root");
            return;
        }
        push_identifier(out, self.name());
        let written = match ordinal {
            Ordinal::Root | Ordinal::Alone => Ok(()),
            Ordinal::OfType(n) => write!(out, ":nth-of-type({n})"),
            Ordinal::OfChild(n) => write!(out, ":nth-child({n})"),
        };
        written.expect("writing to a string cannot fail");
    }
}

impl Element<'_> {
    /// Among few siblings it is counted; where there are many, for all elements at once.
    fn ordinal(&self) -> Ordinal {
        let document = self.document();
        if document.ordinals.get().is_none() {
            let counted = document.counted.get();
            document.counted.set(counted + 1);
            if counted < FEW_COUNTED
                && let Some(ordinal) = self.ordinal_among_few()
            {
                return ordinal;
            }
        }
        document.ordinals()[self.order() as usize]
    }

    fn ordinal_among_few(&self) -> Option<Ordinal> {
        let Some(parent) = self.parent() else {
            let is_html_elsewhere = self.document().with_name("html").nth(1).is_some();
            return Some(if is_html_elsewhere { Ordinal::Root } else { Ordinal::Alone });
        };
        let (mut named, mut typed, mut of_type, mut of_child) = (0, 0, 0, 0);
        for (before, sibling) in parent.children().enumerate() {
            if before == FEW_SIBLINGS {
                return None;
            }
            let is_named = sibling.name() == self.name();
            let is_typed = is_named && sibling.qualified_name() == self.qualified_name();
            named += u32::from(is_named);
            typed += u32::from(is_typed);
            if sibling == *self {
                (of_type, of_child) = (typed, before as u32 + 1);
            }
        }
        Some(match (named, named == typed) {
            (1, _) => Ordinal::Alone,
            (_, true) => Ordinal::OfType(of_type),
            (_, false) => Ordinal::OfChild(of_child),
        })
    }
}

impl Document {
    /// By element; counted for all at once, since counting siblings anew for each is slow where there are many.
    fn ordinals(&self) -> &[Ordinal] {
        self.ordinals.get_or_init(|| {
            let mut names: HashMap<(u32, &str), u32, Secret> = HashMap::default();
            let mut types: HashMap<(u32, &QualName), u32, Secret> = HashMap::default();
            let mut children = vec![0u32; self.places.len()];
            let mut nth = Vec::with_capacity(self.places.len());
            for element in self.elements() {
                let parent = self.places[element.order() as usize].parent;
                *names.entry((parent, element.name())).or_default() += 1;
                let of_type = types.entry((parent, element.qualified_name())).or_default();
                *of_type += 1;
                children[parent as usize] += 1;
                nth.push((*of_type, children[parent as usize]));
            }
            let is_html_elsewhere = self.elements().skip(1).any(|element| element.name() == "html");
            let ordinal = |(element, (of_type, of_child)): (Element<'_>, (u32, u32))| {
                if element.order() == 0 && is_html_elsewhere {
                    return Ordinal::Root;
                }
                let parent = self.places[element.order() as usize].parent;
                let named = names[&(parent, element.name())];
                match (named, named == types[&(parent, element.qualified_name())]) {
                    (1, _) => Ordinal::Alone,
                    (_, true) => Ordinal::OfType(of_type),
                    (_, false) => Ordinal::OfChild(of_child),
                }
            };
            self.elements().zip(nth).map(ordinal).collect()
        })
    }
}

fn push_identifier(out: &mut String, identifier: &str) {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if identifier.starts_with(|c: char| c.is_ascii_alphabetic()) && identifier.bytes().all(is_plain) {
        out.push_str(identifier);
        return;
    }
    for (index, c) in identifier.char_indices() {
        let is_early = index == 0 || index == 1 && identifier.starts_with('-');
        let written = match c {
            '\0' => write!(out, "\u{fffd}"),
            '\u{1}'..='\u{1f}' | '\u{7f}' => write!(out, "\\{:x} ", c as u32),
            '0'..='9' if is_early => write!(out, "\\{:x} ", c as u32),
            '-' if identifier == "-" => write!(out, "\\-"),
            '-' | '_' | 'a'..='z' | 'A'..='Z' | '0'..='9' | '\u{80}'.. => write!(out, "{c}"),
            _ => write!(out, "\\{c}"),
        };
        written.expect("writing to a string cannot fail");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::html::{Selector, samples};

    fn check(source: &str, nth: usize, selector: &str) {
        let document = Document::parse(source);
        let element = document.elements().nth(nth).expect("the row names an element");
        assert_eq!(element.selector(), selector, "{source}");
    }

    /// Checks one element in `step`, and says which page it was.
    fn check_all(document: &Document, step: usize, page: &str) {
        for element in document.elements().step_by(step) {
            let text = element.selector();
            let selector = Selector::parse(&text).unwrap_or_else(|error| panic!("{error} in {page:?}"));
            let found: Vec<_> = document.select(&selector).collect();
            assert!(found == [element], "{text} finds {} in {page:?}", found.len());
        }
    }

    #[test]
    fn the_nearest_unique_id_begins_the_path() {
        check("<p>a<p>b", 4, "html > body > p:nth-of-type(2)");
        check("<div id=m><p>a<b>x", 5, "#m > p > b");
        check("<div id=m><p id=m>a<b>x", 4, "html > body > div > p");
        check("<div id=''><p>a", 4, "html > body > div > p");
        check("<p id=a>", 3, "#a");
        check("<p>", 0, "html");
    }

    proptest! {
        #![proptest_config(samples::config(64))]
        #[test]
        fn siblings_are_counted_alike_one_by_one_and_all_at_once(source in samples::page()) {
            let document = Document::parse(&source);
            for element in document.elements() {
                if let Some(counted) = element.ordinal_among_few() {
                    prop_assert_eq!(counted, document.ordinals()[element.order() as usize], "{}", element.start_tag());
                }
            }
        }
    }

    #[test]
    fn identifiers_are_escaped() {
        for (id, selector) in [
            ("1a", "#\\31 a"),
            ("-1", "#-\\31 "),
            ("-", "#\\-"),
            ("--x", "#--x"),
            ("a b", "#a\\ b"),
            ("a.b:c", "#a\\.b\\:c"),
            ("é日", "#é日"),
            ("a\u{1}b\u{7f}", "#a\\1 b\\7f "),
            ("x\"y", "#x\\\"y"),
        ] {
            check(&format!("<p id='{id}'>"), 3, selector);
        }
        check("<a:b.c>", 3, "html > body > a\\:b\\.c");
    }

    #[test]
    fn every_element_of_a_hard_page_is_found_alone() {
        for source in [
            "<table><i>moved</i><tr><td>x<td>y</table><b><p>x</b>y<template><p></p></template><p>",
            "<svg><desc><svg></svg><b></b></desc><title>t</title><a></a></svg><a id=a\\><x\"y><é><a<b>",
            "<svg><html><a>",
            "<p id='1'><p id='1'><p id=' '><p id='\n'><p id=\0><p id='\\'><p id=#><p ID=Q><p id=q>",
        ] {
            check_all(&Document::parse(source), 1, source);
        }
    }

    #[test]
    fn elements_of_real_pages_are_found_alone() {
        for (path, source) in samples::real_pages() {
            let document = Document::parse(&source);
            let step = document.elements().count() / 20 + 1;
            check_all(&document, step, &path.display().to_string());
        }
    }

    proptest! {
        #![proptest_config(samples::config(500))]

        #[test]
        fn every_element_of_any_page_is_found_alone(source in samples::page()) {
            check_all(&Document::parse(&source), 1, &source);
        }
    }
}
