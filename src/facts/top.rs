//! The top of a page: what stands above its content, whether or not a header element holds it.
//!
//! In: a document. Out: where the content begins. Invariant: a page that does not say where its content begins has no top.
//! Tested by the rules of the search and consistency packs.

use std::sync::LazyLock;

use crate::html::{Document, Selector};

static CONTENT: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("main, [role=main i], h1").expect("a constant selector"));

/// The place in document order at which the content begins: the main landmark, or the first heading of the first level
/// when that stands outside.
pub fn content_begins(document: &Document) -> Option<u32> {
    document.select(&CONTENT).next().map(|element| element.order())
}
