//! `charset-declared`: the page says how its characters are written, and says it rightly.
//!
//! In: a page. Out: one verdict for the page. ASCII text is the same in every encoding, so nothing is asked of it.
//! Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::PageFacts;
use crate::verdict::Verdict;
use crate::web::charset::By;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "charset-declared",
    asks: "Does the page say how its characters are written?",
    scope: Scope::Page,
    parameters: &[("encodings", "names of the encodings that are right, such as UTF-8")],
    build: page::<CharsetDeclared>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CharsetDeclared {
    encodings: Vec<String>,
}

impl PageCheck for CharsetDeclared {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        if page.document.is_none() {
            return Vec::new();
        }
        let decoded = page.decoded;
        let expected = format!("{}, declared by the server or the page", self.encodings.join(" or "));
        let right = self.encodings.iter().any(|encoding| encoding.eq_ignore_ascii_case(decoded.encoding));
        let observed = match decoded.by {
            By::Default => return Vec::new(),
            By::Detected => format!("nothing says how characters are written; they look like {}", decoded.encoding),
            By::Bom | By::Header | By::Meta if !right => format!("characters are declared as {}", decoded.encoding),
            By::Bom | By::Header | By::Meta if decoded.had_errors => {
                format!("some characters are not {}, which is declared", decoded.encoding)
            }
            By::Bom | By::Header | By::Meta => {
                return vec![page.whole().pass(format_args!("characters are declared as {}", decoded.encoding))];
            }
        };
        vec![page.whole().fail(observed, expected)]
    }
}
