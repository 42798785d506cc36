//! `language-mixture`: the text of a page is in one language.
//!
//! In: the blocks of a page's main text that are long enough to tell their language. Out: one verdict for a page with enough such text.
//! Parts that say their own language are left out, because they are meant. Tested by the rules that use it and by the labelled cases.

use serde::Deserialize;
use std::collections::BTreeMap;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::prose::{Block, Kind, Read};
use crate::facts::{PageFacts, Place, spoken};
use crate::verdict::Verdict;

/// Words of a block from which its language can be told.
const TOLD: usize = 12;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "language-mixture",
    asks: "Is the text of the page in one language?",
    scope: Scope::Page,
    parameters: &[
        ("min-words", "words of running text from which a page is judged"),
        ("most", "the share of it that may be in another language, 0 to 1"),
    ],
    build: page::<LanguageMixture>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LanguageMixture {
    min_words: usize,
    most: f64,
}

impl PageCheck for LanguageMixture {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        if page.document.is_none() || !page.capture.is_success() {
            return Vec::new();
        }
        let mut words: BTreeMap<&str, usize> = BTreeMap::new();
        let mut first: BTreeMap<&str, &Block<'_>> = BTreeMap::new();
        for (block, read) in page.prose().blocks.iter().filter(|(block, read)| is_told(block, read)) {
            let Some(language) = spoken::language_of(&block.text) else { continue };
            *words.entry(language).or_default() += read.words.len();
            first.entry(language).or_insert(block);
        }
        let total: usize = words.values().sum();
        if total < self.min_words {
            return Vec::new();
        }
        let said = page.language().unwrap_or_default();
        let main = if words.contains_key(said.as_str()) {
            said.as_str()
        } else {
            words.iter().max_by_key(|(_, count)| **count).map_or("", |(language, _)| language)
        };
        let others = words.iter().filter(|(language, _)| **language != main);
        let Some((other, count)) = others.max_by_key(|(_, count)| **count) else {
            return vec![page.whole().pass(format_args!("the text is in \"{main}\""))];
        };
        let observed = format!("{count} of {total} words of running text are in \"{other}\", the others in \"{main}\"");
        let at = first[other].element.at();
        vec![if *count as f64 <= total as f64 * self.most {
            at.pass(observed)
        } else {
            at.fail(observed, "text in the language of the page, or a lang attribute on what is meant to be in another")
        }]
    }
}

fn is_told(block: &Block<'_>, read: &Read) -> bool {
    let has_language = |element: &crate::html::Element<'_>| {
        element.has_attr("lang") && element.name() != "html" && element.name() != "body"
    };
    matches!(block.kind, Kind::Text | Kind::Item)
        && read.words.len() >= TOLD
        && block.linked * 2 <= block.text.len()
        && !has_language(&block.element)
        && !block.element.ancestors().any(|around| has_language(&around))
        && !block.element.children().any(|inner| has_language(&inner))
}
