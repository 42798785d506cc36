//! `required-marked`: fields that have to be filled in are marked so that people see it.
//!
//! In: a page. Out: one verdict for each form that asks people for data and has required fields, at the first field without a
//! mark. Radio buttons and boxes to tick are left out: their group carries the mark. Never: sees what style sheets draw. Tested
//! by the rules that use it.

use serde::Deserialize;
use std::sync::LazyLock;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Query, Scope};
use crate::facts::{PageFacts, Place, forms, visibility, visible_text, words};
use crate::html::{Element, Selector};
use crate::verdict::Verdict;

static FORMS: LazyLock<Selector> = LazyLock::new(|| Selector::parse("form").expect("a constant selector"));
static REQUIRED: LazyLock<Selector> = LazyLock::new(|| {
    Selector::parse(":is([required], [aria-required=true i]):not([type=radio i], [type=checkbox i])")
        .expect("a constant selector")
});
/// How far above a field its mark may stand.
const LEVELS: usize = 3;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "required-marked",
    asks: "Are the required fields of forms marked?",
    scope: Scope::Page,
    parameters: &[
        ("mark", "regular expression over the folded text of a label that marks its field"),
        ("marked", "CSS selector of labels and of what holds a field that style sheets mark"),
        ("notice", "regular expression over the folded text of the page: a notice that speaks of all fields"),
    ],
    build: page::<RequiredMarked>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RequiredMarked {
    mark: Pattern,
    marked: Query,
    notice: Pattern,
}

impl PageCheck for RequiredMarked {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let asking = document.select(&FORMS).filter(forms::is_data_form);
        asking.filter_map(|form| self.verdict(&form, page)).collect()
    }
}

impl RequiredMarked {
    fn verdict(&self, form: &Element<'_>, page: &PageFacts<'_>) -> Option<Verdict> {
        let required: Vec<Element<'_>> =
            forms::fields(form).filter(|field| field.matches(&REQUIRED) && visibility::is_rendered(field)).collect();
        let first = required.first()?;
        if let Some(notice) = self.notice.find_on(page) {
            return Some(first.at().pass(format_args!("the page says \"{}\"", notice.as_str())));
        }
        Some(match required.iter().find(|field| !self.is_marked(field)) {
            Some(field) => field.at().fail(
                "the field has to be filled in, and no words or sign beside it say so",
                "\"required\", or a sign that the form explains, in the label",
            ),
            None => first.at().pass(format_args!("{} required fields are marked", required.len())),
        })
    }

    fn is_marked(&self, field: &Element<'_>) -> bool {
        let says = |text: &str| self.mark.is_in(&words::fold(text));
        let shows = |label: Element<'_>| says(&visible_text(label)) || label.matches(&self.marked.0);
        let by_id = field.id_attr().is_some_and(|id| field.document().labels_for(id).any(shows));
        let in_words = ["placeholder", "aria-label"].iter().any(|name| field.attr(name).is_some_and(says));
        let around = |holder: Element<'_>| {
            forms::fields(&holder).count() == 1 && (holder.matches(&self.marked.0) || says(&visible_text(holder)))
        };
        by_id || in_words || field.ancestors().take(LEVELS).any(around)
    }
}
