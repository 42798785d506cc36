//! Where things stand on the page: the border box of each element, and where its own words run.
//!
//! In: a tree after layout. Out: [`Boxes`], in CSS pixels from the upper left corner of the page. An inline element's box is what is
//! around its lines. What `transform` turns is as large as what is around it. Invariant: one walk over the lines, however deep elements
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
    /// By element: what is around its own words.
    pub(super) words: Vec<Option<Bounds>>,
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
            places.bounds(id)
        });
        let mut bounds: Vec<Option<Bounds>> = bounds.collect();
        rows(document, tree, &mut bounds);
        let mut put = Vec::new();
        for (number, node) in (0..).zip(&tree.nodes) {
            let Some(node) = node.and_then(|node| engine.get_node(node)) else { continue };
            for id in [node.before(), node.after()].into_iter().flatten() {
                if !engine.get_node(id).is_some_and(leaves_the_flow) {
                    continue;
                }
                put.extend(places.bounds(id).map(|at| (number, id, at)));
            }
        }
        let mut words: Vec<Option<Bounds>> = vec![None; bounds.len()];
        for run in runs.iter().filter(|run| !run.is_put) {
            let held = words[run.owner as usize].get_or_insert(run.place);
            *held = union(*held, run.place);
        }
        Self { bounds, runs, words, put }
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
    let turn = places.of(id);
    let layout = node.unrounded_layout();
    let left = layout.padding.left + layout.border.left;
    let top = layout.padding.top + layout.border.top + inline.block_offset;
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
            let Some(place) = sound(turn.around(place)) else { continue };
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

/// How what stands in a node lies on the page: its first corner, and where one pixel to the right and one down lead.
#[derive(Clone, Copy)]
struct Turn {
    corner: [f32; 2],
    right: [f32; 2],
    down: [f32; 2],
}

impl Turn {
    const NONE: Self = Self { corner: [0.0; 2], right: [1.0, 0.0], down: [0.0, 1.0] };

    fn at(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        [0, 1].map(|axis| self.corner[axis] + self.right[axis] * x + self.down[axis] * y)
    }

    /// One turn inside of another.
    fn then(&self, inner: &Self) -> Self {
        let way = |[x, y]: [f32; 2]| [0, 1].map(|axis| self.right[axis] * x + self.down[axis] * y);
        Self { corner: self.at(inner.corner), right: way(inner.right), down: way(inner.down) }
    }

    /// What is around a box that is turned.
    fn around(&self, inner: Bounds) -> Bounds {
        let corners = [
            self.at([inner.x, inner.y]),
            self.at([inner.right(), inner.y]),
            self.at([inner.x, inner.bottom()]),
            self.at([inner.right(), inner.bottom()]),
        ];
        let all = |axis: usize, choose: fn(f32, f32) -> f32, start: f32| {
            corners.iter().map(|corner| corner[axis]).fold(start, choose)
        };
        let (x, y) = (all(0, f32::min, f32::INFINITY), all(1, f32::min, f32::INFINITY));
        let (right, bottom) = (all(0, f32::max, f32::NEG_INFINITY), all(1, f32::max, f32::NEG_INFINITY));
        Bounds { x, y, width: right - x, height: bottom - y }
    }
}

/// Places of nodes on the page.
struct Places<'e> {
    engine: &'e BaseDocument,
    known: HashMap<NodeId, Turn>,
}

impl Places<'_> {
    /// The border box of a node.
    fn bounds(&mut self, id: NodeId) -> Option<Bounds> {
        let size = self.engine.get_node(id)?.unrounded_layout().size;
        sound(self.of(id).around(Bounds { x: 0.0, y: 0.0, width: size.width, height: size.height }))
    }

    fn of(&mut self, id: NodeId) -> Turn {
        let mut open = Vec::new();
        let mut next = Some(id);
        let mut place = Turn::NONE;
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
                let from = node.unrounded_layout().location;
                place = place.then(&Turn { corner: [from.x, from.y], ..Turn::NONE });
                if let Some(turned) = node.transform().as_deref() {
                    let [a, b, c, d, x, y] = turned.as_coeffs().map(|part| part as f32);
                    place = place.then(&Turn { corner: [x, y], right: [a, b], down: [c, d] });
                }
            }
            self.known.insert(at, place);
        }
        place
    }
}
