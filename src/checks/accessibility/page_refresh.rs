//! `page-refresh`: the page does not reload or move on by itself while people read.
//!
//! In: a page. Out: a verdict on the first `meta` refresh with a delay that can be read (HTML, 4.2.5.3: the first one wins).
//! Tested by the rules that use it and by the ACT cases (bc659a).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "page-refresh",
    asks: "Does the page stay until people leave it?",
    scope: Scope::Page,
    parameters: &[("from", "seconds after which a refresh is late enough (optional: never)")],
    build: page::<PageRefresh>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PageRefresh {
    from: Option<u64>,
}

impl PageCheck for PageRefresh {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let first = document.with_name("meta").find_map(|element| delay(&element).map(|seconds| (element, seconds)));
        let Some((element, seconds)) = first else { return Vec::new() };
        let right = seconds == 0 || self.from.is_some_and(|from| seconds > from);
        let observed = format!("the page refreshes or moves on after {seconds} seconds");
        let expected = "an immediate redirect, or a page that stays until people leave it";
        vec![if right { element.at().pass(observed) } else { element.at().fail(observed, expected) }]
    }
}

/// Seconds until a `meta` refresh, by the shared declarative refresh steps; `None` when browsers ignore it.
fn delay(element: &Element<'_>) -> Option<u64> {
    let is_refresh = element.is_html()
        && element.name() == "meta"
        && element.attr("http-equiv").is_some_and(|kind| kind.eq_ignore_ascii_case("refresh"));
    if !is_refresh {
        return None;
    }
    let content = element.attr("content")?.trim_ascii_start();
    let end = content.find(|c: char| !c.is_ascii_digit()).unwrap_or(content.len());
    let (digits, rest) = content.split_at(end);
    if digits.is_empty() && !rest.starts_with('.') {
        return None;
    }
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let ends_well =
        rest.is_empty() || rest.starts_with([';', ',']) || rest.starts_with(|c: char| c.is_ascii_whitespace());
    ends_well.then(|| digits.parse().unwrap_or(if digits.is_empty() { 0 } else { u64::MAX }))
}
