//! `target-size`: what people press is large enough, or far enough from other targets.
//!
//! In: a page and how it looks on a telephone. Out: a verdict on each kind of target: links, buttons and fields that people can reach. Links in a text, what browsers draw themselves,
//! and targets with an equal elsewhere are left out; of selections, file fields and what is placed by coordinates nothing is
//! said, because their boxes are not sure. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeMap;

use super::screens::{Screen, own_letters};
use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::style::{Bounds, View};
use crate::facts::{PageFacts, Place, focus, visibility};
use crate::html::{Document, Element};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "target-size",
    asks: "Is what people press large enough, or far enough from other targets?",
    scope: Scope::Page,
    parameters: &[
        ("screen", "narrow: 320 CSS pixels; phone: 375; desk: 1280"),
        ("min", "CSS pixels a target is wide and high at least"),
        ("space", "enough: a smaller target may have room around it; ignored: it may not"),
    ],
    build: page::<TargetSize>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TargetSize {
    screen: Screen,
    min: f32,
    space: Space,
}

#[derive(Clone, Copy, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Space {
    Enough,
    Ignored,
}

/// What is smaller by less than this is rounding.
const ROUNDING: f32 = 0.5;

/// How wide browsers draw a box to tick or a round button, at most.
const DRAWN: f32 = 16.0;

/// Neighbours that one target is compared with.
const MOST_COMPARED: usize = 3_000;

struct Target<'a> {
    element: Element<'a>,
    bounds: Bounds,
}

impl PageCheck for TargetSize {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let (Some(document), Some(style)) = (page.document, page.style()) else { return Vec::new() };
        if !focus::focusable(document).any(|element| is_pressed(&element)) {
            return Vec::new();
        }
        let expected = format!("at least {} by {} pixels", self.min, self.min);
        let view = match self.screen.view(page, style, &expected) {
            Ok(view) => view,
            Err(verdict) => return verdict,
        };
        let targets = targets(document, &view);
        let mut kinds: BTreeMap<String, (Verdict, usize)> = BTreeMap::new();
        let mut right = None;
        for target in targets.iter().filter(|target| is_judged(&view, &target.element)) {
            let Some(observed) = self.fault(target, &targets) else {
                right.get_or_insert_with(|| {
                    target.element.at().pass("targets are large enough, or have room around them")
                });
                continue;
            };
            let kind = format!("{} {}", target.element.name(), target.element.attr("class").unwrap_or_default());
            let verdict = || target.element.heard().fail(observed, expected.clone());
            kinds.entry(kind).or_insert_with(|| (verdict(), 0)).1 += 1;
        }
        let mut verdicts: Vec<Verdict> = kinds.into_values().map(|(verdict, count)| counted(verdict, count)).collect();
        verdicts.sort_by_key(|verdict| (verdict.at.line, verdict.at.column));
        verdicts.extend(right);
        verdicts
    }
}

fn counted(mut verdict: Verdict, count: usize) -> Verdict {
    if count > 1 {
        verdict.observed = format!("{}; {count} targets of this kind are too small", verdict.observed);
    }
    verdict
}

impl TargetSize {
    /// What is wrong with a target, if anything is.
    fn fault(&self, target: &Target<'_>, all: &[Target<'_>]) -> Option<String> {
        let is_small = |bounds: &Bounds| bounds.width + ROUNDING < self.min || bounds.height + ROUNDING < self.min;
        if !is_small(&target.bounds) || has_equal(target, all, is_small) {
            return None;
        }
        let size = format!("it is {:.0} by {:.0} pixels", target.bounds.width, target.bounds.height);
        match self.space {
            Space::Ignored => Some(size),
            Space::Enough => {
                let near = all
                    .iter()
                    .take(MOST_COMPARED)
                    .find(|other| self.is_near(target, other, is_small(&other.bounds)))?;
                Some(format!("{size}, and near to {}", near.element.selector()))
            }
        }
    }

    /// True when a circle as wide as a target is to be, around the middle of a small one, meets another target, or the circle of another small
    /// one (WCAG 2.2, 2.5.8, "spacing").
    fn is_near(&self, target: &Target<'_>, other: &Target<'_>, other_is_small: bool) -> bool {
        if other.element == target.element
            || other.element.contains(target.element)
            || target.element.contains(other.element)
        {
            return false;
        }
        let middle = |bounds: &Bounds| (bounds.x + bounds.width / 2.0, bounds.y + bounds.height / 2.0);
        let (x, y) = middle(&target.bounds);
        let apart = if other_is_small {
            let (other_x, other_y) = middle(&other.bounds);
            (x - other_x).hypot(y - other_y) - self.min
        } else {
            let gap = |at: f32, from: f32, to: f32| (from - at).max(at - to).max(0.0);
            let (dx, dy) =
                (gap(x, other.bounds.x, other.bounds.right()), gap(y, other.bounds.y, other.bounds.bottom()));
            dx.hypot(dy) - self.min / 2.0
        };
        apart < -ROUNDING
    }
}

fn is_pressed(element: &Element<'_>) -> bool {
    !matches!(element.name(), "iframe" | "audio" | "video" | "body" | "area")
}

/// The targets of the page that people see.
fn targets<'a>(document: &'a Document, view: &View<'_>) -> Vec<Target<'a>> {
    let pressed = focus::focusable(document).filter(|element| is_pressed(element) && visibility::is_exposed(element));
    let shown = pressed.filter(|element| !view.conceals(element));
    shown.filter_map(|element| Some(Target { element, bounds: reach(view, &element)? })).collect()
}

/// The box that people can press: that of a field with the label around it, that of a link with what stands in it.
fn reach(view: &View<'_>, element: &Element<'_>) -> Option<Bounds> {
    let own = view.looks(element)?.bounds?;
    let label =
        element.ancestors().find(|around| around.name() == "label").and_then(|label| view.looks(&label)?.bounds);
    let inner = element.children().filter_map(|child| view.looks(&child)?.bounds);
    Some(label.into_iter().chain(inner).fold(own, |all, more| {
        let (x, y) = (all.x.min(more.x), all.y.min(more.y));
        Bounds { x, y, width: all.right().max(more.right()) - x, height: all.bottom().max(more.bottom()) - y }
    }))
}

/// True for targets whose box is sure, and for which the size is the author's.
fn is_judged(view: &View<'_>, element: &Element<'_>) -> bool {
    let Some(looks) = view.looks(element) else { return false };
    let kind = element.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
    let is_unsure =
        element.name() == "select" || element.name() == "input" && kind == "file" || element.name() == "svg";
    let placed = std::iter::once(*element).chain(element.ancestors());
    let mut placed = placed.filter_map(|level| view.looks(&level)).filter(|looks| looks.place.leaves_the_flow());
    let is_drawn = element.name() == "input"
        && matches!(kind.as_str(), "checkbox" | "radio" | "range" | "color")
        && looks.bounds.is_some_and(|bounds| bounds.width <= DRAWN);
    // How large a picture is, nobody knows who did not load it.
    let holds_unknown = element.descendants().any(|inner| {
        let bounds = view.looks(&inner).and_then(|looks| looks.bounds);
        matches!(inner.name(), "img" | "svg" | "picture" | "object")
            && bounds.is_none_or(|bounds| bounds.width < 1.0 || bounds.height < 1.0)
    });
    let in_line = element.name() == "a" && view.is_inline(element) != Some(false) && runs_in_text(element);
    let is_inline_box = looks.display == crate::facts::style::Display::Inline;
    !is_unsure && !is_drawn && !holds_unknown && !in_line && !is_inline_box && placed.next().is_none()
}

/// True when words stand beside a link in the same line.
fn runs_in_text(link: &Element<'_>) -> bool {
    let mut around = link.ancestors().take_while(|level| !matches!(level.name(), "nav" | "body"));
    around.next().is_some_and(|level| own_letters(&level) > 0)
}

/// True when another link to the same place is large enough.
fn has_equal(target: &Target<'_>, all: &[Target<'_>], is_small: impl Fn(&Bounds) -> bool) -> bool {
    let Some(href) = target.element.attr("href") else { return false };
    all.iter().take(MOST_COMPARED).any(|other| other.element.attr("href") == Some(href) && !is_small(&other.bounds))
}
