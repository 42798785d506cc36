//! `alternate-languages`: what a page says of its translations in its head can be used.
//!
//! In: a page. Out: one verdict for each `link rel=alternate hreflang`, and one for the page: search engines take the links
//! of a page for true only when the page is among them. Never: fetches a translation. Tested by the rules that use it.

use serde::Deserialize;
use std::sync::LazyLock;
use url::Url;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, language};
use crate::html::{Element, Selector};
use crate::verdict::Verdict;
use crate::web::address::{self, Link};

static ALTERNATES: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("head link[rel~=alternate i][hreflang]").expect("a constant selector"));
/// The tag for people whose language is not offered.
const ANY_LANGUAGE: &str = "x-default";

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "alternate-languages",
    asks: "Do the links to translations in the head name languages that exist, and the page itself?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<AlternateLanguages>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AlternateLanguages {}

impl PageCheck for AlternateLanguages {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let alternates: Vec<Element<'_>> = document.select(&ALTERNATES).collect();
        if alternates.is_empty() {
            return Vec::new();
        }
        let mut verdicts: Vec<Verdict> = alternates.iter().map(named).collect();
        verdicts.push(names_itself(page, &alternates));
        verdicts
    }
}

fn named(alternate: &Element<'_>) -> Verdict {
    let tag = alternate.attr("hreflang").unwrap_or_default().trim();
    if tag.eq_ignore_ascii_case(ANY_LANGUAGE) || language::primary(tag).is_some() {
        return alternate.at().pass(format_args!("names the language \"{tag}\""));
    }
    alternate.at().fail(format!("no language is called \"{tag}\""), "a language tag such as \"es\" or \"x-default\"")
}

fn names_itself(page: &PageFacts<'_>, alternates: &[Element<'_>]) -> Verdict {
    let canonical = page.canonical();
    let own: Vec<String> = [Some(page.url()), canonical.as_ref()].into_iter().flatten().map(place).collect();
    let leads_here = |alternate: &Element<'_>| {
        let href = alternate.attr("href").unwrap_or_default();
        match address::resolve(page.base(), href) {
            Link::Web(url) => own.contains(&place(&url)),
            Link::Fragment(_) | Link::Other { .. } | Link::Malformed => false,
        }
    };
    match alternates.iter().any(leads_here) {
        true => page.whole().pass("the page is among the translations it names"),
        false => page.whole().fail(
            format!("the page names {} translations and not itself", alternates.len()),
            "a link of the same kind to the page itself, with its own language",
        ),
    }
}

/// Path and query: a site that is read from a folder, or under another name, still means the same page.
fn place(url: &Url) -> String {
    let url = address::canonical(url);
    let path = url.path().trim_end_matches("index.html").trim_end_matches('/');
    format!("{path}?{}", url.query().unwrap_or_default())
}
