//! The accessible description of an element: what a screen reader adds to its name.
//!
//! In: an element. Out: words, empty where nothing describes it. Accessible Name and Description Computation 1.2 (4.3.1),
//! HTML-AAM 1.0 (4.1), SVG-AAM 1.0 (8.1). Invariant: what is the name already is not said twice. Tested below.

use super::names::{self, NameFrom, Walk};
use super::words;
use crate::html::Element;

/// The accessible description of an element, with white space collapsed; empty when it has none.
pub fn description(element: &Element<'_>) -> String {
    let attribute = |name: &str| words::collapse(element.attr(name).unwrap_or_default());
    let mut walk = Walk::default();
    let referenced = words::collapse(&walk.referenced(*element, "aria-describedby"));
    if !referenced.is_empty() {
        return referenced;
    }
    let said = attribute("aria-description");
    if !said.is_empty() {
        return said;
    }
    let name = names::computed(element);
    let steps: [&mut dyn FnMut() -> String; 2] =
        [&mut || words::collapse(&native(&mut walk, *element, name.from)), &mut || attribute("title")];
    steps.into_iter().map(|step| step()).find(|words| !words.is_empty() && *words != name.text).unwrap_or_default()
}

/// What the host language describes an element with, where that is not its name.
fn native(walk: &mut Walk, element: Element<'_>, named: Option<NameFrom>) -> String {
    let is_free = named != Some(NameFrom::Native);
    if element.is_svg() {
        let child = |name: &str| element.children().find(|child| child.name() == name).map(|child| child.text());
        let title = || child("title").filter(|_| is_free);
        return child("desc").or_else(title).unwrap_or_default();
    }
    let kind = || element.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
    match element.name() {
        "table" | "fieldset" | "figure" if is_free => walk.native(element),
        "table" => element.attr("summary").unwrap_or_default().to_string(),
        "input" if matches!(kind().as_str(), "button" | "reset" | "submit") => {
            element.attr("value").unwrap_or_default().to_string()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{Document, Selector};

    #[test]
    fn a_description_adds_to_the_name_and_never_repeats_it() {
        for (html, wanted) in [
            ("<p class=t aria-describedby='b a' aria-description=x>x</p><i id=a>A</i><i id=b hidden>B</i>", "B A"),
            ("<p class=t aria-describedby=gone aria-description=x>x</p>", "x"),
            ("<button class=t aria-description=more title=t>x</button>", "more"),
            ("<button class=t title=t>x</button>", "t"),
            ("<button class=t title=x>x</button>", ""),
            ("<button class=t title=x></button>", ""),
            ("<button class=t aria-describedby=gone title=t>x</button>", "t"),
            ("<img class=t alt=a title=t>", "t"),
            ("<input class=t type=submit value=v aria-label=l>", "v"),
            ("<input class=t placeholder=p title=t>", ""),
            ("<span class=t title=t>x</span>", "t"),
            ("<table class=t aria-label=l><caption>c</caption><tr><td>1</table>", "c"),
            ("<table class=t summary=s><caption>c</caption><tr><td>1</table>", "s"),
            ("<svg class=t><title>ti</title><desc>de</desc></svg>", "de"),
            ("<svg class=t aria-label=l><title>ti</title></svg>", "ti"),
            ("<p class=t id=a aria-describedby=a>x</p>", "x"),
        ] {
            let document = Document::parse(html);
            let target = Selector::parse(".t").expect("a constant selector");
            let element = document.select(&target).next().expect("the table marks a target");
            assert_eq!(description(&element), wanted, "{html}");
        }
    }
}
