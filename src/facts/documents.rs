//! The documents that pages link to, and what was found when they were read.
//!
//! In: the links of pages; later the documents. Out: [`LinkedDocument`] by address. Invariants: memory is bounded by the number kept, and
//! which are kept does not depend on the order of the pages; a document that was not looked at says why. Tested below and in
//! `tests/it/documents.rs`.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

use super::{PageFacts, Referrer, words};
use crate::document::{Document, Kind};
use crate::html::Document as Html;
use crate::web::{ProblemKind, address, registered};

/// Documents of a site that are remembered: the first by address.
const KEPT: usize = 5_000;
/// Places that link to one.
const PLACES: usize = 3;
/// Characters of a link's words that are kept.
const LABEL: usize = 120;

/// A document of a site.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct LinkedDocument {
    /// The kind its name says.
    pub named: Kind,
    /// Pages that link to it.
    pub links: u64,
    /// The first places by address that link to it.
    pub places: BTreeSet<DocumentPlace>,
    /// What was found there.
    pub found: Found,
}

/// A place that links to a document.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct DocumentPlace {
    /// The page with the link.
    pub page: Url,
    /// Line of the link.
    pub line: u32,
    /// The link's words.
    pub label: String,
}

/// What was found at the address of a document.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Found {
    /// Nobody looked, and why.
    NotLooked(String),
    /// It was read.
    Read(Box<Document>),
    /// Nothing to read: the server answered with this status.
    Answered(u16),
    /// The folder has no such file.
    Missing,
    /// It could not be looked at.
    Problem(ProblemKind, String),
}

/// The documents of a site by address.
pub type Documents = BTreeMap<Url, LinkedDocument>;

/// Joins what another page or worker saw; the order does not matter.
pub(super) fn merge(mine: &mut Documents, theirs: Documents) {
    for (url, other) in theirs {
        match mine.get_mut(&url) {
            Some(held) => {
                held.links += other.links;
                held.places.extend(other.places);
                while held.places.len() > PLACES {
                    held.places.pop_last();
                }
                if matches!(held.found, Found::NotLooked(_)) {
                    held.found = other.found;
                }
            }
            None => drop(mine.insert(url, other)),
        }
    }
    while mine.len() > KEPT {
        mine.pop_last();
    }
}

/// Forgets what only judging needs: the texts.
pub(super) fn let_go(documents: &mut Documents) {
    for linked in documents.values_mut() {
        if let Found::Read(document) = &mut linked.found {
            document.text = String::new();
        }
    }
}

/// The documents of its own site that a page links to: below the same registered name.
pub(super) fn linked(page: &PageFacts<'_>) -> Documents {
    let mut found = Documents::new();
    for link in page.links() {
        let Some(url) = link.url().filter(|url| is_ours(url, page.url())) else { continue };
        let Some(named) = Kind::of_name(&address::decoded_path(url)) else { continue };
        let place = DocumentPlace {
            page: page.url().clone(),
            line: link.element.position().line,
            label: label(super::names::name(&link.element)),
        };
        let held = found.entry(address::canonical(url)).or_insert_with(|| LinkedDocument {
            named,
            links: 1,
            places: BTreeSet::new(),
            found: Found::NotLooked("nobody looked".to_string()),
        });
        if held.places.is_empty() {
            held.places.insert(place);
        }
    }
    found
}

/// A document that no name told: a server named its kind when it was asked for as a page.
pub(super) fn unnamed(kind: Kind, links: u64, referrers: &[Referrer]) -> LinkedDocument {
    let place = |from: &Referrer| DocumentPlace {
        page: (*from.page).clone(),
        line: from.line,
        label: label(&Html::parse(from.snippet()).root().text()),
    };
    LinkedDocument {
        named: kind,
        links,
        places: referrers.iter().take(PLACES).map(place).collect(),
        found: Found::NotLooked("nobody looked".to_string()),
    }
}

fn label(name: &str) -> String {
    words::collapse(name).chars().take(LABEL).collect()
}

pub(super) fn is_ours(url: &Url, page: &Url) -> bool {
    let name = |url: &Url| url.host_str().and_then(registered).map(str::to_string);
    address::same_site(url, page) || name(url).is_some_and(|registered| name(page) == Some(registered))
}

impl LinkedDocument {
    /// The document, where it was read.
    pub fn read(&self) -> Option<&Document> {
        match &self.found {
            Found::Read(document) => Some(document),
            Found::NotLooked(_) | Found::Answered(_) | Found::Missing | Found::Problem(..) => None,
        }
    }

    /// Where it is linked, for people: "linked from https://… (line 12) as “Form A”".
    pub fn told(&self) -> String {
        let Some(place) = self.places.first() else { return "linked nowhere".to_string() };
        let more = match self.links {
            0 | 1 => String::new(),
            pages => format!(
                " and {} more",
                if pages == 2 { "one page".to_string() } else { format!("{} pages", pages - 1) }
            ),
        };
        format!("linked from {} (line {}) as \"{}\"{more}", place.page, place.line, place.label)
    }

    /// The order in which documents are looked at: what people seem to fill in first, then what many pages link to.
    pub fn rank(&self, url: &Url) -> (bool, std::cmp::Reverse<u64>, String) {
        let is_form = |text: &str| {
            let text = text.to_lowercase();
            ["form", "application", "claim", "petition", "solicitud"].iter().any(|word| text.contains(word))
        };
        let form = is_form(url.path()) || self.places.iter().any(|place| is_form(&place.label));
        (!form, std::cmp::Reverse(self.links), url.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(page: &str, links: u64) -> LinkedDocument {
        let page = Url::parse(page).expect("a constant address");
        let place = DocumentPlace { page, line: 1, label: "Annual report".to_string() };
        let found = Found::NotLooked(String::new());
        LinkedDocument { named: Kind::Pdf, links, places: BTreeSet::from([place]), found }
    }

    #[test]
    fn what_pages_link_to_joins_to_the_same_in_any_order() {
        let url = Url::parse("https://www.agency.example/a.pdf").expect("a constant address");
        let parts: Vec<Documents> = (0..5)
            .map(|page| Documents::from([(url.clone(), one(&format!("https://www.agency.example/{page}"), 1))]))
            .collect();
        let mut forward = Documents::new();
        let mut back = Documents::new();
        parts.iter().for_each(|part| merge(&mut forward, part.clone()));
        parts.iter().rev().for_each(|part| merge(&mut back, part.clone()));
        assert_eq!(forward, back);
        let held = &forward[&url];
        assert_eq!((held.links, held.places.len()), (5, PLACES));
        assert!(held.told().ends_with("(line 1) as \"Annual report\" and 4 pages more"), "{}", held.told());
    }

    #[test]
    fn forms_are_looked_at_first_then_what_many_pages_link_to() {
        let address =
            |path: &str| Url::parse("https://www.agency.example/").and_then(|root| root.join(path)).expect("constant");
        let mut all = [("b.pdf", 1), ("a.pdf", 1), ("often.pdf", 9), ("form-7.pdf", 1)]
            .map(|(path, links)| (address(path), one("https://a.example/", links)));
        all.sort_by_key(|(url, document)| document.rank(url));
        assert_eq!(all.map(|(url, _)| url.path().to_string()), ["/form-7.pdf", "/often.pdf", "/a.pdf", "/b.pdf"]);
    }
}
