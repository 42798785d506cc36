//! `frame-focus`: a frame with something to use in it is in the order of the Tab key.
//!
//! In: a page. Out: one verdict for each shown frame that holds, in `srcdoc`, what the keyboard uses; a frame with an address and a
//! negative `tabindex` is for a person to look into. Tested by the rules that use it and by the ACT cases (akn7bn).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, focus, visibility};
use crate::html::{Document, Element};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "frame-focus",
    asks: "Does the keyboard reach what frames hold?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<FrameFocus>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FrameFocus {}

impl PageCheck for FrameFocus {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let frames = document.with_name("iframe").filter(Element::is_html);
        frames.filter_map(|frame| verdict(&frame)).collect()
    }
}

fn verdict(frame: &Element<'_>) -> Option<Verdict> {
    let is_inert = std::iter::once(*frame).chain(frame.ancestors()).any(|level| level.has_attr("inert"));
    if is_inert || !visibility::is_rendered(frame) || is_tiny(frame) {
        return None;
    }
    let is_left_out = focus::tab_index(frame).is_some_and(|index| index < 0);
    let expected = "a frame without a negative tabindex";
    let Some(inner) = frame.attr("srcdoc") else {
        return is_left_out
            .then(|| frame.heard().cannot_tell("the Tab key passes over the frame, whatever it holds", expected));
    };
    let inner = Document::parse(inner);
    let stops = inner.elements().find(|element| focus::is_tab_stop(element) && visibility::is_rendered(element))?;
    Some(match is_left_out {
        true => frame.heard().fail(format!("the Tab key does not reach {} in the frame", stops.snippet()), expected),
        false => frame.at().pass("the Tab key reaches what the frame holds"),
    })
}

/// A frame of a pixel holds nothing that people see.
pub(super) fn is_tiny(frame: &Element<'_>) -> bool {
    ["width", "height"]
        .into_iter()
        .any(|side| matches!(frame.attr(side).map(str::trim), Some("0" | "1" | "0px" | "1px")))
}
