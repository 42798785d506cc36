//! `language-pair`: a page that names its language twice names the same one.
//!
//! In: a page. Out: a verdict on the root element when `lang` and `xml:lang` both begin with a language that exists. Regions and scripts may
//! differ. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, language};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "language-pair",
    asks: "Do lang and xml:lang of the page name the same language?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<LanguagePair>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LanguagePair {}

impl PageCheck for LanguagePair {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(root) = page.document.map(|document| document.root()) else { return Vec::new() };
        let tag = |name: &str| root.attr(name).and_then(|tag| Some((tag, language::primary(tag)?)));
        let (Some((lang, one)), Some((xml, other))) = (tag("lang"), tag("xml:lang")) else { return Vec::new() };
        vec![match one == other {
            true => root.at().pass(format_args!("both name \"{one}\"")),
            false => {
                root.heard().fail(format!("lang is \"{lang}\", xml:lang is \"{xml}\""), "the same language in both")
            }
        }]
    }
}
