//! `policy-allows`: the page's own content security policy lets run what the page loads.
//!
//! In: a page with the script, and its policies from headers and `meta`. Out: one verdict for a page that has both. A source list
//! with nonces, hashes or `strict-dynamic` is taken to allow (Content Security Policy level 3). Tested below and by the rule.

use serde::Deserialize;
use std::sync::LazyLock;
use url::Url;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{PageFacts, Place};
use crate::html::Selector;
use crate::verdict::Verdict;
use crate::web::address::{self, Link};

static METAS: LazyLock<Selector> = LazyLock::new(|| {
    Selector::parse("meta[http-equiv=content-security-policy i][content]").expect("a constant selector")
});

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "policy-allows",
    asks: "Does the content security policy allow what the page loads?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector of the script; the address it loads is asked about as script-src"),
        ("also", "what the script needs besides: [{ directive = \"connect-src\", address = \"https://…\" }, …]"),
        ("looks-for", "what is loaded, for people"),
    ],
    build: page::<PolicyAllows>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PolicyAllows {
    selector: Query,
    #[serde(default)]
    also: Vec<Wanted>,
    looks_for: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Wanted {
    directive: String,
    address: Url,
}

impl PageCheck for PolicyAllows {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let Some(script) = document.select(&self.selector.0).next() else { return Vec::new() };
        let metas = document.select(&METAS).filter_map(|meta| meta.attr("content"));
        let headers = page.capture.headers.iter().flat_map(|headers| headers.all("content-security-policy"));
        let policies: Vec<&str> = metas.chain(headers).flat_map(|value| value.split(',')).collect();
        if policies.is_empty() {
            return Vec::new();
        }
        let own = match script.attr("src").map(|src| address::resolve(page.base(), src)) {
            Some(Link::Web(address)) => Some(Wanted { directive: "script-src".to_string(), address }),
            Some(Link::Fragment(_) | Link::Other { .. } | Link::Malformed) | None => None,
        };
        let wanted = own.into_iter().chain(self.also.iter().cloned());
        let kept = wanted.into_iter().find(|wanted| policies.iter().any(|policy| !allows(policy, wanted, page.url())));
        vec![match kept {
            None => script.at().pass(format_args!("the policy allows {}", self.looks_for)),
            Some(wanted) => script.at().fail(
                format!("the page loads {} and its policy forbids {}", self.looks_for, wanted.address),
                format!("{} in {} of the policy", wanted.address.host_str().unwrap_or_default(), wanted.directive),
            ),
        }]
    }
}

/// True when a policy has no list for the directive, or one with a source that matches.
fn allows(policy: &str, wanted: &Wanted, page: &Url) -> bool {
    let directives: Vec<Vec<&str>> = policy.split(';').map(|part| part.split_ascii_whitespace().collect()).collect();
    let list = |name: &str| {
        directives.iter().find(|words| words.first().is_some_and(|first| first.eq_ignore_ascii_case(name)))
    };
    let element = format!("{}-elem", wanted.directive);
    let Some(sources) = list(&element).or_else(|| list(&wanted.directive)).or_else(|| list("default-src")) else {
        return true;
    };
    sources.iter().skip(1).any(|source| is_source_of(&source.to_ascii_lowercase(), &wanted.address, page))
}

fn is_source_of(source: &str, wanted: &Url, page: &Url) -> bool {
    match source {
        "*" => return true,
        "'self'" => return wanted.origin() == page.origin(),
        "'strict-dynamic'" => return true,
        _ => {}
    }
    if source.starts_with("'nonce-") || source.starts_with("'sha") {
        return true;
    }
    if let Some(scheme) = source.strip_suffix(':') {
        return scheme == wanted.scheme();
    }
    let bare = source.split_once("://").map_or(source, |(_, rest)| rest);
    let (host, path) = bare.split_once('/').map_or((bare, ""), |(host, path)| (host, path));
    let host = host.split(':').next().unwrap_or_default();
    let is_host = match host.strip_prefix("*.") {
        Some(parent) => wanted.host_str().is_some_and(|host| host.ends_with(&format!(".{parent}"))),
        None => wanted.host_str() == Some(host),
    };
    let rest = wanted.path().trim_start_matches('/').to_ascii_lowercase();
    is_host && (path.is_empty() || if path.ends_with('/') { rest.starts_with(path) } else { rest == path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_allows_by_host_scheme_path_or_nonce_and_falls_back_to_the_default() {
        let page = Url::parse("https://www.agency.example/").expect("a constant address");
        let address = Url::parse("https://dap.host.example/a/Script.js?x=1").expect("a constant address");
        let wanted = Wanted { directive: "script-src".to_string(), address };
        for (policy, allowed) in [
            ("frame-ancestors 'none'", true),
            ("default-src 'self'", false),
            ("default-src 'self'; script-src https:", true),
            ("script-src 'self' dap.host.example", true),
            ("script-src https://*.host.example", true),
            ("script-src *.dap.host.example", false),
            ("script-src dap.host.example/b/", false),
            ("script-src dap.host.example/a/", true),
            ("script-src 'none'; default-src *", false),
            ("default-src 'none'; script-src-elem *", true),
            ("script-src 'nonce-r4nd0m'", true),
        ] {
            assert_eq!(allows(policy, &wanted, &page), allowed, "{policy}");
        }
    }
}
