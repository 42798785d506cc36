//! `header-cells`: the `headers` of a cell name other cells of the same table.
//!
//! In: a page. Out: one verdict for each exposed cell with such references; a table of mere layout has no cells. Tested by the rules that use it and by the ACT cases
//! (a25f45).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, roles, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "header-cells",
    asks: "Do the headers attributes of cells name other cells of their table?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<HeaderCells>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HeaderCells {}

impl PageCheck for HeaderCells {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let cells = document.with_attr("headers").filter(|cell| {
            cell.is_html()
                && matches!(cell.name(), "td" | "th")
                && cell.attr("headers").is_some_and(|ids| !ids.trim().is_empty())
                && matches!(roles::role(cell).as_str(), "cell" | "gridcell" | "columnheader" | "rowheader")
                && visibility::is_exposed(cell)
        });
        cells.filter_map(|cell| verdict(&cell)).collect()
    }
}

fn verdict(cell: &Element<'_>) -> Option<Verdict> {
    let table = table_of(cell)?;
    let ids = cell.attr("headers").unwrap_or_default();
    let is_header = |id: &&str| {
        let found = cell.document().with_id(id);
        found
            .into_iter()
            .any(|found| found != *cell && matches!(found.name(), "td" | "th") && table_of(&found) == Some(table))
    };
    let lost: Vec<&str> = ids.split_ascii_whitespace().filter(|id| !is_header(id)).collect();
    Some(if lost.is_empty() {
        cell.at().pass(format_args!("headers \"{ids}\" are cells of the table"))
    } else {
        cell.heard().fail(
            format!("headers names \"{}\", which is no other cell of this table", lost.join(" ")),
            "ids of header cells of the same table",
        )
    })
}

fn table_of<'a>(cell: &Element<'a>) -> Option<Element<'a>> {
    cell.ancestors().find(|ancestor| ancestor.name() == "table")
}
