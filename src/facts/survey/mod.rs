//! What is true of all pages of a site together: their text without what every page repeats, copies, templates, age, plainness.
//!
//! In: the imprints of [`SiteFacts`]. Out: [`Survey`], worked out once for all that ask, and [`Summary`], what a report shows of it.
//! Invariant: the order of pages does not show; a block that many pages of a language repeat is nobody's own text. Tested beside each
//! part and in `tests/it/words.rs`.

mod across;
mod copies;
mod freshness;
mod plain;
mod sections;
mod shared;
mod summary;
mod templates;

pub use across::{Abroad, CopyAbroad, Print, across, prints};
pub use copies::{Cluster, Text, clusters};
pub use freshness::{Freshness, Lastmods, conflict, news};
pub use plain::{Plain, PlainPage};
pub use sections::{Section, section_of};
pub use summary::Summary;
pub use templates::{Family, families};

use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;
use url::Url;

use super::dates::{self, Dated, Meaning, Origin};
use super::imprint::{HintMark, Imprint};
use super::prose::{Counts, Hinted};
use super::{Need, Reply, SiteFacts};
use crate::web::{address, sitemap};
use shared::Shared;

/// Where sitemaps lie whose dates are read, if a rule has asked for them.
const SITEMAPS: [&str; 2] = ["/sitemap.xml", "/sitemap_index.xml"];

/// A site's pages, put together.
pub struct Survey<'s> {
    /// What is kept of the site.
    pub facts: &'s SiteFacts,
    /// The pages, sorted by address.
    pub pages: Vec<PageText<'s>>,
    /// What the sitemap says of the days of pages.
    pub lastmods: Lastmods,
    shared: BTreeMap<&'s str, Shared>,
}

/// The own text of a page.
pub struct PageText<'s> {
    /// Its address.
    pub url: &'s Arc<Url>,
    /// What is kept of it.
    pub imprint: &'s Imprint,
    /// What was counted in its sentences.
    pub counts: Counts,
    /// Words of its main text, headings and cells among them.
    pub words: u64,
}

impl<'s> Survey<'s> {
    /// Of a site.
    pub fn of(facts: &'s SiteFacts) -> Self {
        let mut groups: BTreeMap<&str, Vec<&Imprint>> = BTreeMap::new();
        for imprint in facts.imprints.values() {
            groups.entry(imprint.language()).or_default().push(imprint);
        }
        let shared: BTreeMap<&str, Shared> =
            groups.into_iter().map(|(language, pages)| (language, Shared::of(&pages))).collect();
        let pages = facts.imprints.iter().map(|(url, imprint)| {
            let shared = &shared[imprint.language()];
            let is_own = |hash| !shared.has(hash);
            PageText { url, imprint, counts: imprint.counts(is_own), words: imprint.words(is_own) }
        });
        let pages = pages.collect();
        Self { facts, pages, lastmods: lastmods(facts), shared }
    }

    /// Blocks that pages repeat, in all languages.
    pub fn shared_blocks(&self) -> usize {
        self.shared.values().map(Shared::len).sum()
    }

    /// What to show of a page's own text.
    pub fn hints(&self, page: &PageText<'s>, what: Hinted) -> impl Iterator<Item = HintMark> {
        let shared = &self.shared[page.imprint.language()];
        page.imprint.hints().into_iter().filter(move |hint| hint.what == what && !shared.has(hint.block))
    }

    /// The day that counts for a page, by the precedence of sources, the sitemap among them.
    pub fn dated(&self, page: &PageText<'_>) -> Option<Dated> {
        let own = dates::best(&page.imprint.dates());
        let listed =
            self.lastmods.of(page.url).map(|day| Dated { origin: Origin::Sitemap, meaning: Meaning::Changed, day });
        [own, listed].into_iter().flatten().min_by_key(|dated| dated.origin)
    }

    /// All days a page says of itself, and the sitemap's.
    pub fn all_dates(&self, page: &PageText<'_>) -> Vec<Dated> {
        let listed =
            self.lastmods.of(page.url).map(|day| Dated { origin: Origin::Sitemap, meaning: Meaning::Changed, day });
        page.imprint.dates().into_iter().chain(listed).collect()
    }

    /// The texts that are compared: own text of at least so many words.
    pub fn texts(&self, min_words: u64) -> Vec<Text<'_>> {
        let named: BTreeMap<&str, usize> =
            self.pages.iter().filter_map(|page| page.imprint.canonical()).fold(BTreeMap::new(), |mut counts, name| {
                *counts.entry(name).or_default() += 1;
                counts
            });
        let long = self.pages.iter().filter(|page| page.words >= min_words);
        let read = long.filter_map(|page| {
            let shared = &self.shared[page.imprint.language()];
            let likeness = page.imprint.sketch()?.without(|block| shared.has_short(block));
            Some(Text {
                url: page.url,
                exact: shared.exact(page.imprint),
                likeness,
                words: page.words,
                edition: page.imprint.edition,
                is_version: page.imprint.canonical().is_some(),
                named: named.get(page.url.as_str()).copied().unwrap_or(0),
                day: self.dated(page).map(|dated| dated.day),
                links_in: self.facts.links_in(page.url),
            })
        });
        read.collect()
    }

    /// Ages in days on a day, of pages that say one.
    pub fn ages(&self, today: Date) -> impl Iterator<Item = (&PageText<'s>, Dated, i32)> {
        self.pages.iter().filter_map(move |page| {
            let dated = self.dated(page)?;
            Some((page, dated, today.since(dated.day).ok()?.get_days()))
        })
    }
}

/// What the sitemaps that were fetched say of the days of pages.
fn lastmods(facts: &SiteFacts) -> Lastmods {
    let read = SITEMAPS.iter().filter_map(|path| match facts.replies.get(&Need::Path((*path).to_string()).key()) {
        Some(Reply::Captured(capture)) if capture.is_success() => {
            sitemap::parse(&capture.body, sitemap::Limits::default()).ok()
        }
        Some(Reply::Captured(_) | Reply::Missing | Reply::Unknown | Reply::Problem(..) | Reply::NotLinked) | None => {
            None
        }
    });
    let entries = read.filter(|found| found.kind != sitemap::Kind::Index).flat_map(|found| found.entries);
    let days = entries.filter_map(|entry| {
        let url = Url::parse(entry.loc.trim()).ok()?;
        Some((address::canonical(&url), entry.lastmod_date()?))
    });
    Lastmods::read(days.collect())
}
