//! `attribute-unique`: no two elements have the same value of an attribute.
//!
//! In: a page. Out: one verdict for each value on elements the selector finds; at the second element where there is one. Tested by the
//! rules that use it.

use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{PageFacts, Place};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "attribute-unique",
    asks: "Is each value of an attribute on one element only?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector of the elements"),
        ("attribute", "name of the attribute"),
        ("case", "counts, or folds: whether \"a\" and \"A\" differ"),
    ],
    build: page::<AttributeUnique>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AttributeUnique {
    selector: Query,
    attribute: String,
    case: Case,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Case {
    Counts,
    Folds,
}

impl PageCheck for AttributeUnique {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let mut values: BTreeMap<Cow<'_, str>, Vec<Element<'_>>> = BTreeMap::new();
        for element in document.select(&self.selector.0) {
            let Some(value) = element.attr(&self.attribute).filter(|value| !value.is_empty()) else { continue };
            let value = match self.case {
                Case::Counts => Cow::Borrowed(value),
                Case::Folds => Cow::Owned(value.to_lowercase()),
            };
            values.entry(value).or_default().push(element);
        }
        let mut verdicts: Vec<(u32, Verdict)> = values
            .into_iter()
            .map(|(value, elements)| match elements.get(1) {
                None => (
                    elements[0].order(),
                    elements[0].at().pass(format_args!("{} \"{value}\" is there once", self.attribute)),
                ),
                Some(second) => {
                    let observed = format!("{} elements have the {} \"{value}\"", elements.len(), self.attribute);
                    (second.order(), second.heard().fail(observed, format!("one element for each {}", self.attribute)))
                }
            })
            .collect();
        verdicts.sort_by_key(|(order, _)| *order);
        Verdict::gathered(verdicts.into_iter().map(|(_, verdict)| verdict))
    }
}
