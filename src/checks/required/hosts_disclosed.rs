//! `hosts-disclosed`: a page behind a link of the home page names whose hosts the site's pages load from, beside well-known services.
//!
//! In: the hosts that pages load from, and the reply behind the link. Out: one verdict for each registered name that enough pages load
//! from; it is named where the page says the name, or its first part as a word. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::linked_page::linked_page;
use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{LinkMatch, Need, PageFacts, SiteView, domain, words};
use crate::verdict::{Locator, Verdict};
use crate::web::registered;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "hosts-disclosed",
    asks: "Does the page behind a link of the home page name whose hosts pages load from?",
    scope: Scope::Site,
    parameters: &[
        ("text", "whole texts of the link, folded, without accents; `*` at the end stands for anything"),
        ("href", "addresses of the link: path globs, or host and path"),
        ("except", "suffixes of hosts that need no name or are asked for by another rule"),
        ("min-pages", "hosts that fewer pages load from are left out"),
        ("looks-for", "what the page is, for people"),
    ],
    build: site::<HostsDisclosed>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HostsDisclosed {
    #[serde(default)]
    text: Vec<String>,
    #[serde(default)]
    href: Vec<String>,
    except: Vec<String>,
    min_pages: u64,
    looks_for: String,
    #[serde(skip)]
    wanted: OnceLock<LinkMatch>,
}

impl SiteCheck for HostsDisclosed {
    fn needs(&self) -> Vec<Need> {
        vec![self.need()]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let own = registered(site.facts.name.split(':').next().unwrap_or_default());
        let mut used: BTreeMap<&str, u64> = BTreeMap::new();
        for (host, pages) in &site.facts.third_parties {
            let Some(name) = registered(host).filter(|name| Some(*name) != own) else { continue };
            if *pages >= self.min_pages && !domain::is_under(host, &self.except) {
                let held = used.entry(name).or_default();
                *held = (*held).max(*pages);
            }
        }
        if used.is_empty() {
            return Vec::new();
        }
        match linked_page(site, &self.need(), &self.looks_for) {
            Ok(page) => used.into_iter().map(|(name, pages)| self.verdict(&page, name, pages)).collect(),
            Err(unseen) => unseen,
        }
    }
}

impl HostsDisclosed {
    fn need(&self) -> Need {
        Need::Linked(self.wanted.get_or_init(|| LinkMatch::of(&self.text, &self.href)).clone())
    }

    fn verdict(&self, page: &PageFacts<'_>, name: &str, pages: u64) -> Verdict {
        let label = name.split('.').next().unwrap_or(name);
        if words::contains(page.text(), name) || (label.len() > 3 && words::contains(page.text(), label)) {
            return Locator::whole().pass(format_args!("{} names {name}", self.looks_for));
        }
        Locator::whole().fail(
            format!(
                "{pages} pages load from hosts of {name}, which {} at {} does not name",
                self.looks_for,
                page.url()
            ),
            format!("{} names {name} or whose it is", self.looks_for),
        )
    }
}
