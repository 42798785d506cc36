//! `document-share`: a site has no more documents than web pages.
//!
//! In: short digests of the documents each page links to. Out: one verdict for the site. Small sites are inapplicable: a
//! handful of pages may well introduce a shelf of documents. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeSet;

use crate::checks::parameters::site;
use crate::checks::{Entry, Pattern, Scope, SiteCheck};
use crate::facts::{Note, PageFacts, SiteView};
use crate::verdict::{Locator, Outcome, Verdict};
use crate::web::address;

/// Documents of a page that are remembered: enough for a long list, few enough for memory.
const KEPT: usize = 200;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "document-share",
    asks: "Does the site link to no more documents of its own than it has pages?",
    scope: Scope::Site,
    parameters: &[
        ("path", "regular expression over the path of an address that finds documents"),
        ("max", "the most documents for each page"),
        ("min-pages", "smaller sites are inapplicable"),
        ("looks-for", "what the documents are, in the plural, for people"),
    ],
    build: site::<DocumentShare>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DocumentShare {
    path: Pattern,
    max: f64,
    min_pages: usize,
    looks_for: String,
}

impl SiteCheck for DocumentShare {
    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        if page.document.is_none() {
            return Vec::new();
        }
        let ours = page.links().iter().filter_map(|link| link.url()).filter(|url| address::same_site(url, page.url()));
        let documents = ours.filter(|url| self.path.is_in(url.path()));
        let digests: BTreeSet<String> = documents.map(|url| digest(url.path())).take(KEPT).collect();
        let text = digests.into_iter().collect::<Vec<_>>().join(" ");
        vec![Note::of(Outcome::Passed, text)]
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of documents and pages")]
    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let pages = site.notes().count();
        if pages < self.min_pages {
            return Vec::new();
        }
        let documents: BTreeSet<&str> = site.notes().flat_map(|(_, note)| note.text.split_ascii_whitespace()).collect();
        let observed = format!("{pages} pages link to {} {}", documents.len(), self.looks_for);
        let at = Locator::whole();
        vec![match documents.len() as f64 <= pages as f64 * self.max {
            true => at.pass(observed),
            false => at.fail(observed, format!("at most {} for each page", self.max)),
        }]
    }
}

fn digest(path: &str) -> String {
    blake3::hash(path.as_bytes()).to_hex()[..8].to_string()
}
