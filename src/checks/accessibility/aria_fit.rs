//! `aria-fit`: the ARIA attributes of an element are ones that its role takes.
//!
//! In: a page. Out: one verdict for each exposed element with a role and such attributes (WAI-ARIA 1.2, 5.2.8.6 and 6). Elements that
//! no specification gives a role are not judged, attributes that do not exist are for another rule. Tested by the rules that use
//! it and by the ACT cases (5c01ea, kb1m8s).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, aria, role_traits, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "aria-fit",
    asks: "Does the role of each element take its ARIA attributes?",
    scope: Scope::Page,
    parameters: &[("asks", "permitted: states and properties the role knows; named: no name where the role has none")],
    build: page::<AriaFit>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AriaFit {
    asks: Asks,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Asks {
    Permitted,
    Named,
}

impl PageCheck for AriaFit {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        role_traits::with_aria(document).filter_map(|element| self.verdict(&element)).collect()
    }
}

impl AriaFit {
    fn verdict(&self, element: &Element<'_>) -> Option<Verdict> {
        let given: Vec<&str> =
            element.attrs().filter(|(name, value)| self.looks_at(name, value)).map(|(name, _)| name).collect();
        if given.is_empty() || !visibility::is_exposed(element) {
            return None;
        }
        let role = role_traits::specified(element)?;
        let is_wrong = |name: &&&str| match self.asks {
            Asks::Permitted => !role_traits::takes(role, name),
            Asks::Named => role_traits::forbids(role, name),
        };
        let wrong: Vec<&str> = given.iter().filter(is_wrong).copied().collect();
        let (observed, expected) = match self.asks {
            Asks::Permitted => (
                format!("the role {} does not take {}", role.as_str(), wrong.join(", ")),
                "states and properties that the role has, or the role that has them",
            ),
            Asks::Named => (
                format!("the role {} has no name, so {} is not read", role.as_str(), wrong.join(", ")),
                "the words as text, or a role that can be named",
            ),
        };
        Some(match wrong.is_empty() {
            true => element.at().pass(format_args!("the role {} takes {}", role.as_str(), given.join(", "))),
            false => element.heard().fail(observed, expected),
        })
    }

    fn looks_at(&self, name: &str, value: &str) -> bool {
        let exists = name.starts_with("aria-") && aria::is_attribute(name);
        match self.asks {
            Asks::Permitted => exists,
            Asks::Named => exists && !value.trim().is_empty(),
        }
    }
}
