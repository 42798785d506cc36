//! What a control says when it stands inside the label of something else: "flash the screen [3] times".
//!
//! In: an element. Out: its present value, `None` for what is no such control. Accessible Name and Description Computation 1.2,
//! step 2C. Invariant: only values that the markup sets are known; passwords are never read. Tested in `names.rs`.

use super::{roles, text};
use crate::html::Element;

/// Elements looked at for what is chosen among them: a list that others point at is read again for each of them.
const MOST_CHOICES: usize = 1_000;

/// The value of a text field, a choice or a range; empty when it has none yet.
pub(super) fn value(element: Element<'_>) -> Option<String> {
    // Asked of every element inside a name, so the many that are no control are told at once.
    let may_be =
        matches!(element.name(), "input" | "meter" | "progress" | "select" | "textarea") || element.has_attr("role");
    if !may_be {
        return None;
    }
    match roles::role(&element).as_str() {
        "textbox" | "searchbox" => Some(typed(element)),
        "combobox" | "listbox" => Some(chosen(element)),
        "meter" | "progressbar" | "scrollbar" | "slider" | "spinbutton" => Some(amount(element)),
        _ => None,
    }
}

fn typed(element: Element<'_>) -> String {
    match element.name() {
        "input" => element.attr("value").unwrap_or_default().to_string(),
        "textarea" => element.text(),
        _ => text::visible(element).into_owned(),
    }
}

fn chosen(element: Element<'_>) -> String {
    match element.name() {
        "input" => element.attr("value").unwrap_or_default().to_string(),
        "select" => {
            let options = || element.descendants().take(MOST_CHOICES).filter(|inner| inner.name() == "option");
            let selected: Vec<Element<'_>> = options().filter(|option| option.has_attr("selected")).collect();
            if element.has_attr("multiple") {
                return selected.iter().map(option_text).collect::<Vec<_>>().join(" ");
            }
            selected.last().copied().or_else(|| options().next()).as_ref().map(option_text).unwrap_or_default()
        }
        _ => {
            let is_selected = |inner: &Element<'_>| {
                inner.attr("aria-selected").is_some_and(|value| value.eq_ignore_ascii_case("true"))
            };
            element
                .descendants()
                .take(MOST_CHOICES)
                .filter(is_selected)
                .map(text::visible)
                .collect::<Vec<_>>()
                .join(" ")
        }
    }
}

fn option_text(option: &Element<'_>) -> String {
    option.attr("label").filter(|label| !label.is_empty()).map_or_else(|| option.text(), str::to_string)
}

fn amount(element: Element<'_>) -> String {
    let said = ["aria-valuetext", "aria-valuenow", "value"].into_iter().find_map(|name| element.attr(name));
    said.unwrap_or_default().to_string()
}
