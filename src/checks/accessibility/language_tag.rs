//! `language-tag`: a `lang` attribute begins with a language that exists.
//!
//! In: a page. Out: one verdict for the page, or for each part whose text is read in the language of its own `lang`. A page
//! without any is for another rule. Tested by the rules that use it and by the ACT cases (bf051a, de46e4).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, language, visibility};
use crate::html::{Element, Node};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "language-tag",
    asks: "Does each lang attribute begin with a language that exists?",
    scope: Scope::Page,
    parameters: &[("of", "page (the html element) or parts (every other element with text of its own)")],
    build: page::<LanguageTag>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LanguageTag {
    of: Of,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Of {
    Page,
    Parts,
}

impl PageCheck for LanguageTag {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let root = document.root();
        let said = |element: &Element<'_>| element.attr("lang").is_some_and(|tag| !tag.is_empty());
        match self.of {
            Of::Page => {
                let tagged = root.attr("lang").is_some_and(|tag| !tag.trim().is_empty());
                tagged.then(|| verdict(&root)).into_iter().collect()
            }
            Of::Parts => {
                let parts = root.descendants().filter(|part| said(part) && has_text_of_its_own(part));
                parts.map(|part| verdict(&part)).collect()
            }
        }
    }
}

fn verdict(element: &Element<'_>) -> Verdict {
    let tag = element.attr("lang").unwrap_or_default();
    match language::primary(tag) {
        Some(_) => element.at().pass(format_args!("lang is \"{tag}\"")),
        None => element.heard().fail(
            format!("lang is \"{tag}\", which names no language"),
            "a language tag such as \"en\", \"es\" or \"zh-Hans\"",
        ),
    }
}

/// True when there is text, seen or read aloud, whose nearest `lang` is this element's.
fn has_text_of_its_own(part: &Element<'_>) -> bool {
    if !visibility::is_rendered(part) {
        return false;
    }
    let mut open = vec![part.nodes()];
    while let Some(nodes) = open.last_mut() {
        match nodes.next() {
            Some(Node::Text(text)) if !text.trim().is_empty() => return true,
            Some(Node::Text(_)) => {}
            Some(Node::Element(inner)) if inner.has_attr("lang") || visibility::hides(&inner) => {}
            Some(Node::Element(inner)) => {
                if inner.attr("alt").is_some_and(|alt| !alt.trim().is_empty()) {
                    return true;
                }
                open.push(inner.nodes());
            }
            None => {
                open.pop();
            }
        }
    }
    false
}
