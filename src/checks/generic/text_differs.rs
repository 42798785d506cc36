//! `text-differs`: the text of one element says more than the text of others.
//!
//! In: a page. Out: one verdict for the first element found, compared with every one of the others. Without the element, or
//! without any other, there is nothing to compare. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{PageFacts, Place, words};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "text-differs",
    asks: "Does the text of an element differ from that of others?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector; the first element found is compared"),
        ("attribute", "compare this attribute instead of the element's text (optional)"),
        ("from", "CSS selector of the elements it has to differ from"),
        ("looks-for", "what is compared, for people"),
    ],
    build: page::<TextDiffers>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TextDiffers {
    selector: Query,
    attribute: Option<String>,
    from: Query,
    looks_for: String,
}

impl PageCheck for TextDiffers {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let Some(element) = document.select(&self.selector.0).next() else { return Vec::new() };
        let text = match &self.attribute {
            Some(attribute) => words::fold(element.attr(attribute).unwrap_or_default()),
            None => words::fold(&element.text()),
        };
        let others: Vec<Element<'_>> =
            document.select(&self.from.0).filter(|other| !other.text().trim().is_empty()).collect();
        if text.is_empty() || others.is_empty() {
            return Vec::new();
        }
        let same = others.iter().find(|other| words::fold(&other.text()) == text);
        vec![match same {
            None => element.at().pass(format_args!("{} says more than the title", self.looks_for)),
            Some(other) => element.at().fail(
                format!("{} only repeats the {}: \"{text}\"", self.looks_for, other.name()),
                format!("{} in words of its own", self.looks_for),
            ),
        }]
    }
}
