//! `cookie-flag`: cookies carry a flag that protects them.
//!
//! In: the cookies that pages set, one note each. Out: one verdict for each cookie name, at the first page that sets it; none
//! is inapplicable. Header fields of a folder do not exist, so there it is untested. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeMap;

use crate::checks::parameters::site;
use crate::checks::{Entry, Pattern, Scope, SiteCheck};
use crate::facts::{Note, PageFacts, SiteView};
use crate::verdict::{Locator, Outcome, Verdict};
use crate::web::cookie::SetCookie;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "cookie-flag",
    asks: "Do cookies carry the flag?",
    scope: Scope::Site,
    parameters: &[
        ("flag", "secure or http-only"),
        ("named", "regular expression: only cookies whose name matches (optional)"),
        ("except", "regular expression: cookies whose name matches are left out (optional)"),
    ],
    build: site::<CookieFlag>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CookieFlag {
    flag: Flag,
    named: Option<Pattern>,
    except: Option<Pattern>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Flag {
    Secure,
    HttpOnly,
}

impl Flag {
    fn as_str(self) -> &'static str {
        match self {
            Self::Secure => "Secure",
            Self::HttpOnly => "HttpOnly",
        }
    }
}

impl SiteCheck for CookieFlag {
    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        if page.url().scheme() != "https" {
            return Vec::new();
        }
        let values = page.capture.headers.iter().flat_map(|headers| headers.all("set-cookie"));
        values
            .filter_map(SetCookie::parse)
            .filter(|cookie| !cookie.is_removal && self.is_asked_of(&cookie.name))
            .map(|cookie| {
                let outcome = if self.has_flag(&cookie) { Outcome::Passed } else { Outcome::Failed };
                Note::of(outcome, cookie.name)
            })
            .collect()
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        if site.facts.folder {
            return vec![Locator::whole().untested("a folder sets no cookies")];
        }
        let mut cookies: BTreeMap<&str, (Outcome, Locator)> = BTreeMap::new();
        for (url, note) in site.notes() {
            let held = cookies.entry(note.text).or_insert_with(|| (note.outcome, Locator::page(url.clone())));
            if note.outcome > held.0 {
                *held = (note.outcome, Locator::page(url.clone()));
            }
        }
        let flag = self.flag.as_str();
        cookies
            .into_iter()
            .map(|(name, (outcome, at))| match outcome {
                Outcome::Failed => {
                    at.fail(format!("the cookie {name} is set without {flag}"), format!("{flag} on the cookie {name}"))
                }
                Outcome::Passed | Outcome::CantTell | Outcome::Untested | Outcome::Inapplicable => {
                    at.pass(format_args!("the cookie {name} is set with {flag}"))
                }
            })
            .collect()
    }
}

impl CookieFlag {
    fn is_asked_of(&self, name: &str) -> bool {
        self.named.as_ref().is_none_or(|pattern| pattern.is_in(name))
            && !self.except.as_ref().is_some_and(|pattern| pattern.is_in(name))
    }

    fn has_flag(&self, cookie: &SetCookie) -> bool {
        match self.flag {
            Flag::Secure => cookie.secure,
            Flag::HttpOnly => cookie.http_only,
        }
    }
}
