//! `orientation`: no style turns the page when people turn their screen.
//!
//! In: a page and the style it holds itself. Out: one verdict for each shown element that a rule turns in one orientation only (WCAG
//! 2.1, 1.3.4). Sheets in files of their own and scripts are not seen. Tested by the rules that use it and by the ACT cases
//! (b33eff).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::style::{Condition, StyleRule};
use crate::facts::{PageFacts, Place, visibility, visible_text};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "orientation",
    asks: "Does the page leave the orientation of the screen to people?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<Orientation>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Orientation {}

/// Degrees by which a turn may miss a quarter and still be one.
const TOLERANCE: f64 = 1.0;

impl PageCheck for Orientation {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let (Some(document), Some(style)) = (page.document, page.style()) else { return Vec::new() };
        let mut verdicts = Vec::new();
        for (rule, degrees) in style.declared().rules().iter().filter_map(|rule| Some((rule, turn(rule)?))) {
            let turned = document.elements().filter(|element| rule.matches(element).is_some() && is_seen(element));
            verdicts.extend(turned.take(1).map(|element| verdict(&element, degrees)));
        }
        verdicts
    }
}

fn is_seen(element: &Element<'_>) -> bool {
    visibility::is_rendered(element) && !visible_text(*element).trim().is_empty()
}

fn verdict(element: &Element<'_>, degrees: f64) -> Verdict {
    let quarter = degrees.rem_euclid(180.0);
    match (quarter - 90.0).abs() <= TOLERANCE {
        true => element.heard().fail(
            format!("style turns the content by {degrees:.0} degrees in one orientation of the screen"),
            "content that may be read in both orientations",
        ),
        false => {
            element.at().pass(format_args!("style turns the content by {degrees:.0} degrees, which is no quarter"))
        }
    }
}

/// By how many degrees a rule turns things in one orientation; none for rules of both, and for rules that turn nothing.
fn turn(rule: &StyleRule) -> Option<f64> {
    let Condition::Depends(query) = &rule.condition else { return None };
    let squeezed: String = query.chars().filter(|c| !c.is_whitespace()).collect();
    if !squeezed.contains("orientation:portrait") && !squeezed.contains("orientation:landscape") {
        return None;
    }
    let mut turned = None;
    for declaration in &rule.declarations {
        match declaration.property.as_str() {
            "transform" | "-webkit-transform" => turned = of_functions(&declaration.value).or(turned),
            "rotate" => turned = angle(declaration.value.trim().trim_start_matches("z ").trim()).or(turned),
            _ => {}
        }
    }
    turned
}

/// The turn about the screen's axis that a list of transform functions amounts to (CSS Transforms 2).
fn of_functions(value: &str) -> Option<f64> {
    let mut sum = None;
    for part in value.to_ascii_lowercase().split(')').filter(|part| !part.trim().is_empty()) {
        let (name, inner) = part.split_once('(')?;
        let inner: Vec<&str> = inner.split(',').map(str::trim).collect();
        let numbers = || inner.iter().map(|text| text.parse::<f64>().ok()).collect::<Option<Vec<f64>>>();
        let degrees = match (name.trim(), inner.len()) {
            ("rotate" | "rotatez", 1) => Some(angle(inner[0])?),
            ("rotate3d", 4) if inner[0].parse() == Ok(0.0) && inner[1].parse() == Ok(0.0) => {
                let axis = inner[2].parse::<f64>().ok()?;
                Some(angle(inner[3])? * axis.signum())
            }
            ("matrix", 6) | ("matrix3d", 16) => {
                let numbers = numbers()?;
                Some(numbers[1].atan2(numbers[0]).to_degrees())
            }
            ("rotate" | "rotatez" | "rotate3d" | "matrix" | "matrix3d", _) => return None,
            _ => None,
        };
        sum = degrees.map(|degrees| degrees + sum.unwrap_or(0.0)).or(sum);
    }
    sum
}

/// An angle in degrees (CSS Values 4, 7.1).
fn angle(text: &str) -> Option<f64> {
    let text = text.trim().to_ascii_lowercase();
    let units = [("grad", 0.9), ("turn", 360.0), ("deg", 1.0), ("rad", 180.0 / std::f64::consts::PI)];
    let found =
        units.iter().find_map(|(unit, degrees)| Some(text.strip_suffix(unit)?.trim().parse::<f64>().ok()? * degrees));
    found.or_else(|| text.parse::<f64>().ok().filter(|number| *number == 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_added_up_whatever_way_they_are_written() {
        for (value, wanted) in [
            ("rotate(90deg)", Some(90)),
            ("rotateZ(.25turn)", Some(90)),
            ("rotate3d(0, 0, 1, 270deg)", Some(270)),
            ("rotateZ(0, 0, 1, 270deg)", None),
            ("matrix(0, -1, 1, 0, 0, 0)", Some(-90)),
            ("matrix(1, -1.22e-15, 1.22e-15, 1, 0, 0)", Some(0)),
            ("translateX(3px) rotate(45deg) rotate(45deg)", Some(90)),
            ("translateX(3px)", None),
        ] {
            #[expect(clippy::cast_possible_truncation, reason = "whole degrees are enough here")]
            let got = of_functions(value).map(|degrees| degrees.round() as i32);
            assert_eq!(got, wanted, "{value}");
        }
    }
}
