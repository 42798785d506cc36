//! How much of a document is read, and what stopped the reading.
//!
//! In: nothing. Out: [`Limits`], [`Cut`]. Invariant: all limits but the clock count work, so the same source is cut at
//! the same place on every machine. Tested in `reader.rs`.

use std::time::Duration;

/// How much of a document is read. What is beyond is not in the tree, and [`Cut`] says so.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Nesting levels of elements, the `html` element being the first. The parser's time grows with the square of the
    /// depth; 512 is where browsers stop too.
    pub max_depth: usize,
    /// Nodes of the tree: elements, texts and comments.
    pub max_nodes: usize,
    /// Attributes of one tag. The parser's time grows with the square of their number.
    pub max_attributes: usize,
    /// Wall time; a backstop that no page should meet, since a cut by the clock depends on the machine.
    pub clock: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_depth: 512, max_nodes: 400_000, max_attributes: 1_024, clock: Duration::from_secs(10) }
    }
}

/// Which limit stopped the reading.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cut {
    /// An element lies deeper than [`Limits::max_depth`]; it is the last one read.
    Depth,
    /// There are more nodes than [`Limits::max_nodes`].
    Nodes,
    /// A tag has more attributes than [`Limits::max_attributes`].
    Attributes,
    /// The source is longer than positions can count (1 GiB).
    Length,
    /// [`Limits::clock`] ran out.
    Clock,
}
