//! Where things stand on the page: the border box of each element, and where its own words run.
//!
//! In: a tree after layout. Out: [`Boxes`], in CSS pixels from the upper left corner of the page. An inline element's box is what is
//! around its lines. Moves by `transform` count, turns and sizes do not. Invariant: one walk over the lines, however deep elements
//! nest. Tested in `measure.rs`.

use std::collections::HashMap;

use blitz_dom::{BaseDocument, NodeId};
use parley::PositionedLayoutItem;

use super::Bounds;
use super::tree::Tree;

/// The boxes of a page.
pub(super) struct Boxes {
    /// By element.
    pub(super) bounds: Vec<Option<Bounds>>,
    /// Where words run: the element that they belong to, and where.
    pub(super) runs: Vec<(u32, Bounds)>,
}

impl Boxes {
    pub(super) fn of(tree: &Tree) -> Self {
        let engine = &tree.engine;
        let mut order: HashMap<NodeId, u32> = HashMap::with_capacity(tree.nodes.len());
        for (number, node) in (0..).zip(&tree.nodes) {
            order.extend(node.map(|node| (node, number)));
        }
        let mut places = Places { engine, known: HashMap::new() };
        let mut around: HashMap<NodeId, Bounds> = HashMap::new();
        let mut runs = Vec::new();
        for (id, _) in engine.tree().iter() {
            lines(engine, id, &mut places, &order, &mut around, &mut runs);
        }
        let bounds = tree.nodes.iter().map(|node| {
            let id = (*node)?;
            let node = engine.get_node(id)?;
            if node.primary_styles().is_none() || !node.has_boxes() {
                return None;
            }
            if node.is_non_atomic_inline() {
                return around.get(&id).copied();
            }
            let (x, y) = places.of(id);
            let size = node.unrounded_layout().size;
            sound(Bounds { x, y, width: size.width, height: size.height })
        });
        Self { bounds: bounds.collect(), runs }
    }
}

/// A box of numbers that are numbers, its edges too.
fn sound(bounds: Bounds) -> Option<Bounds> {
    let all = [bounds.x, bounds.y, bounds.width, bounds.height, bounds.right(), bounds.bottom()];
    all.iter().all(|number| number.is_finite()).then_some(bounds)
}

fn union(one: Bounds, other: Bounds) -> Bounds {
    let (x, y) = (one.x.min(other.x), one.y.min(other.y));
    Bounds { x, y, width: one.right().max(other.right()) - x, height: one.bottom().max(other.bottom()) - y }
}

/// Reads the lines of an element that holds some.
fn lines(
    engine: &BaseDocument,
    id: NodeId,
    places: &mut Places<'_>,
    order: &HashMap<NodeId, u32>,
    around: &mut HashMap<NodeId, Bounds>,
    runs: &mut Vec<(u32, Bounds)>,
) {
    let Some(node) = engine.get_node(id) else { return };
    let Some(inline) = node.element_data().and_then(|element| element.inline_layout_data.as_ref()) else { return };
    let (x, y) = places.of(id);
    let layout = node.unrounded_layout();
    let left = x + layout.padding.left + layout.border.left;
    let top = y + layout.padding.top + layout.border.top + inline.block_offset;
    let scale = inline.layout.scale();
    for line in inline.layout.lines() {
        let metrics = line.metrics();
        for item in line.items() {
            let (from, is_text, [x, y, width, height]) = match item {
                PositionedLayoutItem::GlyphRun(run) => {
                    let height = metrics.block_max_coord - metrics.block_min_coord;
                    (run.style().brush.id, true, [run.offset(), metrics.block_min_coord, run.advance(), height])
                }
                PositionedLayoutItem::InlineBox(inner) => {
                    (NodeId::from_u64(inner.id), false, [inner.x, inner.y, inner.width, inner.height])
                }
            };
            let place =
                Bounds { x: left + x / scale, y: top + y / scale, width: width / scale, height: height / scale };
            let Some(place) = sound(place) else { continue };
            let mut owner = None;
            let mut next = Some(from);
            while let Some(at) = next {
                owner = owner.or_else(|| order.get(&at).copied());
                if at == id {
                    break;
                }
                let held = around.entry(at).or_insert(place);
                *held = union(*held, place);
                next = engine.get_node(at).and_then(|node| node.parent);
            }
            if let (true, Some(owner)) = (is_text, owner) {
                runs.push((owner, place));
            }
        }
    }
}

/// Places of nodes on the page.
struct Places<'e> {
    engine: &'e BaseDocument,
    known: HashMap<NodeId, (f32, f32)>,
}

impl Places<'_> {
    fn of(&mut self, id: NodeId) -> (f32, f32) {
        let mut open = Vec::new();
        let mut next = Some(id);
        let mut place = (0.0, 0.0);
        while let Some(at) = next {
            if let Some(known) = self.known.get(&at) {
                place = *known;
                break;
            }
            open.push(at);
            next =
                self.engine.get_node(at).and_then(|node| node.containing_block()).filter(|next| !open.contains(next));
        }
        for at in open.into_iter().rev() {
            if let Some(node) = self.engine.get_node(at) {
                let at = node.unrounded_layout().location;
                let moved = node.transform().as_deref().map_or([0.0; 2], |moved| {
                    let [.., x, y] = moved.as_coeffs();
                    [x as f32, y as f32]
                });
                place = (place.0 + at.x + moved[0], place.1 + at.y + moved[1]);
            }
            self.known.insert(at, place);
        }
        place
    }
}
