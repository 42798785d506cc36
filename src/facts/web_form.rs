//! The forms of pages that ask people for data, as rows of an inventory: what each asks for, under which number, where answers go.
//!
//! In: a page. Out: [`WebForm`]s. Numbers and statements are searched in the text of the page, because they stand beside a form and not
//! in it. Invariant: a search box, a subscription and a log-in are none; what a form is called is what the page says, never a guess.
//! Tested in `tests/it/documents.rs` and by the labelled cases of `tests/it/detectors.rs`.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};
use url::Url;

use super::form_asks::{Asked, asked};
use super::{PageFacts, forms, names, visible_text, words};
use crate::document::Numbers;
use crate::html::{Document, Element, Selector};
use crate::web::address;

/// Forms of a site that are remembered.
pub(super) const KEPT: usize = 2_000;

static FORMS: LazyLock<Selector> = LazyLock::new(|| Selector::parse("form").expect("a constant selector"));
static HEADINGS: LazyLock<Selector> = LazyLock::new(|| Selector::parse("legend, h1, h2").expect("a constant selector"));
static MAIN: LazyLock<Selector> = LazyLock::new(|| Selector::parse("h1").expect("a constant selector"));

/// A form of a page.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct WebForm {
    /// The page; the forms of one page share it.
    pub page: Arc<Url>,
    /// Line of its start tag.
    pub line: u32,
    /// What it is called: its own name, else its first heading, else that of the page.
    pub name: String,
    /// Fields that people fill in.
    pub fields: u32,
    /// How it is sent: "get", "post" or "dialog".
    pub method: String,
    /// Where it is sent.
    pub action: String,
    /// The host that gets the answers, where it is not the site.
    pub sends_to: Option<String>,
    /// What it asks for that tells one person from another, by the names and labels of its fields.
    pub asks: BTreeSet<Asked>,
    /// Whether one of its fields is called a signature.
    pub signature: bool,
    /// The numbers that the page shows.
    pub numbers: Numbers,
    /// What the page says beside it.
    pub beside: Beside,
}

/// What a page tells people about the forms on it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Beside {
    /// How long answering takes.
    pub burden: bool,
    /// The use of the answers: authority, purpose, uses.
    pub privacy_statement: bool,
    /// A link to a privacy policy or notice.
    pub privacy_link: bool,
}

/// What the forms of a page share.
struct Around<'p, 'f> {
    page: &'p PageFacts<'f>,
    document: &'p Document,
    url: Arc<Url>,
    numbers: Numbers,
    beside: Beside,
}

/// The forms of a page that ask people for data.
pub fn web_forms(page: &PageFacts<'_>) -> Vec<WebForm> {
    let Some(document) = page.document.filter(|_| page.has_data_form()) else { return Vec::new() };
    // As it is printed: the text that rules compare is folded.
    let numbers = Numbers::of(&document.body().map(visible_text).unwrap_or_default());
    let around = Around { page, document, url: Arc::new(page.url().clone()), numbers, beside: beside(page) };
    document.select(&FORMS).filter(forms::is_data_form).map(|form| row(&around, &form)).collect()
}

fn beside(page: &PageFacts<'_>) -> Beside {
    let text = page.text();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| words::contains(text, phrase));
    let names = ["privacy act statement", "privacy act notice", "declaración de la ley de privacidad"];
    let parts = says(&["authority"]) && says(&["purpose"]) && says(&["routine uses", "routine use"]);
    Beside {
        burden: says(&["paperwork reduction act", "paperwork burden", "burden", "ley de reducción de trámites"]),
        privacy_statement: says(&names) || parts,
        privacy_link: page.links().iter().any(|link| link.name.contains("privacy") || link.name.contains("privacidad")),
    }
}

fn row(around: &Around<'_, '_>, form: &Element<'_>) -> WebForm {
    let own = names::name(form).to_string();
    let heading = |found: Option<Element<'_>>| found.map(|heading| heading.text()).unwrap_or_default();
    let called = [own, heading(form.select(&HEADINGS).next()), heading(around.document.select(&MAIN).next())];
    let name = called.iter().map(|name| words::collapse(name)).find(|name| !name.is_empty()).unwrap_or_default();
    let method = form.attr("method").unwrap_or_default().trim().to_ascii_lowercase();
    let target = around.page.base().join(form.attr("action").unwrap_or_default().trim()).ok();
    let elsewhere = target.as_ref().filter(|target| !address::same_site(target, around.page.url()));
    let signs = |field: &Element<'_>| {
        let called = [Some(names::name(field)), field.attr("name"), field.id_attr()];
        called.into_iter().flatten().any(|name| name.to_ascii_lowercase().contains("signature"))
    };
    WebForm {
        page: around.url.clone(),
        line: form.position().line,
        name: name.chars().take(200).collect(),
        fields: u32::try_from(forms::fields(form).count()).unwrap_or(u32::MAX),
        method: if matches!(method.as_str(), "post" | "dialog") { method } else { "get".to_string() },
        sends_to: elsewhere.and_then(|target| target.host_str()).map(str::to_string),
        action: target.map_or_else(String::new, |url| address::canonical(&url).to_string()),
        asks: forms::fields(form).filter_map(|field| asked(&field)).collect(),
        signature: forms::fields(form).any(|field| signs(&field)),
        numbers: around.numbers.clone(),
        beside: around.beside,
    }
}
