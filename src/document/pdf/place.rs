//! Where text is shown: the pen of a content stream (ISO 32000-1, 9.4), just enough to tell words and lines apart.
//!
//! In: operators that move the pen. Out: what stands between two pieces of text: nothing, a space, a new line. Invariant: numbers that
//! are none move nothing. Tested in `tests/it/documents.rs`.

/// Six numbers of a transformation (8.3.3).
pub(super) type Matrix = [f32; 6];

const STILL: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
/// A gap of this share of the size of the letters is a space.
const SPACE: f32 = 0.2;
/// A step of this share up or down is a new line.
const LINE: f32 = 0.35;

/// The pen.
#[derive(Clone, Debug)]
pub(super) struct Pen {
    /// From the text to the page.
    page: Matrix,
    line: Matrix,
    text: Matrix,
    size: f32,
    leading: f32,
    last: Option<(f32, f32)>,
}

/// What stands before the next piece of text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Gap {
    None,
    Space,
    Line,
}

impl Default for Pen {
    fn default() -> Self {
        Self { page: STILL, line: STILL, text: STILL, size: 12.0, leading: 0.0, last: None }
    }
}

impl Pen {
    pub(super) fn transform(&mut self, by: Matrix) {
        self.page = product(by, self.page);
    }

    pub(super) fn page(&self) -> Matrix {
        self.page
    }

    pub(super) fn restore(&mut self, page: Matrix) {
        self.page = page;
    }

    pub(super) fn begin(&mut self) {
        (self.line, self.text) = (STILL, STILL);
    }

    pub(super) fn size(&mut self, size: f32) {
        self.size = size;
    }

    pub(super) fn leading(&mut self, leading: f32) {
        self.leading = leading;
    }

    pub(super) fn move_by(&mut self, x: f32, y: f32) {
        self.line = product([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.text = self.line;
    }

    pub(super) fn next_line(&mut self) {
        self.move_by(0.0, -self.leading);
    }

    pub(super) fn place(&mut self, at: Matrix) {
        (self.line, self.text) = (at, at);
    }

    /// Moves along the line: thousandths of the size.
    pub(super) fn advance(&mut self, thousandths: f32) {
        let way = thousandths / 1000.0 * self.size;
        self.text = product([1.0, 0.0, 0.0, 1.0, way, 0.0], self.text);
    }

    /// What stands before text that is shown now.
    pub(super) fn gap(&self) -> Gap {
        let Some((x, y)) = self.last else { return Gap::None };
        let at = product(self.text, self.page);
        let height = (at[2].hypot(at[3]) * self.size).abs().max(1.0);
        let (right, up) = (at[4] - x, (at[5] - y).abs());
        if up > height * LINE || right < -height * 2.0 {
            Gap::Line
        } else if right > height * SPACE {
            Gap::Space
        } else {
            Gap::None
        }
    }

    /// Text was shown up to here.
    pub(super) fn shown(&mut self) {
        let at = product(self.text, self.page);
        self.last = Some((at[4], at[5]));
    }
}

/// First one, then the other.
fn product(first: Matrix, then: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = first;
    let [g, h, i, j, k, l] = then;
    [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l]
}
