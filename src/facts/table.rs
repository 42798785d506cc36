//! A table as HTML forms it: which cell covers which slot, and which header cells belong to a cell.
//!
//! In: a `table` element. Out: [`Table`]. HTML, 4.9.12: forming a table, and the header cells of a cell. Invariant: slots and steps
//! are bounded, so that no span makes a table large; a table past the bound is not formed. Tested below.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

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
    /// For each row the cells that begin in it, from left to right: a range of `cells`.
    begins: Vec<Range<usize>>,
    /// The rows and the columns that hold data.
    data: OnceCell<(Vec<bool>, Vec<bool>)>,
    named: OnceCell<Named<'a>>,
}

/// What the `headers` attributes of a table's cells name.
struct Named<'a> {
    /// By id, the first cell that names it, and whether there is another.
    ids: HashMap<&'a str, (Element<'a>, bool)>,
    /// By cell, whether it has such an attribute: its place says nothing then.
    having: Vec<bool>,
}

impl<'a> Table<'a> {
    /// Forms a table; `None` where it is too large.
    pub fn of(table: &Element<'a>) -> Option<Self> {
        let rows = rows(table);
        let mut formed = Self {
            cells: Vec::new(),
            slots: vec![Vec::new(); rows.len()],
            begins: Vec::with_capacity(rows.len()),
            data: OnceCell::new(),
            named: OnceCell::new(),
        };
        let mut covered = 0;
        let ends = ends(&rows);
        for (y, (row, group)) in rows.iter().enumerate() {
            let rest = ends[y] - y;
            let first = formed.cells.len();
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
            formed.begins.push(first..formed.cells.len());
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

    /// The rows and the columns that hold data: asked for every header, so gone through once.
    fn data(&self) -> &(Vec<bool>, Vec<bool>) {
        self.data.get_or_init(|| {
            let is_data: Vec<bool> = self.cells.iter().map(|cell| cell.element.name() == "td").collect();
            let mut columns = vec![false; self.columns()];
            let mut rows = Vec::with_capacity(self.rows());
            for line in &self.slots {
                let mut has_data = false;
                for (x, _) in line.iter().enumerate().filter(|(_, slot)| slot.is_some_and(|index| is_data[index])) {
                    has_data = true;
                    columns[x] = true;
                }
                rows.push(has_data);
            }
            (rows, columns)
        })
    }

    fn named(&self) -> &Named<'a> {
        self.named.get_or_init(|| {
            let mut named = Named { ids: HashMap::new(), having: Vec::with_capacity(self.cells.len()) };
            for cell in &self.cells {
                let ids = cell.element.attr("headers").filter(|ids| !ids.trim().is_empty());
                named.having.push(ids.is_some());
                for id in ids.unwrap_or_default().split_ascii_whitespace() {
                    let (first, again) = named.ids.entry(id).or_insert((cell.element, false));
                    *again |= *first != cell.element;
                }
            }
            named
        })
    }

    /// What a header cell is the header of: by its `scope`, else by its place (HTML, 4.9.12.2).
    pub fn heads(&self, cell: &Cell<'a>) -> Heads {
        if cell.element.name() != "th" {
            return Heads::Nothing;
        }
        let scope = cell.element.attr("scope").unwrap_or_default().trim().to_ascii_lowercase();
        let row_has_data = || self.data().0[cell.y..cell.y + cell.height].contains(&true);
        let column_has_data = || self.data().1[cell.x..cell.x + cell.width].contains(&true);
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
        let named = header.element.id_attr().and_then(|id| self.named().ids.get(id));
        named.is_some_and(|(first, again)| *again || *first != header.element) || self.has_in_place(header)
    }

    /// True when a header has another cell by its place; cells that name their headers are passed over.
    fn has_in_place(&self, header: &Cell<'a>) -> bool {
        let is_asked = |index: usize| self.cells[index].element != header.element && !self.named().having[index];
        match self.heads(header) {
            Heads::Nothing => false,
            Heads::Column => {
                let mut rows = header.y + 1..self.end(header, Heads::Column).min(self.rows());
                rows.any(|y| {
                    let from = self.begins[y].start;
                    let row = &self.cells[self.begins[y].clone()];
                    let first = row.partition_point(|cell| cell.x + cell.width <= header.x);
                    let below = row[first..].iter().take_while(|cell| cell.x < header.x + header.width).count();
                    (from + first..from + first + below).any(is_asked)
                })
            }
            Heads::Row => {
                // Whatever overlaps, the first slot of a cell in each of its rows is its own.
                let end = self.end(header, Heads::Row);
                let lines = &self.slots[header.y..header.y + header.height];
                let mut beside = lines.iter().flat_map(|line| line.iter().take(end).skip(header.x + 1)).flatten();
                beside.any(|index| header.x < self.cells[*index].x && self.cells[*index].x < end && is_asked(*index))
            }
            Heads::Group => (0..self.cells.len()).rev().any(|index| {
                let cell = &self.cells[index];
                let beside = overlaps(header.y, header.height, cell.y, cell.height);
                let below = overlaps(header.x, header.width, cell.x, cell.width);
                let is_after = cell.x + cell.width > header.x && cell.y + cell.height > header.y;
                is_after && (below || beside || header.group == cell.group) && is_asked(index)
            }),
        }
    }

    /// The row or column after the last that a header reaches: another header of the same kind and place, with data before it,
    /// begins anew there. Two headers in a row both count.
    fn end(&self, header: &Cell<'a>, heads: Heads) -> usize {
        let is_column = heads == Heads::Column;
        let same_place = |other: &Cell<'a>| match is_column {
            true => other.x == header.x && other.width == header.width,
            false => other.y == header.y && other.height == header.height,
        };
        let (from, to) =
            if is_column { (header.y + 1, self.rows()) } else { (header.x + 1, self.slots[header.y].len()) };
        let mut data_seen = false;
        for step in from..to {
            let index = if is_column { self.at(header.x, step) } else { self.at(step, header.y) };
            let Some(between) = index.map(|index| &self.cells[index]) else { continue };
            if between.element.name() == "td" {
                data_seen = true;
            } else if data_seen && same_place(between) && self.heads(between) == heads {
                return step + 1;
            }
        }
        usize::MAX
    }
}

/// For each row the row after the last of its group.
fn ends(rows: &[(Element<'_>, Option<Element<'_>>)]) -> Vec<usize> {
    let mut ends: Vec<usize> = (1..=rows.len()).collect();
    for y in (1..rows.len()).rev() {
        if rows[y - 1].1 == rows[y].1 {
            ends[y - 1] = ends[y];
        }
    }
    ends
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
