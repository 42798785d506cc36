//! `referenced-ids`: ids that labels, descriptions and cells point at are there once.
//!
//! In: a page. Out: one verdict for each id that is pointed at and found. Ids that nothing points at may repeat without anybody
//! noticing; ids that are not there are for other rules. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeMap;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "referenced-ids",
    asks: "Is each id that a label or a description points at there only once?",
    scope: Scope::Page,
    parameters: &[("attributes", "attributes whose words are ids: \"for\", \"aria-labelledby\" …")],
    build: page::<ReferencedIds>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ReferencedIds {
    attributes: Vec<String>,
}

impl PageCheck for ReferencedIds {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        // The first element that points at an id speaks for all.
        let mut pointed: BTreeMap<&str, Element<'_>> = BTreeMap::new();
        for name in &self.attributes {
            for element in document.with_attr(name) {
                for id in element.attr(name).unwrap_or_default().split_ascii_whitespace() {
                    let first = pointed.entry(id).or_insert(element);
                    if element.order() < first.order() {
                        *first = element;
                    }
                }
            }
        }
        let mut verdicts: Vec<(Element<'_>, Verdict)> = pointed
            .into_iter()
            .filter(|(_, from)| visibility::is_exposed(from))
            .filter_map(|(id, _)| {
                let mut found = document.with_id(id);
                let first = found.next()?;
                Some(match found.next() {
                    None => (first, first.at().pass(format_args!("id \"{id}\" is there once"))),
                    Some(second) => {
                        let observed =
                            format!("{} elements have the id \"{id}\" that is pointed at", found.count() + 2);
                        (second, second.heard().fail(observed, "an id of its own for each element"))
                    }
                })
            })
            .collect();
        verdicts.sort_by_key(|(element, _)| element.order());
        verdicts.into_iter().map(|(_, verdict)| verdict).collect()
    }
}
