//! Questions about the documents of a site: PDF and office files that its pages link to.
//!
//! In: what was read of them. Out: verdicts, one for each document. Invariants: a document that nobody looked at fails nothing; the
//! address of a finding is that of the document, and its words say which page links to it. Tested by the rules that use them.

mod on_the_web;
mod property;
mod twin;
mod wording;

pub(super) use on_the_web::ENTRY as DOCUMENT_ON_THE_WEB;
pub(super) use property::ENTRY as DOCUMENT_PROPERTY;
pub(super) use twin::ENTRY as DOCUMENT_TWIN;
pub(super) use wording::ENTRY as DOCUMENT_WORDING;

use url::Url;

use crate::document::{Document, State};
use crate::facts::{Found, LinkedDocument, SiteView};
use crate::verdict::{Locator, Verdict};

/// Verdicts on every document that was read, and one for the site where documents could have been read and none was.
fn each_read(site: &SiteView<'_>, judge: impl Fn(&Url, &LinkedDocument, &Document) -> Option<Verdict>) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for (url, linked) in &site.facts.documents {
        match &linked.found {
            Found::Read(document) if document.state == State::Read => verdicts.extend(judge(url, linked, document)),
            Found::Problem(_, detail) => verdicts.push(at(url).untested(format!("the document: {detail}"))),
            Found::Read(_) | Found::NotLooked(_) | Found::Answered(_) | Found::Missing => {}
        }
    }
    verdicts.extend(unseen(site));
    verdicts
}

/// Where there are documents and nobody looked at any of them.
fn unseen(site: &SiteView<'_>) -> Option<Verdict> {
    let mut why = None;
    for linked in site.facts.documents.values() {
        let Found::NotLooked(reason) = &linked.found else { return None };
        why = Some(reason);
    }
    let count = site.facts.documents.len();
    why.map(|why| Locator::whole().untested(format!("{count} documents were not looked at: {why}")))
}

/// The place of a verdict on a document.
fn at(url: &Url) -> Locator {
    Locator::page(url.clone())
}
