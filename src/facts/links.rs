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

/// Stands for the site's own name in a wanted text.
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
    /// Whole texts, compared folded and without accents; a `*` at the end stands for anything, `{site}` for the site's own
    /// host name or a label of it ("About {site}" is "About NCES" on nces.ed.gov).
    pub text: Vec<String>,
    /// Addresses: `/privacy*` is a path glob on any host; `www.usa.gov/**` and `*.ig.gov/**` name the host too.
    pub href: Vec<String>,
}

impl LinkMatch {
    /// A name for what is wanted, the same for the same shape.
    pub fn key(&self) -> String {
        format!("{}|{}", self.text.join(","), self.href.join(","))
    }

    /// The same shape with `{site}` filled in for a page of that site.
    pub fn on(&self, page: &Url) -> Self {
        let host = address::without_www(page.host_str().unwrap_or_default());
        let labels: Vec<&str> = host.split('.').collect();
        let names: Vec<&str> = labels.iter().take(labels.len().saturating_sub(1)).copied().chain([host]).collect();
        let fill = |text: &String| -> Vec<String> {
            if !text.contains(SITE) {
                return vec![text.clone()];
            }
            names.iter().map(|name| text.replace(SITE, name)).collect()
        };
        Self { text: self.text.iter().flat_map(fill).collect(), href: self.href.clone() }
    }

    /// True when a link has one of the texts or leads to one of the addresses.
    pub fn matches(&self, link: &Link<'_>) -> bool {
        self.text_matches(&link.name) || link.url().is_some_and(|url| self.href_matches(url))
    }

    /// True when a folded link text is one of the wanted texts.
    pub fn text_matches(&self, folded: &str) -> bool {
        let bare = words::fold_accents(folded);
        let bare = without_aside(&bare);
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
        let wanted = LinkMatch { text: vec![wanted.to_string()], href: Vec::new() };
        wanted.on(&page).text_matches(&words::fold(name))
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
