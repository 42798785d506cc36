//! `decoration`: what is marked as decoration is not exposed all the same.
//!
//! In: a page. Out: one verdict for each rendered element with an empty `alt` or a role of decoration. Focus or a global ARIA
//! attribute brings it back (WAI-ARIA 1.2, 9.1.3). Tested by the rules that use it and by the ACT cases (46ca7f).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, aria, roles, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "decoration",
    asks: "Is what is marked as decoration left alone by assistive technology?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<Decoration>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Decoration {}

impl PageCheck for Decoration {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let marked = document.elements().filter(|element| is_marked(element) && visibility::is_exposed(element));
        marked
            .map(|element| match roles::role(&element) {
                roles::Role::NONE => element.at().pass("assistive technology leaves the decoration alone"),
                role => element.heard().fail(
                    format!("marked as decoration, but exposed as {}", role.as_str()),
                    "decoration without focus, aria-label and the like; or a real role and name",
                ),
            })
            .collect()
    }
}

fn is_marked(element: &Element<'_>) -> bool {
    let role = element.attr("role").and_then(|words| words.split_ascii_whitespace().find_map(aria::known_role));
    match role {
        Some(role) => matches!(role, "none" | "presentation"),
        None => element.is_html() && element.name() == "img" && element.attr("alt") == Some(""),
    }
}
