//! `flat-content`: no control stands inside an element whose children assistive technology does not meet.
//!
//! In: a page. Out: one verdict for each exposed element of such a role (a button, an image, a checkbox …) that has children.
//! Tested by the rules that use it and by the ACT cases (307n5z).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::roles::{self, Role};
use crate::facts::{PageFacts, Place, focus, visibility};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "flat-content",
    asks: "Are buttons, images and the like free of controls inside them?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<FlatContent>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FlatContent {}

impl PageCheck for FlatContent {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let flat = roles::of_kind(document, Role::is_flat);
        let flat =
            flat.into_iter().filter(|element| element.children().next().is_some() && visibility::is_exposed(element));
        flat.map(|element| {
            let role = roles::role(&element).as_str();
            let inner = element.descendants().find(|inner| {
                element.name() != "select" && focus::is_tab_stop(inner) && visibility::is_rendered(inner)
            });
            match inner {
                Some(inner) => element.heard().fail(
                    format!("a {} that takes focus stands inside an element with the role {role}", inner.name()),
                    "controls beside each other, not inside each other",
                ),
                None => element.at().pass(format_args!("nothing inside the {role} takes focus")),
            }
        })
        .collect()
    }
}
