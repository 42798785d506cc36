//! `signs-on-screen`: what is to be signed on a page can be signed there.
//!
//! In: a page. Out: one pass where a vendor of electronic signatures takes them, else what the other check says. Tested by the rules of
//! the forms pack.

use serde::Deserialize;

use crate::checks::parameters::{Nested, page};
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, e_signature};
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "signs-on-screen",
    asks: "Does the page let people sign with a vendor of electronic signatures, or does another check pass?",
    scope: Scope::Page,
    parameters: &[("check", "the other check with its parameters: { name = \"text-matches\", … }")],
    build: page::<SignsOnScreen>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SignsOnScreen {
    check: Nested,
}

impl PageCheck for SignsOnScreen {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        match e_signature::vendors(page).next() {
            Some(vendor) => vec![Locator::whole().pass(format_args!("people can sign with {vendor}"))],
            None => self.check.0.judge(page),
        }
    }
}
