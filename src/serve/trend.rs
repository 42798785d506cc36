//! Lines over runs, with the numbers they stand for.
//!
//! In: labels and up to three series. Out: a figure with an inline SVG and a table of the same numbers. Invariant: lines differ by dash
//! and mark and not by colour alone; where a run has no number the line is broken and the table says so. Tested in `tests/it/serve.rs`.

use super::piece::{begin_table, cell, end_table, row_end};
use crate::report::html::phrase;
use crate::report::markup::Markup;
use crate::report::wording::grouped;

const LEFT: f64 = 60.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 14.0;
const WIDTH: f64 = 440.0;
const HEIGHT: f64 = 210.0;
const FLOOR: f64 = 172.0;
const MARKS: [&str; 3] = ["circle", "square", "diamond"];
const LINES: [&str; 3] = ["line one", "line two", "line three"];

/// A chart of lines.
pub(super) struct Trend<'a> {
    /// The anchor of its title.
    pub(super) id: &'static str,
    pub(super) title: &'a str,
    /// What is counted: "%", or nothing for plain numbers.
    pub(super) unit: &'static str,
    /// The runs, the earliest first.
    pub(super) labels: Vec<String>,
    /// Name and a number for each run, where there is one; at most three.
    pub(super) series: Vec<(&'a str, Vec<Option<f64>>)>,
}

impl Trend<'_> {
    /// Draws it; with fewer than two runs only the table is of use.
    pub(super) fn draw(&self, page: &mut Markup) {
        page.open("figure", &[("class", "chart")]);
        page.leaf("figcaption", &[("id", self.id)], self.title);
        if self.labels.len() > 1 {
            self.svg(page);
            self.key(page);
        } else {
            page.leaf("p", &[("class", "quiet")], "One run so far; a line begins with the second.");
        }
        self.table(page);
        page.close("figure");
        page.line();
    }

    /// The top of the scale: 100 for shares, else a round number above all.
    fn most(&self) -> f64 {
        if self.unit == "%" {
            return 100.0;
        }
        let most = self.series.iter().flat_map(|(_, values)| values.iter().flatten()).fold(0.0_f64, |a, b| a.max(*b));
        let step = 10_f64.powf(most.max(1.0).log10().floor());
        ((most / step).ceil() * step).max(4.0)
    }

    fn x(&self, at: usize) -> f64 {
        LEFT + (WIDTH - LEFT - RIGHT) * at as f64 / (self.labels.len() - 1).max(1) as f64
    }

    fn svg(&self, page: &mut Markup) {
        let most = self.most();
        let y = |value: f64| FLOOR - (FLOOR - TOP) * value / most;
        let view = format!("0 0 {WIDTH} {HEIGHT}");
        page.open("svg", &[("viewBox", &view), ("role", "img"), ("aria-labelledby", self.id), ("class", "trend")]);
        for part in [0.0, 0.5, 1.0] {
            let height = figure(y(most * part));
            let right = figure(WIDTH - RIGHT);
            let line = [
                ("x1", "60"),
                ("x2", right.as_str()),
                ("y1", height.as_str()),
                ("y2", height.as_str()),
                ("class", "rule"),
            ];
            page.empty("line", &line);
            let text = figure(y(most * part) + 5.0);
            page.leaf("text", &[("x", "52"), ("y", &text), ("class", "label")], &self.value(most * part));
        }
        let every = self.labels.len().div_ceil(4);
        for (at, label) in self.labels.iter().enumerate() {
            let is_last = at + 1 == self.labels.len();
            if is_last || (at % every == 0 && at + every <= self.labels.len()) {
                let class = if at == 0 {
                    "date first-date"
                } else if is_last {
                    "date last-date"
                } else {
                    "date"
                };
                page.leaf("text", &[("x", &figure(self.x(at))), ("y", "196"), ("class", class)], label);
            }
        }
        for (line, (_, values)) in self.series.iter().enumerate().take(LINES.len()) {
            self.line(line, values, &y, page);
        }
        page.close("svg");
    }

    fn line(&self, line: usize, values: &[Option<f64>], y: &dyn Fn(f64) -> f64, page: &mut Markup) {
        let points: Vec<Option<(f64, f64)>> =
            values.iter().enumerate().map(|(at, value)| value.map(|value| (self.x(at), y(value)))).collect();
        for run in points.split(Option::is_none).filter(|run| run.len() > 1) {
            let path: Vec<String> =
                run.iter().flatten().map(|(x, y)| format!("{},{}", figure(*x), figure(*y))).collect();
            page.empty("polyline", &[("points", &path.join(" ")), ("class", LINES[line])]);
        }
        for (x, y) in points.iter().flatten() {
            mark(line, *x, *y, page);
        }
    }

    fn value(&self, value: f64) -> String {
        match self.unit {
            "%" => format!("{} %", figure(value)),
            _ => grouped(value.round() as u64),
        }
    }

    fn key(&self, page: &mut Markup) {
        if self.series.len() < 2 {
            return;
        }
        page.open("ul", &[("class", "key lines"), ("aria-hidden", "true")]);
        for (line, (name, _)) in self.series.iter().enumerate().take(LINES.len()) {
            page.open("li", &[]);
            page.open("svg", &[("viewBox", "0 0 36 12"), ("class", "trend sample")]);
            page.empty("polyline", &[("points", "0,6 36,6"), ("class", LINES[line])]);
            mark(line, 18.0, 6.0, page);
            page.close("svg");
            page.words(&format!(" {name}"));
            page.close("li");
        }
        page.close("ul");
    }

    fn table(&self, page: &mut Markup) {
        phrase::details("The numbers", page);
        let columns: Vec<&str> = std::iter::once("Run").chain(self.series.iter().map(|(name, _)| *name)).collect();
        begin_table(self.title, &columns, page);
        for (at, label) in self.labels.iter().enumerate() {
            page.open("tr", &[]);
            page.leaf("th", &[("scope", "row")], label);
            for (_, values) in &self.series {
                let value = values.get(at).copied().flatten();
                cell(&value.map_or_else(|| "not known".to_string(), |value| self.value(value)), page);
            }
            row_end(page);
        }
        end_table(page);
        page.close("details");
    }
}

fn mark(line: usize, x: f64, y: f64, page: &mut Markup) {
    let class = ["mark one", "mark two", "mark three"][line];
    match MARKS[line] {
        "circle" => page.empty("circle", &[("cx", &figure(x)), ("cy", &figure(y)), ("r", "4"), ("class", class)]),
        "square" => page.empty(
            "rect",
            &[("x", &figure(x - 4.0)), ("y", &figure(y - 4.0)), ("width", "8"), ("height", "8"), ("class", class)],
        ),
        _diamond => {
            let [left, right, top, low] = [x - 5.0, x + 5.0, y - 5.0, y + 5.0].map(figure);
            let (x, y) = (figure(x), figure(y));
            let points = format!("{left},{y} {x},{top} {right},{y} {x},{low}");
            page.empty("polygon", &[("points", &points), ("class", class)]);
        }
    }
}

/// At most two digits behind the point, and none that say nothing.
fn figure(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(unit: &'static str, values: Vec<Option<f64>>) -> String {
        let labels = (1..=values.len()).map(|run| format!("run {run}")).collect();
        let mut page = Markup::new();
        Trend { id: "t", title: "Sites", unit, labels, series: vec![("sites", values)] }.draw(&mut page);
        page.into_text()
    }

    #[test]
    fn a_line_is_broken_where_nothing_is_known_and_the_table_says_so() {
        let chart = drawn("%", vec![Some(10.0), Some(20.0), None, Some(40.0), Some(50.5)]);
        assert_eq!(chart.matches("<polyline").count(), 2);
        assert_eq!(chart.matches("<circle").count(), 4);
        assert!(chart.contains("<td>not known</td>") && chart.contains("<td>50.5 %</td>"), "{chart}");
        assert!(chart.contains(">100 %</text>"), "shares have one scale");
    }

    #[test]
    fn one_run_is_no_line_and_nothing_divides_by_nought() {
        assert!(!drawn("", vec![Some(3.0)]).contains("<svg"));
        for values in [vec![Some(0.0), Some(0.0)], vec![None, None], vec![Some(1_204.0), Some(7.0)]] {
            let chart = drawn("", values);
            assert!(!chart.contains("NaN") && !chart.contains("inf"), "{chart}");
        }
    }
}
