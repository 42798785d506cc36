//! Rows of a table of text, as registries publish it and spreadsheets save it.
//!
//! In: the octets of a file. Out: its text, and rows with the line each begins on. Read: UTF-8, UTF-16 and Windows-1252, with or
//! without a byte order mark; line ends of any system; `sep=;` on top, else the separator that makes sense of the header; line
//! breaks within quotes (RFC 4180). Invariant: a quotation mark that nobody closed costs its own row, not those below it.
//! Tested below and in `src/config/list.rs`.

use csv::{Reader, ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// What stands between cells, the likeliest first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The text of a file, with the name of its encoding where that had to be guessed.
pub(super) fn text(bytes: &[u8]) -> (String, Option<&'static str>) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return (decoded(encoding, &bytes[mark..]), None);
    }
    // In UTF-16, every other octet of what the western world writes is nought.
    let noughts =
        |from: usize| bytes.iter().skip(from).step_by(2).filter(|octet| **octet == 0).count() * 5 > bytes.len();
    for (encoding, from) in [(UTF_16LE, 1), (UTF_16BE, 0)] {
        if noughts(from) {
            return (decoded(encoding, bytes), Some(encoding.name()));
        }
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (with_line_ends(text), None),
        Err(_) => (decoded(WINDOWS_1252, bytes), Some(WINDOWS_1252.name())),
    }
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> String {
    with_line_ends(&encoding.decode_without_bom_handling(bytes).0)
}

/// Lines of old Macs end in a carriage return alone.
fn with_line_ends(text: &str) -> String {
    if text.contains('\n') { text.to_string() } else { text.replace('\r', "\n") }
}

/// One row.
#[derive(Debug)]
pub(super) struct Row {
    /// The line it begins on, from 1.
    pub(super) line: u64,
    /// Its cells.
    pub(super) cells: StringRecord,
    /// True when it goes over several lines because of a quotation mark that stands where none may.
    pub(super) runs_on: bool,
    /// Where it begins, in octets of the text.
    at: usize,
    over_lines: bool,
}

/// A table that is read row by row.
pub(super) struct Sheet<'t> {
    text: &'t str,
    separator: u8,
    reader: Reader<&'t [u8]>,
    /// Where the reader began, in octets and lines of the text.
    base: (usize, u64),
}

impl<'t> Sheet<'t> {
    /// The table of a text. `makes_sense` says of the cells of a header whether they are what was looked for; it decides between
    /// separators where nobody named one. Lines on top that begin with `#` do not count.
    pub(super) fn of(text: &'t str, makes_sense: impl Fn(&StringRecord) -> bool) -> Self {
        let (mut at, mut line, mut said) = (0, 1, None);
        for whole in text.split_inclusive('\n') {
            let bare = whole.trim();
            let separator = named_separator(bare).filter(|_| said.is_none());
            if separator.is_none() && !bare.is_empty() && !bare.starts_with('#') {
                break;
            }
            said = said.or(separator);
            (at, line) = (at + whole.len(), line + 1);
        }
        let of = |separator| Self::from(text, separator, at, line);
        let fits = |separator: &u8| of(*separator).next().is_some_and(|header| makes_sense(&header.cells));
        let guessed = || SEPARATORS.into_iter().find(fits).unwrap_or(SEPARATORS[0]);
        of(said.unwrap_or_else(guessed))
    }

    fn from(text: &'t str, separator: u8, at: usize, line: u64) -> Self {
        let mut how = ReaderBuilder::new();
        let how = how.has_headers(false).flexible(true).delimiter(separator);
        Self { text, separator, reader: how.from_reader(&text.as_bytes()[at..]), base: (at, line) }
    }

    /// Has all but the first line of a row read again as rows of their own.
    pub(super) fn give_back(&mut self, row: &Row) {
        if row.over_lines {
            let next = self.text[row.at..].find('\n').map_or(self.text.len(), |end| row.at + end + 1);
            *self = Self::from(self.text, self.separator, next, row.line + 1);
        }
    }
}

impl Iterator for Sheet<'_> {
    type Item = Row;

    /// The next row; lines without anything on them are none.
    fn next(&mut self) -> Option<Row> {
        let mut cells = StringRecord::new();
        let begun = self.reader.read_record(&mut cells).expect("octets of a text in memory are read, and are UTF-8");
        let position = cells.position().filter(|_| begun)?;
        let place = |octets: u64| self.base.0 + usize::try_from(octets).expect("places in memory fit");
        let (start, end) = (place(position.byte()), place(self.reader.position().byte()));
        // The reader counts line ends before a row to the row.
        let before = self.text[start..end].len() - self.text[start..end].trim_start_matches(['\r', '\n']).len();
        let line = self.base.1 + position.line() - 1 + self.text[start..start + before].matches('\n').count() as u64;
        let raw = self.text[start + before..end].trim_end_matches(['\r', '\n']);
        let over_lines = raw.contains('\n');
        let runs_on = over_lines && !is_well_quoted(raw, self.separator);
        Some(Row { line, cells, runs_on, at: start + before, over_lines })
    }
}

/// What `sep=;` on top names (a custom of Excel).
fn named_separator(line: &str) -> Option<u8> {
    let rest = line.trim_matches('"').strip_prefix("sep=").or_else(|| line.trim_matches('"').strip_prefix("SEP="))?;
    match rest.as_bytes() {
        [separator] => Some(*separator),
        // The tabulator was trimmed away.
        [] => Some(b'\t'),
        _ => None,
    }
}

/// True when quotation marks stand around whole cells, and those within are doubled.
fn is_well_quoted(row: &str, separator: u8) -> bool {
    let mut octets = row.bytes().peekable();
    let (mut quoted, mut cell_begins) = (false, true);
    while let Some(octet) = octets.next() {
        match (octet, quoted) {
            (b'"', true) if octets.peek() == Some(&b'"') => drop(octets.next()),
            (b'"', true) if octets.peek().is_none_or(|next| *next == separator) => quoted = false,
            (b'"', true) => return false,
            (b'"', false) if cell_begins => quoted = true,
            (_, _) => cell_begins = octet == separator,
        }
    }
    !quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line numbers and cells, with the separator guessed from a header that holds `domain`.
    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        let sheet = Sheet::of(text, |header| header.iter().any(|cell| cell.trim() == "domain"));
        sheet.map(|row| (row.line, row.cells.iter().map(str::to_string).collect())).collect()
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(|cell| cell.to_string()).collect())
    }

    #[test]
    fn a_table_is_read_whatever_saved_it() {
        for text in [
            "domain,agency\na.example,A\n",
            "domain;agency\r\na.example;A\r\n",
            "domain\tagency\na.example\tA",
            "domain|agency\na.example|A",
        ] {
            assert_eq!(rows(text), [row(1, &["domain", "agency"]), row(2, &["a.example", "A"])], "{text}");
        }
        for (text, cells) in [
            ("sep=;\ndomain;agency,x\n", ["domain", "agency,x"]),
            ("\"sep=;\"\r\ndomain;agency\r\n", ["domain", "agency"]),
            ("# dated 2026-01-01\ndomain,agency\n", ["domain", "agency"]),
        ] {
            assert_eq!(rows(text), [row(2, &cells)], "{text}");
        }
    }

    #[test]
    fn lines_are_counted_over_quoted_breaks_and_blank_lines() {
        let text = "domain,agency\r\n\r\na.example,\"Office\r\nof Examples, \"\"East\"\"\"\r\n\n\nb.example,B\r\n";
        assert_eq!(
            rows(text),
            [
                row(1, &["domain", "agency"]),
                row(3, &["a.example", "Office\r\nof Examples, \"East\""]),
                row(7, &["b.example", "B"])
            ]
        );
    }

    #[test]
    fn a_mark_that_nobody_closed_is_noticed_and_the_rows_below_it_are_read() {
        for (text, lines) in [
            ("domain\n\"a.example\nb.example\nc.example\n", vec![1, 2, 3, 4]),
            ("domain\n\"a.example\nb.example\n\"c.example\nd.example\n", vec![1, 2, 3, 4, 5]),
        ] {
            let mut sheet = Sheet::of(text, |_| true);
            let (mut seen, mut broken) = (vec![], vec![]);
            while let Some(row) = sheet.next() {
                seen.push(row.line);
                if row.runs_on {
                    broken.push(row.line);
                    sheet.give_back(&row);
                }
            }
            assert_eq!(seen, lines, "{text}");
            assert_eq!(broken.first(), Some(&2), "{text}");
        }
    }

    #[test]
    fn texts_of_other_encodings_are_read() {
        let utf16 = |mark: bool, order: fn(u16) -> [u8; 2]| {
            let text = if mark { "\u{feff}domain\ncafé.example" } else { "domain\ncafé.example" };
            text.encode_utf16().flat_map(order).collect::<Vec<u8>>()
        };
        for (bytes, guessed) in [
            ("\u{feff}domain\ncafé.example".as_bytes().to_vec(), None),
            (utf16(true, u16::to_le_bytes), None),
            (utf16(true, u16::to_be_bytes), None),
            (utf16(false, u16::to_le_bytes), Some("UTF-16LE")),
            (utf16(false, u16::to_be_bytes), Some("UTF-16BE")),
            (b"domain\ncaf\xe9.example".to_vec(), Some("windows-1252")),
            (b"domain\rcaf\xc3\xa9.example".to_vec(), None),
        ] {
            assert_eq!(text(&bytes), ("domain\ncafé.example".to_string(), guessed));
        }
    }
}
