//! Bars with the numbers they stand for.
//!
//! In: labels and two numbers each. Out: a figure with an inline SVG and a table of the same numbers. Invariant: the second
//! kind of bar is hatched, so that colour alone says nothing. Tested in `tests/it/formats.rs`.

use super::phrase;
use crate::report::markup::Markup;
use crate::report::wording::grouped;

/// Height of a bar with the space around it.
const STEP: usize = 34;
/// Where bars begin, and how long the longest is.
const LEFT: usize = 120;
const LENGTH: usize = 190;

/// A chart of bars, each in up to two parts.
pub(super) struct Chart<'a> {
    /// The anchor of its title.
    pub(super) id: &'static str,
    /// What it shows.
    pub(super) title: &'a str,
    /// What the two parts are called; the second may be empty.
    pub(super) parts: [&'a str; 2],
    /// Label and numbers.
    pub(super) bars: Vec<(&'a str, [u64; 2])>,
}

impl Chart<'_> {
    /// Draws it.
    pub(super) fn draw(&self, page: &mut Markup) {
        page.open("figure", &[("class", "chart")]);
        page.leaf("figcaption", &[("id", self.id)], self.title);
        let height = (self.bars.len() * STEP).to_string();
        let view = format!("0 0 {} {height}", LEFT + LENGTH + 60);
        page.open("svg", &[("viewBox", &view), ("role", "img"), ("aria-labelledby", self.id), ("class", "bars")]);
        let hatch = format!("{}-hatch", self.id);
        page.open(
            "pattern",
            &[
                ("id", &hatch),
                ("width", "6"),
                ("height", "6"),
                ("patternUnits", "userSpaceOnUse"),
                ("patternTransform", "rotate(45)"),
            ],
        );
        page.empty("rect", &[("width", "6"), ("height", "6"), ("class", "hatch-ground")]);
        page.empty("rect", &[("width", "3"), ("height", "6"), ("class", "hatch-line")]);
        page.close("pattern");
        let most = self.bars.iter().map(|(_, [a, b])| a + b).max().unwrap_or(0).max(1);
        for (at, (label, numbers)) in self.bars.iter().enumerate() {
            self.bar(at * STEP, label, *numbers, most, &hatch, page);
        }
        page.close("svg");
        self.key(page);
        self.table(page);
        page.close("figure");
        page.line();
    }

    fn bar(&self, top: usize, label: &str, [first, second]: [u64; 2], most: u64, hatch: &str, page: &mut Markup) {
        let length = |number: u64| -> usize {
            let share = number as f64 / most as f64;
            let length = (share * LENGTH as f64).round() as usize;
            if number > 0 { length.max(3) } else { 0 }
        };
        let (y, text) = ((top + 7).to_string(), (top + 23).to_string());
        page.leaf("text", &[("x", &(LEFT - 10).to_string()), ("y", &text), ("class", "label")], label);
        let (a, b) = (length(first), length(second));
        if a > 0 {
            let [x, width] = [LEFT, a].map(|number| number.to_string());
            page.empty("rect", &[("x", &x), ("y", &y), ("width", &width), ("height", "22"), ("class", "first")]);
        }
        if b > 0 {
            let [x, width] = [LEFT + a, b].map(|number| number.to_string());
            let fill = format!("url(#{hatch})");
            page.empty("rect", &[("x", &x), ("y", &y), ("width", &width), ("height", "22"), ("fill", &fill)]);
        }
        let x = (LEFT + a + b + 8).to_string();
        page.leaf("text", &[("x", &x), ("y", &text), ("class", "number")], &grouped(first + second));
    }

    fn key(&self, page: &mut Markup) {
        let [first, second] = self.parts;
        if second.is_empty() {
            return;
        }
        page.open("p", &[("class", "key"), ("aria-hidden", "true")]);
        page.leaf("span", &[("class", "swatch first")], "");
        page.words(&format!(" {first} "));
        page.leaf("span", &[("class", "swatch second")], "");
        page.words(&format!(" {second}"));
        page.close("p");
    }

    fn table(&self, page: &mut Markup) {
        phrase::details("The numbers", page);
        page.open("table", &[]);
        page.leaf("caption", &[("class", "unseen")], self.title);
        page.raw("<thead><tr><td></td>");
        let parts: Vec<&str> = self.parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.iter().for_each(|part| page.leaf("th", &[("scope", "col")], part));
        page.raw("</tr></thead><tbody>");
        for (label, numbers) in &self.bars {
            page.open("tr", &[]);
            page.leaf("th", &[("scope", "row")], label);
            numbers.iter().take(parts.len()).for_each(|number| page.leaf("td", &[], &grouped(*number)));
            page.close("tr");
        }
        page.raw("</tbody></table>");
        page.close("details");
    }
}
