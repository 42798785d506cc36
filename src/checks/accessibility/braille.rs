//! `braille`: what is written for braille displays stands beside words for the ear.
//!
//! In: a page. Out: one verdict for each exposed element with `aria-braillelabel` or `aria-brailleroledescription` (WAI-ARIA 1.3, 6.6):
//! each needs the attribute or name it is the braille of. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, names, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "braille",
    asks: "Do words for braille displays stand beside words for the ear?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<Braille>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Braille {}

const LABEL: &str = "aria-braillelabel";
const ROLE: &str = "aria-brailleroledescription";

impl PageCheck for Braille {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let says = |element: &Element<'_>, name: &str| element.attr(name).is_some_and(|words| !words.trim().is_empty());
        let labels = document.with_attr(LABEL).filter(visibility::is_exposed).map(|element| {
            verdict(
                &element,
                LABEL,
                !names::name(&element).is_empty(),
                "an accessible name in print, which every reader knows",
            )
        });
        let roles = document.with_attr(ROLE).filter(visibility::is_exposed).map(|element| {
            let is_right = says(&element, ROLE) && says(&element, "aria-roledescription");
            verdict(&element, ROLE, is_right, "aria-roledescription with words, and words for braille")
        });
        labels.chain(roles).collect()
    }
}

fn verdict(element: &Element<'_>, attribute: &str, is_right: bool, expected: &str) -> Verdict {
    match is_right {
        true => element.at().pass(format_args!("{attribute} stands beside words for the ear")),
        false => element.heard().fail(format!("{attribute} stands alone"), expected),
    }
}
