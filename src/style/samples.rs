//! Pages for tests of what is measured.
//!
//! In: markup whose sheets stand in it. Out: what a screen shows of it. Invariant: test code only. Used in `measure.rs` and `extent.rs`.

use super::{Gathered, Measurer, Shelved, View, Viewport, gather};
use crate::html::Document;

/// What is measured of a page on a screen.
pub(super) fn measured<T>(html: &str, viewport: Viewport, read: impl FnOnce(&Document, &View) -> T) -> T {
    let document = Document::parse(html);
    let base = url::Url::parse("https://a.example/").expect("a constant address");
    let Gathered::Whole(sources, _) = gather(&document, &base, &|_| Shelved::Failed("it is not there".into())) else {
        panic!("nothing is wanted")
    };
    let views = Measurer::default().measure(&document, &sources, &[viewport]).expect("it is small");
    read(&document, &views[0])
}
