//! Forms: what they ask people for.
//!
//! In: a document. Out: forms, their fields. Invariant: hidden fields and buttons ask nobody anything. Tested by the rules of
//! the forms pack.

use std::sync::LazyLock;

use crate::html::{Document, Element, Selector};

/// Fields a form has at least when it asks for data; fewer is a search box, a subscription or a log-in.
const DATA_FIELDS: usize = 3;

static FORMS: LazyLock<Selector> = LazyLock::new(|| Selector::parse("form").expect("a constant selector"));
static FIELDS: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("input, select, textarea").expect("a constant selector"));

/// True when a form of the document asks people for data: at least three fields, none of them a search or a password.
pub fn asks_for_data(document: &Document) -> bool {
    document.select(&FORMS).any(|form| is_data_form(&form))
}

/// True when a form asks people for data.
pub fn is_data_form(form: &Element<'_>) -> bool {
    let fields: Vec<Element<'_>> = fields(form).collect();
    let kind =
        |field: &Element<'_>, wanted: &str| field.attr("type").is_some_and(|kind| kind.eq_ignore_ascii_case(wanted));
    !is_search(form)
        && fields.len() >= DATA_FIELDS
        && !fields.iter().any(|field| kind(field, "search") || kind(field, "password"))
}

/// True when a form says that it searches: by its role, its names, or the last part of the path it is sent to.
fn is_search(form: &Element<'_>) -> bool {
    let says = |words: &str| {
        let words = words.to_ascii_lowercase();
        words.contains("search") && !words.contains("research")
    };
    let path = form.attr("action").map(|action| action.split(['?', '#']).next().unwrap_or_default());
    let last = path.and_then(|path| path.trim_end_matches('/').rsplit('/').next());
    let names = ["role", "id", "name", "class"].into_iter().filter_map(|name| form.attr(name));
    names.chain(last).any(says)
}

/// The fields of a form that people fill in: no hidden fields, no buttons.
pub fn fields<'a>(form: &Element<'a>) -> impl Iterator<Item = Element<'a>> + use<'a> {
    form.select(&FIELDS).filter(|field| {
        let kind = field.attr("type").unwrap_or("text").trim().to_ascii_lowercase();
        field.name() != "input" || !matches!(kind.as_str(), "hidden" | "submit" | "button" | "reset" | "image")
    })
}
