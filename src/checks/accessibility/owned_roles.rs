//! `owned-roles`: an element whose role asks for parts holds such parts, and nothing else.
//!
//! In: a page. Out: one verdict for each exposed element of the roles that holds anything (WAI-ARIA 1.2, 5.2.5); an empty one waits
//! for a script, and one that says it is busy does too. Plain tables and lists are not judged: HTML keeps them right, or another check does. Tested by the
//! rules that use it and by the ACT cases (bc4a75).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::roles::{self, Role};
use crate::facts::{PageFacts, Place, role_traits, visibility, visible_text};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "owned-roles",
    asks: "Do lists, menus, tables and the like hold the parts their role asks for?",
    scope: Scope::Page,
    parameters: &[("roles", "roles whose elements are looked at")],
    build: page::<OwnedRoles>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct OwnedRoles {
    roles: Vec<String>,
}

/// How deep groups stand in groups.
const MOST_GROUPS: usize = 16;

impl PageCheck for OwnedRoles {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let holders = roles::of_kind(document, |role| {
            self.roles.iter().any(|asked| asked == role.as_str()) && role_traits::holds(role).is_some()
        });
        holders.iter().filter_map(|element| self.verdict(element)).collect()
    }
}

impl OwnedRoles {
    fn verdict(&self, element: &Element<'_>) -> Option<Verdict> {
        if roles::explicit(element).is_none() && is_kept_right_by_html(element) {
            return None;
        }
        let role = roles::role(element);
        let wanted = role_traits::holds(role).filter(|_| self.roles.iter().any(|asked| asked == role.as_str()))?;
        if is_busy(element) || !visibility::is_exposed(element) {
            return None;
        }
        let owned = parts(element, 0);
        let stranger = owned.iter().find(|part| !role_traits::is_among(wanted, roles::role(part)));
        let expected = format!("a {} that holds nothing but: {}", role.as_str(), wanted.replace(' ', ", "));
        if let Some(stranger) = stranger {
            let observed =
                format!("the {} holds {}, a {}", role.as_str(), stranger.snippet(), roles::role(stranger).as_str());
            return Some(element.heard().fail(observed, expected));
        }
        if !owned.is_empty() {
            return Some(element.at().pass(format_args!("the {} holds {} parts", role.as_str(), owned.len())));
        }
        holds_anything(element).then(|| {
            element.heard().fail(format!("the {} holds none of the parts its role asks for", role.as_str()), expected)
        })
    }
}

/// The parts an element owns; what stands in a group belongs to what holds the group.
fn parts<'a>(element: &Element<'a>, depth: usize) -> Vec<Element<'a>> {
    let mut found = Vec::new();
    for part in role_traits::owned(element) {
        let inner = if roles::role(&part) == Role("group") && depth < MOST_GROUPS {
            parts(&part, depth + 1)
        } else {
            Vec::new()
        };
        match inner.is_empty() {
            true => found.push(part),
            false => found.extend(inner),
        }
    }
    found
}

fn is_busy(element: &Element<'_>) -> bool {
    element.attr("aria-busy").is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
}

fn is_kept_right_by_html(element: &Element<'_>) -> bool {
    element.is_html()
        && matches!(element.name(), "table" | "thead" | "tbody" | "tfoot" | "tr" | "select" | "ul" | "ol" | "menu")
}

fn holds_anything(element: &Element<'_>) -> bool {
    element.children().any(|child| !visibility::hides(&child) && !visibility::is_silent(&child))
        || !visible_text(*element).trim().is_empty()
}
