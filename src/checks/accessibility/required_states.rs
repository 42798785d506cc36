//! `required-states`: an element with a role says the states that role needs.
//!
//! In: a page. Out: one verdict for each exposed element whose author gave it a role with required states (WAI-ARIA 1.2, 5.4).
//! States that HTML provides (a checkbox, a range) count. Tested by the rules that use it and by the ACT cases (4e8ab6).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, focus, roles, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "required-states",
    asks: "Do elements with a role have the states the role needs?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<RequiredStates>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RequiredStates {}

/// Roles and the states without which they say nothing; those with a default value in the specification are left out.
const REQUIRED: [(&str, &str); 10] = [
    ("checkbox", "aria-checked"),
    ("combobox", "aria-expanded"),
    ("heading", "aria-level"),
    ("menuitemcheckbox", "aria-checked"),
    ("menuitemradio", "aria-checked"),
    ("meter", "aria-valuenow"),
    ("radio", "aria-checked"),
    ("scrollbar", "aria-valuenow"),
    ("slider", "aria-valuenow"),
    ("switch", "aria-checked"),
];

impl PageCheck for RequiredStates {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let given = document.with_attr("role").filter_map(|element| {
            let needed = needed(&element)?;
            visibility::is_exposed(&element).then_some((element, needed))
        });
        given
            .map(|(element, (role, state))| match element.attr(state).is_some_and(|value| !value.trim().is_empty()) {
                true => element.at().pass(format_args!("the {role} says {state}")),
                false => {
                    element.heard().fail(format!("the {role} does not say {state}"), format!("{state} with a value"))
                }
            })
            .collect()
    }
}

/// The role the author gave and the state it needs, where HTML does not provide it.
fn needed(element: &Element<'_>) -> Option<(&'static str, &'static str)> {
    let role = roles::explicit(element)?;
    let is_native = matches!(element.name(), "input" | "select" | "meter" | "progress" | "option" | "textarea")
        && !(role.as_str() == "combobox" && element.name() == "input");
    if roles::implicit(element) == role || is_native {
        return None;
    }
    if role.as_str() == "separator" && focus::is_focusable(element) && element.name() != "hr" {
        return Some(("separator", "aria-valuenow"));
    }
    REQUIRED.iter().find(|(known, _)| *known == role.as_str()).copied()
}
