//! The hyperlinks of a page, and how a wanted link is recognised.
//!
//! In: a document and its base address. Out: [`Link`]s in document order; [`LinkMatch`], the shape of a link that a rule looks
//! for. Invariant: a link is recognised by its whole text or its address, never by a word within its text. Tested below.

use serde::Deserialize;
use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::{Arc, LazyLock};
use url::Url;

use super::hints::{Hints, Sought};
use super::{Region, Resource, names, words};
use crate::html::{Document, Element, Selector};
use crate::web::address::{self, Link as Target};
use crate::web::glob::Glob;

/// A hyperlink: `a[href]` or `area[href]`.
pub struct Link<'a> {
    /// The element.
    pub element: Element<'a>,
    /// The attribute as written.
    pub href: &'a str,
    /// Where it leads.
    pub target: Target,
    /// Its accessible name, folded for comparison.
    pub name: &'a str,
    /// The same without accents and without what themes put behind it.
    bare: String,
    /// The decoded path in lower case, once somebody compares it.
    path: OnceCell<String>,
    /// The canonical address, where it leads to its own site.
    own_target: OnceCell<Option<Url>>,
}

/// Stands for the site's own name in a wanted text, once.
const SITE: &str = "{site}";

/// What link scripts say of a link's behaviour after its name.
const NEW_WINDOW: [&str; 5] =
    ["opens in a new window", "opens in new window", "opens in a new tab", "opens in new tab", "link is external"];

static ANCHORS: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("a[href], area[href]").expect("a constant selector"));
static BASES: LazyLock<Selector> = LazyLock::new(|| Selector::parse("base[href]").expect("a constant selector"));

/// The hyperlinks of a document in document order.
pub fn links<'a>(document: &'a Document, base: &Url) -> Vec<Link<'a>> {
    document
        .select(&ANCHORS)
        .map(|element| {
            let href = element.attr("href").unwrap_or_default();
            let name = names::folded(&element);
            let bare = bare(name);
            Link {
                element,
                href,
                target: address::resolve(base, href),
                name,
                bare,
                path: OnceCell::new(),
                own_target: OnceCell::new(),
            }
        })
        .collect()
}

/// The document base address: the first `<base href>` that resolves to a web address (HTML, 2.4.3).
pub(super) fn base(document: &Document, page: &Url) -> Option<Url> {
    let href = document.select(&BASES).next()?.attr("href")?;
    page.join(href.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https" | "file"))
}

impl Link<'_> {
    /// The web address it leads to.
    pub fn url(&self) -> Option<&Url> {
        match &self.target {
            Target::Web(url) => Some(url),
            Target::Fragment(_) | Target::Other { .. } | Target::Malformed => None,
        }
    }

    /// What is to be known of it to say quickly that it is not wanted.
    pub(super) fn hint(&self) -> (&str, Option<(&str, &str)>) {
        let address = self.url().map(|url| (url.host_str().unwrap_or_default(), self.path(url)));
        (&self.bare, address)
    }

    fn path(&self, url: &Url) -> &str {
        self.path.get_or_init(|| folded_path(url))
    }

    /// The canonical address it leads to on a page's own site; none where it leads elsewhere.
    pub fn own_target(&self, page: &Url) -> Option<&Url> {
        let own = || self.url().filter(|url| address::same_site(url, page)).map(address::canonical);
        self.own_target.get_or_init(own).as_ref()
    }

    /// The part of the page it stands in.
    pub fn region(&self) -> Region {
        Region::of(&self.element)
    }
}

/// The shape of a wanted link: one of these texts, or one of these addresses.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "Shape")]
pub struct LinkMatch(Arc<Wanted>);

/// A wanted link, shared by all sites whose home page is asked for it.
#[derive(Debug)]
struct Wanted {
    shape: Shape,
    /// The same, made ready once, because every link of every page is compared.
    ready: Ready,
}

/// A wanted link as rule files write it.
#[derive(Clone, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
#[serde(default, deny_unknown_fields)]
struct Shape {
    /// Whole texts, compared folded and without accents; a `*` at the end stands for anything, `{site}` for the site's own
    /// host name or a label of it ("About {site}" is "About NCES" on nces.ed.gov).
    text: Vec<String>,
    /// Addresses: `/privacy*` is a path glob on any host; `www.usa.gov/**` and `*.ig.gov/**` name the host too.
    href: Vec<String>,
}

/// Texts and addresses ready to compare.
#[derive(Debug)]
struct Ready {
    whole: HashSet<String>,
    begins: Vec<String>,
    /// What stands before and after the site's name in texts that name it.
    of_site: Vec<(String, String)>,
    /// What a page's links have at least where one of them is wanted.
    sought: Vec<Sought>,
    addresses: Vec<Address>,
}

/// A wanted address.
#[derive(Debug)]
struct Address {
    host: Option<String>,
    path: Glob,
    /// What every such path begins with.
    start: String,
}

impl LinkMatch {
    /// The shape of a link with one of these texts or addresses.
    pub fn of(text: &[String], href: &[String]) -> Self {
        Shape { text: text.to_vec(), href: href.to_vec() }.into()
    }

    /// A name for what is wanted, the same for the same shape.
    pub fn key(&self) -> String {
        format!("{}|{}", self.0.shape.text.join(","), self.0.shape.href.join(","))
    }

    /// True when a link of a page has one of the texts or leads to one of the addresses.
    pub fn matches(&self, link: &Link<'_>, page: &Url) -> bool {
        self.is_text(&link.bare, page) || link.url().is_some_and(|url| self.is_address(url, link.path(url)))
    }

    /// False when none of the links that the hints are of can match.
    pub(super) fn may_match(&self, hints: &Hints) -> bool {
        self.0.ready.sought.iter().any(|sought| hints.may_hold(sought))
    }

    /// True when something that a page loads comes from one of the addresses.
    pub fn loads(&self, resource: &Resource<'_>) -> bool {
        self.is_address(&resource.url, resource.path())
    }

    /// True when an address is one of the wanted addresses.
    pub fn href_matches(&self, url: &Url) -> bool {
        !self.0.ready.addresses.is_empty() && self.is_address(url, &folded_path(url))
    }

    fn is_address(&self, url: &Url, path: &str) -> bool {
        let host = url.host_str().unwrap_or_default();
        self.0.ready.addresses.iter().any(|wanted| {
            // Most addresses differ in their first letters: look at these before the pattern.
            path.starts_with(&wanted.start)
                && wanted.host.as_ref().is_none_or(|pattern| host_matches(pattern, host))
                && wanted.path.matches(path)
        })
    }

    fn is_text(&self, bare: &str, page: &Url) -> bool {
        let ready = &self.0.ready;
        ready.whole.contains(bare)
            || ready.begins.iter().any(|start| bare.starts_with(start))
            || ready.of_site.iter().any(|(before, after)| {
                let named = bare.strip_prefix(before.as_str()).and_then(|rest| rest.strip_suffix(after.as_str()));
                named.is_some_and(|named| names_of(page).any(|name| name == named))
            })
    }
}

impl Ready {
    fn of(text: &[String], href: &[String]) -> Self {
        let mut ready = Self {
            whole: HashSet::new(),
            begins: Vec::new(),
            of_site: Vec::new(),
            sought: Vec::new(),
            addresses: Vec::new(),
        };
        for wanted in text {
            let folded = words::fold_accents(wanted);
            match folded.strip_suffix('*') {
                Some(start) => {
                    ready.sought.push(Sought::beginning(start.trim_end()));
                    ready.begins.push(start.trim_end().to_string());
                }
                None => match folded.split_once(SITE) {
                    Some((before, after)) => {
                        ready.sought.push(Sought::around(before, after));
                        ready.of_site.push((before.to_string(), after.to_string()));
                    }
                    None => {
                        ready.sought.push(Sought::whole(&folded));
                        ready.whole.insert(folded);
                    }
                },
            }
        }
        for wanted in href {
            let (host, path) = match wanted.find('/') {
                Some(0) => (None, wanted.as_str()),
                Some(at) => (Some(wanted[..at].to_string()), &wanted[at..]),
                None => (Some(wanted.clone()), "/**"),
            };
            let start = path.split('*').next().unwrap_or_default().to_string();
            ready.sought.push(Sought::address(host.as_deref(), path));
            ready.addresses.extend(Glob::parse(path).ok().map(|path| Address { host, path, start }));
        }
        ready
    }
}

pub(super) fn folded_path(url: &Url) -> String {
    address::decoded_path(url).to_lowercase()
}

/// What a site may call itself: its host name, or a label of it.
fn names_of(page: &Url) -> impl Iterator<Item = String> {
    let host = address::without_www(page.host_str().unwrap_or_default()).to_string();
    let labels: Vec<String> = host.split('.').map(str::to_string).collect();
    let last = labels.len().saturating_sub(1);
    labels.into_iter().take(last).chain([host])
}

impl From<Shape> for LinkMatch {
    fn from(shape: Shape) -> Self {
        let ready = Ready::of(&shape.text, &shape.href);
        Self(Arc::new(Wanted { shape, ready }))
    }
}

impl Default for LinkMatch {
    fn default() -> Self {
        Shape::default().into()
    }
}

impl PartialEq for LinkMatch {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for LinkMatch {}

impl Ord for LinkMatch {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.shape.cmp(&other.0.shape)
    }
}

impl PartialOrd for LinkMatch {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A folded link text as it is compared: without accents and without what themes put behind it.
fn bare(name: &str) -> String {
    match name.is_ascii() {
        true => without_aside(name).to_string(),
        false => without_aside(&words::fold_accents(name)).to_string(),
    }
}

/// A link text without what themes and editors put behind it: "(en inglés)", "(PDF)", "opens in a new window", arrows.
fn without_aside(text: &str) -> &str {
    let mut bare = text.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')');
    if let Some((before, _)) = bare.strip_suffix(')').and_then(|open| open.rsplit_once('(')) {
        bare = before;
    }
    let bare = NEW_WINDOW.iter().find_map(|aside| bare.strip_suffix(aside)).unwrap_or(bare);
    bare.trim_matches(|c: char| !c.is_alphanumeric())
}

/// `*.ig.gov` is any host below, `oig.*` any host that begins so; anything else is that host, with or without `www.`.
fn host_matches(pattern: &str, host: &str) -> bool {
    if let Some(parent) = pattern.strip_prefix("*.") {
        return host == parent || address::is_subdomain_of(host, parent);
    }
    if let Some(start) = pattern.strip_suffix(".*") {
        return host.strip_prefix(start).is_some_and(|rest| rest.starts_with('.'));
    }
    address::without_www(host) == address::without_www(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(wanted: &str, host: &str, name: &str) -> bool {
        let page = Url::parse(&format!("https://{host}/")).expect("a constant address");
        LinkMatch::of(&[wanted.to_string()], &[]).is_text(&bare(&words::fold(name)), &page)
    }

    #[test]
    fn a_text_is_found_whole_whatever_themes_put_behind_it() {
        for (wanted, name, whole) in [
            ("Privacy policy", "PRIVACY POLICY opens in a new window", true),
            ("Ley FOIA", "Ley FOIA (en inglés)", true),
            ("Politica de privacidad", "Política de privacidad »", true),
            ("Privacy policy", "Privacy policy for kids", false),
            ("Privacy*", "Privacy tips", true),
            ("About", "About the census", false),
        ] {
            assert_eq!(found(wanted, "www.agency.example", name), whole, "{wanted} in {name}");
        }
    }

    #[test]
    fn the_site_calls_itself_by_its_host_or_a_label_of_it() {
        assert!(found("About {site}", "nces.ed.gov", "About NCES"));
        assert!(found("About {site}", "vote.gov", "About Vote.gov"));
        assert!(!found("About {site}", "www.agency.gov", "About gov"));
        assert!(!found("About {site}", "www.agency.gov", "About careers"));
    }
}
