//! `services-disclosed`: a page behind a link of the home page names the outside services that the site's pages load from.
//!
//! In: the hosts that pages load from, and the reply behind the link. Out: one verdict for each known service in use; none in
//! use, and no such page, are inapplicable. What scripts load later is not known. Tested by the rules that use it.

use serde::Deserialize;
use std::sync::OnceLock;

use super::linked_page::linked_page;
use crate::checks::parameters::site;
use crate::checks::{Entry, Phrases, Scope, SiteCheck};
use crate::facts::{LinkMatch, Need, PageFacts, SiteFacts, SiteView, domain};
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "services-disclosed",
    asks: "Does the page behind a link of the home page name the outside services in use?",
    scope: Scope::Site,
    parameters: &[
        ("text", "whole texts of the link, folded, without accents; `*` at the end stands for anything"),
        ("href", "addresses of the link: path globs, or host and path"),
        ("services", "what may be in use: [{ name = \"…\", hosts = [], says = [] }, …]; one of the words is enough"),
        ("looks-for", "what the page is, for people"),
    ],
    build: site::<ServicesDisclosed>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ServicesDisclosed {
    #[serde(default)]
    text: Vec<String>,
    #[serde(default)]
    href: Vec<String>,
    services: Vec<Service>,
    looks_for: String,
    #[serde(skip)]
    wanted: OnceLock<LinkMatch>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Service {
    name: String,
    hosts: Vec<String>,
    says: Phrases,
}

impl SiteCheck for ServicesDisclosed {
    fn needs(&self) -> Vec<Need> {
        vec![self.need()]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let seen = |service| Service::seen_on(service, site.facts).map(|(host, pages)| (service, host, pages));
        let used: Vec<(&Service, &str, u64)> = self.services.iter().filter_map(seen).collect();
        if used.is_empty() {
            return Vec::new();
        }
        let need = self.need();
        let page = match linked_page(site, &need, &self.looks_for) {
            Ok(page) => page,
            Err(unseen) => return unseen,
        };
        used.into_iter().map(|(service, host, pages)| self.verdict(&page, service, host, pages)).collect()
    }
}

impl ServicesDisclosed {
    fn need(&self) -> Need {
        Need::Linked(self.wanted.get_or_init(|| LinkMatch::of(&self.text, &self.href)).clone())
    }

    fn verdict(&self, page: &PageFacts<'_>, service: &Service, host: &str, pages: u64) -> Verdict {
        if let Some(words) = service.says.first_on(page) {
            return Locator::whole().pass(format_args!("{} says \"{words}\" of {}", self.looks_for, service.name));
        }
        Locator::whole().fail(
            format!(
                "{pages} pages load from {host}, and {} at {} has no word of {}",
                self.looks_for,
                page.url(),
                service.name
            ),
            format!("{} names {}", self.looks_for, service.name),
        )
    }
}

impl Service {
    /// The host of this service that most pages load from, and how many do.
    fn seen_on<'a>(&self, facts: &'a SiteFacts) -> Option<(&'a str, u64)> {
        let hosts = facts.third_parties.iter().filter(|(host, _)| domain::is_under(host, &self.hosts));
        hosts.max_by_key(|(_, pages)| **pages).map(|(host, pages)| (host.as_str(), *pages))
    }
}
