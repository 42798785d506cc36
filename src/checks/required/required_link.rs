//! `required-link`: the home page links to a page, and the link leads there.
//!
//! In: the home page and the reply behind its link. Out: one verdict. A target that could not be fetched counts as linked; one that
//! answers with an error, or is the home page again, does not. Tested by the rules of the pack required-links.

use serde::Deserialize;
use std::sync::{Arc, OnceLock};

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Link, LinkMatch, Need, PageFacts, Place, Region, Reply, SiteView};
use crate::verdict::{Locator, Verdict};
use crate::web::address::Link as Target;
use crate::web::{Capture, address};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "required-link",
    asks: "Does the home page have a link that leads to the page?",
    scope: Scope::Site,
    parameters: &[
        (
            "text",
            "whole link texts, folded, without accents; `*` at the end stands for anything, `{site}` for the site's name",
        ),
        ("href", "addresses: path globs, or host and path"),
        ("except", "addresses that are not the page, although a text is right (optional)"),
        ("region", "header, navigation, main or footer: only links there count (optional)"),
        ("looks-for", "what the link leads to, for people"),
    ],
    build: site::<RequiredLink>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RequiredLink {
    #[serde(default)]
    text: Vec<String>,
    #[serde(default)]
    href: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    region: Option<Region>,
    looks_for: String,
    #[serde(skip)]
    wanted: OnceLock<LinkMatch>,
    #[serde(skip)]
    unwanted: OnceLock<LinkMatch>,
}

impl SiteCheck for RequiredLink {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Linked(self.wanted()), Need::Control]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let Some(home) = site.home() else {
            return vec![Locator::whole().untested("the home page could not be looked at")];
        };
        if home.document.is_none() {
            return Vec::new();
        }
        vec![self.verdict(site, &home)]
    }
}

impl RequiredLink {
    fn wanted(&self) -> LinkMatch {
        self.wanted.get_or_init(|| LinkMatch::of(&self.text, &self.href)).clone()
    }

    fn verdict(&self, site: &SiteView<'_>, home: &PageFacts<'_>) -> Verdict {
        let wanted = self.wanted();
        let except = self.unwanted.get_or_init(|| LinkMatch::of(&[], &self.except));
        let is_meant = |link: &&Link<'_>| {
            wanted.matches(link, home.url()) && !link.url().is_some_and(|url| except.href_matches(url))
        };
        let found: Vec<&Link<'_>> = home.links().iter().filter(is_meant).collect();
        let expected = format!("a link to {} that leads there", self.looks_for);
        let Some(first) = found.first() else {
            return match home.blind_spot() {
                Some(reason) => Locator::whole().untested(reason),
                None => Locator::whole().fail(format!("no link to {} on the home page", self.looks_for), expected),
            };
        };
        if let Some(region) = self.region
            && !found.iter().any(|link| link.region() == region)
        {
            let place = format!("{region:?}").to_lowercase();
            return on_home(home, first)
                .fail(format!("the link to {} is not in the {place}", self.looks_for), expected);
        }
        let Some(link) = found.iter().find(|link| link.url().is_some()) else {
            let live = found.iter().find(|link| leads_somewhere(home, link));
            return match live {
                Some(link) => on_home(home, link).pass(format_args!("the home page offers {}", self.looks_for)),
                None => on_home(home, first).fail(format!("the link to {} leads nowhere", self.looks_for), expected),
            };
        };
        let at = on_home(home, link);
        match self.objection(site, home, link) {
            Ok(words) => at.pass(words),
            Err(objection) => at.fail(format!("the link to {} {objection}", self.looks_for), expected),
        }
    }

    /// What is to be said of the target: words for a pass, or why it is not the page.
    fn objection(&self, site: &SiteView<'_>, home: &PageFacts<'_>, link: &Link<'_>) -> Result<String, String> {
        let linked = format!("the home page links to {}", self.looks_for);
        match site.reply(&Need::Linked(self.wanted())) {
            Some(Reply::Captured(target)) => target_objection(target, site, home).map_or(Ok(linked), Err),
            // Servers take two slashes for one; a folder does not.
            Some(Reply::Missing) if link.url().is_some_and(|url| url.path().contains("//")) => {
                Ok(format!("{linked}; the address has two slashes where one is meant, so no file was looked for"))
            }
            // A page saved by itself says nothing of the others.
            Some(Reply::Missing) if site.facts.pages.len() == 1 => {
                Ok(format!("{linked}; the folder holds this page alone, so no file was looked for"))
            }
            Some(Reply::Missing) => Err("leads to a file that is not in the folder".to_string()),
            Some(Reply::Problem(kind, _)) => Ok(format!("{linked}; the target was not fetched ({})", kind.as_str())),
            Some(Reply::Unknown | Reply::NotLinked) | None => Ok(format!("{linked}; the target was not fetched")),
        }
    }
}

fn target_objection(target: &Capture, site: &SiteView<'_>, home: &PageFacts<'_>) -> Option<String> {
    if !target.is_success() {
        return Some(format!("answers {}", target.status));
    }
    if target.url == *home.url() {
        return Some("leads back to the home page".to_string());
    }
    // Only this site's nonsense path was tried, so it says nothing of other hosts.
    let same_site = address::same_site(&target.url, home.url());
    (same_site && site.is_soft_404(target)).then(|| "leads to the same page as a path that cannot exist".to_string())
}

/// A link that needs no page: mail, phone, or a part of the home page that exists.
fn leads_somewhere(home: &PageFacts<'_>, link: &Link<'_>) -> bool {
    match &link.target {
        Target::Web(_) => true,
        Target::Fragment(id) => home.document.is_some_and(|document| document.by_id(id).is_some()),
        Target::Other { scheme } => matches!(scheme.as_str(), "mailto" | "tel"),
        Target::Malformed => false,
    }
}

fn on_home(home: &PageFacts<'_>, link: &Link<'_>) -> Locator {
    Locator { page: Some(Arc::new(home.url().clone())), ..link.element.at().place() }
}
