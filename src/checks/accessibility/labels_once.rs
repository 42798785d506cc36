//! `labels-once`: a field has one label, and each label of a form is that of one field.
//!
//! In: a page. Out: one verdict for each exposed field: how many `label` elements name it, whether another field of its group has
//! the same name, or whether people see words that say what it asks for. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, names, roles, visibility, visible_text};
use crate::html::{Document, Element, Node, Selector};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "labels-once",
    asks: "Has each field one label, and one that no other field has?",
    scope: Scope::Page,
    parameters: &[(
        "asks",
        "single: at most one label element; own: a name that no other field of its group has; shown: words beside it",
    )],
    build: page::<LabelsOnce>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LabelsOnce {
    asks: Asks,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Asks {
    Single,
    Own,
    Shown,
}

impl PageCheck for LabelsOnce {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        match self.asks {
            Asks::Single => fields(document).filter_map(|field| single(&field)).collect(),
            Asks::Own => own(document),
            Asks::Shown => {
                let mut parts = BTreeMap::new();
                fields(document).map(|field| shown(&field, &mut parts)).collect()
            }
        }
    }
}

static FIELDS: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("select, textarea, input").expect("a constant selector"));

fn fields(document: &Document) -> impl Iterator<Item = Element<'_>> {
    document.select(&FIELDS).filter(|element| {
        let kind = element.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
        let is_button = matches!(kind.as_str(), "hidden" | "button" | "submit" | "reset" | "image");
        !(element.name() == "input" && is_button) && element.is_html() && visibility::is_exposed(element)
    })
}

fn single(field: &Element<'_>) -> Option<Verdict> {
    let id = field.id_attr().filter(|id| !id.is_empty());
    let mut labels: Vec<Element<'_>> =
        id.map(|id| field.document().labels_for(id).filter(visibility::is_exposed).collect()).unwrap_or_default();
    let around = field.ancestors().find(|around| around.name() == "label" && !around.has_attr("for"));
    labels.extend(around.filter(|around| !labels.contains(around)));
    let is_first = id.is_none_or(|id| field.document().by_id(id) == Some(*field));
    match labels.len() {
        0 => None,
        1 => Some(field.at().pass("the field has one label")),
        _ if !is_first => None,
        count => Some(field.heard().fail(format!("{count} labels belong to the field"), "one label for each field")),
    }
}

/// Whether people see what a field asks for: a label, or words in the smallest part of the page around it that has any other thing.
fn shown<'a>(field: &Element<'a>, parts: &mut BTreeMap<u32, Part<'a>>) -> Verdict {
    let document = field.document();
    let id = field.id_attr().filter(|id| !id.is_empty());
    let labelled = id.is_some_and(|id| document.labels_for(id).any(|label| says(&label)));
    let ids = field.attr("aria-labelledby").unwrap_or_default().split_ascii_whitespace();
    let referenced = ids.filter_map(|id| document.by_id(id)).any(|target| says(&target));
    let mut around = field.ancestors().take(LEVELS);
    let beside =
        around.any(|around| parts.entry(around.order()).or_insert_with(|| Part::of(around)).speaks_beside(field));
    match labelled || referenced || beside {
        true => field.at().pass("words stand beside the field"),
        false => field.heard().fail("no words stand beside the field", "a label that people see"),
    }
}

fn says(element: &Element<'_>) -> bool {
    visibility::is_rendered(element) && !visible_text(*element).trim().is_empty()
}

/// What a part of the page says to the fields in it; looked at once, because a form may have thousands.
struct Part<'a> {
    /// Whether it has words or a button of its own.
    own: bool,
    /// The first two children with words: at most one of them holds the field that asks.
    spoken: Vec<Element<'a>>,
}

impl<'a> Part<'a> {
    fn of(around: Element<'a>) -> Self {
        let is_choice = |inner: &Element<'_>| matches!(inner.name(), "select" | "textarea" | "option" | "script");
        let own = around
            .nodes()
            .any(|node| matches!(node, Node::Text(text) if text.chars().any(char::is_alphanumeric)))
            || around.children().any(|child| child.name() == "input" && is_button(&child) || child.name() == "button");
        let spoken = around.children().filter(|child| !is_choice(child) && says(child)).take(2);
        Self { own, spoken: if own { Vec::new() } else { spoken.collect() } }
    }

    fn speaks_beside(&self, field: &Element<'_>) -> bool {
        self.own || self.spoken.iter().any(|child| child != field && !child.contains(*field))
    }
}

/// Parts around a field in which its words are looked for.
const LEVELS: usize = 3;

fn is_button(input: &Element<'_>) -> bool {
    let kind = input.attr("type").unwrap_or_default();
    ["submit", "button", "image"].iter().any(|button| kind.trim().eq_ignore_ascii_case(button))
}

/// Fields that people fill in with words or choose from a list; choices such as "yes" and "no" repeat rightly.
fn own(document: &Document) -> Vec<Verdict> {
    let mut seen: BTreeMap<(u32, &str), u32> = BTreeMap::new();
    let mut verdicts = Vec::new();
    for field in fields(document) {
        if !matches!(roles::role(&field).as_str(), "textbox" | "combobox" | "listbox" | "spinbutton") {
            continue;
        }
        let name = names::folded(&field);
        let group = field.ancestors().find(|around| {
            matches!(around.name(), "fieldset" | "form" | "tr" | "li" | "section" | "dialog") || around.has_attr("role")
        });
        let place = group.map_or(0, |group| group.order());
        if name.is_empty() {
            continue;
        }
        let observed = format!("the field is named \"{name}\"");
        verdicts.push(match seen.insert((place, name), field.order()) {
            None => field.at().pass(observed),
            Some(_) => field
                .heard()
                .fail(format!("{observed}, and so is another one of its group"), "a name of its own for each field"),
        });
    }
    verdicts
}
