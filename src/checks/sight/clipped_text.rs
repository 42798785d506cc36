//! `clipped-text`: text that gets larger is not cut off.
//!
//! In: a page and how it looks. Out: a verdict on each element with words of its own that cuts off what does not fit, on narrow screens, as people get them
//! when they enlarge a page: a line of text is out of sight, or a word is. Boxes of a pixel hide text on purpose; an ellipsis
//! says that something is left out. Tested by the rules that use it and by the ACT cases (59br37).

use serde::Deserialize;

use super::screens::{measured, own_letters};
use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::style::{Overflow, Style, View, Viewport, Won};
use crate::facts::{PageFacts, Place, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "clipped-text",
    asks: "Is text that gets larger not cut off?",
    scope: Scope::Page,
    parameters: &[("line", "sizes of the text that a line takes at least")],
    build: page::<ClippedText>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ClippedText {
    line: f32,
}

/// Boxes smaller than this are not meant to be seen.
const SEEN: f32 = 4.0;

impl PageCheck for ClippedText {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let (Some(document), Some(style)) = (page.document, page.style()) else { return Vec::new() };
        let expected = "a box that grows with its text";
        let views = match measured(page, style, expected) {
            Ok(views) => views,
            Err(verdict) => return vec![verdict],
        };
        let texts = document.elements().filter(|element| own_letters(element) > 0 && visibility::is_exposed(element));
        let narrow = || views.iter().filter(|view| view.viewport() != Some(Viewport::DESK));
        texts
            .filter_map(|text| {
                let cuts = narrow().filter_map(|view| self.cut(style, view, &text));
                let worst = cuts.reduce(|worst, other| if other.rank() > worst.rank() { other } else { worst })?;
                Some(match worst {
                    Cut::Nothing => text.at().pass("all of the text is there"),
                    Cut::Little(what) => text.heard().cannot_tell(what, expected),
                    Cut::Line(what) => text.heard().fail(what, expected),
                })
            })
            .collect()
    }
}

/// What is cut off.
enum Cut {
    Nothing,
    Little(String),
    Line(String),
}

impl Cut {
    fn rank(&self) -> u8 {
        match self {
            Self::Nothing => 0,
            Self::Little(_) => 1,
            Self::Line(_) => 2,
        }
    }
}

impl ClippedText {
    /// What an element cuts off of its own text on a screen; none where it cuts off nothing, whatever fits.
    fn cut(&self, style: &Style<'_>, view: &View<'_>, text: &Element<'_>) -> Option<Cut> {
        let looks = view.looks(text).filter(|_| !view.conceals(text))?;
        let (bounds, content, type_of) = (looks.bounds?, looks.content?, view.text(text)?);
        let cuts = looks.flow.x == Overflow::Cut || looks.flow.y == Overflow::Cut;
        if !cuts || bounds.width < SEEN || bounds.height < SEEN {
            return None;
        }
        let line = type_of.line_height.unwrap_or(type_of.size * self.line);
        let down = if looks.flow.y == Overflow::Cut { content.1 - bounds.height } else { 0.0 };
        let sideways = if looks.flow.x == Overflow::Cut { content.0 - bounds.width } else { 0.0 };
        if down >= line.min(type_of.size) / 2.0 {
            return Some(Cut::Line(format!("{down:.0} pixels of the text are cut off below ({view})")));
        }
        if sideways > type_of.size / 2.0 {
            let what = format!("{sideways:.0} pixels of the text are cut off at its end ({view})");
            return Some(match ends_in_dots(style, text) {
                Some(true) => Cut::Nothing,
                Some(false) => Cut::Line(what),
                None => Cut::Little(what),
            });
        }
        Some(Cut::Nothing)
    }
}

/// Whether dots stand for what is left out; none where sheets outside the page may say so.
fn ends_in_dots(style: &Style<'_>, text: &Element<'_>) -> Option<bool> {
    match style.declared().won(text, &["text-overflow"]) {
        Won::Value(value) => Some(!value.eq_ignore_ascii_case("clip")),
        Won::Nothing if !style.declared().has_unread() => Some(false),
        Won::Nothing | Won::Unsure => None,
    }
}
