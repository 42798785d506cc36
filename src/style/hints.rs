//! What old attributes paint, and what browsers do for pages without a document type, as rules of no weight.
//!
//! In: a document. Out: a style sheet that comes before those of the page (HTML, 15.3, "presentational hints"; Quirks Mode, 3.5).
//! Covers what the engine does not read by itself. Invariant: any rule of the page is stronger. Tested below.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::Colour;
use crate::html::{Document, Element, Quirks};

/// Elements that take a background from an attribute.
const PAINTED: [&str; 8] = ["body", "table", "thead", "tbody", "tfoot", "tr", "td", "th"];

/// The sheet; empty for most pages.
pub(super) fn sheet(document: &Document) -> String {
    let mut rules = BTreeSet::new();
    for element in document.elements().filter(Element::is_html) {
        let name = element.name();
        let colour = |attribute: &str| {
            let value = element.attr(attribute)?;
            Some((value, Colour::of_attribute(value)?.words()))
        };
        if PAINTED.contains(&name) {
            rules.extend(
                colour("bgcolor").map(|(value, is)| rule(name, "bgcolor", value, &format!("background-color:{is}"))),
            );
        }
        match name {
            "img" => rules.extend(proportion(&element)),
            "body" => {
                rules.extend(colour("text").map(|(value, is)| rule(name, "text", value, &format!("color:{is}"))));
                rules.extend(colour("link").map(|(_, is)| format!(":where(a:link){{color:{is}}}")));
            }
            "font" => {
                rules.extend(colour("color").map(|(value, is)| rule(name, "color", value, &format!("color:{is}"))));
                if let Some(value) = element.attr("size")
                    && let Some(size) = size(value)
                {
                    rules.insert(rule(name, "size", value, &format!("font-size:{size}")));
                }
            }
            _ => {}
        }
    }
    let mut sheet: String = rules.into_iter().collect();
    if document.quirks() == Quirks::Full {
        sheet.push_str(
            ":where(table){font-size:medium;font-weight:400;font-style:normal;line-height:normal;text-align:start}",
        );
    }
    sheet
}

/// How wide a picture is to how high, where it says both (HTML, 15.4.3): pictures are not loaded, and sheets that give one length
/// leave the other to them.
fn proportion(picture: &Element<'_>) -> Option<String> {
    let length = |attribute: &str| {
        let value = picture.attr(attribute)?;
        let number: f32 = value.trim().trim_end_matches("px").parse().ok()?;
        (number.is_finite() && number > 0.0).then_some((value, number))
    };
    let ((width, wide), (height, high)) = (length("width")?, length("height")?);
    let selector = format!("img{}{}", named("width", width), named("height", height));
    Some(format!(":where({selector}){{aspect-ratio:{wide}/{high}}}"))
}

fn rule(element: &str, attribute: &str, value: &str, declaration: &str) -> String {
    format!(":where({element}{}){{{declaration}}}", named(attribute, value))
}

/// The selector of an attribute with exactly this value.
fn named(attribute: &str, value: &str) -> String {
    let mut quoted = String::new();
    for c in value.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => drop(write!(quoted, "\\{:x} ", u32::from(c))),
            c => quoted.push(c),
        }
    }
    format!("[{attribute}=\"{quoted}\"]")
}

/// The size that `<font size>` asks for (HTML, 2.3.10, "rules for parsing a legacy font size").
fn size(value: &str) -> Option<&'static str> {
    let value = value.trim();
    let digits: String = value.trim_start_matches(['+', '-']).chars().take_while(char::is_ascii_digit).collect();
    let number: i32 = digits.parse().ok()?;
    let number = match value.as_bytes().first() {
        Some(b'+') => 3 + number,
        Some(b'-') => 3 - number,
        Some(_) | None => number,
    };
    let sizes = ["x-small", "small", "medium", "large", "x-large", "xx-large", "xxx-large"];
    sizes.get(usize::try_from(number.clamp(1, 7) - 1).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_attributes_become_rules_without_weight() {
        for (html, wanted) in [
            ("<!doctype html><p style='color:red'>", ""),
            ("<!doctype html><body bgcolor=navy>", ":where(body[bgcolor=\"navy\"]){background-color:#000080}"),
            ("<!doctype html><font color='#f00'>", ":where(font[color=\"#f00\"]){color:#ff0000}"),
            ("<!doctype html><font size='+2'>", ":where(font[size=\"+2\"]){font-size:x-large}"),
            ("<!doctype html><table bgcolor='no\"such'>", ""),
            (
                "<!doctype html><img width=48 height=24><img width=48><img width=50% height=9><img width=0 height=9>",
                ":where(img[width=\"48\"][height=\"24\"]){aspect-ratio:48/24}",
            ),
        ] {
            assert_eq!(sheet(&Document::parse(html)), wanted, "{html}");
        }
        assert!(sheet(&Document::parse("<table>")).contains("table"), "no document type");
    }
}
