//! The blocks that pages of one language repeat.
//!
//! In: imprints of the pages of a language. Out: [`Shared`]. A block is shared when it stands on at least five pages and on a third of
//! them: menus, notices, forms of feedback that no landmark tells from the text. Invariant: counts pages, not repeats on a page. Tested
//! below.

use std::collections::HashSet;

use crate::facts::imprint::Imprint;

/// Fewest pages that a shared block stands on.
const PAGES: usize = 5;
/// One page in so many has a shared block.
const ONE_IN: usize = 3;

/// Blocks that pages repeat.
#[derive(Debug, Default)]
pub(super) struct Shared {
    blocks: HashSet<u32>,
    short: HashSet<u16>,
}

impl Shared {
    pub(super) fn of(pages: &[&Imprint]) -> Self {
        let mut hashes: Vec<u32> = Vec::new();
        let mut of_page: Vec<u32> = Vec::new();
        for page in pages {
            of_page.clear();
            of_page.extend(page.blocks().iter().map(|block| block.hash));
            of_page.sort_unstable();
            of_page.dedup();
            hashes.extend(&of_page);
        }
        hashes.sort_unstable();
        let least = PAGES.max(pages.len().div_ceil(ONE_IN));
        let blocks: HashSet<u32> =
            hashes.chunk_by(|a, b| a == b).filter(|same| same.len() >= least).map(|same| same[0]).collect();
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

/// As sketches know a block.
fn short(hash: u32) -> u16 {
    (hash ^ hash >> 16) as u16
}

#[cfg(test)]
mod tests {
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
