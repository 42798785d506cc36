//! Telling a real page from a server that answers everything.
//!
//! In: a capture. Out: what a person would take the page for: its title and first heading. Invariant: two captures with equal
//! signatures look like the same page. Tested by the rules that use fixed paths.

use std::sync::LazyLock;

use super::words;
use crate::html::{Document, Selector};
use crate::web::{Capture, charset};

static TITLE: LazyLock<Selector> = LazyLock::new(|| Selector::parse("title").expect("a constant selector"));
static HEADING: LazyLock<Selector> = LazyLock::new(|| Selector::parse("h1, h2").expect("a constant selector"));

/// The folded title and first heading of an HTML answer; the whole text of any other.
pub(super) fn signature(capture: &Capture) -> String {
    let text = charset::decode(&capture.body, capture.header("content-type")).text;
    if !capture.media.is_html() {
        return text.into_owned();
    }
    let document = Document::parse(&text);
    let first =
        |selector| document.select(selector).next().map(|element| words::fold(&element.text())).unwrap_or_default();
    format!("{}\n{}", first(&TITLE), first(&HEADING))
}
