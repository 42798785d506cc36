//! `scroll-focus`: the keyboard reaches every part of a page that scrolls by itself.
//!
//! In: a page and how it looks. Out: one verdict for each shown part that holds more than it shows and lets people scroll to it: it, or something
//! in it, takes the focus by the Tab key. Parts that hold little more than they show are left to people. Frames scroll by
//! themselves. Tested by the rules that use it and by the ACT cases (0ssw9k).

use serde::Deserialize;

use super::screens::measured;
use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::style::{Looks, Overflow, View};
use crate::facts::{PageFacts, Place, focus, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "scroll-focus",
    asks: "Does the keyboard reach every part that scrolls by itself?",
    scope: Scope::Page,
    parameters: &[("more", "CSS pixels of content out of sight from which a part surely scrolls")],
    build: page::<ScrollFocus>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ScrollFocus {
    more: f32,
}

/// What is out of sight by less than this is rounding, or a padding.
const LITTLE: f32 = 2.0;

impl PageCheck for ScrollFocus {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let (Some(document), Some(style)) = (page.document, page.style()) else { return Vec::new() };
        let expected = "the part, or something in it, takes the focus: tabindex=\"0\", and a role and name for it";
        let views = match measured(page, style, expected) {
            Ok(views) => views,
            Err(verdict) => return vec![verdict],
        };
        let parts = document.elements().filter(|element| {
            !matches!(element.name(), "html" | "body" | "iframe" | "textarea" | "select" | "input")
                && visibility::is_rendered(element)
        });
        let verdicts = parts.filter_map(|part| {
            let hidden = views.iter().filter_map(|view| out_of_sight(view, &part)).reduce(f32::max)?;
            let reached = std::iter::once(part).chain(part.descendants());
            let mut reached = reached.filter(|inner| focus::is_tab_stop(inner) && visibility::is_rendered(inner));
            Some(match reached.next() {
                Some(_) => part.at().pass("the keyboard reaches it"),
                None => {
                    let observed =
                        format!("{hidden:.0} pixels of it are out of sight, and the Tab key does not stop in it");
                    match hidden >= self.more {
                        true => part.heard().fail(observed, expected),
                        false => part.heard().cannot_tell(observed, expected),
                    }
                }
            })
        });
        verdicts.collect()
    }
}

/// How much of a part people have to scroll to; none for what does not scroll.
fn out_of_sight(view: &View<'_>, part: &Element<'_>) -> Option<f32> {
    let looks = view.looks(part).filter(|_| !view.conceals(part))?;
    let (Looks { flow, .. }, bounds, content) = (looks, looks.bounds?, looks.content?);
    let sideways = if flow.x == Overflow::Scrolls { content.0 - bounds.width } else { 0.0 };
    let down = if flow.y == Overflow::Scrolls { content.1 - bounds.height } else { 0.0 };
    let more = sideways.max(down);
    (more > LITTLE && bounds.width > 1.0 && bounds.height > 1.0).then_some(more)
}
