//! The forms of a site, those of pages and those among documents, as rows.
//!
//! In: the facts of a site. Out: JSON for `sites[].facts.forms` and `sites[].facts.documents`. Invariant: what nobody knows is null, never
//! "no". Tested in `tests/it/documents.rs`.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use url::Url;

use super::site::spelled;
use crate::document::{Document, Numbers};
use crate::facts::{Found, LinkedDocument, SiteFacts, WebForm};

/// Every form: of pages first, then among documents, each sorted by address.
pub(super) fn forms(facts: &SiteFacts) -> Vec<Value> {
    let web = facts.forms.iter().map(web);
    let paper = facts.documents.iter().filter_map(|(url, linked)| {
        let document = linked.read().filter(|document| document.is_form())?;
        Some(paper(url, linked, document))
    });
    web.chain(paper).collect()
}

fn web(form: &WebForm) -> Value {
    let mut row = json!({
        "kind": "web",
        "url": spelled(form.page.as_str()),
        "line": form.line,
        "name": form.name,
        "drawn-by": "fields",
        "fields": form.fields,
        "signature": if form.signature { json!("on-screen") } else { Value::Null },
        "method": form.method,
        "action": spelled(&form.action),
        "linked-from": Value::Null,
        "links": Value::Null,
        "asks": form.asks,
        "sends-to": form.sends_to,
        "burden-statement": form.beside.burden,
        "privacy-statement": form.beside.privacy_statement,
        "privacy-link": form.beside.privacy_link,
    });
    number(&mut row, &form.numbers);
    row
}

fn paper(url: &Url, linked: &LinkedDocument, document: &Document) -> Value {
    let place = linked.places.first();
    let name = document.title.clone().or_else(|| place.map(|place| place.label.clone()));
    let signature = match (document.signatures, document.signed_by_hand) {
        (1.., _) => json!("field"),
        (0, true) => json!("by-hand"),
        (0, false) => Value::Null,
    };
    let mut row = json!({
        "kind": document.kind.as_str(),
        "url": spelled(url.as_str()),
        "line": Value::Null,
        "name": name,
        "drawn-by": document.form.as_str(),
        "fields": document.fields,
        "signature": signature,
        "method": Value::Null,
        "action": Value::Null,
        "linked-from": place.map(|place| spelled(place.page.as_str())),
        "links": linked.links,
        "asks": Value::Null,
        "sends-to": Value::Null,
        "burden-statement": Value::Null,
        "privacy-statement": Value::Null,
        "privacy-link": Value::Null,
    });
    number(&mut row, &document.numbers);
    row
}

fn number(row: &mut Value, numbers: &Numbers) {
    row["control-number"] = json!(numbers.control_number);
    row["expires"] = json!(numbers.expires);
    row["form-number"] = json!(numbers.form_number);
}

/// Counts of what is linked, and of what was found there.
pub(super) fn documents(facts: &SiteFacts) -> Value {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    let mut unseen: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut read, mut tagged, mut scanned, mut forms, mut pages) = (0u64, 0u64, 0u64, 0u64, 0u64);
    for linked in facts.documents.values() {
        match &linked.found {
            Found::Read(document) => {
                read += 1;
                *kinds.entry(document.kind.as_str()).or_default() += 1;
                tagged += u64::from(document.tagged == Some(true));
                scanned += u64::from(document.is_scan());
                forms += u64::from(document.is_form());
                pages += u64::from(document.pages.unwrap_or(0));
            }
            Found::NotLooked(why) => *unseen.entry(why).or_default() += 1,
            Found::Answered(_) | Found::Missing => *unseen.entry("nothing there").or_default() += 1,
            Found::Problem(kind, _) => *unseen.entry(kind.as_str()).or_default() += 1,
        }
    }
    json!({
        "linked": facts.documents.len(),
        "read": read,
        "by-kind": kinds,
        "pages": pages,
        "tagged": tagged,
        "scanned": scanned,
        "forms": forms,
        "not-read": unseen,
    })
}
