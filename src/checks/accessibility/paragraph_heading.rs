//! `paragraph-heading`: a paragraph that looks like a heading is one.
//!
//! In: a page and how it looks. Out: a verdict on each shown paragraph that says little, in bold or larger letters than the longer
//! paragraph after it. Headings made of other elements are not seen; where sheets were not read, only what the page holds is. Tested by the
//! rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::style::{FontSize, View};
use crate::facts::{PageFacts, Place, roles, visibility, visible_text};
use crate::html::{Element, Node};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "paragraph-heading",
    asks: "Is a paragraph that looks like a heading one?",
    scope: Scope::Page,
    parameters: &[
        ("most", "the most characters of what may be a heading"),
        ("larger", "how many times larger letters look like a heading"),
        ("times", "how many times longer the paragraph after it is"),
    ],
    build: page::<ParagraphHeading>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ParagraphHeading {
    most: usize,
    larger: f64,
    times: usize,
}

impl PageCheck for ParagraphHeading {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let (Some(document), Some(style)) = (page.document, page.style()) else { return Vec::new() };
        let paragraphs = document.elements().filter(|element| is_paragraph(element) && visibility::is_exposed(element));
        let Some(view) = style.views().pop() else { return Vec::new() };
        paragraphs.filter_map(|paragraph| self.verdict(&paragraph, &view)).collect()
    }
}

impl ParagraphHeading {
    fn verdict(&self, paragraph: &Element<'_>, view: &View<'_>) -> Option<Verdict> {
        let after = paragraph.next_sibling().filter(|next| is_paragraph(next) && visibility::is_exposed(next))?;
        let text = visible_text(*paragraph);
        let (text, long) = (text.trim(), visible_text(after));
        let ends = text.ends_with(['.', '!', ',', ';', ':']);
        let said = text.chars().count();
        if text.is_empty() || said > self.most || ends || long.trim().chars().count() < said * self.times {
            return None;
        }
        let (own, next) = (look(paragraph, view)?, look(&after, view)?);
        let is_bold = own.bold && !next.bold;
        let is_large = own.pixels >= next.pixels * self.larger;
        Some(match is_bold || is_large {
            false => paragraph.at().pass("it looks like the paragraph after it"),
            true => paragraph.heard().fail(
                format!(
                    "\"{text}\" stands in {} letters above a longer paragraph",
                    if is_bold { "bold" } else { "larger" }
                ),
                "a heading element, if that is what it is",
            ),
        })
    }
}

fn is_paragraph(element: &Element<'_>) -> bool {
    element.name() == "p" && element.is_html() && roles::explicit(element).is_none()
}

/// The look of all the words of a paragraph; none where they differ.
fn look(paragraph: &Element<'_>, view: &View<'_>) -> Option<FontSize> {
    let says = |element: &Element<'_>| {
        element.nodes().any(|node| match node {
            Node::Text(text) => !text.trim().is_empty(),
            Node::Element(_) => false,
        })
    };
    let mut speakers = std::iter::once(*paragraph).chain(paragraph.descendants()).filter(says);
    let first = view.font_size(&speakers.next()?)?;
    let is_same = |size: FontSize| size.bold == first.bold && (size.pixels - first.pixels).abs() < 0.5;
    speakers.all(|speaker| view.font_size(&speaker).is_some_and(is_same)).then_some(first)
}
