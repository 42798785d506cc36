//! `script-text-absent`: no script that stands in the page does something unwanted.
//!
//! In: a page. Out: one failure for each such script, else a pass; a page without scripts of its own text is inapplicable.
//! Never: reads scripts from elsewhere, or knows when a part of a script runs. Tested by the rules that use it.

use serde::Deserialize;
use std::sync::LazyLock;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Scope};
use crate::facts::{PageFacts, Place};
use crate::html::{Element, Selector};
use crate::verdict::Verdict;

static SCRIPTS: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("script:not([src], [type*=json i])").expect("a constant selector"));

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "script-text-absent",
    asks: "Are the scripts in the page free of this?",
    scope: Scope::Page,
    parameters: &[
        ("pattern", "regular expression over the text of a script"),
        ("looks-for", "what such a script does, for people"),
        ("expected", "what to have instead, for people"),
    ],
    build: page::<ScriptTextAbsent>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ScriptTextAbsent {
    pattern: Pattern,
    looks_for: String,
    expected: String,
}

impl PageCheck for ScriptTextAbsent {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let scripts: Vec<Element<'_>> = document.select(&SCRIPTS).collect();
        let found: Vec<Verdict> = scripts
            .iter()
            .filter(|script| self.pattern.is_in(&script.text()))
            .map(|script| script.at().fail(self.looks_for.clone(), self.expected.clone()))
            .collect();
        if found.is_empty() && !scripts.is_empty() {
            return vec![page.whole().pass(format_args!("without {}", self.looks_for))];
        }
        found
    }
}
