//! Where things stand on the page: the border box of each element, and where its own words run.
//!
//! In: a tree after layout. Out: [`Boxes`], in CSS pixels from the upper left corner of the page. An inline element's box is what is
//! around its lines. Moves by `transform` count, turns and sizes do not. Invariant: one walk over the lines, however deep elements
//! nest. Tested in `measure.rs`.

use std::collections::HashMap;

use blitz_dom::{BaseDocument, Node, NodeId};
use parley::PositionedLayoutItem;

use super::Bounds;
use super::computed::Computed;
use super::tree::Tree;
use crate::html::Document;

/// The boxes of a page.
pub(super) struct Boxes {
    /// By element.
    pub(super) bounds: Vec<Option<Bounds>>,
    /// Where words run.
    pub(super) runs: Vec<Run>,
    /// Boxes that style puts before or after the content of an element, out of the flow: the element, the node, where.
    pub(super) put: Vec<(u32, NodeId, Bounds)>,
}

/// Words on a line.
pub(super) struct Run {
    /// The element that they belong to.
    pub(super) owner: u32,
    /// Where they stand.
    pub(super) place: Bounds,
    /// True when style put them there (`::before`, `::after`).
    pub(super) is_put: bool,
}

impl Boxes {
    pub(super) fn of(document: &Document, tree: &Tree) -> Self {
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
            let holds_cells = Computed(&*node.primary_styles()?).holds_cells();
            if holds_cells || !node.has_boxes() {
                return None;
            }
            if node.is_non_atomic_inline() {
                return around.get(&id).copied();
            }
            let (x, y) = places.of(id);
            let size = node.unrounded_layout().size;
            sound(Bounds { x, y, width: size.width, height: size.height })
        });
        let mut bounds: Vec<Option<Bounds>> = bounds.collect();
        rows(document, tree, &mut bounds);
        let mut put = Vec::new();
        for (number, node) in (0..).zip(&tree.nodes) {
            let Some(node) = node.and_then(|node| engine.get_node(node)) else { continue };
            for id in [node.before(), node.after()].into_iter().flatten() {
                let Some(inner) = engine.get_node(id).filter(|inner| leaves_the_flow(inner)) else { continue };
                let ((x, y), size) = (places.of(id), inner.unrounded_layout().size);
                put.extend(sound(Bounds { x, y, width: size.width, height: size.height }).map(|at| (number, id, at)));
            }
        }
        Self { bounds, runs, put }
    }
}

/// The engine makes boxes of tables and of their cells only: a row is around its cells, and a group around its rows.
fn rows(document: &Document, tree: &Tree, bounds: &mut [Option<Bounds>]) {
    let parents: Vec<Option<u32>> =
        document.elements().map(|element| element.parent().map(|parent| parent.order())).collect();
    let holds_cells = |order: u32| {
        let node = tree.nodes[order as usize].and_then(|id| tree.engine.get_node(id));
        node.and_then(|node| node.primary_styles()).is_some_and(|style| Computed(&style).holds_cells())
    };
    let mut known: HashMap<u32, bool> = HashMap::new();
    for order in (0..bounds.len()).rev() {
        let (Some(inner), Some(parent)) = (bounds[order], parents[order]) else { continue };
        if *known.entry(parent).or_insert_with(|| bounds[parent as usize].is_none() && holds_cells(parent)) {
            let held = bounds[parent as usize].get_or_insert(inner);
            *held = union(*held, inner);
        }
    }
}

fn leaves_the_flow(node: &Node) -> bool {
    node.has_boxes() && node.primary_styles().is_some_and(|style| Computed(&style).place().leaves_the_flow())
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
    runs: &mut Vec<Run>,
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
            let (mut owner, mut is_put) = (None, false);
            let mut next = Some(from);
            while let Some(at) = next {
                owner = owner.or_else(|| order.get(&at).copied());
                is_put |= owner.is_none() && is_put_there(engine, at);
                if at == id {
                    break;
                }
                let held = around.entry(at).or_insert(place);
                *held = union(*held, place);
                next = engine.get_node(at).and_then(|node| node.parent);
            }
            if let (true, Some(owner)) = (is_text, owner) {
                runs.push(Run { owner, place, is_put });
            }
        }
    }
}

/// True when style put a node there.
fn is_put_there(engine: &BaseDocument, id: NodeId) -> bool {
    let parent = engine.get_node(id).and_then(|node| node.parent).and_then(|parent| engine.get_node(parent));
    parent.is_some_and(|parent| parent.before() == Some(id) || parent.after() == Some(id))
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
