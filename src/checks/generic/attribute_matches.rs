//! `attribute-matches`: an attribute of the elements a selector finds has the right shape.
//!
//! In: a page. Out: one verdict for each element found; none found is inapplicable. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Query, Scope};
use crate::facts::{PageFacts, Place};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "attribute-matches",
    asks: "Does the attribute of each element found have the right shape?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector of the elements"),
        ("attribute", "name of the attribute"),
        ("pattern", "regular expression that the value matches (optional)"),
        ("not", "regular expression that the value does not match (optional)"),
        ("missing", "fails (default) or inapplicable: elements without the attribute"),
        ("looks-for", "what a right value is, for people"),
    ],
    build: page::<AttributeMatches>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AttributeMatches {
    selector: Query,
    attribute: String,
    pattern: Option<Pattern>,
    not: Option<Pattern>,
    #[serde(default)]
    missing: Missing,
    looks_for: String,
}

#[derive(Default, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Missing {
    #[default]
    Fails,
    Inapplicable,
}

impl PageCheck for AttributeMatches {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        Verdict::gathered(document.select(&self.selector.0).filter_map(|element| self.verdict(&element)))
    }
}

impl AttributeMatches {
    fn verdict(&self, element: &Element<'_>) -> Option<Verdict> {
        let Some(value) = element.attr(&self.attribute) else {
            let fail =
                || element.at().fail(format!("there is no {} attribute", self.attribute), self.looks_for.clone());
            return (self.missing == Missing::Fails).then(fail);
        };
        let right = self.pattern.as_ref().is_none_or(|pattern| pattern.is_in(value.trim()))
            && self.not.as_ref().is_none_or(|pattern| !pattern.is_in(value.trim()));
        let observed = format_args!("{} is \"{value}\"", self.attribute);
        Some(if right {
            element.at().pass(observed)
        } else {
            element.at().fail(observed.to_string(), self.looks_for.clone())
        })
    }
}
