//! Who links to a page of a site: the first places by address, and which addresses have all of theirs.
//!
//! In: the links of pages. Out: [`Referrers`]; whether one more could be among those that are kept, so that the place of a link need not be
//! worked out for nothing. Of an address that turned out to be a page no place is kept: nobody has to mend a link to it. Invariant: what is
//! kept does not depend on the order of the pages. Tested in `site.rs` and below.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};
use url::Url;

use super::sieve;

/// How many places that link to an address are kept: enough to mend it, few enough for memory.
const KEPT: usize = 3;

/// A place that links to a page.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Referrer {
    /// The page with the link.
    pub page: Arc<Url>,
    /// Line of the link.
    pub line: u32,
    /// Column of the link.
    pub column: u32,
    /// Octets of the snippet, with which the words begin.
    cut: u32,
    /// Snippet and selector: there are three for each address that a site links to, and one text takes less than two.
    words: Box<str>,
}

impl Referrer {
    /// A link at a place, with its start tag and text, and a selector that finds it.
    pub fn of(page: Arc<Url>, line: u32, column: u32, snippet: &str, selector: &str) -> Self {
        let cut = u32::try_from(snippet.len()).expect("a snippet is short");
        Self { page, line, column, cut, words: format!("{snippet}{selector}").into_boxed_str() }
    }

    /// The link's start tag and text.
    pub fn snippet(&self) -> &str {
        self.words.get(..self.cut as usize).unwrap_or_default()
    }

    /// A selector that finds it.
    pub fn selector(&self) -> &str {
        self.words.get(self.cut as usize..).unwrap_or_default()
    }

    fn key(&self) -> (&Url, u32, u32, &str, &str) {
        (&self.page, self.line, self.column, self.snippet(), self.selector())
    }
}

impl Ord for Referrer {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Referrer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The first places by address that link to each address, sorted.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Referrers(BTreeMap<Box<str>, Box<[Referrer]>>);

impl Referrers {
    /// The places that link to an address.
    pub fn of(&self, target: &Url) -> &[Referrer] {
        self.0.get(target.as_str()).map(|kept| &**kept).unwrap_or_default()
    }

    /// All addresses that places are kept of, sorted, with these.
    pub fn iter(&self) -> impl Iterator<Item = (Url, &[Referrer])> {
        self.0.iter().filter_map(|(target, kept)| Some((Url::parse(target).ok()?, &**kept)))
    }

    /// Joins more places that link to an address; the first ones by address are kept, and none of a page that was read.
    pub(super) fn join(&mut self, referred: &Referred, target: &str, more: impl IntoIterator<Item = Referrer>) {
        let number = number(target);
        if referred.is_closed(number) {
            return;
        }
        let kept = match self.0.get_mut(target) {
            Some(kept) => kept,
            None => self.0.entry(target.into()).or_default(),
        };
        let before = kept.last().filter(|_| kept.len() == KEPT).map(|last| last.page.clone());
        let mut all: Vec<Referrer> = std::mem::take(kept).into_vec();
        all.extend(more);
        all.sort();
        all.dedup();
        all.truncate(KEPT);
        *kept = all.into_boxed_slice();
        let after = kept.last().filter(|_| kept.len() == KEPT);
        if let Some(last) = after.filter(|last| before.is_none_or(|before| before != last.page)) {
            referred.note(number, Some(last.page.clone()));
        }
    }

    /// Forgets the places that link to an address, since it is a page, and those that come.
    pub(super) fn forget(&mut self, referred: &Referred, target: &Url) {
        self.0.remove(target.as_str());
        referred.note(number(target.as_str()), None);
    }

    /// All places, by the address they link to.
    pub(super) fn into_all(self) -> impl Iterator<Item = (Box<str>, Box<[Referrer]>)> {
        self.0.into_iter()
    }
}

/// Addresses, by their hashes, that have as many referrers as are kept, with the last page among these, or none where no place is kept:
/// shared with those who read further pages meanwhile.
#[derive(Debug, Default)]
pub struct Referred(RwLock<HashMap<u64, Option<Arc<Url>>>>);

impl Referred {
    /// For each address whether a link on a page could still be among the kept ones; asked for all links of a page at once.
    pub(super) fn may_keep(&self, targets: &[u64], page: &Url) -> Vec<bool> {
        let full = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let could = |last: &Option<Arc<Url>>| last.as_ref().is_some_and(|last| **last >= *page);
        targets.iter().map(|target| full.get(target).is_none_or(could)).collect()
    }

    fn is_closed(&self, target: u64) -> bool {
        matches!(self.0.read().unwrap_or_else(PoisonError::into_inner).get(&target), Some(None))
    }

    fn note(&self, target: u64, last: Option<Arc<Url>>) {
        let mut full = self.0.write().unwrap_or_else(PoisonError::into_inner);
        full.insert(target, last);
    }
}

/// The number that an address is known by.
pub(super) fn number(target: &str) -> u64 {
    sieve::hash(target.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    fn from(page: &str, line: u32) -> Referrer {
        Referrer::of(Arc::new(url(page)), line, 1, "<a>", "p > a")
    }

    #[test]
    fn the_first_places_are_kept_and_later_ones_are_not_asked_for() {
        let (target, referred, mut kept) = (url("https://a.example/x"), Referred::default(), Referrers::default());
        let may_keep = |page: &str, referred: &Referred| referred.may_keep(&[number(target.as_str())], &url(page))[0];
        for (page, next, expected) in [
            ("https://a.example/d", "https://a.example/z", true),
            ("https://a.example/c", "https://a.example/z", true),
            ("https://a.example/b", "https://a.example/z", false),
            ("https://a.example/a", "https://a.example/d", false),
            ("https://a.example/e", "https://a.example/c", true),
        ] {
            kept.join(&referred, target.as_str(), [from(page, 1), from(page, 1)]);
            assert_eq!(may_keep(next, &referred), expected, "{page}, {next}");
        }
        let pages: Vec<&str> = kept.of(&target).iter().map(|referrer| referrer.page.path()).collect();
        assert_eq!(pages, ["/a", "/b", "/c"]);
        assert_eq!((kept.of(&target)[0].snippet(), kept.of(&target)[0].selector()), ("<a>", "p > a"));
        kept.forget(&referred, &target);
        assert!(kept.of(&target).is_empty() && !may_keep("https://a.example/a", &referred));
    }
}
