//! `mixed-content`: a page that came by HTTPS loads nothing by plain http (W3C Mixed Content).
//!
//! In: what the markup loads. Out: a failure for each thing loaded by http, else a pass for a page that loads such things.
//! A page that tells browsers to upgrade its requests loads nothing by http. What a script loads later is not seen.
//! Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, Resource};
use crate::verdict::Verdict;
use crate::web::address;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "mixed-content",
    asks: "Does the page load everything over HTTPS?",
    scope: Scope::Page,
    parameters: &[("kind", "active: scripts, style sheets, frames, plug-ins; passive: images, media, icons")],
    build: page::<MixedContent>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct MixedContent {
    kind: Kind,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Active,
    Passive,
}

impl PageCheck for MixedContent {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        // A page that itself came by http mixes nothing; a file of a folder is going to be served over HTTPS.
        if page.document.is_none() || page.url().scheme() == "http" {
            return Vec::new();
        }
        let loaded: Vec<&Resource<'_>> =
            page.resources().iter().filter(|resource| self.is_asked_of(resource)).collect();
        if loaded.is_empty() {
            return Vec::new();
        }
        let insecure: Vec<&Resource<'_>> = loaded.iter().copied().filter(|resource| is_insecure(resource)).collect();
        if insecure.is_empty() {
            return vec![page.whole().pass(format_args!("nothing of {} is loaded by plain http", loaded.len()))];
        }
        if upgrades_requests(page) {
            return vec![page.whole().pass("browsers are told to upgrade requests to HTTPS")];
        }
        let fail = |resource: &Resource<'_>| {
            resource.element.at().fail(format!("{} is loaded by plain http", resource.url), "an https address")
        };
        insecure.into_iter().map(fail).collect()
    }
}

impl MixedContent {
    fn is_asked_of(&self, resource: &Resource<'_>) -> bool {
        match self.kind {
            Kind::Active => resource.kind.is_active(),
            Kind::Passive => !resource.kind.is_active(),
        }
    }
}

fn is_insecure(resource: &Resource<'_>) -> bool {
    resource.url.scheme() == "http" && !address::is_loopback(&resource.url)
}

/// True when a policy of the answer or of the page upgrades its requests (W3C Upgrade Insecure Requests, 3.1).
fn upgrades_requests(page: &PageFacts<'_>) -> bool {
    let upgrades = |policy: &str| {
        policy
            .split([';', ','])
            .any(|directive| directive.trim().to_ascii_lowercase().starts_with("upgrade-insecure-requests"))
    };
    let headers = page.capture.headers.iter().flat_map(|headers| headers.all("content-security-policy"));
    let metas = page.document.into_iter().flat_map(|document| document.with_name("meta"));
    let is_policy = |kind: &str| kind.trim().eq_ignore_ascii_case("content-security-policy");
    headers.into_iter().any(upgrades)
        || metas
            .filter(|element| element.attr("http-equiv").is_some_and(is_policy))
            .any(|element| element.attr("content").is_some_and(upgrades))
}
