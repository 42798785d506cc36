//! The looks of every element of a page after layout, from the root down.
//!
//! In: a document, the engine's tree, boxes. Out: [`Looks`] and [`TextLooks`]. What the engine has no box for takes after what is around
//! it: options, areas, the inside of drawings. Invariant: one pass in document order. Tested in `measure.rs`.

use super::boxes::Boxes;
use super::computed::Computed;
use super::paint::Paint;
use super::tree::Tree;
use super::{
    Backdrop, Bounds, Colour, Cover, Decoration, Display, Edges, Flow, Looks, Overflow, Place, Sight, TextLooks,
};
use crate::html::{Document, Element};

/// The number that says that a text has no looks.
const NONE: u32 = u32::MAX;
/// Looks of text that are compared with a new one, the latest first.
const COMPARED: usize = 64;
/// What is left of a part of which something is shown, in CSS pixels.
const PIXEL: f32 = 1.0;

/// The looks of a page.
pub(super) struct Seen {
    pub(super) elements: Vec<Looks>,
    pub(super) texts: Vec<TextLooks>,
    /// What paints something.
    pub(super) painters: Vec<Painter>,
}

/// Something that is painted on the page.
pub(super) struct Painter {
    /// The element that paints it.
    pub(super) order: u32,
    pub(super) bounds: Bounds,
    /// True when it is no background of what is inside the element: style puts it there (`::before`, `::after`).
    pub(super) is_put: bool,
}

/// What an element hands on to those inside.
#[derive(Clone)]
struct Around {
    looks: Looks,
    paint: Paint,
    decoration: Decoration,
    /// What is left of the page for what stands inside in the flow.
    clip: Clip,
    /// The same for what is placed absolutely.
    clip_apart: Clip,
    is_gone: bool,
    /// It has a box, and nothing inside is laid out.
    skips: bool,
}

/// A part of the page outside of which nothing is shown.
#[derive(Clone, Copy)]
struct Clip {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

impl Clip {
    const ALL: Self =
        Self { left: f32::NEG_INFINITY, top: f32::NEG_INFINITY, right: f32::INFINITY, bottom: f32::INFINITY };

    fn by(self, flow: Flow, bounds: Bounds) -> Self {
        let mut clip = self;
        if flow.x == Overflow::Cut {
            (clip.left, clip.right) = (clip.left.max(bounds.x), clip.right.min(bounds.right()));
        }
        if flow.y == Overflow::Cut {
            (clip.top, clip.bottom) = (clip.top.max(bounds.y), clip.bottom.min(bounds.bottom()));
        }
        clip
    }

    /// True when nothing but a pixel is left of a box that has an area.
    fn hides(self, bounds: Bounds) -> bool {
        let width = self.right.min(bounds.right()) - self.left.max(bounds.x);
        let height = self.bottom.min(bounds.bottom()) - self.top.max(bounds.y);
        (width <= PIXEL && width < bounds.width) || (height <= PIXEL && height < bounds.height)
    }
}

/// Reads everything.
pub(super) fn read(document: &Document, tree: &Tree, boxes: &Boxes) -> Seen {
    let mut seen = Seen { elements: Vec::with_capacity(tree.nodes.len()), texts: Vec::new(), painters: Vec::new() };
    let mut open: Vec<(u32, Around)> = Vec::new();
    for element in document.elements() {
        let parent = element.parent().map(|parent| parent.order());
        while open.last().is_some_and(|(order, _)| Some(*order) != parent) {
            open.pop();
        }
        let outside = Around::page();
        let around = open.last().map_or(&outside, |(_, around)| around);
        let inner = one(&element, tree, boxes, around, &mut seen);
        seen.elements.push(inner.looks);
        open.push((element.order(), inner));
    }
    seen.painters.extend(put(tree, boxes, &seen.elements));
    seen
}

/// What style puts on the page beside elements, out of the flow.
fn put<'s>(tree: &'s Tree, boxes: &'s Boxes, elements: &'s [Looks]) -> impl Iterator<Item = Painter> + use<'s> {
    let paints = |node: blitz_dom::NodeId| {
        let style = tree.engine.get_node(node)?.primary_styles()?;
        let computed = Computed(&style);
        let layer = computed.layer();
        let is_seen = computed.is_visible() && layer.opacity > 0.0;
        (is_seen && (!layer.images.is_empty() || layer.colour.alpha > 0.0)).then_some(())
    };
    let of = move |(order, node, bounds): &(u32, blitz_dom::NodeId, Bounds)| {
        elements.get(*order as usize).filter(|looks| looks.sight == Sight::Shown)?;
        paints(*node).map(|()| Painter { order: *order, bounds: *bounds, is_put: true })
    };
    boxes.put.iter().filter_map(of)
}

impl Around {
    fn page() -> Self {
        Self {
            looks: Looks {
                sight: Sight::Shown,
                display: Display::Block,
                place: Place::Static,
                flow: Flow { x: Overflow::Visible, y: Overflow::Visible },
                bounds: None,
                content: None,
                text: NONE,
                borders: Edges::default(),
                decorated: false,
            },
            paint: Paint::page(),
            decoration: Decoration::default(),
            clip: Clip::ALL,
            clip_apart: Clip::ALL,
            is_gone: false,
            skips: false,
        }
    }

    /// What is left of the page for something that is placed so.
    fn clip_of(&self, place: Place) -> Clip {
        match place {
            Place::Fixed => Clip::ALL,
            Place::Absolute => self.clip_apart,
            Place::Static | Place::Relative | Place::Sticky => self.clip,
        }
    }

    /// What is inside of something that makes no box.
    fn gone(&self) -> Self {
        let looks = Looks {
            sight: Sight::NoBox,
            display: Display::None,
            bounds: None,
            content: None,
            text: NONE,
            ..self.looks
        };
        Self { looks, is_gone: true, skips: false, ..self.clone() }
    }
}

/// The looks of one element inside of another.
fn one(element: &Element<'_>, tree: &Tree, boxes: &Boxes, around: &Around, seen: &mut Seen) -> Around {
    if around.is_gone {
        return around.clone();
    }
    if around.skips {
        return around.gone();
    }
    let takes_after = element.is_html() && matches!(element.name(), "option" | "optgroup" | "area");
    let node = tree.nodes[element.order() as usize].and_then(|id| tree.engine.get_node(id));
    let Some(node) = node.filter(|_| !takes_after) else {
        // The engine was not given it: the inside of a drawing is seen with it, what is only there for other browsers is not.
        let is_drawn = takes_after || element.is_svg() || element.ancestors().any(|around| around.is_svg());
        let looks = Looks { bounds: None, content: None, ..around.looks };
        return if is_drawn { Around { looks, ..around.clone() } } else { around.gone() };
    };
    let Some(style) = node.primary_styles() else { return around.gone() };
    let computed = Computed(&style);
    let is_replaced = is_replaced(element);
    let display = computed.display(is_replaced);
    if display == Display::None {
        return around.gone();
    }
    let (place, flow) = (computed.place(), computed.flow());
    let bounds = boxes.bounds[element.order() as usize];
    let is_page = is_page(element);
    let mut layer = computed.layer();
    layer.apart &= !is_page;
    let paint = around.paint.with(&layer);
    let clip = around.clip_of(place);
    let sight = match sight(&computed, &paint, around.looks.sight, bounds, clip) {
        Sight::Shown if is_pinched(flow, bounds) && !is_page => Sight::Clipped,
        other => other,
    };
    let paints = is_replaced || !layer.images.is_empty() || layer.colour.alpha > 0.0;
    if paints && sight == Sight::Shown && !is_page && !is_field(element) {
        let painter = |bounds| Painter { order: element.order(), bounds, is_put: false };
        seen.painters.extend(bounds.map(painter));
    }
    let decoration = decoration(&computed, display, around.decoration);
    let text = text(&computed, &paint, decoration);
    let keeps = flow.x != Overflow::Visible || flow.y != Overflow::Visible;
    let looks = Looks {
        sight,
        display,
        place,
        flow,
        bounds,
        content: (keeps && bounds.is_some() && display != Display::Inline)
            .then(|| (node.scroll_width(), node.scroll_height()))
            .filter(|(width, height)| width.is_finite() && height.is_finite()),
        text: kept(text, &mut seen.texts),
        borders: computed.borders(),
        decorated: node.before().is_some() || node.after().is_some(),
    };
    // What the page itself cuts off is cut off by the screen, which is asked elsewhere.
    let inner = bounds.filter(|_| !is_page && display != Display::Inline).map_or(clip, |bounds| clip.by(flow, bounds));
    let clip_apart = if computed.makes_containing_block() { inner } else { around.clip_apart };
    Around { looks, paint, decoration, clip: inner, clip_apart, is_gone: false, skips: computed.skips_content() }
}

/// True for a box of a pixel that shows nothing of what is in it.
fn is_pinched(flow: Flow, bounds: Option<Bounds>) -> bool {
    let is_tiny = |bounds: Bounds| bounds.width <= PIXEL || bounds.height <= PIXEL;
    flow.x == Overflow::Cut && flow.y == Overflow::Cut && bounds.is_some_and(is_tiny)
}

fn is_page(element: &Element<'_>) -> bool {
    element.depth() <= 2 && matches!(element.name(), "html" | "body")
}

/// True when what an element shows is no text of the page.
fn is_replaced(element: &Element<'_>) -> bool {
    let names = ["img", "svg", "video", "audio", "canvas", "iframe", "object", "embed"];
    is_field(element) || names.contains(&element.name())
}

fn is_field(element: &Element<'_>) -> bool {
    element.is_html() && matches!(element.name(), "input" | "select" | "textarea" | "button" | "meter" | "progress")
}

fn sight(computed: &Computed<'_>, paint: &Paint, around: Sight, bounds: Option<Bounds>, clip: Clip) -> Sight {
    if !computed.is_visible() || computed.skips_content() {
        return Sight::Invisible;
    }
    if paint.is_transparent() {
        return Sight::Transparent;
    }
    if around == Sight::Clipped && computed.place() != Place::Fixed && bounds.is_none() {
        return Sight::Clipped;
    }
    if computed.is_clipped_away() || bounds.is_some_and(|bounds| clip.hides(bounds)) {
        return Sight::Clipped;
    }
    let is_outside =
        |bounds: Bounds| bounds.right() <= 0.0 && bounds.width > 0.0 || bounds.bottom() <= 0.0 && bounds.height > 0.0;
    if bounds.is_some_and(is_outside) || computed.is_indented_away() {
        return Sight::OffScreen;
    }
    Sight::Shown
}

/// Lines go on through what is in the line or in the flow, not into boxes of their own (CSS Text Decoration 3, 2).
fn decoration(computed: &Computed<'_>, display: Display, around: Decoration) -> Decoration {
    let own = computed.decoration();
    if display == Display::InlineBox || computed.stands_apart() {
        return own;
    }
    Decoration {
        under: own.under || around.under,
        over: own.over || around.over,
        through: own.through || around.through,
    }
}

fn text(computed: &Computed<'_>, paint: &Paint, decoration: Decoration) -> TextLooks {
    let own = computed.text_colour();
    let (colour, backdrop) = paint.text(own.unwrap_or(Colour::BLACK));
    let backdrop = match backdrop {
        Backdrop::Plain(_) | Backdrop::Shaded(_) if own.is_none() => Backdrop::Unknown(Cover::Letters),
        Backdrop::Plain(_) | Backdrop::Shaded(_) if computed.has_shadow() => Backdrop::Unknown(Cover::Shadow),
        other => other,
    };
    TextLooks {
        colour,
        backdrop,
        size: computed.font_size(),
        weight: computed.weight(),
        italic: computed.is_italic(),
        line_height: computed.line_height(),
        letter_spacing: computed.letter_spacing(),
        word_spacing: computed.word_spacing(),
        decoration,
        unbroken: computed.is_unbroken(),
    }
}

/// The number of these looks; alike ones are kept once.
pub(super) fn kept(text: TextLooks, texts: &mut Vec<TextLooks>) -> u32 {
    let from = texts.len().saturating_sub(COMPARED);
    let at = texts[from..].iter().rposition(|other| *other == text).map(|at| from + at);
    let at = at.unwrap_or_else(|| {
        texts.push(text);
        texts.len() - 1
    });
    u32::try_from(at).unwrap_or(NONE)
}
