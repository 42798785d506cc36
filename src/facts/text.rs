//! The text of an element as people read it.
//!
//! In: an element. Out: its text, with a space wherever a block begins or ends, without what is never rendered. Invariant:
//! iterative, so that a deep page cannot overflow the stack. Tested below.

use super::{visibility, words};
use crate::html::{Element, Node};

/// Elements whose text runs on in the line; every other element is a boundary between words.
const INLINE: [&str; 33] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
    "var", "wbr",
];

/// The text of an element that people read, folded for comparison.
pub(super) fn folded(element: Element<'_>) -> String {
    words::fold(&visible(element))
}

/// The text of an element that people read: what the markup hides is left out, blocks are separated by a space.
pub fn visible(element: Element<'_>) -> String {
    read(element, visibility::hides)
}

/// All the text of an element, also what waits behind a button: only scripts, styles and templates are left out.
pub fn whole(element: Element<'_>) -> String {
    read(element, |element| matches!(element.name(), "script" | "style" | "template" | "noscript"))
}

fn read(element: Element<'_>, leaves_out: impl Fn(&Element<'_>) -> bool) -> String {
    let mut text = String::new();
    let mut open = vec![(element, element.nodes())];
    if leaves_out(&element) {
        return text;
    }
    while let Some((current, nodes)) = open.last_mut() {
        match nodes.next() {
            Some(Node::Text(words)) => text.push_str(words),
            Some(Node::Element(inner)) => {
                if !leaves_out(&inner) {
                    separate(&inner, &mut text);
                    open.push((inner, inner.nodes()));
                }
            }
            None => {
                separate(current, &mut text);
                open.pop();
            }
        }
    }
    text
}

/// True when the element's text is apart from what stands before and after it.
pub fn is_block(element: &Element<'_>) -> bool {
    !runs_in_line(element)
}

/// True when the element's text runs on in the line.
pub(super) fn runs_in_line(element: &Element<'_>) -> bool {
    visibility::is_boxed(element).map_or_else(|| INLINE.contains(&element.name()), |is_boxed| !is_boxed)
}

fn separate(element: &Element<'_>, text: &mut String) {
    if !runs_in_line(element) {
        text.push(' ');
    }
}
