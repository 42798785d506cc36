//! The place of an element, as verdicts name it.
//!
//! In: an element. Out: [`Locator`] with selector, line, column, snippet and an anchor that survives edits elsewhere.
//! Invariant: the same element of the same source gives the same locator. Tested by the examples of the rules.

use super::{Region, names, roles};
use crate::html::Element;
use crate::verdict::Locator;

/// Gives an element a place in a verdict: `element.at().fail(…)`.
pub trait Place {
    /// Where it is.
    fn at(&self) -> Locator;

    /// Where it is, and what assistive technology is told of it: for verdicts on what people hear.
    fn heard(&self) -> Locator;
}

/// Characters of a name that are shown as evidence.
const MOST_NAME: usize = 200;

impl Place for Element<'_> {
    fn at(&self) -> Locator {
        let position = self.position();
        Locator {
            page: None,
            selector: Some(self.selector()),
            line: Some(position.line),
            column: Some(position.column),
            snippet: Some(self.snippet()),
            role: None,
            name: None,
            anchor: Some(anchor(self)),
        }
    }

    fn heard(&self) -> Locator {
        let name = names::name(self).chars().take(MOST_NAME).collect();
        Locator { role: Some(roles::role(self).as_str().to_string()), name: Some(name), ..self.at() }
    }
}

/// The nearest id, else the landmark: a name of the place that does not count siblings or lines.
fn anchor(element: &Element<'_>) -> String {
    let id = element.id_attr().or_else(|| element.ancestors().find_map(|ancestor| ancestor.id_attr()));
    match id {
        Some(id) if !id.chars().any(|c| c.is_ascii_digit()) => format!("#{id}"),
        // An id with digits is likely made by a program and changes with every build.
        Some(_) | None => format!("{:?}", Region::of(element)).to_lowercase(),
    }
}
