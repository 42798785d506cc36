//! What a page looks like: colours, sizes, visibility and boxes of its elements, on screens of three sizes.
//!
//! In: a parsed document and its style sheets. Out: [`Measured`], plain data that travels between processes. Elements are named by
//! their number in `html::Document`. Invariant: it never judges, and what could not be seen has a reason, never a guess. Tested in
//! the files of this room and against a browser in `tests/it/style.rs`.

mod boxes;
mod colour;
mod computed;
mod css;
mod errand;
mod extent;
mod fonts;
mod gradient;
mod ground;
mod hints;
mod looks;
mod measure;
mod measured;
mod paint;
#[cfg(test)]
mod samples;
mod shades;
mod sheets;
mod stand_ins;
mod tree;

pub use colour::{Colour, contrast};
pub use errand::{answer, answered, errand};
pub use measure::{MOST_DEPTH, MOST_ELEMENTS, MOST_OCTETS, Measurer};
pub use measured::{
    Backdrop, Bounds, Cover, Decoration, Display, Edges, Flow, Looks, Measured, Overflow, Place, Seen, Shaded, Sight,
    TextLooks, UnreadSheet, View, Viewport,
};
pub use sheets::{Gathered, Shelved, Source, gather};
