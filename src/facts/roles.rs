//! The role of an element: what assistive technology says it is.
//!
//! In: an element. Out: [`Role`], explicit or implied, by WAI-ARIA 1.2 (5, 7.1 and 9.1) and HTML-AAM 1.0 (3.5) as far as markup
//! decides. Invariant: every element has a role; "generic" stands for those that say nothing, also where HTML-AAM names no role.
//! Depth costs no stack. Tested below.

use std::cell::Cell;
use std::collections::HashMap;

use super::{aria, focus};
use crate::html::{Document, Element, ElementId};

/// A role by its WAI-ARIA name, lower case.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Role(pub &'static str);

impl Role {
    /// An element that says nothing about itself.
    pub const GENERIC: Self = Self("generic");
    /// An element marked as mere decoration or layout.
    pub const NONE: Self = Self("none");

    /// The name of the role.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// True when the role takes its name from its content.
    pub fn is_named_by_content(self) -> bool {
        aria::is_named_by_content(self.0)
    }

    /// True when the role's children are not exposed.
    pub fn is_flat(self) -> bool {
        aria::is_flat(self.0)
    }
}

/// The role of an element: the one its author gave it, else the one its tag implies.
pub fn role(element: &Element<'_>) -> Role {
    let known = element.document().remembered(|document| Known(vec![Cell::new(None); document.elements().len()]));
    let known = &known.0[element.order() as usize];
    known.get().unwrap_or_else(|| {
        let role = explicit(element).unwrap_or_else(|| implicit(element));
        known.set(Some(role));
        role
    })
}

/// The elements of a document that have one of these roles, in document order where it is one.
pub fn having<'a>(document: &'a Document, roles: &'a [String]) -> impl Iterator<Item = Element<'a>> + use<'a> {
    let by_role = document.remembered(|document| {
        let mut by_role: HashMap<&'static str, Vec<ElementId>> = HashMap::new();
        for element in document.elements() {
            by_role.entry(role(&element).as_str()).or_default().push(element.id());
        }
        ByRole(by_role)
    });
    let found = roles.iter().filter_map(|role| by_role.0.get(role.as_str())).flatten();
    found.filter_map(|id| document.element_of(*id))
}

/// The elements of a document by their roles.
struct ByRole(HashMap<&'static str, Vec<ElementId>>);

/// The roles of a document's elements, as far as somebody asked for them.
struct Known(Vec<Cell<Option<Role>>>);

/// The role the author gave: the first word of `role` that names one. Decoration that can take focus or carries a global
/// property is no decoration (WAI-ARIA 1.2, 9.1.3), so nothing is given then.
pub fn explicit(element: &Element<'_>) -> Option<Role> {
    let given = element.attr("role")?.split_ascii_whitespace().find_map(aria::known_role)?;
    match given {
        "none" | "presentation" if insists(element) => None,
        "presentation" => Some(Role::NONE),
        "image" => Some(Role("img")),
        other => Some(Role(other)),
    }
}

/// True when an element may not be taken for decoration: it can take focus or has a global state or property, even an empty one.
pub fn insists(element: &Element<'_>) -> bool {
    element.attrs().any(|(name, _)| aria::is_global(name)) || focus::is_focusable(element)
}

/// Elements whose role follows from the tag alone, sorted by name.
const PLAIN: [(&str, &str); 48] = [
    ("address", "group"),
    ("article", "article"),
    ("aside", "complementary"),
    ("blockquote", "blockquote"),
    ("button", "button"),
    ("caption", "caption"),
    ("code", "code"),
    ("datalist", "listbox"),
    ("dd", "definition"),
    ("del", "deletion"),
    ("details", "group"),
    ("dfn", "term"),
    ("dialog", "dialog"),
    ("dt", "term"),
    ("em", "emphasis"),
    ("fieldset", "group"),
    ("figure", "figure"),
    ("h1", "heading"),
    ("h2", "heading"),
    ("h3", "heading"),
    ("h4", "heading"),
    ("h5", "heading"),
    ("h6", "heading"),
    ("hgroup", "group"),
    ("hr", "separator"),
    ("html", "document"),
    ("ins", "insertion"),
    ("main", "main"),
    ("mark", "mark"),
    ("math", "math"),
    ("menu", "list"),
    ("meter", "meter"),
    ("nav", "navigation"),
    ("ol", "list"),
    ("optgroup", "group"),
    ("option", "option"),
    ("output", "status"),
    ("p", "paragraph"),
    ("progress", "progressbar"),
    ("s", "deletion"),
    ("search", "search"),
    ("strong", "strong"),
    ("sub", "subscript"),
    ("sup", "superscript"),
    ("table", "table"),
    ("textarea", "textbox"),
    ("time", "time"),
    ("ul", "list"),
];

/// The role an element's tag implies where it stands (HTML-AAM 1.0, 3.5).
pub fn implicit(element: &Element<'_>) -> Role {
    if !element.is_html() {
        return foreign(element);
    }
    if let Ok(at) = PLAIN.binary_search_by_key(&element.name(), |(name, _)| name) {
        return Role(PLAIN[at].1);
    }
    let has = |attribute: &str| element.attr(attribute).is_some_and(|value| !value.trim().is_empty());
    let is_named = || has("aria-label") || has("aria-labelledby") || has("title");
    match element.name() {
        "a" | "area" if element.has_attr("href") => Role("link"),
        "form" if is_named() => Role("form"),
        "section" if is_named() => Role("region"),
        "header" if is_of_the_page(element) => Role("banner"),
        "footer" if is_of_the_page(element) => Role("contentinfo"),
        "img" if element.attr("alt") == Some("") && !is_spoken_of(element) => Role::NONE,
        "img" => Role("img"),
        "input" => input(element),
        "li" => list_item(element),
        "select" => select(element),
        "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" => in_table(element),
        _ => Role::GENERIC,
    }
}

/// An image with an empty `alt` is decoration, unless something else gives it a meaning; an empty attribute gives none.
fn is_spoken_of(image: &Element<'_>) -> bool {
    let mut said = image.attrs().filter(|(_, value)| !value.trim().is_empty());
    said.any(|(name, _)| aria::is_global(name)) || focus::is_focusable(image)
}

fn foreign(element: &Element<'_>) -> Role {
    match element.name() {
        "svg" => Role("graphics-document"),
        "math" => Role("math"),
        "image" if element.is_svg() => Role("img"),
        "a" if element.is_svg() && (element.has_attr("href") || element.has_attr("xlink:href")) => Role("link"),
        _ => Role::GENERIC,
    }
}

/// A header or footer belongs to the page unless a section around it has its own.
fn is_of_the_page(element: &Element<'_>) -> bool {
    !element.ancestors().any(|ancestor| {
        let by_role = explicit(&ancestor).map(Role::as_str);
        matches!(ancestor.name(), "article" | "aside" | "main" | "nav" | "section")
            || matches!(by_role, Some("article" | "complementary" | "main" | "navigation" | "region"))
    })
}

fn input(element: &Element<'_>) -> Role {
    let kind = element.attr("type").unwrap_or("text").trim().to_ascii_lowercase();
    match kind.as_str() {
        "button" | "image" | "reset" | "submit" => Role("button"),
        "checkbox" => Role("checkbox"),
        "radio" => Role("radio"),
        "range" => Role("slider"),
        "number" => Role("spinbutton"),
        "color" | "date" | "datetime-local" | "file" | "hidden" | "month" | "password" | "time" | "week" => {
            Role::GENERIC
        }
        _ if element.has_attr("list") => Role("combobox"),
        "search" => Role("searchbox"),
        _ => Role("textbox"),
    }
}

fn select(element: &Element<'_>) -> Role {
    let size = element.attr("size").and_then(|size| size.trim().parse::<u32>().ok());
    let is_open = element.has_attr("multiple") || size.is_some_and(|size| size > 1);
    Role(if is_open { "listbox" } else { "combobox" })
}

/// An item without a list is nothing; an item of a list that is mere layout is mere layout (WAI-ARIA 1.2, 7.1).
fn list_item(element: &Element<'_>) -> Role {
    let Some(list) = element.parent().filter(|parent| matches!(parent.name(), "ul" | "ol" | "menu")) else {
        return Role::GENERIC;
    };
    if role(&list) == Role::NONE { Role::NONE } else { Role("listitem") }
}

/// The parts of a table have the roles the table gives them.
fn in_table(element: &Element<'_>) -> Role {
    let table = element.ancestors().find(|ancestor| ancestor.name() == "table");
    let around = table.and_then(|table| explicit(&table)).unwrap_or(Role("table"));
    let is_grid = match around.as_str() {
        "none" => return Role::NONE,
        "grid" | "treegrid" => true,
        "table" => false,
        _ => return Role::GENERIC,
    };
    let scope = element.attr("scope").unwrap_or_default().trim().to_ascii_lowercase();
    Role(match (element.name(), scope.as_str()) {
        ("tbody" | "thead" | "tfoot", _) => "rowgroup",
        ("tr", _) => "row",
        ("th", "row" | "rowgroup") => "rowheader",
        ("th", _) => "columnheader",
        _ if is_grid => "gridcell",
        _ => "cell",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{Document, Selector};

    #[test]
    fn the_table_of_plain_elements_is_sorted() {
        assert!(PLAIN.is_sorted());
    }

    #[test]
    fn an_element_has_the_role_its_author_or_its_tag_gives_it() {
        for (html, wanted) in [
            ("<a class=t href=x>x</a>", "link"),
            ("<a class=t>x</a>", "generic"),
            ("<a class=t href=x role=button>x</a>", "button"),
            ("<a class=t href=x role='nonsense Link'>x</a>", "link"),
            ("<div class=t role='nonsense'>x</div>", "generic"),
            ("<div class=t role='doc-toc2 navigation'>x</div>", "navigation"),
            ("<img class=t>", "img"),
            ("<img class=t alt=''>", "none"),
            ("<img class=t alt='' aria-label=x>", "img"),
            ("<img class=t alt='' tabindex=0>", "img"),
            ("<img class=t role=presentation>", "none"),
            ("<img class=t role=none aria-label=x>", "img"),
            ("<button class=t role=none>x</button>", "button"),
            ("<header class=t>x</header>", "banner"),
            ("<main><header class=t>x</header></main>", "generic"),
            ("<section class=t>x</section>", "generic"),
            ("<section class=t aria-label=x>x</section>", "region"),
            ("<input class=t>", "textbox"),
            ("<input class=t type=SEARCH>", "searchbox"),
            ("<input class=t list=x>", "combobox"),
            ("<input class=t type=password>", "generic"),
            ("<select class=t></select>", "combobox"),
            ("<select class=t size=4></select>", "listbox"),
            ("<ul><li class=t>x</ul>", "listitem"),
            ("<ul role=none><li class=t>x</ul>", "none"),
            ("<div><li class=t>x</div>", "generic"),
            ("<table><tr><td class=t>x</table>", "cell"),
            ("<table role=grid><tr><td class=t>x</table>", "gridcell"),
            ("<table role=presentation><tr><th class=t>x</table>", "none"),
            ("<table><tr><th class=t scope=row>x</table>", "rowheader"),
            ("<svg class=t></svg>", "graphics-document"),
            ("<svg role=img class=t></svg>", "img"),
            ("<svg><a href=x class=t></a></svg>", "link"),
        ] {
            let document = Document::parse(html);
            let target = Selector::parse(".t").expect("a constant selector");
            let element = document.select(&target).next().expect("the table marks a target");
            assert_eq!(role(&element).as_str(), wanted, "{html}");
        }
    }
}
