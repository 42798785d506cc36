//! `alt-repeated`: an image in a link or button does not say again what stands beside it.
//!
//! In: a page. Out: one verdict for each exposed link or button with an image that has a text alternative. Tested by the rules that
//! use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, roles, visibility, visible_text, words};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "alt-repeated",
    asks: "Do images in links and buttons say something that the words beside them do not?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<AltRepeated>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AltRepeated {}

impl PageCheck for AltRepeated {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let controls = roles::among(document, &["link", "button"]);
        controls.into_iter().filter(visibility::is_exposed).filter_map(|control| verdict(&control)).collect()
    }
}

fn verdict(control: &Element<'_>) -> Option<Verdict> {
    let images = control.descendants().filter(|inner| inner.name() == "img" && visibility::is_exposed(inner));
    let said: Vec<(Element<'_>, String)> = images
        .map(|image| (image, words::fold(image.attr("alt").unwrap_or_default())))
        .filter(|(_, alt)| !alt.is_empty())
        .collect();
    let (first, _) = said.first()?;
    let text = words::fold(&visible_text(*control));
    let expected = "an empty alt where the words beside the image say it";
    Some(match said.iter().find(|(_, alt)| *alt == text) {
        Some((image, alt)) => image.heard().fail(format!("\"{alt}\" is said twice"), expected),
        None => first.at().pass("the image says something of its own"),
    })
}
