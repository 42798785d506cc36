//! `framing`: a page says who may show it inside another page.
//!
//! In: a page's answer. Out: one verdict; only header fields count, because a policy in the page cannot say it (CSP 3, 6.4.2).
//! Untested in a folder. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::PageFacts;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "framing",
    asks: "Does the page say who may show it inside another page?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<Framing>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Framing {}

impl PageCheck for Framing {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        if page.document.is_none() {
            return Vec::new();
        }
        let Some(headers) = &page.capture.headers else {
            return vec![page.whole().untested("a folder has no header fields")];
        };
        let expected = "frame-ancestors in the content security policy, or X-Frame-Options: DENY or SAMEORIGIN";
        let policy = headers.all("content-security-policy").find_map(frame_ancestors);
        if let Some(ancestors) = policy {
            let open = ancestors.split_ascii_whitespace().skip(1).any(|source| source == "*");
            let observed = format!("the policy says \"{ancestors}\"");
            return vec![if open { page.whole().fail(observed, expected) } else { page.whole().pass(observed) }];
        }
        let options: Vec<&str> = headers.all("x-frame-options").collect();
        let is_known = |value: &str| value.eq_ignore_ascii_case("deny") || value.eq_ignore_ascii_case("sameorigin");
        let said = options.iter().flat_map(|value| value.split(',')).map(str::trim).any(is_known);
        vec![match options.first() {
            Some(value) if said => page.whole().pass(format_args!("x-frame-options: {value}")),
            Some(value) => page.whole().fail(format!("browsers ignore x-frame-options: {value}"), expected),
            None => page.whole().fail("the answer does not say who may show the page inside another", expected),
        }]
    }
}

fn frame_ancestors(policy: &str) -> Option<&str> {
    policy
        .split([';', ','])
        .map(str::trim)
        .find(|directive| directive.get(..15).is_some_and(|name| name.eq_ignore_ascii_case("frame-ancestors")))
}
