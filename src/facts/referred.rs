//! Who links to a page of a site: the first places by address, and which addresses have all of theirs.
//!
//! In: the links of pages. Out: [`Referrer`]s; whether one more could be among those that are kept, so that the place of a link need not be
//! worked out for nothing. Invariant: what is kept does not depend on the order of the pages. Tested in `site.rs` and below.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};
use url::Url;

use super::sieve;

/// How many places that link to an address are kept: enough to mend it, few enough for memory.
const KEPT: usize = 3;

/// A place that links to a page.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Referrer {
    /// The page with the link.
    pub page: Arc<Url>,
    /// Line of the link.
    pub line: u32,
    /// Column of the link.
    pub column: u32,
    /// The link's start tag and text.
    pub snippet: String,
    /// A selector that finds it.
    pub selector: String,
}

/// Addresses, by their hashes, that have as many referrers as are kept, with the last page among these: shared with those who read
/// further pages meanwhile.
#[derive(Debug, Default)]
pub struct Referred(RwLock<HashMap<u64, Arc<Url>>>);

impl Referred {
    /// For each address whether a link on a page could still be among the kept ones; asked for all links of a page at once.
    pub(super) fn may_keep(&self, targets: &[u64], page: &Url) -> Vec<bool> {
        let full = self.0.read().unwrap_or_else(PoisonError::into_inner);
        targets.iter().map(|target| full.get(target).is_none_or(|last| **last >= *page)).collect()
    }

    fn note(&self, target: u64, last: &Arc<Url>) {
        let mut full = self.0.write().unwrap_or_else(PoisonError::into_inner);
        full.insert(target, last.clone());
    }

    /// Joins more places that link to an address; the first ones by address are kept.
    pub(super) fn join(&self, target: &Url, kept: &mut BTreeSet<Referrer>, more: impl IntoIterator<Item = Referrer>) {
        let before = kept.last().filter(|_| kept.len() == KEPT).map(|last| last.page.clone());
        kept.extend(more);
        while kept.len() > KEPT {
            kept.pop_last();
        }
        let after = kept.last().filter(|_| kept.len() == KEPT);
        if let Some(last) = after.filter(|last| before.is_none_or(|before| before != last.page)) {
            self.note(number(target), &last.page);
        }
    }
}

/// The number that an address is known by.
pub(super) fn number(target: &Url) -> u64 {
    sieve::hash(target.as_str().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    fn from(page: &str, line: u32) -> Referrer {
        Referrer { page: Arc::new(url(page)), line, column: 1, snippet: String::new(), selector: String::new() }
    }

    #[test]
    fn the_first_places_are_kept_and_later_ones_are_not_asked_for() {
        let (target, referred, mut kept) = (url("https://a.example/x"), Referred::default(), BTreeSet::new());
        let may_keep = |page: &str, referred: &Referred| referred.may_keep(&[number(&target)], &url(page))[0];
        for (page, next, expected) in [
            ("https://a.example/d", "https://a.example/z", true),
            ("https://a.example/c", "https://a.example/z", true),
            ("https://a.example/b", "https://a.example/z", false),
            ("https://a.example/a", "https://a.example/d", false),
            ("https://a.example/e", "https://a.example/c", true),
        ] {
            referred.join(&target, &mut kept, [from(page, 1)]);
            assert_eq!(may_keep(next, &referred), expected, "{page}, {next}");
        }
        let pages: Vec<&str> = kept.iter().map(|referrer| referrer.page.path()).collect();
        assert_eq!(pages, ["/a", "/b", "/c"]);
    }
}
