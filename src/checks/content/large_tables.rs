//! `large-tables`: a page with a large table offers its data as a file as well.
//!
//! In: a page. Out: one verdict for each table with many rows. Rows count that the markup shows. Tested by the rule that uses it.

use serde::Deserialize;
use std::sync::LazyLock;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{LinkMatch, PageFacts, Place};
use crate::html::{Element, Selector};
use crate::verdict::Verdict;

static TABLES: LazyLock<Selector> = LazyLock::new(|| Selector::parse("table").expect("a constant selector"));
static ROWS: LazyLock<Selector> = LazyLock::new(|| Selector::parse("tr").expect("a constant selector"));

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "large-tables",
    asks: "Does a page with a large table link to its data?",
    scope: Scope::Page,
    parameters: &[
        ("min-rows", "fewest rows of a large table"),
        ("links", "links to data: { text = […], href = […] }"),
        ("expected", "what to have beside the table, for people"),
    ],
    build: page::<LargeTables>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LargeTables {
    min_rows: usize,
    links: LinkMatch,
    expected: String,
}

impl PageCheck for LargeTables {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let large: Vec<(Element<'_>, usize)> = document
            .select(&TABLES)
            .map(|table| (table, rows(&table)))
            .filter(|(_, rows)| *rows >= self.min_rows)
            .collect();
        let offered = !large.is_empty() && page.links_like(&self.links).next().is_some();
        let verdict = |(table, rows): (Element<'_>, usize)| match offered {
            true => table.at().pass(format_args!("a table of {rows} rows beside a link to data")),
            false => table.at().fail(format!("a table of {rows} rows and no link to its data"), self.expected.clone()),
        };
        large.into_iter().map(verdict).collect()
    }
}

/// Rows of the table itself, not of tables inside it.
fn rows(table: &Element<'_>) -> usize {
    let own =
        |row: &Element<'_>| row.ancestors().find(|above| above.name() == "table").is_some_and(|t| t.id() == table.id());
    table.select(&ROWS).filter(own).count()
}
