//! The blocks that pages of one language repeat.
//!
//! In: imprints of the pages of a language. Out: [`Shared`]. A block is shared when it stands on at least five pages and on a third of
//! them: menus, notices, forms of feedback that no landmark tells from the text. Invariant: counts pages, not repeats on a page. Tested
//! below.

use std::collections::{HashMap, HashSet};

use crate::facts::imprint::Imprint;

/// Fewest pages that a shared block stands on.
const PAGES: usize = 5;
/// One page in so many has a shared block.
const ONE_IN: usize = 3;
/// Pages of which all blocks are counted at once: a page may have a hundred.
const AT_ONCE: usize = 10_000;

/// Blocks that pages repeat.
#[derive(Debug, Default)]
pub(super) struct Shared {
    blocks: HashSet<u32>,
    short: HashSet<u16>,
}

impl Shared {
    pub(super) fn of(pages: &[&Imprint]) -> Self {
        Self::by(pages, AT_ONCE)
    }

    /// What a third of all pages have, a third of some of these have: of very many pages only such blocks are counted over all.
    fn by(pages: &[&Imprint], at_once: usize) -> Self {
        let least = |pages: usize| PAGES.max(pages.div_ceil(ONE_IN));
        let mut blocks = HashSet::new();
        for some in pages.chunks(at_once) {
            let least = if some.len() == pages.len() { least(some.len()) } else { some.len().div_ceil(ONE_IN) };
            let mut hashes: Vec<u32> = some.iter().flat_map(|page| distinct(page)).collect();
            hashes.sort_unstable();
            blocks.extend(hashes.chunk_by(|a, b| a == b).filter(|same| same.len() >= least).map(|same| same[0]));
        }
        if pages.len() > at_once {
            let mut counts: HashMap<u32, usize> = blocks.iter().map(|hash| (*hash, 0)).collect();
            for hash in pages.iter().flat_map(|page| distinct(page)) {
                counts.entry(hash).and_modify(|count| *count += 1);
            }
            blocks.retain(|hash| counts[hash] >= least(pages.len()));
        }
        let short = blocks.iter().map(|hash| short(*hash)).collect();
        Self { blocks, short }
    }

    pub(super) fn has(&self, hash: u32) -> bool {
        self.blocks.contains(&hash)
    }

    pub(super) fn has_short(&self, short: u16) -> bool {
        self.short.contains(&short)
    }

    pub(super) fn len(&self) -> usize {
        self.blocks.len()
    }

    /// A number for the own words of a page, block by block; 0 where it has none.
    pub(super) fn exact(&self, page: &Imprint) -> u64 {
        let blocks = page.blocks();
        let own = blocks.iter().filter(|block| !self.has(block.hash));
        own.fold(0, |hash: u64, block| {
            (hash.rotate_left(9) ^ u64::from(block.hash)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        })
    }
}

/// The blocks of a page, each once.
fn distinct(page: &Imprint) -> Vec<u32> {
    let mut hashes: Vec<u32> = page.blocks().iter().map(|block| block.hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// As sketches know a block.
fn short(hash: u32) -> u16 {
    (hash ^ hash >> 16) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::survey::Survey;
    use crate::facts::{Page, SiteFacts, Standing};
    use crate::web::Capture;

    fn site(pages: &[String]) -> SiteFacts {
        let mut facts = SiteFacts::default();
        for (at, body) in pages.iter().enumerate() {
            let url = url::Url::parse(&format!("https://www.agency.example/p{at}")).expect("an address");
            let capture = Capture::page(url, "text/html; charset=utf-8", body.clone());
            facts.take_stock(&Page::read(&capture).facts(Standing::Inner, jiff::civil::date(2026, 11, 22)));
        }
        facts
    }

    #[test]
    fn what_many_pages_repeat_is_taken_from_their_text() {
        let pages: Vec<String> = (0..6)
            .map(|at| {
                format!("<p>The office is open to all of you from nine to five.<p>Page number {at} is about this.")
            })
            .collect();
        let facts = site(&pages);
        let survey = Survey::of(&facts);
        assert_eq!(survey.shared_blocks(), 1);
        assert!(survey.pages.iter().all(|page| page.words == 6 && page.counts.sentences == 1));
        let few = site(&pages[..4]);
        assert_eq!(Survey::of(&few).shared_blocks(), 0);
    }

    #[test]
    fn what_is_counted_part_by_part_is_what_is_counted_at_once() {
        // Of the pages the first are the only ones with a block, or every third, or all but these: in some parts many, in others few.
        let has = [|at: usize| at < 11, |at| at < 10, |at| at % 3 == 0, |at| at % 3 == 1, |at| at >= 20, |_| true];
        let block = |(name, _): (usize, _)| format!("<p>These are words that block {name} has.");
        let page = |at: usize| {
            let blocks = has.iter().enumerate().filter(|(_, has)| has(at)).map(block);
            format!("{}<p>Only page {at} has this.", blocks.collect::<String>())
        };
        let facts = site(&(0..31).map(page).collect::<Vec<_>>());
        let pages: Vec<&Imprint> = facts.imprints.values().collect();
        let whole = Shared::by(&pages, 31);
        assert_eq!(whole.len(), 4, "at least eleven of 31 pages");
        for at_once in [1, 2, 5, 7, 30] {
            assert_eq!(Shared::by(&pages, at_once).blocks, whole.blocks, "{at_once} at once");
        }
    }

    #[test]
    fn pages_of_a_site_may_come_in_any_order_and_in_parts() {
        let pages: Vec<String> =
            (0..8).map(|at| format!("<p>The same on all pages for you.<p>Only {at} here.")).collect();
        let whole = site(&pages);
        let mut one = SiteFacts::default();
        for (url, imprint) in whole.imprints.iter().rev() {
            let mut part = SiteFacts::default();
            part.imprints.insert(url.clone(), imprint.clone());
            one.merge(part);
        }
        let (a, b) = (Survey::of(&whole), Survey::of(&one));
        assert_eq!(a.shared_blocks(), b.shared_blocks());
        assert!(a.pages.iter().zip(&b.pages).all(|(a, b)| a.words == b.words && a.url == b.url));
    }
}
