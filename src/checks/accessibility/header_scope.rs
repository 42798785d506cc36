//! `header-scope`: in a table whose headers are not plain, they say what they head.
//!
//! In: a page. Out: one verdict for each exposed table of data with headers in rows and columns and more than one of a kind: `scope` on
//! the headers or `headers` on the cells. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::table::Table;
use crate::facts::{PageFacts, Place, roles, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "header-scope",
    asks: "Do the headers of tables that are not plain say what they head?",
    scope: Scope::Page,
    parameters: &[("levels", "columns of row headers, or rows of column headers, from which a table is not plain")],
    build: page::<HeaderScope>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HeaderScope {
    levels: usize,
}

impl PageCheck for HeaderScope {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let tables = document.with_name("table").filter(|element| {
            element.is_html() && roles::role(element).as_str() == "table" && visibility::is_exposed(element)
        });
        tables.filter_map(|table| self.verdict(&table)).collect()
    }
}

impl HeaderScope {
    fn verdict(&self, element: &Element<'_>) -> Option<Verdict> {
        let table = Table::of(element)?;
        let says = |name: &str| table.cells.iter().any(|cell| cell.element.has_attr(name));
        let is_header = |x: usize, y: usize| {
            let covers = |at: usize, size: usize, wanted: usize| (at..at + size).contains(&wanted);
            table.cells.iter().any(|cell| {
                cell.element.name() == "th" && covers(cell.x, cell.width, x) && covers(cell.y, cell.height, y)
            })
        };
        let has_data = table.cells.iter().any(|cell| cell.element.name() == "td");
        let (last_row, last_column) = (table.rows().checked_sub(1)?, table.columns().checked_sub(1)?);
        if !has_data || table.rows() > MOST || table.columns() > MOST {
            return None;
        }
        let row_headers = (0..=last_column).take_while(|x| is_header(*x, last_row)).count();
        let column_headers = (0..=last_row).take_while(|y| is_header(last_column, *y)).count();
        let is_plain =
            row_headers < self.levels && column_headers < self.levels || row_headers == 0 || column_headers == 0;
        if is_plain {
            return None;
        }
        Some(match says("scope") || says("headers") {
            true => element.at().pass("the headers say what they head"),
            false => element.heard().fail(
                format!(
                    "{row_headers} row headers and {column_headers} column headers belong to a cell, without scope"
                ),
                "scope on each header, or headers on each cell",
            ),
        })
    }
}

/// Rows or columns past which a table is not looked through.
const MOST: usize = 400;
