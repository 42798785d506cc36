//! `focus-visible`: people see where the focus is.
//!
//! In: a page and the style that is known of it. Out: a verdict on each kind of element that the Tab key reaches: its frame is the browser's, or a style takes the frame off
//! and gives nothing instead. Where scripts run, or a style changes something with the focus, nobody can tell. Tested by the
//! rules that use it and by the ACT cases (oj04fd).

use serde::Deserialize;
use std::collections::BTreeMap;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::style::{Condition, Declaration, StyleRule};
use crate::facts::{PageFacts, Place, focus, visibility};
use crate::html::{Document, Element};
use crate::verdict::{Outcome, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "focus-visible",
    asks: "Do people see where the focus is?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<FocusVisible>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FocusVisible {}

const EXPECTED: &str = "a frame or another change when the element has the focus";

impl PageCheck for FocusVisible {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let (Some(document), Some(style)) = (page.document, page.style()) else { return Vec::new() };
        let stops = focus::focusable(document).filter(|element| {
            focus::is_tab_stop(element)
                && visibility::is_rendered(element)
                && !matches!(element.name(), "iframe" | "html" | "body")
        });
        let mut stops = stops.peekable();
        if stops.peek().is_none() {
            return Vec::new();
        }
        if style.declared().has_unread() {
            return vec![page.whole().untested("the rules of style sheets in files of their own were not read")];
        }
        let rules = Rules::of(style.declared().rules());
        let runs = runs_scripts(document);
        let mut kinds: BTreeMap<(Outcome, String), Verdict> = BTreeMap::new();
        for stop in stops {
            let outcome = rules.outcome(&stop, runs);
            let kind = format!("{} {}", stop.name(), stop.attr("class").unwrap_or_default());
            kinds.entry((outcome, kind)).or_insert_with(|| verdict(&stop, outcome));
        }
        let mut verdicts: Vec<Verdict> = kinds.into_values().collect();
        verdicts.sort_by_key(|verdict| (verdict.at.line, verdict.at.column));
        verdicts
    }
}

fn verdict(stop: &Element<'_>, outcome: Outcome) -> Verdict {
    match outcome {
        Outcome::Failed => {
            stop.heard().fail("style takes off the frame of the focus and gives nothing instead", EXPECTED)
        }
        Outcome::CantTell => stop.heard().cannot_tell(
            "style takes off the frame of the focus; a script or another style may give something instead",
            EXPECTED,
        ),
        Outcome::Passed | Outcome::Untested | Outcome::Inapplicable => stop.at().pass("the browser draws a frame"),
    }
}

/// The rules of a page's style that are about the focus.
struct Rules<'s> {
    /// They take a frame off.
    bare: Vec<&'s StyleRule>,
    /// They change something else, in some state.
    change: Vec<&'s StyleRule>,
}

impl<'s> Rules<'s> {
    fn of(rules: &'s [StyleRule]) -> Self {
        let bare = |rule: &&StyleRule| rule.condition == Condition::Always && rule.declarations.iter().any(takes_off);
        // A rule that gives a frame of its own counts whatever the state is: it may be stronger.
        let gives = |one: &Declaration| !takes_off(one);
        let change = |rule: &&StyleRule| rule.declarations.iter().any(gives);
        Self { bare: rules.iter().filter(bare).collect(), change: rules.iter().filter(change).collect() }
    }

    fn outcome(&self, stop: &Element<'_>, runs: Runs) -> Outcome {
        let inline = crate::facts::style::of_attribute(stop.attr("style").unwrap_or_default());
        let is_bare = inline.iter().any(takes_off) || self.bare.iter().any(|rule| rule.matches(stop).is_some());
        if !is_bare {
            return Outcome::Passed;
        }
        let outline = |rule: &&StyleRule| rule.declarations.iter().any(|one| is_outline(one) && !takes_off(one));
        let in_state = |element: &Element<'_>| {
            self.change.iter().any(|rule| rule.matches(element).is_some_and(|(_, is_state)| is_state))
        };
        let framed = self.change.iter().filter(|rule| outline(rule)).any(|rule| rule.matches(stop).is_some());
        let near = || {
            let around = stop.ancestors().chain(stop.descendants());
            let siblings = std::iter::successors(stop.next_sibling(), Element::next_sibling).take(8);
            around.chain(siblings).any(|element| in_state(&element))
        };
        match runs == Runs::Scripts || framed || in_state(stop) || near() {
            true => Outcome::CantTell,
            false => Outcome::Failed,
        }
    }
}

fn is_outline(one: &Declaration) -> bool {
    matches!(one.property.as_str(), "outline" | "outline-style" | "outline-width" | "outline-color")
}

fn takes_off(one: &Declaration) -> bool {
    let off = |word: &str| matches!(word, "none" | "0" | "0px" | "transparent");
    is_outline(one) && one.value.to_ascii_lowercase().split_ascii_whitespace().any(off)
}

/// Whether something may change the page when the focus comes.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Runs {
    Scripts,
    Nothing,
}

fn runs_scripts(document: &Document) -> Runs {
    let does = |name: &&str| document.with_attr(name).next().is_some();
    let runs = document.with_name("script").next().is_some() || ["onfocus", "onfocusin", "onblur"].iter().any(does);
    if runs { Runs::Scripts } else { Runs::Nothing }
}
