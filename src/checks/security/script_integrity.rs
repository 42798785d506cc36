//! `script-integrity`: scripts and style sheets from other owners' hosts carry a hash of what they are (W3C SRI).
//!
//! In: what the markup loads. Out: one verdict for each such script and style sheet. Scripts that change by design cannot
//! carry a hash and are no targets. Tested by the rules that use it and below.

use serde::Deserialize;
use url::Url;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, Resource, ResourceKind};
use crate::verdict::Verdict;
use crate::web::address;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "script-integrity",
    asks: "Do scripts and style sheets from elsewhere carry a hash?",
    scope: Scope::Page,
    parameters: &[("except", "hosts whose files change by design; those below them are meant as well")],
    build: page::<ScriptIntegrity>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ScriptIntegrity {
    #[serde(default)]
    except: Vec<String>,
}

impl PageCheck for ScriptIntegrity {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        page.resources()
            .iter()
            .filter(|resource| matches!(resource.kind, ResourceKind::Script | ResourceKind::Stylesheet))
            .filter(|resource| is_from_elsewhere(&resource.url, page.url()) && !self.is_excepted(&resource.url))
            .map(verdict)
            .collect()
    }
}

impl ScriptIntegrity {
    fn is_excepted(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        self.except.iter().any(|excepted| address::is_subdomain_of(host, excepted))
    }
}

fn verdict(resource: &Resource<'_>) -> Verdict {
    let at = resource.element.at();
    let hash = resource.element.attr("integrity").map(str::trim).filter(|hash| !hash.is_empty());
    match hash {
        Some(hash) => at.pass(format_args!("{} carries {}", resource.url, hash.split('-').next().unwrap_or(hash))),
        None => at.fail(
            format!("{} may change without anybody noticing", resource.url),
            "an integrity attribute, or a copy on the site's own host",
        ),
    }
}

/// True for an address whose owner is another than the page's, as far as host names show: their last two labels differ.
pub(super) fn is_from_elsewhere(url: &Url, page: &Url) -> bool {
    let Some(host) = url.domain() else { return url.host().is_some() && url.host() != page.host() };
    page.domain().is_none_or(|own| last_two(host) != last_two(own))
}

fn last_two(host: &str) -> &str {
    let host = host.trim_end_matches('.');
    host.rmatch_indices('.').nth(1).map_or(host, |(at, _)| &host[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_one_registered_name_have_one_owner() {
        for (url, elsewhere) in [
            ("https://static.agency.example/a.js", false),
            ("https://agency.example/a.js", false),
            ("https://other.example/a.js", true),
            ("https://192.0.2.1/a.js", true),
        ] {
            let (url, page) = (Url::parse(url).unwrap(), Url::parse("https://www.agency.example/").unwrap());
            assert_eq!(is_from_elsewhere(&url, &page), elsewhere, "{url}");
        }
    }
}
