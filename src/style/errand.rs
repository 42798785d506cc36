//! What parent and child say to each other about a page: markup, sheets and screens go there, views come back.
//!
//! In: octets. Out: octets. Both sides are this program, so the form is nobody else's business. Invariant: elements keep their numbers,
//! because the child parses the same text with the same parser. Tested below.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};

use super::{Measurer, Source, View, Viewport};
use crate::html::Document;

#[derive(Serialize)]
struct Sent<'p> {
    html: &'p str,
    sources: &'p [Source],
    viewports: &'p [Viewport],
}

#[derive(Deserialize)]
struct Errand {
    html: String,
    sources: Vec<Source>,
    viewports: Vec<Viewport>,
}

/// A page as it is sent to a child.
pub fn errand(document: &Document, sources: &[Source], viewports: &[Viewport]) -> Vec<u8> {
    let sent = Sent { html: document.source(), sources, viewports };
    serde_json::to_vec(&sent).expect("plain data is written")
}

thread_local! {
    /// Sheets that pages share are parsed once for the thread that measures.
    static MEASURER: RefCell<Measurer> = RefCell::default();
}

/// What a child answers.
pub fn answer(errand: &[u8]) -> Vec<u8> {
    let views = serde_json::from_slice::<Errand>(errand).map_err(|_| "its reader was sent something else").and_then(
        |Errand { html, sources, viewports }| {
            // Sheets that a page made stumble are not trusted further.
            let mut measurer = MEASURER.take();
            let views = measurer.measure(&Document::parse(&html), &sources, &viewports)?;
            MEASURER.set(measurer);
            Ok(views)
        },
    );
    serde_json::to_vec(&views.map_err(str::to_string)).expect("plain data is written")
}

/// What a child answered.
///
/// # Errors
/// Why it did not measure the page, in words.
pub fn answered(answer: &[u8]) -> Result<Vec<View>, String> {
    serde_json::from_slice(answer).unwrap_or_else(|_| Err("its reader answered something else".to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_beyond_all_numbers_come_back_as_none() {
        let document = Document::parse("<!doctype html><div style='margin-top:3e38px;height:3e38px;overflow:auto'>x");
        let views = answered(&answer(&errand(&document, &[], &Viewport::ALL))).expect("what is written can be read");
        assert!(views.iter().all(|view| view.scroll_height.is_finite() && view.scroll_width.is_finite()));
    }

    #[test]
    fn a_page_goes_there_and_its_views_come_back() {
        let document = Document::parse("<!doctype html><style>p{color:red}</style><p>x");
        let sources = vec![Source { element: 2, css: "p{color:red}".into() }];
        let sent = errand(&document, &sources, &Viewport::ALL);
        let views = answered(&answer(&sent)).expect("it is small");
        assert_eq!(views.iter().map(|view| view.viewport).collect::<Vec<_>>(), Viewport::ALL);
        let red = views[0].text_of(4).map(|text| text.colour.words());
        assert_eq!(red.as_deref(), Some("#ff0000"));
        assert!(answered(&answer(b"{")).is_err() && answered(b"").is_err());
    }
}
