//! `role-context`: an element with the role of a part stands in what it is a part of.
//!
//! In: a page. Out: one verdict for each exposed element whose author gave it a role that has to be owned by another (WAI-ARIA 1.2,
//! 5.2.7). Where a script opens a shadow tree and writes such roles, nobody can tell. Tested by the rules that use it and by the
//! ACT cases (ff89c9).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::roles::{self, Role};
use crate::facts::{PageFacts, Place, role_traits, visibility};
use crate::html::{Document, Element};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "role-context",
    asks: "Do elements with the role of a part stand in what they are a part of?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<RoleContext>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RoleContext {}

impl PageCheck for RoleContext {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let parts: Vec<(Element<'_>, Role, &str)> = document
            .with_attr("role")
            .filter_map(|element| {
                let role = roles::explicit(&element)?;
                let wanted = role_traits::stands_in(role)?;
                let is_meant = role != roles::implicit(&element) && visibility::is_exposed(&element);
                is_meant.then_some((element, role, wanted))
            })
            .collect();
        let claims = if parts.is_empty() { Vec::new() } else { role_traits::claims(document) };
        let mut verdicts: Vec<Verdict> = parts
            .iter()
            .map(|(element, role, wanted)| {
                let owner = role_traits::owner(element, &claims).map(|owner| roles::role(&owner));
                match owner.filter(|owner| role_traits::is_among(wanted, *owner)) {
                    Some(owner) => {
                        element.at().pass(format_args!("the {} stands in a {}", role.as_str(), owner.as_str()))
                    }
                    None => element.heard().fail(
                        format!("the {} stands in no {}", role.as_str(), wanted.replace(' ', " or ")),
                        format!("a {} inside: {}", role.as_str(), wanted.replace(' ', ", ")),
                    ),
                }
            })
            .collect();
        if verdicts.is_empty() && claims_shadow_parts(document) {
            let observed = "a script writes parts into a shadow tree that aria-owns outside it cannot reach";
            verdicts.push(page.whole().cannot_tell(observed, "parts and what holds them in one tree"));
        }
        verdicts
    }
}

/// True when an element claims ids that are nowhere, and an inline script opens a shadow tree.
fn claims_shadow_parts(document: &Document) -> bool {
    let is_lost = |element: Element<'_>| {
        let ids = element.attr("aria-owns").unwrap_or_default().split_ascii_whitespace();
        ids.into_iter().any(|id| document.by_id(id).is_none())
    };
    document.with_attr("aria-owns").any(is_lost)
        && document.with_name("script").any(|script| script.text().contains("attachShadow"))
}
