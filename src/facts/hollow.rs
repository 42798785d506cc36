//! Pages that hold next to nothing of their own, and frames that wait for a script among them.
//!
//! In: a document. Out: yes or no. Invariant: a page with little text but also little script is a short page, not a script's.
//! Tested below.

use std::sync::LazyLock;

use super::{text, words};
use crate::html::{Document, Selector};

/// Characters of text that an empty frame may still hold: a name, "Loading", a note that scripts are needed.
const FRAME_TEXT: usize = 120;

/// Links that an empty frame may still hold.
const FRAME_LINKS: usize = 3;

static SCRIPTS: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("script[src], script[type=module]").expect("a constant selector"));
static LINKS: LazyLock<Selector> = LazyLock::new(|| Selector::parse("body a[href]").expect("a constant selector"));
static MOUNTS: LazyLock<Selector> = LazyLock::new(|| {
    Selector::parse(
        "body div[id]:empty, body main[id]:empty, app-root, [ng-app], [data-reactroot], #root, #app, #__next",
    )
    .expect("a constant selector")
});

/// True when a document has scripts, a place for them to draw in, and next to nothing else.
pub(super) fn is_drawn_by_script(document: &Document) -> bool {
    let is_frame = document.select(&SCRIPTS).next().is_some() && document.select(&MOUNTS).next().is_some();
    is_frame && is_nearly_empty(document)
}

/// True when a document holds no more text and links than an empty frame does.
pub(super) fn is_nearly_empty(document: &Document) -> bool {
    document.select(&LINKS).take(FRAME_LINKS + 1).count() <= FRAME_LINKS
        && document.body().is_none_or(|body| words::fold(&text::visible(body)).chars().count() <= FRAME_TEXT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_waiting_for_its_script_is_told_from_a_short_page() {
        for (html, drawn) in [
            ("<body><div id=root></div><script src=app.js></script>", true),
            ("<body><app-root>Loading</app-root><script type=module src=app.js></script>", true),
            ("<body><p>Moved.</p>", false),
            ("<body><p>Moved.</p><script src=count.js></script>", false),
        ] {
            assert_eq!(is_drawn_by_script(&Document::parse(html)), drawn, "{html}");
        }
    }
}
