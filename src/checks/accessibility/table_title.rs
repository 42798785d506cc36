//! `table-title`: a table says what it holds in its caption, once.
//!
//! In: a page. Out: a verdict on each exposed table that has both a caption and a summary, or on each table of data: whether a
//! cell across its whole first row stands for a caption. Tables that are layout by role, and nested ones, are left out. Tested by the rules
//! that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::table::Table;
use crate::facts::{PageFacts, Place, roles, visibility, visible_text, words};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "table-title",
    asks: "Does each table say what it holds in its caption, once?",
    scope: Scope::Page,
    parameters: &[
        ("asks", "twice: the summary says more than the caption; cell: no cell stands for a caption"),
        ("columns", "tables of fewer columns have no cell across them (default 2)"),
        ("rows", "tables of fewer rows are left out (default 2)"),
    ],
    build: page::<TableTitle>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TableTitle {
    asks: Asks,
    #[serde(default = "two")]
    columns: usize,
    #[serde(default = "two")]
    rows: usize,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Asks {
    Twice,
    Cell,
}

fn two() -> usize {
    2
}

impl PageCheck for TableTitle {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let tables = document.with_name("table").filter(|element| {
            element.is_html()
                && matches!(roles::role(element).as_str(), "table" | "grid" | "treegrid")
                && visibility::is_exposed(element)
        });
        tables
            .filter_map(|table| match self.asks {
                Asks::Twice => twice(&table),
                Asks::Cell => self.cell(&table),
            })
            .collect()
    }
}

fn caption<'a>(table: &Element<'a>) -> Option<Element<'a>> {
    table.children().find(|child| child.name() == "caption")
}

fn twice(table: &Element<'_>) -> Option<Verdict> {
    let caption = words::fold(&visible_text(caption(table)?));
    let summary = words::fold(table.attr("summary")?);
    if caption.is_empty() || summary.is_empty() {
        return None;
    }
    Some(match caption == summary {
        false => table.at().pass("the summary says something else than the caption"),
        true => table.heard().fail(
            format!("caption and summary both say \"{caption}\""),
            "a caption alone, or a summary that says more",
        ),
    })
}

impl TableTitle {
    fn cell(&self, table: &Element<'_>) -> Option<Verdict> {
        let holds_table = table.descendants().any(|inner| inner.name() == "table");
        let has_headers = table.descendants().any(|inner| inner.name() == "th" || inner.has_attr("headers"));
        if holds_table || !has_headers || caption(table).is_some_and(|caption| !visible_text(caption).trim().is_empty())
        {
            return None;
        }
        let formed = Table::of(table)?;
        if formed.columns() < self.columns || formed.rows() < self.rows {
            return None;
        }
        let first = formed.cells.iter().find(|cell| cell.y == 0)?;
        let spans = first.width >= formed.columns() && first.height == 1;
        let says = visible_text(first.element);
        Some(match spans && !says.trim().is_empty() {
            false => table.at().pass("no cell across the table stands for a caption"),
            true => first.element.heard().fail(
                format!("the first row is one cell that says \"{}\"", says.trim()),
                "the caption element, which belongs to the table as a whole",
            ),
        })
    }
}
