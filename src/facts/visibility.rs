//! Whether people get an element at all, by what HTML alone decides: the user agent's sheet, `hidden`, inline style, ARIA.
//!
//! In: an element. Out: yes or no. Invariant: author style sheets are not looked at here, so "rendered" means "nothing in the
//! markup hides it". Tested below.

use crate::html::Element;

/// Elements that the user agent's style sheet never renders (HTML, 15.3.1).
const NEVER: [&str; 15] = [
    "area", "base", "basefont", "datalist", "head", "link", "meta", "noembed", "noframes", "noscript", "param", "rp",
    "script", "style", "template",
];

/// True when nothing in the markup hides the element or one of its ancestors from sight.
pub fn is_rendered(element: &Element<'_>) -> bool {
    !hides(element) && element.ancestors().all(|ancestor| !hides(&ancestor)) && !in_closed_details(element)
}

/// True when an element is rendered and assistive technology is told of it: no `aria-hidden`, no `inert`.
pub fn is_exposed(element: &Element<'_>) -> bool {
    let shut = |element: &Element<'_>| element.attr("aria-hidden").is_some_and(is_true) || element.has_attr("inert");
    is_rendered(element) && !shut(element) && !element.ancestors().any(|ancestor| shut(&ancestor))
}

/// True when the element by itself is not rendered, whatever its ancestors are.
pub fn hides(element: &Element<'_>) -> bool {
    (element.is_html() && NEVER.contains(&element.name()) || element.is_html() && element.name() == "title")
        || element.has_attr("hidden")
        || (element.name() == "input"
            && element.attr("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("hidden")))
        || (element.name() == "dialog" && !element.has_attr("open"))
        || element.attr("style").is_some_and(style_hides)
}

fn is_true(value: &str) -> bool {
    value.trim().eq_ignore_ascii_case("true")
}

fn in_closed_details(element: &Element<'_>) -> bool {
    let mut inner = *element;
    for ancestor in element.ancestors() {
        if ancestor.name() == "details" && !ancestor.has_attr("open") && !is_first_summary(&inner) {
            return true;
        }
        inner = ancestor;
    }
    false
}

/// The first `summary` child of a `details` stays visible when it is closed (HTML, 4.11.1).
fn is_first_summary(element: &Element<'_>) -> bool {
    let mut before = element.previous_sibling();
    while let Some(sibling) = before {
        if sibling.name() == "summary" {
            return false;
        }
        before = sibling.previous_sibling();
    }
    element.name() == "summary"
}

fn style_hides(style: &str) -> bool {
    let mut hidden = false;
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let value = value.trim().trim_end_matches("!important").trim();
        if property.trim().eq_ignore_ascii_case("display") {
            hidden = value.eq_ignore_ascii_case("none");
        } else if property.trim().eq_ignore_ascii_case("visibility")
            && (value.eq_ignore_ascii_case("hidden") || value.eq_ignore_ascii_case("collapse"))
        {
            return true;
        }
    }
    hidden
}
