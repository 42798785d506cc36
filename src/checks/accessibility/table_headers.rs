//! `table-headers`: a table of data says which cells are its headings.
//!
//! In: a page. Out: one verdict for each exposed table that looks like data: several rows and columns, text in its cells, no
//! table or form inside it, not marked as layout. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{PageFacts, Place, roles, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "table-headers",
    asks: "Does each table of data mark its heading cells?",
    scope: Scope::Page,
    parameters: &[
        ("min-rows", "fewest rows of a table of data"),
        ("min-columns", "fewest cells in its widest row"),
        ("layout", "CSS selector of what a table of data does not contain"),
    ],
    build: page::<TableHeaders>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TableHeaders {
    min_rows: usize,
    min_columns: usize,
    layout: Query,
}

impl PageCheck for TableHeaders {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let tables = document.with_name("table").filter(Element::is_html);
        tables.filter(|table| self.is_data(table)).map(|table| verdict(&table)).collect()
    }
}

impl TableHeaders {
    fn is_data(&self, table: &Element<'_>) -> bool {
        let rows: Vec<Element<'_>> = table.descendants().filter(|inner| inner.name() == "tr").collect();
        let widest =
            rows.iter().map(|row| row.children().filter(|cell| matches!(cell.name(), "td" | "th")).count()).max();
        roles::explicit(table).is_none_or(|role| role.as_str() == "table")
            && rows.len() >= self.min_rows
            && widest.unwrap_or_default() >= self.min_columns
            && table.select(&self.layout.0).next().is_none()
            && !table.ancestors().any(|around| around.name() == "table")
            && visibility::is_exposed(table)
    }
}

fn verdict(table: &Element<'_>) -> Verdict {
    let is_heading =
        |cell: &Element<'_>| cell.name() == "th" || matches!(roles::role(cell).as_str(), "columnheader" | "rowheader");
    match table.descendants().filter(is_heading).count() {
        0 => table.heard().fail("the table has no heading cells", "heading cells (th) for rows or columns of data"),
        count => table.at().pass(format_args!("the table has {count} heading cells")),
    }
}
