//! `aria-attributes`: every attribute that begins with `aria-` is one that exists.
//!
//! In: a page. Out: one verdict for each element with such attributes. Tested by the rules that use it and by the ACT cases
//! (5f99a7).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, aria, role_traits};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "aria-attributes",
    asks: "Does each attribute that begins with aria- exist?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<AriaAttributes>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AriaAttributes {}

impl PageCheck for AriaAttributes {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let mut verdicts = Vec::new();
        for element in role_traits::with_aria(document) {
            let names: Vec<&str> =
                element.attrs().map(|(name, _)| name).filter(|name| name.starts_with("aria-")).collect();
            let unknown: Vec<&str> = names.iter().copied().filter(|name| !aria::is_attribute(name)).collect();
            if !unknown.is_empty() {
                let observed = format!("there is no attribute {}", unknown.join(", "));
                verdicts.push(element.heard().fail(observed, "attributes that WAI-ARIA defines"));
            } else if !names.is_empty() {
                verdicts.push(element.at().pass(names.join(", ")));
            }
        }
        verdicts
    }
}
