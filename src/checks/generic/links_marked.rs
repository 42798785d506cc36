//! `links-marked`: links of a kind carry a mark that says what they do.
//!
//! In: a page. Out: one verdict: the mark on one of them, or on another link to another site, shows that the page has a
//! way to mark them. A page without such links is inapplicable. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Query, Scope};
use crate::facts::{Link, PageFacts, Place, domain, words};
use crate::html::Selector;
use crate::verdict::Verdict;
use crate::web::address;
use std::sync::LazyLock;

static SCRIPTS: LazyLock<Selector> = LazyLock::new(|| Selector::parse("script").expect("a constant selector"));

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "links-marked",
    asks: "Do links of a kind carry a mark that says what they do?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector: only links it finds (optional)"),
        ("outside", "domains: only links to public hosts that lie under none of them, and not on this site (optional)"),
        ("except", "hosts that count as inside; those below them are meant as well (optional)"),
        ("mark", "CSS selector of a link that is marked, or of the mark within it (optional)"),
        ("says", "regular expression over the folded name and title of a link that is marked (optional)"),
        ("script", "regular expression over scripts and their addresses: one that marks links later (optional)"),
        ("looks-for", "what the mark says, for people"),
    ],
    build: page::<LinksMarked>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LinksMarked {
    selector: Option<Query>,
    #[serde(default)]
    outside: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    mark: Option<Query>,
    says: Option<Pattern>,
    script: Option<Pattern>,
    looks_for: String,
}

impl PageCheck for LinksMarked {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let meant: Vec<&Link<'_>> = page.links().iter().filter(|link| self.is_meant(link, page)).collect();
        let marked: Vec<&&Link<'_>> = meant.iter().filter(|link| self.is_marked(link)).collect();
        if let Some(shown) = marked.first() {
            return vec![shown.element.at().pass(format_args!(
                "{} of {} such links are marked",
                marked.len(),
                meant.len()
            ))];
        }
        if let Some(other) = page.links().iter().find(|link| self.leaves(link, page) && self.bears_mark(link)) {
            return vec![other.element.at().pass("links to other sites are marked")];
        }
        let Some(first) = meant.first() else { return Vec::new() };
        let by_script = self.script.as_ref().and_then(|pattern| {
            let names = |script: &crate::html::Element<'_>| {
                pattern.is_in(script.attr("src").unwrap_or_default()) || pattern.is_in(&script.text())
            };
            document.select(&SCRIPTS).find(names)
        });
        let expected = self.looks_for.clone();
        vec![match by_script {
            Some(script) => script.at().pass("a script marks such links"),
            None => first.element.at().fail(
                format!("none of {} such links is marked; the first leads to {}", meant.len(), first.href),
                expected,
            ),
        }]
    }
}

impl LinksMarked {
    fn is_meant(&self, link: &Link<'_>, page: &PageFacts<'_>) -> bool {
        if self.selector.as_ref().is_some_and(|query| !link.element.matches(&query.0)) {
            return false;
        }
        let is_inside = |host: &str| domain::is_under(host, &self.outside) || domain::is_under(host, &self.except);
        let host = link.url().map(domain::public_host);
        match host {
            None => false,
            Some(_) if self.outside.is_empty() => true,
            Some(host) => self.leaves(link, page) && host.is_some_and(|host| !is_inside(host)),
        }
    }

    /// True for a link to another site, where the rule is about these.
    fn leaves(&self, link: &Link<'_>, page: &PageFacts<'_>) -> bool {
        !self.outside.is_empty() && link.url().is_some_and(|url| !address::same_site(url, page.url()))
    }

    fn bears_mark(&self, link: &Link<'_>) -> bool {
        let shown = |query: &Query| link.element.matches(&query.0) || link.element.select(&query.0).next().is_some();
        self.mark.as_ref().is_some_and(shown)
    }

    fn is_marked(&self, link: &Link<'_>) -> bool {
        let title = || words::fold(link.element.attr("title").unwrap_or_default());
        let host = link.url().and_then(|url| url.host_str()).map(address::without_www);
        self.bears_mark(link)
            || self.says.as_ref().is_some_and(|says| says.is_in(link.name) || says.is_in(&title()))
            // A link that is written as an address says itself where it leads.
            || host.is_some_and(|host| link.name.contains(host))
    }
}
