//! `canvas-text`: words that a script of the page draws on a canvas can be read without seeing them.
//!
//! In: a page with its own scripts. Out: a verdict on each canvas for which a script of the page draws text: it needs a name or content
//! inside. What else is drawn, and scripts in files of their own, are not seen. Tested by the rules that use it and by the ACT cases
//! (e88epe).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, names, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "canvas-text",
    asks: "Can words that a script draws on a canvas be read without seeing them?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<CanvasText>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CanvasText {}

/// What draws words (HTML, 4.12.5.1.11).
const DRAWS: [&str; 2] = [".fillText(", ".strokeText("];

impl PageCheck for CanvasText {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let canvases = document.with_name("canvas").filter(visibility::is_rendered);
        canvases.filter(|canvas| is_written_on(canvas, page)).map(|canvas| verdict(&canvas)).collect()
    }
}

/// True when a script that draws text finds its canvas by this one's id.
fn is_written_on(canvas: &Element<'_>, page: &PageFacts<'_>) -> bool {
    let Some(id) = canvas.id_attr().filter(|id| !id.is_empty()) else { return false };
    let finds = |script: &str| {
        ['\'', '"', '`'].iter().any(|quote| {
            script.contains(&format!("getElementById({quote}{id}{quote})"))
                || script.contains(&format!("querySelector({quote}#{id}{quote})"))
        })
    };
    page.scripts().iter().any(|(_, script)| DRAWS.iter().any(|draws| script.contains(draws)) && finds(script))
}

fn verdict(canvas: &Element<'_>) -> Verdict {
    let says = !names::name(canvas).is_empty() || !canvas.text().trim().is_empty();
    match says {
        true => canvas.at().pass("the canvas has words for those who do not see it"),
        false => canvas.heard().fail(
            "a script draws words here, and there is no text alternative",
            "an aria-label with role=\"img\", or the words inside the canvas element",
        ),
    }
}
