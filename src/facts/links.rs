//! The hyperlinks of a page, and how a wanted link is recognised.
//!
//! In: a document and its base address. Out: [`Link`]s in document order; [`LinkMatch`], the shape of a link that a rule looks
//! for. Invariant: a link is recognised by its whole text or its address, never by a word within its text. Tested below.

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Region, names, words};
use crate::html::{Document, Element, Selector};
use crate::web::address::{self, Link as Target};
use crate::web::glob::Glob;
use std::sync::LazyLock;

/// A hyperlink: `a[href]` or `area[href]`.
pub struct Link<'a> {
    /// The element.
    pub element: Element<'a>,
    /// The attribute as written.
    pub href: &'a str,
    /// Where it leads.
    pub target: Target,
    /// Its accessible name, folded for comparison.
    pub name: String,
}

static ANCHORS: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("a[href], area[href]").expect("a constant selector"));
static BASES: LazyLock<Selector> = LazyLock::new(|| Selector::parse("base[href]").expect("a constant selector"));

/// The hyperlinks of a document in document order.
pub fn links<'a>(document: &'a Document, base: &Url) -> Vec<Link<'a>> {
    document
        .select(&ANCHORS)
        .map(|element| {
            let href = element.attr("href").unwrap_or_default();
            Link { element, href, target: address::resolve(base, href), name: words::fold(&names::name(&element)) }
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

    /// The part of the page it stands in.
    pub fn region(&self) -> Region {
        Region::of(&self.element)
    }
}

/// The shape of a wanted link: one of these texts, or one of these addresses.
#[derive(Clone, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct LinkMatch {
    /// Whole texts, compared folded and without accents; a `*` at the end stands for anything.
    pub text: Vec<String>,
    /// Addresses: `/privacy*` is a path glob on any host; `www.usa.gov/**` and `*.ig.gov/**` name the host too.
    pub href: Vec<String>,
}

impl LinkMatch {
    /// A name for what is wanted, the same for the same shape.
    pub fn key(&self) -> String {
        format!("{}|{}", self.text.join(","), self.href.join(","))
    }

    /// True when a link has one of the texts or leads to one of the addresses.
    pub fn matches(&self, link: &Link<'_>) -> bool {
        self.text_matches(&link.name) || link.url().is_some_and(|url| self.href_matches(url))
    }

    /// True when a folded link text is one of the wanted texts.
    pub fn text_matches(&self, folded: &str) -> bool {
        let bare = words::fold_accents(folded);
        self.text.iter().any(|wanted| {
            let pattern = words::fold_accents(wanted);
            match pattern.strip_suffix('*') {
                Some(start) => bare.starts_with(start.trim_end()),
                None => bare == pattern,
            }
        })
    }

    /// True when an address is one of the wanted addresses.
    pub fn href_matches(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
        let path = address::decoded_path(url).to_lowercase();
        self.href.iter().any(|wanted| {
            let (wanted_host, wanted_path) = match wanted.find('/') {
                Some(0) => (None, wanted.as_str()),
                Some(at) => (Some(&wanted[..at]), &wanted[at..]),
                None => (Some(wanted.as_str()), "/**"),
            };
            let host_fits = wanted_host.is_none_or(|pattern| host_matches(pattern, &host));
            host_fits && Glob::parse(wanted_path).is_ok_and(|glob| glob.matches(&path))
        })
    }
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
