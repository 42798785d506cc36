//! `canonical`: a page names the address it wants to be known by, and names it well (RFC 6596).
//!
//! In: the `link` elements and `Link` header fields of a page. Out: one verdict for the page. Whether the named address
//! answers is not asked. Tested by the rules that use it.

use serde::Deserialize;
use std::sync::LazyLock;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{PageFacts, Place, Standing};
use crate::html::{Element, Selector};
use crate::verdict::Verdict;
use crate::web::address::{self, Link as Target};
use url::Url;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "canonical",
    asks: "Does the page name its canonical address, and name it well?",
    scope: Scope::Page,
    parameters: &[
        ("asks", "named: does it name one? sound: is what it names one whole address that can be meant?"),
        ("unless", "CSS selector: where it finds something the page need not name one (optional)"),
    ],
    build: page::<Canonical>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Canonical {
    asks: Asks,
    unless: Option<Query>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Asks {
    Named,
    Sound,
}

static LINKS: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("link[rel~=canonical i]").expect("a constant selector"));

impl PageCheck for Canonical {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document.filter(|_| !page.is_error_document()) else { return Vec::new() };
        if self.unless.as_ref().is_some_and(|unless| document.select(&unless.0).next().is_some()) {
            return Vec::new();
        }
        let links: Vec<Element<'_>> = document.select(&LINKS).collect();
        let in_header = header_names_one(page);
        match self.asks {
            Asks::Named if links.is_empty() && !in_header => vec![page.whole().fail(
                "the page does not say which address is its canonical one",
                "a link element, or a Link header field, with rel=canonical",
            )],
            Asks::Named => vec![page.whole().pass("the page names its canonical address")],
            Asks::Sound => sound(page, &links).into_iter().collect(),
        }
    }
}

/// True when a `Link` header field has the relation (RFC 8288, 3.3).
fn header_names_one(page: &PageFacts<'_>) -> bool {
    let mut values = page.capture.headers.iter().flat_map(|headers| headers.all("link"));
    values.any(|value| {
        value.split(';').any(|part| {
            let part = part.split(',').next().unwrap_or_default().trim().to_ascii_lowercase();
            let relation = part.strip_prefix("rel").map(|rest| rest.trim_start().trim_start_matches('='));
            relation.is_some_and(|names| names.trim().trim_matches('"').split(' ').any(|name| name == "canonical"))
        })
    })
}

fn sound(page: &PageFacts<'_>, links: &[Element<'_>]) -> Option<Verdict> {
    let first = links.first()?;
    let at = first.at();
    let expected = "one whole address of this page";
    let href = first.attr("href").unwrap_or_default().trim();
    let targets: Vec<Target> = links.iter().map(|link| target(page, link)).collect();
    if targets.iter().any(|target| *target != targets[0]) {
        let fault = format!("the page names {} different canonical addresses", targets.len());
        return Some(at.fail(fault, expected));
    }
    let Target::Web(url) = &targets[0] else {
        return Some(at.fail(format!("\"{href}\" is no address a page can have"), expected));
    };
    if Url::parse(href).is_err() && !href.starts_with('/') {
        return Some(at.fail(format!("\"{href}\" is relative to the address it stands at"), expected));
    }
    Some(match misled(page, url) {
        Some(fault) => at.fail(fault, expected),
        None => at.pass(format_args!("the page names {url}")),
    })
}

fn target(page: &PageFacts<'_>, link: &Element<'_>) -> Target {
    match link.attr("href").map(str::trim).filter(|href| !href.is_empty()) {
        Some(href) => address::resolve(page.base(), href),
        None => Target::Malformed,
    }
}

/// Why an address cannot be the one that is meant.
fn misled(page: &PageFacts<'_>, url: &Url) -> Option<String> {
    let own = page.url();
    if own.scheme() == "https" && url.scheme() == "http" {
        return Some(format!("the page came by HTTPS and names {url}"));
    }
    if address::is_loopback(url) && !address::is_loopback(own) {
        return Some(format!("the page names {url}, which only its maker can reach"));
    }
    let leads_home = page.standing == Standing::Inner && url.path() == "/" && url.query().is_none();
    if leads_home && address::same_site(url, own) && own.path() != "/" {
        return Some(format!("the page names the home page {url} instead of itself"));
    }
    None
}
