//! Whether the keyboard reaches an element, by what HTML alone decides.
//!
//! In: an element. Out: focusable, and in the order of the Tab key or not. HTML, 6.6.3. Invariant: scripts that call `focus()`
//! or change `tabindex` are not seen. Whether the element is rendered is another question. Tested below.

use crate::html::{Document, Element, ElementId};

/// True when the element can take focus: a control that is not disabled, a link, or anything with a `tabindex`.
pub fn is_focusable(element: &Element<'_>) -> bool {
    if is_disabled(element) {
        return false;
    }
    tab_index(element).is_some() || is_natively_focusable(element)
}

/// The elements of a document that can take focus, in document order.
pub fn focusable(document: &Document) -> impl Iterator<Item = Element<'_>> {
    let known = document
        .remembered(|document| Known(document.elements().filter(is_focusable).map(|element| element.id()).collect()));
    known.0.iter().filter_map(|id| document.element_of(*id))
}

struct Known(Vec<ElementId>);

/// True when the Tab key stops at the element: focusable, and its `tabindex` is not negative.
pub fn is_tab_stop(element: &Element<'_>) -> bool {
    is_focusable(element) && tab_index(element).is_none_or(|index| index >= 0)
}

/// The value of `tabindex`, by the rules for parsing integers (HTML, 2.3.4.1).
pub fn tab_index(element: &Element<'_>) -> Option<i64> {
    let value = element.attr("tabindex")?.trim_ascii_start();
    let (sign, digits) = match value.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, value.strip_prefix('+').unwrap_or(value)),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse::<i64>().ok().map(|number| sign * number)
}

/// True for a form control that is disabled itself or by a `fieldset` around it (HTML, 4.10.19.5).
pub fn is_disabled(element: &Element<'_>) -> bool {
    if !element.is_html() || !matches!(element.name(), "button" | "input" | "select" | "textarea" | "fieldset") {
        return false;
    }
    element.has_attr("disabled") || in_disabled_fieldset(element)
}

fn in_disabled_fieldset(element: &Element<'_>) -> bool {
    let mut inner = *element;
    for ancestor in element.ancestors() {
        if ancestor.name() == "fieldset" && ancestor.has_attr("disabled") && !is_first_legend(&inner, &ancestor) {
            return true;
        }
        inner = ancestor;
    }
    false
}

fn is_first_legend(element: &Element<'_>, fieldset: &Element<'_>) -> bool {
    element.name() == "legend" && fieldset.children().find(|child| child.name() == "legend") == Some(*element)
}

fn is_natively_focusable(element: &Element<'_>) -> bool {
    if element.is_svg() {
        return element.name() == "a" && (element.has_attr("href") || element.has_attr("xlink:href"));
    }
    if element.attr("contenteditable").is_some_and(|value| !value.eq_ignore_ascii_case("false")) {
        return true;
    }
    match element.name() {
        "a" | "area" => element.has_attr("href"),
        "input" => !element.attr("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("hidden")),
        "button" | "select" | "textarea" | "iframe" => true,
        "summary" => element.parent().is_some_and(|parent| parent.name() == "details"),
        "audio" | "video" => element.has_attr("controls"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Selector;

    #[test]
    fn the_keyboard_reaches_controls_links_and_what_has_a_tabindex() {
        for (html, focusable, stop) in [
            ("<a class=t href=x>x</a>", true, true),
            ("<a class=t>x</a>", false, false),
            ("<button class=t disabled>x</button>", false, false),
            ("<button class=t disabled tabindex=0>x</button>", false, false),
            ("<fieldset disabled><legend><input class=t></legend></fieldset>", true, true),
            ("<fieldset disabled><input class=t></fieldset>", false, false),
            ("<div class=t tabindex=0></div>", true, true),
            ("<div class=t tabindex=-1></div>", true, false),
            ("<div class=t tabindex=x></div>", false, false),
            ("<a class=t href=x tabindex='-1'>x</a>", true, false),
            ("<input class=t type=hidden>", false, false),
            ("<p class=t contenteditable>x</p>", true, true),
        ] {
            let document = Document::parse(html);
            let target = Selector::parse(".t").expect("a constant selector");
            let element = document.select(&target).next().expect("the table marks a target");
            assert_eq!((is_focusable(&element), is_tab_stop(&element)), (focusable, stop), "{html}");
        }
    }
}
