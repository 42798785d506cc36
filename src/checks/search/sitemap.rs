//! `sitemap`: the site publishes a sitemap, and its entries are fit for use.
//!
//! In: the answers at the usual paths, and what robots.txt names. Out: one verdict for the site. Questions about entries are
//! inapplicable where there is no sitemap. A sitemap at a path that was not fetched is untested, never missing.
//! Tested by the rules that use it.

use serde::Deserialize;
use url::Url;

use super::robots_access::{Reading, read, robots_txt};
use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Need, Reply, SiteView};
use crate::verdict::{Locator, Verdict};
use crate::web::sitemap::{Kind, Limits, Sitemap, parse};
use crate::web::{Capture, address};

/// How many wrong entries a finding names.
const NAMED: usize = 3;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "sitemap",
    asks: "Is there a sitemap, and are its entries fit for use?",
    scope: Scope::Site,
    parameters: &[
        ("paths", "where a sitemap is looked for, in order"),
        ("asks", "published: is there one? dates: do entries say when they changed? addresses: are they of this site?"),
        ("min-share", "the share of entries that has to be right, 0 to 1; 1 by default"),
    ],
    build: site::<SitemapCheck>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SitemapCheck {
    paths: Vec<String>,
    asks: Asks,
    #[serde(default = "all")]
    min_share: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Asks {
    Published,
    Dates,
    Addresses,
}

fn all() -> f64 {
    1.0
}

/// What was found at the paths.
enum Found<'s> {
    Sitemap(&'s Capture, Sitemap),
    Nothing(String),
    Unseen(String),
}

impl SiteCheck for SitemapCheck {
    fn needs(&self) -> Vec<Need> {
        self.paths.iter().cloned().map(Need::Path).chain([robots_txt()]).collect()
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let at = Locator::whole();
        match (self.find(site), &self.asks) {
            (Found::Unseen(reason), _) => vec![at.untested(reason)],
            (Found::Nothing(observed), Asks::Published) => {
                vec![at.fail(observed, format!("a sitemap at {}", self.paths.join(" or ")))]
            }
            (Found::Nothing(_), Asks::Dates | Asks::Addresses) => Vec::new(),
            (Found::Sitemap(capture, sitemap), Asks::Published) => vec![published(capture, &sitemap)],
            (Found::Sitemap(_, sitemap), Asks::Dates) => self.dates(&sitemap).into_iter().collect(),
            (Found::Sitemap(capture, sitemap), Asks::Addresses) => {
                self.addresses(capture, &sitemap).into_iter().collect()
            }
        }
    }
}

impl SitemapCheck {
    fn find<'s>(&self, site: &SiteView<'s>) -> Found<'s> {
        let mut seen = Vec::new();
        let mut unseen = None;
        for path in &self.paths {
            match site.reply(&Need::Path(path.clone())) {
                Some(Reply::Captured(capture)) if capture.is_success() => {
                    match parse(&capture.body, Limits::default()) {
                        Ok(sitemap) => return Found::Sitemap(capture, sitemap),
                        Err(objection) => seen.push(format!("{path} is no sitemap: {objection}")),
                    }
                }
                Some(Reply::Captured(capture)) => seen.push(format!("{path} answers {}", capture.status)),
                Some(Reply::Missing) => seen.push(format!("{path} is not in the folder")),
                Some(Reply::Problem(kind, detail)) => unseen = Some(format!("{path}: {} ({detail})", kind.as_str())),
                Some(Reply::Unknown | Reply::NotLinked) | None => unseen = Some(format!("{path} was not fetched")),
            }
        }
        match unseen.or_else(|| self.named_elsewhere(site)) {
            Some(reason) => Found::Unseen(reason),
            None => Found::Nothing(seen.join("; ")),
        }
    }

    /// A sitemap that robots.txt names and that is none of the paths looked at.
    fn named_elsewhere(&self, site: &SiteView<'_>) -> Option<String> {
        let Reading::Robots(robots) = read(site) else { return None };
        let elsewhere = robots.sitemaps().iter().find(|named| {
            let path = Url::parse(named).map_or_else(|_| named.to_string(), |url| url.path().to_string());
            !self.paths.contains(&path)
        })?;
        Some(format!("robots.txt names {elsewhere}, which was not fetched"))
    }

    fn dates(&self, sitemap: &Sitemap) -> Option<Verdict> {
        let dated = sitemap.entries.iter().filter(|entry| entry.lastmod_date().is_some()).count();
        let total = sitemap.entries.len();
        if total == 0 || sitemap.kind == Kind::Text {
            return None;
        }
        let observed = format!("{dated} of {total} entries say when they changed");
        let at = Locator::whole();
        let expected = || format!("a valid lastmod on {} % of the entries", self.min_share * 100.0);
        Some(if self.is_enough(dated, total) { at.pass(observed) } else { at.fail(observed, expected()) })
    }

    fn addresses(&self, capture: &Capture, sitemap: &Sitemap) -> Option<Verdict> {
        let total = sitemap.entries.len();
        let wrong: Vec<&str> = sitemap
            .entries
            .iter()
            .map(|entry| entry.loc.as_str())
            .filter(|loc| !is_of_this_site(loc, &capture.url))
            .collect();
        if total == 0 {
            return None;
        }
        let right = total - wrong.len();
        let at = Locator::whole();
        if self.is_enough(right, total) {
            return Some(at.pass(format_args!("{right} of {total} entries are addresses of this site")));
        }
        let named = wrong.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        let observed = format!("{} of {total} entries are no addresses of this site, {named} for one", wrong.len());
        Some(at.fail(observed, "entries that are whole addresses of this site, by the scheme the site answers on"))
    }

    #[expect(clippy::cast_precision_loss, reason = "a sitemap holds at most 50,000 entries")]
    fn is_enough(&self, right: usize, total: usize) -> bool {
        right as f64 >= total as f64 * self.min_share
    }
}

fn published(capture: &Capture, sitemap: &Sitemap) -> Verdict {
    let path = capture.url.path();
    let entries = sitemap.entries.len();
    let at = Locator::whole();
    let expected = "a sitemap that can be read whole";
    match sitemap.errors.first() {
        Some(error) => at.fail(format!("{path} holds {entries} entries and is broken: {error}"), expected),
        None if entries == 0 => at.fail(format!("{path} holds no entry"), "a sitemap that lists the site's pages"),
        None => at.pass(format_args!("{path} holds {entries} entries")),
    }
}

/// A whole address on the host that served the sitemap, not by http where that came by https.
fn is_of_this_site(loc: &str, sitemap: &Url) -> bool {
    let Ok(url) = Url::parse(loc) else { return false };
    let same = sitemap.host_str().is_none() || address::same_site(&url, sitemap);
    same && (url.scheme() == "https" || url.scheme() == sitemap.scheme())
}
