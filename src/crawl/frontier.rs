//! Which of the addresses that a site names are worth a request.
//!
//! In: links in the order they were found. Out: canonical addresses, each at most once, breadth first by their order;
//! the rest is counted by reason. Pure; a property below holds that no address comes out twice.

use std::collections::{BTreeMap, HashMap, HashSet};

use url::Url;

use super::before::BodyKeys;
use super::credentials;
use super::key::Key;
use super::scope::Scope;
use super::skip::Skip;
use super::traps::Traps;
use crate::web::address;

/// What one site has named.
#[derive(Debug)]
pub(super) struct Frontier {
    scope: Scope,
    traps: Traps,
    seen: HashSet<Key>,
    upgraded: HashSet<String>,
    max_depth: Option<u32>,
    shapes: HashMap<Key, u32>,
    discovered: u64,
    skipped: BTreeMap<Skip, u64>,
}

impl Frontier {
    /// A frontier that saw nothing.
    pub(super) fn of(scope: Scope, max_depth: Option<u32>) -> Self {
        Self {
            scope,
            traps: Traps::default(),
            seen: HashSet::new(),
            upgraded: HashSet::new(),
            max_depth,
            shapes: HashMap::new(),
            discovered: 0,
            skipped: BTreeMap::new(),
        }
    }

    /// The site's bounds.
    pub(super) fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The canonical address to queue for a link at some depth; `None` when it was seen before or is left alone.
    pub(super) fn offer(&mut self, link: &Url, depth: u32) -> Option<Url> {
        if !matches!(link.scheme(), "http" | "https") {
            return None;
        }
        // Credentials in a link are somebody else's, and the page is the same without them.
        let mut url = address::canonical(&credentials::without(link));
        if let Some(secure) = self.secured(&url) {
            if self.seen.contains(&Key::of(&secure)) {
                if self.seen.insert(Key::of(&url)) {
                    self.skip(Skip::HttpDuplicate);
                }
                return None;
            }
            self.seen.insert(Key::of(&url));
            url = secure;
        }
        if !self.seen.insert(Key::of(&url)) {
            return None;
        }
        if let Err(reason) = self.scope.admit(&url) {
            self.skip(reason);
            return None;
        }
        self.discovered += 1;
        if self.max_depth.is_some_and(|most| depth > most) {
            self.skip(Skip::DepthBudget);
            return None;
        }
        if let Err(reason) = self.traps.admit(&url) {
            self.skip(reason);
            return None;
        }
        Some(url)
    }

    /// Leaves an address to another site.
    pub(super) fn leave(&mut self, link: &Url) {
        if self.see(&address::canonical(link)) {
            self.skip(Skip::OutOfScope);
        }
    }

    /// Marks an address as seen that was reached on another way, such as the seed or the end of a redirect. True when it
    /// is new.
    pub(super) fn see(&mut self, url: &Url) -> bool {
        self.seen.insert(Key::of(url))
    }

    /// One more page, known without a link: the seed.
    pub(super) fn count(&mut self) {
        self.discovered += 1;
    }

    /// One page less: two addresses turned out to be one page.
    pub(super) fn merge(&mut self) {
        self.discovered = self.discovered.saturating_sub(1);
    }

    /// Counts an address that is left alone.
    pub(super) fn skip(&mut self, reason: Skip) {
        *self.skipped.entry(reason).or_default() += 1;
    }

    /// An http address of the site redirected to https: its other http addresses are https ones.
    pub(super) fn upgrade(&mut self, from: &Url, to: &Url) {
        if from.scheme() == "http" && to.scheme() == "https" && self.scope.owns(from) && self.scope.owns(to) {
            self.upgraded.insert(from.host_str().unwrap_or_default().to_string());
        }
    }

    /// The https twin of an http address on a host that answers http with https; `None` elsewhere.
    pub(super) fn secured(&self, url: &Url) -> Option<Url> {
        if url.scheme() != "http" || url.port().is_some() || !self.upgraded.contains(url.host_str()?) {
            return None;
        }
        let mut secure = url.clone();
        secure.set_scheme("https").ok()?;
        Some(secure)
    }

    /// How many addresses of the same shape were counted before.
    pub(super) fn round(&mut self, url: &Url) -> u32 {
        let count = self.shapes.entry(shape(url)).or_default();
        *count += 1;
        *count - 1
    }

    /// Whether pages of this pattern have stopped being new.
    pub(super) fn is_dull(&self, url: &Url) -> bool {
        self.traps.is_dull(url)
    }

    /// Remembers what a page gave.
    pub(super) fn note(&mut self, url: &Url, depth: u32, body: impl FnOnce() -> BodyKeys) {
        self.traps.note(url, depth, body);
    }

    /// Distinct addresses in scope that may be pages.
    pub(super) fn discovered(&self) -> u64 {
        self.discovered
    }

    /// Addresses left alone, by reason.
    pub(super) fn skipped(&self) -> BTreeMap<&'static str, u64> {
        self.skipped.iter().map(|(reason, count)| (reason.as_str(), *count)).collect()
    }
}

/// What addresses made by one template share: the first segment of the path, how many there are, and the ending of the last.
fn shape(url: &Url) -> Key {
    let segments: Vec<&str> = url.path().split('/').skip(1).collect();
    let (first, last) = (segments.first().copied().unwrap_or_default(), segments.last().copied().unwrap_or_default());
    let first = if segments.len() > 1 { first } else { "" };
    let ending = last.rsplit_once('.').map_or("", |(_, ending)| ending);
    Key::of_bytes(format!("{} {first} {ending} {}", segments.len(), url.query().is_some()).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crawl::Settings;
    use proptest::prelude::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect(text)
    }

    fn frontier() -> Frontier {
        Frontier::of(Scope::of(url("https://a.example/"), &Settings::default()), Some(3))
    }

    #[test]
    fn links_are_taken_once_and_the_rest_is_counted() {
        let mut frontier = frontier();
        let table = [
            ("https://a.example/x#part", 1, Some("https://a.example/x")),
            ("https://a.example/x", 1, None),
            ("https://a.example/y", 4, None),
            ("https://b.example/", 1, None),
            ("https://b.example/", 1, None),
            ("https://a.example/report.pdf", 1, None),
            ("mailto:x@a.example", 1, None),
        ];
        for (link, depth, expect) in table {
            assert_eq!(frontier.offer(&url(link), depth).as_ref().map(Url::as_str), expect, "{link}");
        }
        assert_eq!(frontier.discovered(), 2);
        let expect = [("depth-budget", 1), ("not-a-page", 1), ("out-of-scope", 1)];
        assert_eq!(frontier.skipped(), BTreeMap::from(expect));
    }

    #[test]
    fn http_links_become_https_once_the_host_has_said_so() {
        let mut frontier = frontier();
        assert!(frontier.offer(&url("http://a.example/1"), 1).is_some());
        frontier.upgrade(&url("http://a.example/"), &url("https://www.a.example/"));
        assert_eq!(frontier.offer(&url("http://a.example/2"), 1), Some(url("https://a.example/2")));
        assert_eq!(frontier.offer(&url("https://a.example/3"), 1), Some(url("https://a.example/3")));
        assert_eq!(frontier.offer(&url("http://a.example/3"), 1), None);
        assert_eq!(frontier.skipped(), BTreeMap::from([("http-duplicate", 1)]));
    }

    #[test]
    fn pages_of_one_template_have_one_shape() {
        let mut frontier = frontier();
        let mut round = |path: &str| frontier.round(&url(&format!("https://a.example{path}")));
        let table = [("/news/1", 0), ("/news/2", 1), ("/about", 0), ("/news/2/x", 0), ("/news/3", 2), ("/help", 1)];
        for (path, expect) in table {
            assert_eq!(round(path), expect, "{path}");
        }
    }

    proptest! {
        #[test]
        fn no_address_comes_out_twice(paths in prop::collection::vec("(http|https)://(www\\.)?a\\.example/[ab/%.#?=0-9]{0,8}", 0..60)) {
            let mut frontier = frontier();
            let mut out = HashSet::new();
            for (n, path) in paths.iter().enumerate() {
                let Ok(link) = Url::parse(path) else { continue };
                if n == 20 {
                    frontier.upgrade(&url("http://a.example/"), &url("https://a.example/"));
                }
                if let Some(found) = frontier.offer(&link, 1) {
                    prop_assert_eq!(&address::canonical(&found), &found);
                    prop_assert!(out.insert(found));
                }
            }
        }
    }
}
