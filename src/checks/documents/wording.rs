//! `document-wording`: documents do not say certain things.
//!
//! In: the text of documents. Out: one verdict for each document with text that is looked at; what says of itself that the words do
//! not hold (`unless`) passes. Tested by the rules that use it.

use serde::Deserialize;

use super::{at, each_read};
use crate::checks::parameters::site;
use crate::checks::{Entry, Pattern, Scope, SiteCheck};
use crate::facts::SiteView;
use crate::verdict::Verdict;

/// Characters around what was found that are shown.
const AROUND: usize = 40;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "document-wording",
    asks: "Are these words absent from the text of documents?",
    scope: Scope::Site,
    parameters: &[
        ("of", "`forms` or `all`: which documents are looked at"),
        ("words", "regular expression that finds the words; white space in it stands for any"),
        ("unless", "regular expression that finds words which take them back (optional)"),
        ("looks-for", "what is wanted instead, for people"),
    ],
    build: site::<DocumentWording>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DocumentWording {
    of: Of,
    words: Pattern,
    unless: Option<Pattern>,
    looks_for: String,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Of {
    Forms,
    All,
}

impl SiteCheck for DocumentWording {
    fn reads_documents(&self) -> bool {
        true
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        each_read(site, |url, linked, document| {
            if document.words == 0 || (self.of == Of::Forms && !document.is_form()) {
                return None;
            }
            let text = document.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let found = self.words.0.find(&text);
            let excused = self.unless.as_ref().is_some_and(|unless| unless.is_in(&text));
            Some(match found.filter(|_| !excused) {
                None => at(url).pass("it says nothing of the kind"),
                Some(found) => {
                    let said = around(&text, found.start(), found.end());
                    at(url).fail(format!("it says \"{said}\"; {}", linked.told()), self.looks_for.as_str())
                }
            })
        })
    }
}

fn around(text: &str, start: usize, end: usize) -> String {
    let from = text[..start].char_indices().rev().take(AROUND).last().map_or(start, |(at, _)| at);
    let to = text[end..].char_indices().take(AROUND).last().map_or(end, |(at, c)| end + at + c.len_utf8());
    text[from..to].trim().to_string()
}
