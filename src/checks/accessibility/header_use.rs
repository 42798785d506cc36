//! `header-use`: each header cell of a table is the header of some cell.
//!
//! In: a page. Out: one verdict for each exposed header cell whose place or `scope` says what it heads (HTML, 4.9.12.2). A header
//! amid data without a scope is read in different ways and one at the foot of a table may repeat another: nothing is said of them. Tested by the rules that use it and by the ACT
//! cases (d0f69e).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::table::{Cell, Heads, Table};
use crate::facts::{PageFacts, Place, roles, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "header-use",
    asks: "Is each header cell of a table the header of some cell?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<HeaderUse>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HeaderUse {}

impl PageCheck for HeaderUse {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let tables = document.with_name("table").filter(Element::is_html);
        let formed = tables.filter_map(|table| Table::of(&table));
        formed
            .flat_map(|table| table.cells.iter().filter_map(|cell| verdict(&table, cell)).collect::<Vec<_>>())
            .collect()
    }
}

fn verdict<'a>(table: &Table<'a>, cell: &Cell<'a>) -> Option<Verdict> {
    let is_header = matches!(roles::role(&cell.element).as_str(), "columnheader" | "rowheader");
    if cell.element.name() != "th" || !is_header || !visibility::is_exposed(&cell.element) {
        return None;
    }
    let is_used = table.is_used(cell);
    let is_repeated = cell.element.ancestors().any(|around| around.name() == "tfoot");
    if !is_used && (is_repeated || table.heads(cell) == Heads::Nothing) {
        return None;
    }
    let expected = "a header with cells below or beside it, or a td for what heads nothing";
    Some(match is_used {
        true => cell.element.at().pass("the header has cells"),
        false => cell.element.heard().fail("the header is the header of no cell", expected),
    })
}
