//! The forms of pages that ask people for data, as rows of an inventory.
//!
//! In: a page. Out: [`WebForm`]s. Invariant: a search box, a subscription and a log-in are none; what a form is called is what the page
//! says, never a guess. Tested in `tests/it/documents.rs`.

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use url::Url;

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
    /// The page.
    pub page: Url,
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
    /// Whether one of its fields is called a signature.
    pub signature: bool,
    /// The numbers that the page shows.
    pub numbers: Numbers,
}

/// The forms of a page that ask people for data.
pub(super) fn of(page: &PageFacts<'_>) -> Vec<WebForm> {
    let Some(document) = page.document.filter(|_| page.has_data_form()) else { return Vec::new() };
    // As it is printed: the text that rules compare is folded.
    let numbers = Numbers::of(&document.body().map(visible_text).unwrap_or_default());
    document.select(&FORMS).filter(forms::is_data_form).map(|form| row(page, document, &form, &numbers)).collect()
}

fn row(page: &PageFacts<'_>, document: &Document, form: &Element<'_>, numbers: &Numbers) -> WebForm {
    let own = names::name(form).to_string();
    let heading = |found: Option<Element<'_>>| found.map(|heading| heading.text()).unwrap_or_default();
    let called = [own, heading(form.select(&HEADINGS).next()), heading(document.select(&MAIN).next())];
    let name = called.iter().map(|name| words::collapse(name)).find(|name| !name.is_empty()).unwrap_or_default();
    let method = form.attr("method").unwrap_or_default().trim().to_ascii_lowercase();
    let action = page.base().join(form.attr("action").unwrap_or_default().trim());
    let signs = |field: &Element<'_>| {
        let called = [Some(names::name(field)), field.attr("name"), field.id_attr()];
        called.into_iter().flatten().any(|name| name.to_ascii_lowercase().contains("signature"))
    };
    WebForm {
        page: page.url().clone(),
        line: form.position().line,
        name: name.chars().take(200).collect(),
        fields: u32::try_from(forms::fields(form).count()).unwrap_or(u32::MAX),
        method: if matches!(method.as_str(), "post" | "dialog") { method } else { "get".to_string() },
        action: action.map_or_else(|_| String::new(), |url| address::canonical(&url).to_string()),
        signature: forms::fields(form).any(|field| signs(&field)),
        numbers: numbers.clone(),
    }
}
