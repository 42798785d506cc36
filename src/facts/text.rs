//! The text of an element as people read it.
//!
//! In: an element. Out: its text, with a space wherever a block begins or ends, without what is never rendered. Invariant:
//! iterative, so that a deep page cannot overflow the stack. Tested below.

use std::borrow::Cow;

use super::{visibility, words};
use crate::html::{Document, Element, Node};

/// Elements whose text runs on in the line; every other element is a boundary between words. Asked several times of every element: names
/// of one length are compared as numbers.
fn is_inline(name: &str) -> bool {
    match name.len() {
        1 => matches!(name, "a" | "b" | "i" | "q" | "s" | "u"),
        2 => matches!(name, "em" | "tt"),
        3 => matches!(name, "bdi" | "bdo" | "big" | "del" | "dfn" | "ins" | "kbd" | "sub" | "sup" | "var" | "wbr"),
        4 => matches!(name, "abbr" | "cite" | "code" | "data" | "font" | "mark" | "samp" | "span" | "time"),
        5 => matches!(name, "label" | "small"),
        6 => matches!(name, "strike" | "strong"),
        7 => matches!(name, "acronym"),
        _ => false,
    }
}

/// The text of an element that people read, folded for comparison.
pub(super) fn folded(element: Element<'_>) -> String {
    words::fold(&visible(element))
}

/// The text of an element that people read: what the markup hides is left out, blocks are separated by a space.
pub fn visible(element: Element<'_>) -> Cow<'_, str> {
    let shown = element.document().remembered(Shown::of);
    match shown.spans[element.order() as usize] {
        Some((start, end)) => Cow::Borrowed(&shown.text[start as usize..end as usize]),
        // What is hidden from outside may say something by itself.
        None => Cow::Owned(read(element, visibility::hides, |_, _| {})),
    }
}

/// All the text of an element, also what waits behind a button: only scripts, styles and templates are left out.
pub fn whole(element: Element<'_>) -> String {
    read(element, |element| matches!(element.name(), "script" | "style" | "template" | "noscript"), |_, _| {})
}

/// The text of a document that people read, and where in it that of each element stands.
struct Shown {
    text: String,
    /// `None` for what is hidden, and all inside it.
    spans: Vec<Option<(u32, u32)>>,
}

impl Shown {
    fn of(document: &Document) -> Self {
        let mut spans = vec![None; document.elements().len()];
        let text =
            read(document.root(), visibility::hides, |element, span| spans[element.order() as usize] = Some(span));
        Self { text, spans }
    }
}

/// The text of an element; each element that was read is told with the octets of the text that are its own.
fn read(
    element: Element<'_>,
    leaves_out: impl Fn(&Element<'_>) -> bool,
    mut told: impl FnMut(&Element<'_>, (u32, u32)),
) -> String {
    let mut text = String::new();
    if leaves_out(&element) {
        return text;
    }
    let mut open = vec![(element, element.nodes(), 0)];
    while let Some((current, nodes, start)) = open.last_mut() {
        match nodes.next() {
            Some(Node::Text(words)) => text.push_str(words),
            Some(Node::Element(inner)) => {
                if !leaves_out(&inner) {
                    separate(&inner, &mut text);
                    open.push((inner, inner.nodes(), text.len() as u32));
                }
            }
            None => {
                separate(current, &mut text);
                told(current, (*start, text.len() as u32));
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
    visibility::is_boxed(element).map_or_else(|| is_inline(element.name()), |is_boxed| !is_boxed)
}

fn separate(element: &Element<'_>, text: &mut String) {
    if !runs_in_line(element) {
        text.push(' ');
    }
}
