//! `address-absent`: the page does not load, link to, or send forms to certain addresses.
//!
//! In: a page. Out: one failure for each place that names such an address, else a pass. A script in the page that names the host
//! counts where asked, because most tags are inserted that way. Tested by the rules that use it.

use serde::Deserialize;
use std::sync::OnceLock;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{LinkMatch, PageFacts, Place};
use crate::html::{Document, Element, ElementId, Selector};
use crate::verdict::Verdict;
use crate::web::address::{self, Link};
use std::sync::LazyLock;

static SCRIPTS: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("script:not([src])").expect("a constant selector"));
static FORMS: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("form[action], [formaction]").expect("a constant selector"));

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "address-absent",
    asks: "Is the page free of these addresses?",
    scope: Scope::Page,
    parameters: &[
        ("addresses", "host and path: `*.host.example`, `www.host.example/path/**`"),
        ("seen-in", "loads (scripts, frames, images …), scripts (text of scripts in the page), forms, links"),
        ("only", "CSS selector: inapplicable to pages without such an element (optional)"),
        ("looks-for", "what such an address is, for people"),
        ("expected", "what to have instead, for people"),
    ],
    build: page::<AddressAbsent>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AddressAbsent {
    addresses: Vec<String>,
    #[serde(skip)]
    wanted: OnceLock<LinkMatch>,
    seen_in: Vec<SeenIn>,
    only: Option<Query>,
    looks_for: String,
    expected: String,
}

#[derive(Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum SeenIn {
    Loads,
    Scripts,
    Forms,
    Links,
}

impl PageCheck for AddressAbsent {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        if self.only.as_ref().is_some_and(|only| document.select(&only.0).next().is_none()) {
            return Vec::new();
        }
        let wanted = self.wanted.get_or_init(|| LinkMatch::of(&[], &self.addresses));
        let mut found: Vec<(Element<'_>, String)> = Vec::new();
        for seen_in in &self.seen_in {
            match seen_in {
                SeenIn::Loads => found
                    .extend(page.resources_from(wanted).map(|resource| (resource.element, resource.url.to_string()))),
                SeenIn::Links => found.extend(
                    page.links_like(wanted).filter_map(|link| link.url().map(|url| (link.element, url.to_string()))),
                ),
                SeenIn::Forms => found.extend(forms(document, page, wanted)),
                SeenIn::Scripts => found.extend(self.named_in_scripts(document)),
            }
        }
        found.sort_by_key(|(element, _)| element.order());
        found.dedup_by_key(|(element, _)| element.order());
        if found.is_empty() {
            return vec![page.whole().pass(format_args!("without {}", self.looks_for))];
        }
        let verdict = |(element, address): (Element<'_>, String)| {
            element.at().fail(format!("{}: {address}", self.looks_for), self.expected.clone())
        };
        found.into_iter().map(verdict).collect()
    }
}

impl AddressAbsent {
    /// Scripts whose text names one of the hosts, with its path where the rule has one without wildcards.
    fn named_in_scripts<'a>(&self, document: &'a Document) -> Vec<(Element<'a>, String)> {
        let needles: Vec<String> = self
            .addresses
            .iter()
            .map(|written| written.trim_start_matches("*.").trim_end_matches(['*', '/']).to_ascii_lowercase())
            .collect();
        let scripts = document.remembered(|document| {
            let text = |script: Element<'_>| (script.id(), script.text().to_ascii_lowercase());
            Lowered(document.select(&SCRIPTS).map(text).collect())
        });
        let named = scripts.0.iter().filter_map(|(script, text)| {
            let needle = needles.iter().find(|needle| names_host(text, needle))?;
            Some((document.element_of(*script)?, needle.clone()))
        });
        named.collect()
    }
}

/// The scripts in a page with their text in lower case, the same for all rules.
struct Lowered(Vec<(ElementId, String)>);

/// True when the text names the host (or one below it) as an address, and not as the end of a longer name.
fn names_host(text: &str, needle: &str) -> bool {
    text.match_indices(needle).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + needle.len()..].chars().next();
        before.is_some_and(|c| matches!(c, '/' | '.' | '"' | '\''))
            && !after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
    })
}

fn forms<'a>(document: &'a Document, page: &PageFacts<'a>, wanted: &LinkMatch) -> Vec<(Element<'a>, String)> {
    let mut found = Vec::new();
    for form in document.select(&FORMS) {
        let action = form.attr("action").or_else(|| form.attr("formaction")).unwrap_or_default();
        if let Link::Web(url) = address::resolve(page.base(), action)
            && wanted.href_matches(&url)
        {
            found.push((form, url.to_string()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::names_host;

    #[test]
    fn a_script_names_a_host_by_its_whole_name() {
        for (text, named) in [
            ("s.src='//connect.tracker.example/x.js'", true),
            ("s.src='//tracker.example'", true),
            ("s.src='//mytracker.example/x.js'", false),
            ("s.src='//tracker.example.org/x.js'", false),
        ] {
            assert_eq!(names_host(text, "tracker.example"), named, "{text}");
        }
    }
}
