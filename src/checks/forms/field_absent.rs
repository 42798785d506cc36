//! `field-absent`: no form asks people for something, or not in a certain way.
//!
//! In: a page. Out: one failure for each such field, else one pass for the page's forms; no form is inapplicable. A field is known by
//! its name, id, autocomplete token and label. Tested by the rules of the forms pack.

use serde::Deserialize;
use std::sync::LazyLock;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Scope};
use crate::facts::{PageFacts, Place, forms, visible_text, words};
use crate::html::{Document, Element, Selector};
use crate::verdict::Verdict;

static FORMS: LazyLock<Selector> = LazyLock::new(|| Selector::parse("form").expect("a constant selector"));
static LABELS: LazyLock<Selector> = LazyLock::new(|| Selector::parse("label[for]").expect("a constant selector"));

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "field-absent",
    asks: "Are the forms of the page free of fields that ask for something?",
    scope: Scope::Page,
    parameters: &[
        ("named", "regular expression over the field's name, id and autocomplete token (optional)"),
        ("labelled", "regular expression over the field's folded label (optional)"),
        ("types", "input types that ask for it (optional)"),
        ("method", "only forms sent by this method, get or post (optional)"),
        ("looks-for", "what the field asks for, for people"),
        ("expected", "what to have instead, for people"),
    ],
    build: page::<FieldAbsent>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FieldAbsent {
    named: Option<Pattern>,
    labelled: Option<Pattern>,
    #[serde(default)]
    types: Vec<String>,
    method: Option<Method>,
    looks_for: String,
    expected: String,
}

#[derive(Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Method {
    Get,
    Post,
}

impl PageCheck for FieldAbsent {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let mut fields = document
            .select(&FORMS)
            .filter(|form| self.method.as_ref().is_none_or(|wanted| method(form).as_ref() == Some(wanted)))
            .flat_map(|form| forms::fields(&form).collect::<Vec<_>>())
            .peekable();
        if fields.peek().is_none() {
            return Vec::new();
        }
        let found: Vec<Verdict> = fields
            .filter(|field| self.is_meant(document, field))
            .map(|field| field.at().fail(format!("a field asks for {}", self.looks_for), self.expected.clone()))
            .collect();
        if found.is_empty() {
            return vec![page.whole().pass(format_args!("no field asks for {}", self.looks_for))];
        }
        found
    }
}

impl FieldAbsent {
    fn is_meant(&self, document: &Document, field: &Element<'_>) -> bool {
        let kind = field.attr("type").unwrap_or("text").trim().to_ascii_lowercase();
        if self.types.contains(&kind) {
            return true;
        }
        // A box to tick or a choice holds no value that somebody typed.
        if matches!(kind.as_str(), "checkbox" | "radio") {
            return false;
        }
        let named = |pattern: &Pattern| {
            ["name", "id", "autocomplete"].iter().any(|name| field.attr(name).is_some_and(|value| pattern.is_in(value)))
        };
        self.named.as_ref().is_some_and(named)
            || self.labelled.as_ref().is_some_and(|pattern| pattern.is_in(&label(document, field)))
    }
}

/// How a form with an address is sent; `None` where a script or a dialog takes it.
fn method(form: &Element<'_>) -> Option<Method> {
    match form.attr("method").map(|method| method.trim().to_ascii_lowercase()).as_deref() {
        Some("post") => Some(Method::Post),
        Some("dialog") => None,
        Some(_) => Some(Method::Get),
        None => form.attr("action").is_some_and(|action| !action.trim().is_empty()).then_some(Method::Get),
    }
}

/// The folded words beside a field: its label, else what it says of itself.
fn label(document: &Document, field: &Element<'_>) -> String {
    let id = field.id_attr();
    let of = document.select(&LABELS).find(|label| id.is_some() && label.attr("for") == id);
    let around = || field.ancestors().find(|ancestor| ancestor.name() == "label");
    let own = ["aria-label", "placeholder", "title"].iter().filter_map(|name| field.attr(name));
    let own = own.collect::<Vec<_>>().join(" ");
    words::fold(&of.or_else(around).map_or_else(|| own.into(), visible_text))
}
