//! `json-ld`: structured data in the page can be read.
//!
//! In: a page. Out: one verdict for each JSON-LD block; none is inapplicable. Whether the data is true or complete is not
//! asked. Tested by the rules that use it.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{PageFacts, Place};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "json-ld",
    asks: "Is each block of structured data well-formed JSON?",
    scope: Scope::Page,
    parameters: &[("selector", "CSS selector of the blocks")],
    build: page::<JsonLd>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct JsonLd {
    selector: Query,
}

impl PageCheck for JsonLd {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        document
            .select(&self.selector.0)
            .map(|block| match serde_json::from_str::<IgnoredAny>(unwrapped(&block.text())) {
                Ok(_) => block.at().pass("the structured data is well-formed JSON"),
                Err(error) => block.at().fail(
                    format!("the structured data cannot be read: {error}"),
                    "structured data that is well-formed JSON",
                ),
            })
            .collect()
    }
}

/// The data without the comment marks that old templates put around scripts and that readers of the data skip.
fn unwrapped(text: &str) -> &str {
    const WRAPS: [(&str, &str); 4] =
        [("//<![CDATA[", "//]]>"), ("/*<![CDATA[*/", "/*]]>*/"), ("<![CDATA[", "]]>"), ("<!--", "-->")];
    let text = text.trim();
    let inside = WRAPS.iter().find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    inside.unwrap_or(text).trim()
}
