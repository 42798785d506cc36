//! `spoken-language`: a text is in the language that the page says it is in.
//!
//! In: a page. Out: a verdict on the page as a whole, or on each part with a `lang` of its own. Texts are told by their small words, so
//! a few words, a mixture and a language that is not known give no verdict. Tested by the rules that use it and by the ACT cases
//! (ucwvc8, off6ek).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, language, spoken, visibility};
use crate::html::{Element, Node};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "spoken-language",
    asks: "Is the text in the language the page says it is in?",
    scope: Scope::Page,
    parameters: &[("of", "page: the text that has no language of its own; parts: each part that has one")],
    build: page::<SpokenLanguage>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SpokenLanguage {
    of: Of,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Of {
    Page,
    Parts,
}

/// Letters of text that are enough to tell a language.
const ENOUGH: usize = 12_000;

impl PageCheck for SpokenLanguage {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        match self.of {
            Of::Page => verdict(&document.root()).into_iter().collect(),
            Of::Parts => {
                let parts = document
                    .with_attr("lang")
                    .filter(|element| *element != document.root() && element.name() != "body");
                let told = parts.filter(visibility::is_rendered).filter_map(|part| verdict(&part));
                told.chain(document.with_attr("aria-labelledby").filter_map(|element| borrowed(&element))).collect()
            }
        }
    }
}

fn verdict(element: &Element<'_>) -> Option<Verdict> {
    let tag = element.attr("lang")?;
    let said = language::primary(tag)?;
    let found = spoken::language_of(&text(element))?;
    if found == said || is_kin(&said, found) {
        return Some(element.at().pass(format_args!("the text is in \"{found}\"")));
    }
    let observed = format!("lang is \"{tag}\", and the text is in \"{found}\"");
    Some(element.heard().fail(observed, "the language that the text is in"))
}

/// A name whose words come from an element of another language: it is read in the language that stands around the element it names.
/// The words themselves speak for it: one of that language, none of this one.
fn borrowed(element: &Element<'_>) -> Option<Verdict> {
    let document = element.document();
    let around = std::iter::once(*element).chain(element.ancestors()).find(|around| around.has_attr("lang"))?;
    let said = language::primary(around.attr("lang")?)?;
    if around == document.root() || !visibility::is_exposed(element) {
        return None;
    }
    let mut ids = element.attr("aria-labelledby").unwrap_or_default().split_ascii_whitespace();
    let source = ids.next().and_then(|id| document.by_id(id)).filter(|_| ids.next().is_none())?;
    let written = language::primary(source.attr("lang")?)?;
    let (own, other) = (spoken::small_words(&source.text(), &said)?, spoken::small_words(&source.text(), &written)?);
    let is_foreign = written != said && !is_kin(&said, &written) && other > 0 && own == 0;
    is_foreign.then(|| {
        let observed = format!(
            "its name is in \"{written}\" by #{}, and is read in \"{said}\"",
            source.id_attr().unwrap_or_default()
        );
        element.heard().fail(observed, "a name in the language that is said around it")
    })
}

/// Languages whose small words are much alike, or that a wider tag stands for.
fn is_kin(said: &str, found: &str) -> bool {
    let kin = [
        "da nb nn no sv fo",
        "zh yue cmn wuu hak nan",
        "es ca gl pt ast an oc",
        "fr oc wa ht frp",
        "nl af fy li",
        "de lb gsw nds als",
        "it co scn sc vec",
        "tl fil ceb ilo",
        "pl cs sk",
        "en sco",
    ];
    kin.iter().any(|row| {
        let has = |wanted: &str| row.split(' ').any(|word| word == wanted);
        has(said) && has(found)
    })
}

/// The text that takes its language from the element: shown, and without a language of its own.
fn text(element: &Element<'_>) -> String {
    let mut text = String::new();
    let mut open = vec![element.nodes()];
    while let Some(nodes) = open.last_mut() {
        match nodes.next() {
            Some(Node::Text(words)) => text.push_str(words),
            Some(Node::Element(inner)) => {
                text.push(' ');
                let is_code = matches!(inner.name(), "code" | "pre" | "kbd" | "samp" | "svg" | "math");
                if !inner.has_attr("lang") && !is_code && !visibility::hides(&inner) {
                    open.push(inner.nodes());
                }
            }
            None => {
                open.pop();
            }
        }
        if text.len() > ENOUGH {
            break;
        }
    }
    text
}
