//! `part-language`: a part that exists in several languages is in that of its page.
//!
//! In: a page. Out: one verdict: one such part in the language of the page is enough, because a bilingual page may carry both.
//! A page without a language, or in one the rule has no words for, and a part that says none of the words are inapplicable.
//! Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Phrases, Query, Scope};
use crate::facts::{PageFacts, Place, visibility, whole_text, words};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "part-language",
    asks: "Is a part of the page in the language of the page?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector of the part"),
        ("languages", "what it says in each language: [{ language = \"en\", says = [] }, …]"),
        ("component-language", "language of a component that names none in `lang` (optional)"),
        ("looks-for", "what the part is, for people"),
    ],
    build: page::<PartLanguage>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PartLanguage {
    selector: Query,
    languages: Vec<Version>,
    component_language: Option<String>,
    looks_for: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Version {
    language: String,
    says: Phrases,
}

impl PageCheck for PartLanguage {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let Some(wanted) = document.root().attr("lang").map(primary) else { return Vec::new() };
        if !self.languages.iter().any(|version| version.language == wanted) {
            return Vec::new();
        }
        let parts: Vec<(Element<'_>, Vec<String>)> = document
            .select(&self.selector.0)
            .filter(visibility::is_rendered)
            .map(|part| (part, self.spoken(&part)))
            .filter(|(_, spoken)| !spoken.is_empty())
            .collect();
        let right = parts.iter().find(|(_, spoken)| spoken.contains(&wanted));
        let verdict = match (right, parts.first()) {
            (Some((part, _)), _) => part.at().pass(format_args!("{} is in \"{wanted}\"", self.looks_for)),
            (None, Some((part, spoken))) => part.at().fail(
                format!("{} is in \"{}\" on a page in \"{wanted}\"", self.looks_for, spoken.join("\" and \"")),
                format!("{} in \"{wanted}\"", self.looks_for),
            ),
            (None, None) => return Vec::new(),
        };
        vec![verdict]
    }
}

impl PartLanguage {
    /// The languages a part says its words in; a component without text says it in its attribute.
    fn spoken(&self, part: &Element<'_>) -> Vec<String> {
        let text = words::fold(&whole_text(*part));
        let said = self.languages.iter().filter(|version| version.says.first_in(&text).is_some());
        let said: Vec<String> = said.map(|version| version.language.clone()).collect();
        if said.is_empty() && part.name().contains('-') {
            let named = part.attr("lang").map(primary).or_else(|| self.component_language.clone());
            return named.into_iter().collect();
        }
        said
    }
}

/// The primary subtag of a language tag (BCP 47, 2.2.1).
fn primary(tag: &str) -> String {
    tag.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}
