//! The top of a page: what stands above its content, whether or not a header element holds it.
//!
//! In: a document. Out: where the content begins. Invariant: a page that does not say where its content begins has no top;
//! a heading that is a link or a picture is the site's logo and begins nothing. Tested below.

use std::sync::LazyLock;

use crate::html::{Document, Element, Selector};

static MAIN: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("main, [role=main i]").expect("a constant selector"));
static HEADINGS: LazyLock<Selector> = LazyLock::new(|| Selector::parse("h1, h2").expect("a constant selector"));
static LOGO: LazyLock<Selector> = LazyLock::new(|| Selector::parse("a[href], img, svg").expect("a constant selector"));

/// The place in document order at which the content begins: the first heading of the first level within the main landmark,
/// or the landmark itself where it has none. Without a landmark, the first heading that is no logo.
pub fn content_begins(document: &Document) -> Option<u32> {
    let is_heading = |element: &Element<'_>| element.select(&LOGO).next().is_none();
    let Some(main) = document.select(&MAIN).next() else {
        return document.select(&HEADINGS).find(is_heading).map(|heading| heading.order());
    };
    let title = main.select(&HEADINGS).find(|heading| heading.name() == "h1" && is_heading(heading));
    Some(title.unwrap_or(main).order())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_begins_at_its_heading_and_not_at_the_logo() {
        for (html, first) in [
            ("<header></header><main><a href='/'>Logo</a><h1 id='x'>Permits</h1></main>", Some("x")),
            ("<h1>Agency</h1><main id='x'><p>Permits</p></main>", Some("x")),
            ("<h1><a href='/'>Agency</a></h1><form></form><h2 id='x'>Permits</h2>", Some("x")),
            ("<p>Permits</p>", None),
        ] {
            let document = Document::parse(html);
            let wanted = first.and_then(|id| document.by_id(id)).map(|element| element.order());
            assert_eq!(content_begins(&document), wanted, "{html}");
        }
    }
}
