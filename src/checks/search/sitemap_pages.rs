//! `sitemap-pages`: the sitemap and the pages that were read agree.
//!
//! In: the first sitemap found, the pages of the crawl and who links to them. Out: one verdict for the site or for each wrong
//! entry; nothing without a sitemap of pages. An address that was not fetched says nothing. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeSet;
use url::Url;

use crate::checks::parameters::site;
use crate::checks::{Entry, Pattern, Scope, SiteCheck};
use crate::facts::{Need, Note, PageFacts, Reply, SiteView};
use crate::verdict::{Locator, Outcome, Verdict};
use crate::web::address;
use crate::web::sitemap::{Kind, Limits, parse};

/// How many addresses a finding names.
const NAMED: usize = 3;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "sitemap-pages",
    asks: "Do the sitemap and the pages of the site agree?",
    scope: Scope::Site,
    parameters: &[
        ("paths", "where a sitemap is looked for, in order"),
        ("asks", "there: do its entries answer? covers: does it list the pages? linked: do pages link to its entries?"),
        ("status", "for `there`: the statuses that say a page is not there (optional)"),
        ("min-share", "for `covers` and `linked`: the share that has to be right, 0 to 1; 1 by default"),
        ("except", "regular expression over path and query of pages that belong in no sitemap (optional)"),
    ],
    build: site::<SitemapPages>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SitemapPages {
    paths: Vec<String>,
    asks: Asks,
    #[serde(default)]
    status: Vec<u16>,
    #[serde(default = "all")]
    min_share: f64,
    except: Option<Pattern>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Asks {
    There,
    Covers,
    Linked,
}

fn all() -> f64 {
    1.0
}

impl SiteCheck for SitemapPages {
    fn needs(&self) -> Vec<Need> {
        self.paths.iter().cloned().map(Need::Path).collect()
    }

    /// Pages that a sitemap is expected to list: those that name no other address as their own.
    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        let url = page.url();
        let written = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let left_out = self.except.as_ref().is_some_and(|except| except.is_in(written));
        if page.document.is_none() || left_out || page.is_version_of_another() || page.is_redirect_stub() {
            return Vec::new();
        }
        vec![Note::of(Outcome::Passed, String::new())]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let Some(entries) = self.entries(site) else { return Vec::new() };
        match self.asks {
            Asks::There => self.there(site, &entries),
            Asks::Covers => self.covers(site, &entries).into_iter().collect(),
            Asks::Linked => self.linked(site, &entries).into_iter().collect(),
        }
    }
}

impl SitemapPages {
    /// The pages that the first sitemap lists; `None` without one, and for a sitemap that only lists others.
    fn entries(&self, site: &SiteView<'_>) -> Option<BTreeSet<Url>> {
        let found = self.paths.iter().find_map(|path| match site.reply(&Need::Path(path.clone())) {
            Some(Reply::Captured(capture)) if capture.is_success() => parse(&capture.body, Limits::default()).ok(),
            Some(Reply::Captured(_) | Reply::Missing | Reply::Unknown | Reply::Problem(..) | Reply::NotLinked)
            | None => None,
        })?;
        if found.kind == Kind::Index || found.truncated || !found.errors.is_empty() {
            return None;
        }
        let urls = found.entries.iter().filter_map(|entry| Url::parse(entry.loc.trim()).ok());
        let entries: BTreeSet<Url> = urls.map(|url| address::canonical(&url)).collect();
        (!entries.is_empty()).then_some(entries)
    }

    fn there(&self, site: &SiteView<'_>, entries: &BTreeSet<Url>) -> Vec<Verdict> {
        let asked = entries.iter().filter_map(|url| Some((url, site.facts.pages.get(url)?.status)));
        let asked: Vec<(&Url, u16)> = asked.collect();
        let gone: Vec<Verdict> = asked
            .iter()
            .filter(|(_, status)| self.status.contains(status))
            .map(|(url, status)| {
                let observed = format!("the sitemap lists {url}, which answers {status}");
                Locator::page((*url).clone()).fail(observed, "a redirect to the page that took its place, or no entry")
            })
            .collect();
        match asked.len() {
            0 => Vec::new(),
            _ if gone.is_empty() => vec![Locator::whole().pass(format_args!("{} entries answer", asked.len()))],
            _ => gone,
        }
    }

    fn covers(&self, site: &SiteView<'_>, entries: &BTreeSet<Url>) -> Option<Verdict> {
        let pages: Vec<&Url> = site.notes().map(|(url, _)| &**url).collect();
        let missing: Vec<&Url> = pages.iter().copied().filter(|url| !entries.contains(*url)).collect();
        let listed = pages.len() - missing.len();
        // A sitemap of other addresses than those that were read (another host, a preview) cannot be compared.
        if listed == 0 {
            return None;
        }
        let observed = format!("the sitemap lists {listed} of {} pages that were read", pages.len());
        Some(if self.is_enough(listed, pages.len()) {
            Locator::whole().pass(observed)
        } else {
            Locator::whole().fail(format!("{observed}; not {}", named(&missing)), "a sitemap that lists every page")
        })
    }

    /// Entries that were read and that no page which was read links to. Where pages were left out, the link may be on one of them.
    fn linked(&self, site: &SiteView<'_>, entries: &BTreeSet<Url>) -> Option<Verdict> {
        let home = site.facts.home.as_ref().map(|home| &home.url);
        let read: Vec<&Url> = site.notes().map(|(url, _)| &**url).filter(|url| entries.contains(*url)).collect();
        let orphans: Vec<&Url> =
            read.iter().copied().filter(|url| Some(*url) != home && site.facts.links_in(url) == 0).collect();
        if read.is_empty() {
            return None;
        }
        let linked = read.len() - orphans.len();
        let at = Locator::whole();
        if self.is_enough(linked, read.len()) {
            return Some(at.pass(format_args!("{linked} of {} entries of the sitemap are linked", read.len())));
        }
        let observed = format!("no page links to {} entries of the sitemap: {}", orphans.len(), named(&orphans));
        let expected = "a link to every page from one that people come to";
        Some(match site.facts.unseen.iter().next() {
            Some(reason) => at.cannot_tell(format!("{observed}; some pages were not read ({reason})"), expected),
            None => at.fail(observed, expected),
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "a sitemap holds at most 50,000 entries")]
    fn is_enough(&self, right: usize, total: usize) -> bool {
        right as f64 >= total as f64 * self.min_share
    }
}

fn named(urls: &[&Url]) -> String {
    let first = urls.iter().take(NAMED).map(|url| url.path()).collect::<Vec<_>>().join(", ");
    if urls.len() > NAMED { format!("{first} and {} more", urls.len() - NAMED) } else { first }
}
