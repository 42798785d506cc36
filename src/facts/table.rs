//! A table as HTML forms it: which cell covers which slot, and which header cells belong to a cell.
//!
//! In: a `table` element. Out: [`Table`]. HTML, 4.9.12: forming a table, and the header cells of a cell. Invariant: slots and steps
//! are bounded, so that no span makes a table large; a table past the bound is not formed. Tested below.

use crate::html::Element;

/// Slots of the largest table that is formed.
const MOST_SLOTS: usize = 40_000;

/// Widest span that HTML knows.
const MOST_COLUMNS: usize = 1_000;

/// A cell and the slots it covers, from 0.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    /// The `td` or `th`.
    pub element: Element<'a>,
    /// Its first column.
    pub x: usize,
    /// Its first row.
    pub y: usize,
    /// Columns it covers.
    pub width: usize,
    /// Rows it covers.
    pub height: usize,
    group: Option<Element<'a>>,
}

/// What a header cell is the header of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Heads {
    /// The cells below it.
    Column,
    /// The cells beside it.
    Row,
    /// The cells after it in its group of rows or columns.
    Group,
    /// Nothing, by the letter of the standard: a header amid data without a `scope`, or no header.
    Nothing,
}

/// A formed table.
pub struct Table<'a> {
    /// Its cells in the order of its rows.
    pub cells: Vec<Cell<'a>>,
    slots: Vec<Vec<Option<usize>>>,
}

impl<'a> Table<'a> {
    /// Forms a table; `None` where it is too large.
    pub fn of(table: &Element<'a>) -> Option<Self> {
        let rows = rows(table);
        let mut formed = Self { cells: Vec::new(), slots: vec![Vec::new(); rows.len()] };
        let mut covered = 0;
        for (y, (row, group)) in rows.iter().enumerate() {
            let rest = rows[y..].iter().take_while(|(_, other)| other == group).count();
            let mut x = 0;
            for element in row.children().filter(is_cell) {
                while formed.slots[y].get(x).is_some_and(Option::is_some) {
                    x += 1;
                }
                let width = span(&element, "colspan").unwrap_or(1).clamp(1, MOST_COLUMNS);
                let height = match span(&element, "rowspan") {
                    Some(0) => rest,
                    Some(height) => height.min(rest),
                    None => 1,
                };
                covered += width * height;
                if covered > MOST_SLOTS {
                    return None;
                }
                formed.cover(Cell { element, x, y, width, height, group: *group });
                x += width;
            }
        }
        Some(formed)
    }

    fn cover(&mut self, cell: Cell<'a>) {
        let index = self.cells.len();
        for line in &mut self.slots[cell.y..cell.y + cell.height] {
            if line.len() < cell.x + cell.width {
                line.resize(cell.x + cell.width, None);
            }
            for slot in &mut line[cell.x..cell.x + cell.width] {
                slot.get_or_insert(index);
            }
        }
        self.cells.push(cell);
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.slots.len()
    }

    /// The number of columns of the widest row.
    pub fn columns(&self) -> usize {
        self.slots.iter().map(Vec::len).max().unwrap_or_default()
    }

    fn at(&self, x: usize, y: usize) -> Option<usize> {
        *self.slots.get(y)?.get(x)?
    }

    /// What a header cell is the header of: by its `scope`, else by its place (HTML, 4.9.12.2).
    pub fn heads(&self, cell: &Cell<'a>) -> Heads {
        if cell.element.name() != "th" {
            return Heads::Nothing;
        }
        let scope = cell.element.attr("scope").unwrap_or_default().trim().to_ascii_lowercase();
        let is_data = |index: usize| self.cells[index].element.name() == "td";
        let row_has_data =
            || (cell.y..cell.y + cell.height).any(|y| self.slots[y].iter().flatten().any(|index| is_data(*index)));
        let column_has_data = || {
            let columns = cell.x..cell.x + cell.width;
            (0..self.rows()).any(|y| columns.clone().any(|x| self.at(x, y).is_some_and(is_data)))
        };
        match scope.as_str() {
            "col" => Heads::Column,
            "row" => Heads::Row,
            "rowgroup" | "colgroup" => Heads::Group,
            _ if !row_has_data() => Heads::Column,
            _ if !column_has_data() => Heads::Row,
            _ => Heads::Nothing,
        }
    }

    /// True when some other cell of the table has the cell among its headers (HTML, 4.9.12.2).
    pub fn is_used(&self, header: &Cell<'a>) -> bool {
        let heads = self.heads(header);
        let others = self.cells.iter().filter(|cell| cell.element != header.element);
        others.into_iter().any(|cell| match cell.element.attr("headers").filter(|ids| !ids.trim().is_empty()) {
            Some(ids) => header.element.id_attr().is_some_and(|id| ids.split_ascii_whitespace().any(|word| word == id)),
            None => self.belongs(header, heads, cell),
        })
    }

    fn belongs(&self, header: &Cell<'a>, heads: Heads, cell: &Cell<'a>) -> bool {
        let beside = overlaps(header.y, header.height, cell.y, cell.height);
        let below = overlaps(header.x, header.width, cell.x, cell.width);
        match heads {
            Heads::Column => below && cell.y > header.y && !self.is_cut_off(header, cell, Heads::Column),
            Heads::Row => beside && cell.x > header.x && !self.is_cut_off(header, cell, Heads::Row),
            Heads::Group => {
                let is_after = cell.x + cell.width > header.x && cell.y + cell.height > header.y;
                is_after && (below || beside || header.group == cell.group)
            }
            Heads::Nothing => false,
        }
    }

    /// True when another header of the same kind and place, with data before it, stands between a header and a cell: headers
    /// begin anew there. Two headers in a row both count.
    fn is_cut_off(&self, header: &Cell<'a>, cell: &Cell<'a>, heads: Heads) -> bool {
        let is_column = heads == Heads::Column;
        let same_place = |other: &Cell<'a>| match is_column {
            true => other.x == header.x && other.width == header.width,
            false => other.y == header.y && other.height == header.height,
        };
        let (from, to) = if is_column { (header.y + 1, cell.y) } else { (header.x + 1, cell.x) };
        let mut data_seen = false;
        for step in from..to {
            let index = if is_column { self.at(header.x, step) } else { self.at(step, header.y) };
            let Some(between) = index.map(|index| &self.cells[index]) else { continue };
            if between.element.name() == "td" {
                data_seen = true;
            } else if data_seen && same_place(between) && self.heads(between) == heads {
                return true;
            }
        }
        false
    }
}

fn rows<'a>(table: &Element<'a>) -> Vec<(Element<'a>, Option<Element<'a>>)> {
    let mut rows = Vec::new();
    let mut feet = Vec::new();
    for child in table.children() {
        let inner = child.children().filter(|row| row.name() == "tr").map(|row| (row, Some(child)));
        match child.name() {
            "tr" => rows.push((child, None)),
            "thead" | "tbody" => rows.extend(inner),
            "tfoot" => feet.extend(inner),
            _ => {}
        }
    }
    rows.extend(feet);
    rows
}

fn is_cell(element: &Element<'_>) -> bool {
    matches!(element.name(), "td" | "th")
}

fn span(cell: &Element<'_>, name: &str) -> Option<usize> {
    let value = cell.attr(name)?.trim_start();
    let end = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    value[..end].parse().ok()
}

fn overlaps(a: usize, a_size: usize, b: usize, b_size: usize) -> bool {
    a < b + b_size && b < a + a_size
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{Document, Selector};

    fn with(html: &str, judge: impl FnOnce(&Table<'_>)) {
        let document = Document::parse(html);
        let target = Selector::parse("table").expect("a constant selector");
        let table = document.select(&target).next().expect("the table is there");
        judge(&Table::of(&table).expect("small enough"));
    }

    #[test]
    fn spans_push_cells_aside_and_end_with_their_group() {
        with(
            "<table><thead><tr><th rowspan=9>a<th colspan=2>b<tbody><tr><td rowspan=2>c<td>d<tr><td>e</table>",
            |table| {
                let places: Vec<_> = table.cells.iter().map(|cell| (cell.x, cell.y, cell.width, cell.height)).collect();
                assert_eq!(places, [(0, 0, 1, 1), (1, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1)]);
                assert_eq!((table.rows(), table.columns()), (3, 3));
            },
        );
    }

    #[test]
    fn headers_know_what_they_head() {
        for (html, wanted) in [
            ("<table><tr><th>a<tr><td>1</table>", vec![(Heads::Column, true)]),
            ("<table><tr><th>a<td>1</table>", vec![(Heads::Row, true)]),
            ("<table><tr><th>a</table>", vec![(Heads::Column, false)]),
            ("<table><tr><th>a<th>b<tr><td>1</table>", vec![(Heads::Column, true), (Heads::Column, false)]),
            (
                "<table><tr><th id=a>a<th>b<tr><td>1<td headers=a>2</table>",
                vec![(Heads::Column, true), (Heads::Column, false)],
            ),
            ("<table><tr><td>1<th>a<tr><th>b<td>2</table>", vec![(Heads::Nothing, false), (Heads::Nothing, false)]),
            ("<table><tr><th scope=row>a<td>1<tr><td>2<td>3</table>", vec![(Heads::Row, true)]),
            ("<table><tr><th>a<tr><th>b<tr><td>1<tr><th>c<tr><td>2</table>", vec![(Heads::Column, true); 3]),
        ] {
            with(html, |table| {
                let headers = table.cells.iter().filter(|cell| cell.element.name() == "th");
                let got: Vec<_> = headers.map(|cell| (table.heads(cell), table.is_used(cell))).collect();
                assert_eq!(got, wanted, "{html}");
            });
        }
    }

    #[test]
    fn a_table_of_endless_spans_is_not_formed() {
        let document = Document::parse("<table><tr><td colspan=1000 rowspan=0>".repeat(60).as_str());
        let target = Selector::parse("table").expect("a constant selector");
        for table in document.select(&target) {
            let _ = Table::of(&table);
        }
        let wide = format!("<table>{}</table>", "<tr><td colspan=1000>".repeat(100));
        let document = Document::parse(&wide);
        assert!(Table::of(&document.select(&target).next().expect("there")).is_none());
    }
}
