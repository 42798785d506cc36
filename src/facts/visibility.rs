//! Whether people get an element at all: by what HTML decides (the user agent's sheet, `hidden`, inline style, ARIA), and by the
//! page's style sheets where it was measured.
//!
//! In: an element. Out: yes or no. Invariant: where a page was not measured, "rendered" means "nothing in the markup hides it"; where
//! it was, an element is hidden that no screen shows. Tested below and in `style/answers.rs`.

use super::style::is_unseen;
use crate::html::{Document, Element};

/// Elements that the user agent's style sheet never renders (HTML, 15.3.1). `area` is not among them: it has no box of its own,
/// but people click it and meet it in the tab order through the image of its map.
const NEVER: [&str; 15] = [
    "base", "basefont", "datalist", "head", "link", "meta", "noembed", "noframes", "noscript", "param", "rp", "script",
    "style", "template", "title",
];

/// SVG elements that are drawn only where something refers to them, or never (SVG 2, 5.2 and 5.7).
const NEVER_IN_SVG: [&str; 12] = [
    "clipPath",
    "defs",
    "desc",
    "linearGradient",
    "marker",
    "mask",
    "metadata",
    "pattern",
    "radialGradient",
    "script",
    "symbol",
    "title",
];

/// True when nothing hides the element or one of its ancestors from sight, as far as markup and measured style tell.
pub fn is_rendered(element: &Element<'_>) -> bool {
    seen(element).rendered()
}

/// True when an element is rendered and assistive technology is told of it: no `aria-hidden`, no `inert`.
pub fn is_exposed(element: &Element<'_>) -> bool {
    let seen = seen(element);
    seen.rendered() && !seen.silent
}

/// True when the element by itself is not rendered, whatever its ancestors are.
pub fn hides(element: &Element<'_>) -> bool {
    seen(element).hides
}

/// What is known of an element, worked out for all elements of its document at once: parents come before their children.
#[derive(Clone, Copy)]
struct Seen {
    /// By itself it is not rendered.
    hides: bool,
    /// It or an element around it makes no box.
    boxless: bool,
    /// It stands in the closed part of a `details`.
    closed: bool,
    /// It or an element around it is kept from assistive technology.
    silent: bool,
    /// No screen shows it, by what was measured.
    unseen: bool,
    /// Its `visibility`, as the nearest element declares it: the property is inherited.
    visibility: Option<bool>,
    /// What it hands on: that of the page itself is a guard that a script takes away.
    hands_on: Option<bool>,
}

impl Seen {
    fn rendered(self) -> bool {
        !self.boxless && !self.closed && !self.unseen && self.visibility.unwrap_or(true)
    }
}

struct AllSeen(Vec<Seen>);

fn seen(element: &Element<'_>) -> Seen {
    element.document().remembered(all_seen).0[element.order() as usize]
}

fn all_seen(document: &Document) -> AllSeen {
    let mut all: Vec<Seen> = Vec::new();
    for element in document.elements() {
        let parent = element.parent();
        let around = parent.map(|parent| all[parent.order() as usize]);
        let own = declared(&element);
        let boxless = is_boxless(&element, own);
        let inherited = around.and_then(|around| around.hands_on);
        let visibility = own.visibility.or(inherited);
        let unseen = is_unseen(&element);
        all.push(Seen {
            hides: boxless || own.visibility == Some(false) || unseen && around.is_some_and(|around| !around.unseen),
            boxless: boxless || around.is_some_and(|around| around.boxless),
            closed: around.is_some_and(|around| around.closed) || parent.is_some_and(|parent| shuts(&parent, &element)),
            silent: is_silent(&element) || around.is_some_and(|around| around.silent),
            unseen,
            visibility,
            hands_on: if is_page(&element) { inherited } else { visibility },
        });
    }
    AllSeen(all)
}

/// True when the element itself keeps its content from assistive technology.
pub fn is_silent(element: &Element<'_>) -> bool {
    element.attr("aria-hidden").is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
        || element.has_attr("inert")
}

/// True when the element makes no box: nothing inside it is rendered either.
fn is_boxless(element: &Element<'_>, declared: Declared) -> bool {
    let display = declared.display;
    if !element.is_html() {
        return display == Some(Display::None) || element.is_svg() && NEVER_IN_SVG.contains(&element.name());
    }
    // The inline style of a page is stronger than the user agent's `[hidden] { display: none }`.
    let is_shown = display.is_some_and(|display| display != Display::None);
    let by_attribute = !is_shown && (element.has_attr("hidden") || is_closed(element));
    let kind = || element.attr("type").unwrap_or_default();
    display == Some(Display::None) && !is_page(element)
        || by_attribute
        || NEVER.contains(&element.name())
        || element.name() == "input" && kind().trim().eq_ignore_ascii_case("hidden")
        || is_fallback(element)
}

/// A dialog or popover that nobody has opened.
fn is_closed(element: &Element<'_>) -> bool {
    element.name() == "dialog" && !element.has_attr("open") || element.has_attr("popover")
}

/// Nobody serves a page that stays hidden: a script that guards against framing shows the body at once.
fn is_page(element: &Element<'_>) -> bool {
    matches!(element.name(), "html" | "body")
}

/// What stands in a media element is shown only by browsers that do not know the element (HTML, 4.8.8).
fn is_fallback(element: &Element<'_>) -> bool {
    element.parent().is_some_and(|parent| parent.is_html() && matches!(parent.name(), "audio" | "video" | "iframe"))
}

/// True when a `details` that is closed keeps this child of it from sight.
fn shuts(parent: &Element<'_>, element: &Element<'_>) -> bool {
    parent.name() == "details" && !parent.has_attr("open") && !is_first_summary(element)
}

/// The first `summary` child of a `details` stays visible when it is closed (HTML, 4.11.1).
pub(super) fn is_first_summary(element: &Element<'_>) -> bool {
    if element.name() != "summary" {
        return false;
    }
    let mut before = element.previous_sibling();
    while let Some(sibling) = before {
        if sibling.name() == "summary" {
            return false;
        }
        before = sibling.previous_sibling();
    }
    true
}

/// True when an inline style makes a box of its own of an element: its words do not run on in the line.
pub(super) fn is_boxed(element: &Element<'_>) -> Option<bool> {
    declared(element).display.map(|display| display == Display::Box)
}

/// How an element takes part in the page.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Display {
    None,
    Inline,
    Box,
}

/// What an inline style says about being seen; `None` where it says nothing.
#[derive(Clone, Copy, Default)]
struct Declared {
    display: Option<Display>,
    visibility: Option<bool>,
}

fn declared(element: &Element<'_>) -> Declared {
    let Some(style) = element.attr("style").filter(|style| is_about_sight(style)) else { return Declared::default() };
    let mut display = Cascade { value: None, important: false };
    let mut visibility = Cascade { value: None, important: false };
    for declaration in without_comments(style).split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let (value, important) = match value.split_once('!') {
            Some((value, flag)) => (value.trim(), flag.trim().eq_ignore_ascii_case("important")),
            None => (value.trim(), false),
        };
        if property.trim().eq_ignore_ascii_case("display") && !value.is_empty() {
            display.take(displayed(value), important);
        } else if property.trim().eq_ignore_ascii_case("visibility") {
            match value.to_ascii_lowercase().as_str() {
                "hidden" | "collapse" => visibility.take(false, important),
                "visible" => visibility.take(true, important),
                _ => {}
            }
        }
    }
    Declared { display: display.value, visibility: visibility.value }
}

/// Most inline styles are about colours and sizes; these are not read.
fn is_about_sight(style: &str) -> bool {
    let mentions =
        |word: &str| style.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()));
    mentions("display") || mentions("visibility")
}

fn displayed(value: &str) -> Display {
    match value.to_ascii_lowercase().as_str() {
        "none" => Display::None,
        "inline" | "contents" | "initial" | "ruby" => Display::Inline,
        _ => Display::Box,
    }
}

/// The last declaration wins, unless an earlier one is important and it is not.
struct Cascade<T> {
    value: Option<T>,
    important: bool,
}

impl<T> Cascade<T> {
    fn take(&mut self, value: T, important: bool) {
        if important || !self.important {
            *self = Self { value: Some(value), important };
        }
    }
}

fn without_comments(style: &str) -> String {
    let mut kept = String::with_capacity(style.len());
    let mut rest = style;
    while let Some(start) = rest.find("/*") {
        kept.push_str(&rest[..start]);
        rest = rest[start + 2..].split_once("*/").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{Document, Selector};

    #[test]
    fn what_the_markup_hides_is_neither_rendered_nor_exposed() {
        for (html, rendered, exposed) in [
            ("<p class=t>x</p>", true, true),
            ("<body style='display:none'><p class=t>x</p></body>", true, true),
            ("<p class=t hidden>x</p>", false, false),
            ("<p class=t hidden style='display:block'>x</p>", true, true),
            ("<div hidden><p class=t>x</p></div>", false, false),
            ("<div hidden><p class=t style='display:block'>x</p></div>", false, false),
            ("<svg hidden class=t></svg>", true, true),
            ("<p class=t aria-hidden=true>x</p>", true, false),
            ("<div aria-hidden=TRUE><p class=t>x</p></div>", true, false),
            ("<p class=t aria-hidden>x</p>", true, true),
            ("<div inert><p class=t>x</p></div>", true, false),
            ("<p class=t style='display: NONE ! important; display: block'>x</p>", false, false),
            ("<p class=t style='display:none;display:block'>x</p>", true, true),
            ("<p class=t style='/* display:none */ color:red'>x</p>", true, true),
            ("<div style='visibility:hidden'><p class=t>x</p></div>", false, false),
            ("<div style='visibility:hidden'><p class=t style='visibility:visible'>x</p></div>", true, true),
            ("<details><p class=t>x</p></details>", false, false),
            ("<details open><p class=t>x</p></details>", true, true),
            ("<details><summary>s</summary><summary class=t>x</summary></details>", false, false),
            ("<details><summary><b class=t>x</b></summary></details>", true, true),
            ("<dialog><p class=t>x</p></dialog>", false, false),
            ("<dialog open><p class=t>x</p></dialog>", true, true),
            ("<div popover><p class=t>x</p></div>", false, false),
            ("<p><noscript><img class=t></noscript>", false, false),
            ("<video><a class=t href=x>x</a></video>", false, false),
            ("<map><area class=t href=x></map>", true, true),
            ("<svg><title class=t>x</title></svg>", false, false),
            ("<input class=t type=' hidden'>", false, false),
        ] {
            let document = Document::parse(html);
            let target = Selector::parse(".t").expect("a constant selector");
            let element = document.select(&target).next().expect("the table marks a target");
            assert_eq!((is_rendered(&element), is_exposed(&element)), (rendered, exposed), "{html}");
        }
    }
}
