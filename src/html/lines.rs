//! Lines and columns of byte offsets in a source text.
//!
//! In: the source, a byte offset. Out: [`Position`]. A line ends at LF, CR LF or CR alone, as in the HTML preprocessing
//! of the input stream. Invariant: a look-up costs the same on a page of one long line as on any other. Tested here.

/// A place in a source text.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters (Unicode scalar values; a tab is one).
    pub column: u32,
    /// False when the element has no tag of its own in the source and this is the place of what made the parser add it.
    pub exact: bool,
}

/// On long lines a mark is set at least this often, in bytes.
const STRIDE: u32 = 512;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Marks in a source text from which the column of any offset is a short count away.
#[derive(Debug)]
pub(super) struct Lines {
    marks: Vec<Mark>,
}

#[derive(Clone, Copy, Debug)]
struct Mark {
    offset: u32,
    line: u32,
    column: u32,
}

impl Lines {
    /// Reads the source once. Its length must fit in 32 bits, which the reader sees to.
    pub(super) fn of(source: &str) -> Self {
        let start = if source.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() as u32 } else { 0 };
        let mut mark = Mark { offset: start, line: 1, column: 1 };
        let mut marks = vec![mark];
        let bytes = source.as_bytes();
        for end in memchr::memchr2_iter(b'\n', b'\r', bytes).chain([bytes.len()]) {
            if bytes.get(end) == Some(&b'\r') && bytes.get(end + 1) == Some(&b'\n') {
                continue;
            }
            mark_long(&bytes[..end], &mut marks, &mut mark);
            if end < bytes.len() {
                mark = Mark { offset: end as u32 + 1, line: mark.line + 1, column: 1 };
                marks.push(mark);
            }
        }
        Self { marks }
    }

    /// Line and column of a byte offset of the same source; the end of the source is a place too.
    pub(super) fn place(&self, source: &str, offset: u32) -> (u32, u32) {
        let after = self.marks.partition_point(|mark| mark.offset <= offset);
        let mark = self.marks[after.saturating_sub(1)];
        let between = source.get(mark.offset as usize..offset as usize).unwrap_or_default();
        (mark.line, mark.column + between.chars().count() as u32)
    }
}

/// Sets marks within a line that is read up to its end.
fn mark_long(read: &[u8], marks: &mut Vec<Mark>, mark: &mut Mark) {
    while read.len() - mark.offset as usize > STRIDE as usize {
        let from = mark.offset as usize;
        let is_inside = |at: &usize| read.get(*at).is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000);
        let at = (from + STRIDE as usize..).find(|at| !is_inside(at)).unwrap_or(read.len());
        let chars = read[from..at].iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count();
        *mark = Mark { offset: at as u32, line: mark.line, column: mark.column + chars as u32 };
        marks.push(*mark);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, offset: usize, line: u32, column: u32) {
        let place = Lines::of(source).place(source, offset as u32);
        assert_eq!(place, (line, column), "offset {offset} of {source:?}");
    }

    #[test]
    fn every_kind_of_line_end_counts_once() {
        for (source, line, column) in [
            ("x", 1, 1),
            ("\nx", 2, 1),
            ("\r\nx", 2, 1),
            ("\rx", 2, 1),
            ("\n\r\n\r x", 4, 2),
            ("\u{c}\tx", 1, 3),
            ("äöü\r\n日本x", 2, 3),
            ("🏛x", 1, 2),
            ("\u{feff}x", 1, 1),
            ("\u{feff}\nx", 2, 1),
        ] {
            check(source, source.find('x').expect("every row has an x"), line, column);
        }
    }

    #[test]
    fn the_end_of_the_source_is_a_place() {
        check("", 0, 1, 1);
        check("ab\n", 3, 2, 1);
    }

    #[test]
    fn columns_of_a_long_line_are_counted_in_characters() {
        let source = format!("é{}x", "日".repeat(5_000));
        check(&source, source.len() - 1, 1, 5_002);
        let lines = Lines::of(&source);
        for (count, (offset, _)) in source.char_indices().enumerate() {
            assert_eq!(lines.place(&source, offset as u32), (1, count as u32 + 1));
        }
    }
}
