//! `field-groups`: choices that belong together stand in a group.
//!
//! In: a page. Out: one verdict for each name that several exposed radio buttons or checkboxes of a form share: the group around them
//! by `fieldset` or by role. Whether the group says what is asked is another rule. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeMap;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, roles, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "field-groups",
    asks: "Do choices that belong together stand in a group?",
    scope: Scope::Page,
    parameters: &[("types", "types of input: radio, checkbox")],
    build: page::<FieldGroups>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FieldGroups {
    types: Vec<String>,
}

impl PageCheck for FieldGroups {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let mut groups: BTreeMap<(Option<u32>, &str, String), Vec<Element<'_>>> = BTreeMap::new();
        for element in document.with_name("input").filter(Element::is_html) {
            let kind = element.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
            let name = element.attr("name").unwrap_or_default();
            if self.types.contains(&kind) && !name.is_empty() && visibility::is_exposed(&element) {
                let form = element.ancestors().find(|around| around.name() == "form").map(|form| form.order());
                groups.entry((form, name, kind)).or_default().push(element);
            }
        }
        let mut found: Vec<(u32, Verdict)> = groups
            .into_iter()
            .filter(|(_, group)| group.len() > 1)
            .map(|((_, _, kind), group)| verdict(&kind, &group))
            .collect();
        found.sort_by_key(|(order, _)| *order);
        found.into_iter().map(|(_, verdict)| verdict).collect()
    }
}

fn verdict(kind: &str, group: &[Element<'_>]) -> (u32, Verdict) {
    let first = &group[0];
    let around = first
        .ancestors()
        .find(|around| matches!(roles::role(around).as_str(), "group" | "radiogroup" | "listbox" | "menu"));
    let holds_all = around.is_some_and(|around| group.iter().all(|field| around.contains(*field)));
    let verdict = match holds_all {
        true => first.at().pass(format_args!("{} fields of the type {kind} stand in a group", group.len())),
        false => first.heard().fail(
            format!("{} fields of the type {kind} with one name stand in no group", group.len()),
            "a fieldset with a legend around them",
        ),
    };
    (first.order(), verdict)
}
