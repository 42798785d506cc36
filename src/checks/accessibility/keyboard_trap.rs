//! `keyboard-trap`: the focus can leave everything it can reach.
//!
//! In: a page. Out: a verdict on each exposed element whose own markup takes the focus back when it leaves; a page on which no script
//! runs cannot hold it. What scripts elsewhere do is not seen, so a page with scripts and without such markup gets no verdict.
//! Tested by the rules that use it and by the ACT cases (80af7b, a1b64e).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Scope};
use crate::facts::{PageFacts, Place, focus, visibility};
use crate::html::{Document, Element};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "keyboard-trap",
    asks: "Can the focus leave everything it can reach?",
    scope: Scope::Page,
    parameters: &[
        ("takes-back", "regular expression over the handlers of leaving: what takes the focus back"),
        ("unless", "regular expression: what makes that depend on something"),
    ],
    build: page::<KeyboardTrap>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct KeyboardTrap {
    takes_back: Pattern,
    unless: Pattern,
}

impl PageCheck for KeyboardTrap {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let stops = || focus::focusable(document).filter(visibility::is_exposed);
        let Some(first) = stops().next() else { return Vec::new() };
        let found: Vec<Verdict> = stops().filter_map(|element| self.verdict(&element)).collect();
        if found.is_empty() && !runs_scripts(document) {
            return vec![first.at().pass("no script of the page can hold the focus")];
        }
        found
    }
}

impl KeyboardTrap {
    fn verdict(&self, element: &Element<'_>) -> Option<Verdict> {
        let handler = on_leaving(element)?;
        let expected = "an element that the Tab key leaves";
        if self.takes_back.is_in(handler) {
            let observed = "a handler takes the focus back when it leaves";
            return Some(match self.unless.is_in(handler) {
                true => element.heard().cannot_tell(observed, expected),
                false => element.heard().fail(observed, expected),
            });
        }
        // Which of the two ways stays open depends on how fast browsers move the focus.
        let sent = Sent::of(handler)?;
        let next = sent.from(element)?;
        let is_sent_back = on_leaving(&next).and_then(Sent::of) == Some(sent.back());
        let observed = "two elements hand the focus to each other when it leaves";
        is_sent_back.then(|| element.heard().cannot_tell(observed, expected))
    }
}

fn on_leaving<'a>(element: &Element<'a>) -> Option<&'a str> {
    element.attr("onblur").or_else(|| element.attr("onfocusout"))
}

/// Where a handler sends the focus from its own element.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Sent {
    Forward,
    Back,
}

impl Sent {
    fn of(handler: &str) -> Option<Self> {
        let says = |what: &str| handler.contains(what);
        match (says("this.nextElementSibling.focus("), says("this.previousElementSibling.focus(")) {
            (true, false) => Some(Self::Forward),
            (false, true) => Some(Self::Back),
            (true, true) | (false, false) => None,
        }
    }

    fn from<'a>(self, element: &Element<'a>) -> Option<Element<'a>> {
        match self {
            Self::Forward => element.next_sibling(),
            Self::Back => element.previous_sibling(),
        }
    }

    fn back(self) -> Self {
        match self {
            Self::Forward => Self::Back,
            Self::Back => Self::Forward,
        }
    }
}

fn runs_scripts(document: &Document) -> bool {
    let holds = |name: &str| document.with_name(name).next().is_some();
    if ["script", "iframe", "object", "embed", "applet"].into_iter().any(holds) {
        return true;
    }
    let acts = |(name, value): (&str, &str)| name.starts_with("on") || value.trim_start().starts_with("javascript:");
    document.elements().any(|element| element.attrs().any(acts))
}
