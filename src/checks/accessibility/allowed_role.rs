//! `allowed-role`: an element has a role that its kind may have.
//!
//! In: a page. Out: one verdict for each exposed element with a role that ARIA in HTML says something about: a role that an element
//! has anyway, and elements that may have any role, get none. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, allowed_roles, visibility};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "allowed-role",
    asks: "Has each element a role that its kind may have?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<AllowedRole>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AllowedRole {}

impl PageCheck for AllowedRole {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let given = document.with_attr("role").filter(visibility::is_exposed);
        given
            .filter_map(|element| {
                let role = element.attr("role").unwrap_or_default().trim();
                Some(match allowed_roles::may_have(&element)? {
                    true => element.at().pass(format_args!("{} may be a {role}", element.name())),
                    false => element.heard().fail(
                        format!("role \"{role}\" on {}", element.name()),
                        "an element of that kind, or one that may have any role, such as div or span",
                    ),
                })
            })
            .collect()
    }
}
