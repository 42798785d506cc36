//! `zoom`: the page lets people zoom in.
//!
//! In: a page. Out: a verdict on each `meta` viewport that says how far people may zoom (CSS Viewport 1, appendix A). A word where
//! a number belongs counts as browsers read it. Tested by the rules that use it and by the ACT cases (b4f0c3).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "zoom",
    asks: "May people zoom in?",
    scope: Scope::Page,
    parameters: &[("min", "the zoom that people may reach at least")],
    build: page::<Zoom>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Zoom {
    min: f64,
}

/// What browsers take a word for where a scale belongs (CSS Viewport 1, "extended-to-zoom").
const DEVICE_SIZE: f64 = 10.0;
const WORD_YES: f64 = 1.0;
const NO_NUMBER: f64 = 0.1;

impl PageCheck for Zoom {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let viewports = document
            .with_name("meta")
            .filter(|element| element.attr("name").is_some_and(|name| name.trim().eq_ignore_ascii_case("viewport")));
        viewports.filter_map(|meta| self.verdict(&meta)).collect()
    }
}

impl Zoom {
    fn verdict(&self, meta: &Element<'_>) -> Option<Verdict> {
        let content = meta.attr("content")?.to_ascii_lowercase();
        let pairs = content.split([',', ';']).filter_map(|pair| pair.split_once('='));
        let mut scalable = None;
        let mut most = None;
        for (name, value) in pairs {
            match name.trim() {
                "user-scalable" => scalable = Some(is_yes(value.trim())),
                "maximum-scale" => most = scale(value.trim()).or(most),
                _ => {}
            }
        }
        if scalable.is_none() && most.is_none() {
            return None;
        }
        let stops = most.filter(|most| *most < self.min);
        Some(match (scalable, stops) {
            (Some(false), _) => meta.at().fail("the page forbids zooming (user-scalable)", self.expected()),
            (_, Some(most)) => meta.at().fail(format!("the page stops zooming at {most} times"), self.expected()),
            (_, None) => meta.at().pass("people may zoom in"),
        })
    }

    fn expected(&self) -> String {
        format!("people may zoom to at least {} times", self.min)
    }
}

/// `None` for a negative number, which browsers drop.
fn scale(value: &str) -> Option<f64> {
    match value {
        "device-width" | "device-height" => Some(DEVICE_SIZE),
        "yes" => Some(WORD_YES),
        _ => Some(number(value).unwrap_or(NO_NUMBER)).filter(|scale| *scale >= 0.0),
    }
}

fn is_yes(value: &str) -> bool {
    match value {
        "yes" | "device-width" | "device-height" => true,
        _ => number(value).is_some_and(|number| number.abs() >= 1.0),
    }
}

/// The number a text begins with, as `strtod` reads it.
fn number(text: &str) -> Option<f64> {
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+')).unwrap_or(text.len());
    (1..=end).rev().find_map(|end| text.get(..end)?.parse().ok())
}
