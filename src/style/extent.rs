//! How wide a page is, and what makes it so wide.
//!
//! In: the boxes of a page on a screen. Out: [`Extent`]. Invariant: what is cut off or scrolled on the way makes no page wide. Tested below, and
//! against a browser in `tests/it/style.rs`.

use super::boxes::{Boxes, Run};
use super::looks::Seen;
use super::{Display, Overflow, Place, Sight, Viewport};
use crate::html::Document;

/// What people do not notice of width, in CSS pixels.
const SLACK: f32 = 1.0;

/// What a page needs of room.
pub(super) struct Extent {
    /// How wide it is, in CSS pixels.
    pub(super) scroll_width: f32,
    /// What reaches past the right edge.
    pub(super) overflowing: Vec<u32>,
    /// What stands where nobody can scroll to: past the edges of a screen, fixed there, or on a page that cuts off what is wider.
    pub(super) beyond: Vec<u32>,
}

/// How wide the page is, and what makes it so wide: what reaches past the right edge without being cut off or scrolled on the way.
pub(super) fn extent(document: &Document, boxes: &Boxes, seen: &Seen, viewport: Viewport) -> Extent {
    let screen = f32::from(viewport.width);
    let mut reach: Vec<f32> =
        seen.elements.iter().map(|looks| looks.bounds.map_or(0.0, |bounds| bounds.right())).collect();
    for Run { owner, place, .. } in &boxes.runs {
        let held = &mut reach[*owner as usize];
        *held = held.max(place.right());
    }
    // For what stands inside an element: the right edge that it keeps to, in the flow and placed absolutely.
    let mut keeps: Vec<(f32, f32)> = Vec::with_capacity(reach.len());
    let (mut widest, mut overflowing, mut is_cut) = (screen, Vec::new(), false);
    let (mut past, mut out): (Vec<u32>, Vec<bool>) = (Vec::new(), Vec::with_capacity(reach.len()));
    for element in document.elements() {
        let order = element.order();
        let looks = &seen.elements[order as usize];
        let around = element.parent().map_or((f32::INFINITY, f32::INFINITY), |parent| keeps[parent.order() as usize]);
        let is_page = element.depth() <= 2 && matches!(element.name(), "html" | "body");
        let edge = match looks.place {
            Place::Fixed => 0.0,
            Place::Absolute => around.1,
            Place::Static | Place::Relative | Place::Sticky => around.0,
        };
        let is_out = looks.place == Place::Fixed
            && looks.bounds.is_some_and(|at| at.x >= screen || at.y >= f32::from(viewport.height));
        out.push(is_out || element.parent().is_some_and(|parent| out[parent.order() as usize]));
        if looks.bounds.is_some_and(|at| at.x >= screen && at.width > 0.0 && edge > at.x) {
            past.push(order);
        }
        let right = reach[order as usize].min(edge);
        if right > screen + SLACK && looks.sight != Sight::NoBox && !is_page {
            overflowing.push(order);
        }
        widest = widest.max(right);
        let mut inner = edge;
        if let Some(bounds) =
            looks.bounds.filter(|_| looks.flow.x != Overflow::Visible && looks.display != Display::Inline)
        {
            if is_page {
                is_cut |= looks.flow.x == Overflow::Cut;
            } else {
                inner = inner.min(bounds.right());
            }
        }
        let apart = if looks.place == Place::Static { around.1 } else { inner };
        keeps.push((inner, apart));
    }
    let mut beyond: Vec<u32> = (0..).zip(&out).filter(|(_, out)| **out).map(|(order, _)| order).collect();
    if is_cut {
        beyond.append(&mut past);
    }
    Extent { scroll_width: if is_cut { screen } else { widest }, overflowing, beyond }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::samples::measured;

    #[test]
    fn a_page_is_as_wide_as_what_people_can_scroll_to() {
        for (html, width, over) in [
            ("<p>x", 320.0, vec![]),
            ("<div style='width:500px'>x", 500.0, vec!["div"]),
            ("<div style='overflow:auto'><p style='width:500px'>x", 320.0, vec![]),
            ("<div style='overflow:hidden'><p style='width:500px'>x", 320.0, vec![]),
            ("<p style='position:absolute;left:-500px;width:100px'>x", 320.0, vec![]),
            ("<p style='position:absolute;left:400px;width:100px;margin:0'>x", 500.0, vec!["p"]),
            ("<p style='position:fixed;left:400px;width:100px'>x", 320.0, vec![]),
            ("<div style='transform:scale(.9)'>x", 320.0, vec![]),
            ("<div style='width:160px;transform-origin:0 0;transform:scale(3)'>x", 480.0, vec!["div"]),
            ("<style>body{overflow-x:hidden}</style><p style='width:500px'>x", 320.0, vec!["p"]),
            ("<table><tr><td style='min-width:400px;padding:0'>x</table>", 404.0, vec!["table", "tbody", "tr", "td"]),
        ] {
            let html = format!("<!doctype html><style>body{{margin:0}}</style>{html}");
            measured(&html, Viewport::NARROW, |document, view| {
                let over_here: Vec<&str> = document
                    .elements()
                    .filter(|element| view.overflowing.contains(&element.order()))
                    .map(|element| element.name())
                    .collect();
                assert_eq!((view.scroll_width, over_here), (width, over), "{html}");
            });
        }
    }
}
