//! `aria-role`: the `role` attribute names a role that exists.
//!
//! In: a page. Out: one verdict for each element with a role that is exposed. A list of roles with one that exists is a fallback
//! and passes. Tested by the rules that use it and by the ACT cases (674b10).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, aria, visibility};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "aria-role",
    asks: "Does each role attribute name a role that exists?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<AriaRole>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AriaRole {}

impl PageCheck for AriaRole {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let given = document.with_attr("role").filter_map(|element| {
            let words = element.attr("role").filter(|words| !words.trim().is_empty())?;
            visibility::is_exposed(&element).then_some((element, words))
        });
        given
            .map(|(element, words)| match words.split_ascii_whitespace().find_map(aria::known_role) {
                Some(role) => element.at().pass(format_args!("the role is {role}")),
                None => element.heard().fail(format!("there is no role \"{words}\""), "a role of WAI-ARIA, or none"),
            })
            .collect()
    }
}
