//! `login-wall`: people who ask for a page are not led to a log-in instead.
//!
//! In: a page and the redirects that led there. Out: one verdict for a page that redirects led to from an address which does not
//! itself speak of an account; a page that asks for a password fails. Tested by the rule that uses it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Query, Scope};
use crate::facts::{PageFacts, Place};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "login-wall",
    asks: "Does a redirect lead to a page, and not to a log-in?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector of the field that a log-in page has"),
        (
            "except",
            "regular expression over the address that was asked for: addresses that are meant to be signed in to",
        ),
    ],
    build: page::<LoginWall>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LoginWall {
    selector: Query,
    except: Pattern,
}

impl PageCheck for LoginWall {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let (Some(document), Some(first)) = (page.document, page.capture.hops.first()) else { return Vec::new() };
        if self.except.is_in(first.url.as_str()) || first.url.path() == page.url().path() {
            return Vec::new();
        }
        vec![match document.select(&self.selector.0).next() {
            None => page.whole().pass(format_args!("{} leads to a page that can be read", first.url)),
            Some(field) => field
                .at()
                .fail(format!("{} leads to a log-in", first.url), "information that can be read without an account"),
        }]
    }
}
