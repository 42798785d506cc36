//! Whether the ground that a text was given is what its words stand on.
//!
//! In: looks, boxes. Out: the same looks; a text that something else is painted on, or that stands beside what is painted around it, is on
//! unknown ground. Invariant: ground only ever becomes unknown. Tested in `measure.rs`.

use std::collections::BTreeSet;

use super::boxes::{Boxes, Run};
use super::looks::{Painter, Seen, kept};
use super::{Backdrop, Bounds, Cover};
use crate::html::Document;

/// Runs of words times painted boxes that are compared.
const MOST_COMPARED: usize = 4_000_000;
/// How far a box reaches into another before it overlaps, in CSS pixels.
const TOUCH: f32 = 2.0;

/// Takes away what is not sure.
pub(super) fn check(document: &Document, boxes: &Boxes, seen: &mut Seen) {
    let unsure: BTreeSet<u32> = beside(document, boxes, seen).into_iter().chain(below(document, boxes, seen)).collect();
    for owner in unsure {
        let at = seen.elements[owner as usize].text as usize;
        let Some(text) = seen.texts.get(at).filter(|text| !matches!(text.backdrop, Backdrop::Unknown(_))) else {
            continue;
        };
        let mut text = text.clone();
        text.backdrop = Backdrop::Unknown(Cover::Overlap);
        seen.elements[owner as usize].text = kept(text, &mut seen.texts);
    }
}

/// Words that have left the nearest box around them that paints a ground.
fn beside(document: &Document, boxes: &Boxes, seen: &Seen) -> Vec<u32> {
    let mut grounds: Vec<Option<&Bounds>> = vec![None; seen.elements.len()];
    for painter in seen.painters.iter().filter(|painter| painter.is_ground) {
        grounds[painter.order as usize] = Some(&painter.bounds);
    }
    for element in document.elements() {
        if let (None, Some(parent)) = (grounds[element.order() as usize], element.parent()) {
            grounds[element.order() as usize] = grounds[parent.order() as usize];
        }
    }
    let is_beside = |run: &&Run| {
        let (x, y) = (run.place.x + run.place.width / 2.0, run.place.y + run.place.height / 2.0);
        let holds = |ground: &Bounds| {
            (ground.x - TOUCH..=ground.right() + TOUCH).contains(&x)
                && (ground.y - TOUCH..=ground.bottom() + TOUCH).contains(&y)
        };
        !run.is_put && grounds[run.owner as usize].is_some_and(|ground| !holds(ground))
    };
    boxes.runs.iter().filter(is_beside).map(|run| run.owner).collect()
}

/// Words on which something is painted that is not around them.
fn below(document: &Document, boxes: &Boxes, seen: &mut Seen) -> Vec<u32> {
    if boxes.runs.len().saturating_mul(seen.painters.len()) > MOST_COMPARED {
        seen.painters.retain(|one| one.is_put || seen.elements[one.order as usize].place.leaves_the_flow());
        seen.painters.truncate(MOST_COMPARED / boxes.runs.len().max(1));
    }
    let ends: Vec<u32> = document.elements().map(|element| element.end()).collect();
    let contains = |outer: u32, inner: u32| outer <= inner && inner < ends[outer as usize];
    let mut covered: Vec<u32> = Vec::new();
    for Run { owner, place, is_put } in &boxes.runs {
        if *is_put || covered.last() == Some(owner) {
            continue;
        }
        let is_around = |order: u32| contains(order, *owner) || contains(*owner, order);
        let hit = |one: &Painter| touches(place, &one.bounds) && (one.is_put || !is_around(one.order));
        if seen.painters.iter().any(hit) {
            covered.push(*owner);
        }
    }
    covered
}

fn touches(one: &Bounds, other: &Bounds) -> bool {
    one.right().min(other.right()) - one.x.max(other.x) > TOUCH
        && one.bottom().min(other.bottom()) - one.y.max(other.y) > TOUCH
}
