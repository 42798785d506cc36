//! The role of an element: what assistive technology says it is.
//!
//! In: an element. Out: [`Role`], explicit or implied, by WAI-ARIA 1.2 (5, 7.1 and 9.1) and HTML-AAM 1.0 (3.5) as far as markup
//! decides. Invariant: every element has a role; "generic" stands for those that say nothing, also where HTML-AAM names no role.
//! Depth costs no stack. Tested below.

use std::cell::Cell;
use std::collections::HashMap;

use super::{aria, focus};
use crate::html::{Document, Element, ElementId, Node};

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

/// The elements of a document that have one of these roles, role by role, each in document order.
pub fn having<'a, 'r, S: AsRef<str>>(
    document: &'a Document,
    roles: &'r [S],
) -> impl Iterator<Item = Element<'a>> + use<'a, 'r, S> {
    let by_role = by_role(document);
    let found = roles.iter().filter_map(|role| by_role.0.get(role.as_ref())).flatten();
    found.filter_map(|id| document.element_of(*id))
}

/// The elements of a document that have one of these roles, in document order.
pub fn among<'a, S: AsRef<str>>(document: &'a Document, roles: &[S]) -> Vec<Element<'a>> {
    of_kind(document, |role| roles.iter().any(|wanted| wanted.as_ref() == role.as_str()))
}

/// The elements of a document whose role is of a kind, in document order.
pub fn of_kind<'a>(document: &'a Document, is_meant: impl Fn(Role) -> bool) -> Vec<Element<'a>> {
    let meant = by_role(document).0.iter().filter(|(role, _)| is_meant(Role(role)));
    let mut found: Vec<ElementId> = meant.flat_map(|(_, ids)| ids).copied().collect();
    found.sort_unstable();
    found.into_iter().filter_map(|id| document.element_of(id)).collect()
}

/// The first element in document order that has one of these roles and of which something is true.
pub fn first<'a>(
    document: &'a Document,
    roles: &[&str],
    is_true: impl Fn(&Element<'a>) -> bool,
) -> Option<Element<'a>> {
    among(document, roles).into_iter().find(is_true)
}

fn by_role(document: &Document) -> &ByRole {
    document.remembered(|document| {
        let mut by_role: HashMap<&'static str, Vec<ElementId>> = HashMap::new();
        for element in document.elements() {
            by_role.entry(role(&element).as_str()).or_default().push(element.id());
        }
        ByRole(by_role)
    })
}

/// The elements of a document by their roles.
struct ByRole(HashMap<&'static str, Vec<ElementId>>);

/// The roles of a document's elements, as far as somebody asked for them.
struct Known(Vec<Cell<Option<Role>>>);

/// The role the author gave: the first word of `role` that names one. Decoration that can take focus or carries a global
/// property is no decoration (WAI-ARIA 1.2, 9.1.3), so nothing is given then. A form or region without a name is none (9.1).
pub fn explicit(element: &Element<'_>) -> Option<Role> {
    let words = element.attr("role")?.split_ascii_whitespace();
    let mut given = words.filter_map(aria::known_role);
    match given.find(|role| !matches!(*role, "form" | "region") || is_named_apart(element))? {
        "none" | "presentation" if insists(element) => None,
        "presentation" => Some(Role::NONE),
        "image" => Some(Role("img")),
        other => Some(Role(other)),
    }
}

/// True when something but its content names an element: what makes a landmark of a section.
fn is_named_apart(element: &Element<'_>) -> bool {
    let says = |attribute: &str| element.attr(attribute).is_some_and(|value| !value.trim().is_empty());
    let ids = || element.attr("aria-labelledby").unwrap_or_default().split_ascii_whitespace();
    says("aria-label") || says("title") || ids().any(|id| element.document().by_id(id).is_some())
}

/// True when an element takes its name from its content. A row does so in grids only, where it can be chosen as a whole: browsers
/// read the rows of other tables cell by cell.
pub fn is_named_by_content(element: &Element<'_>) -> bool {
    let role = role(element);
    let in_grid = || {
        let mut tables = element.ancestors().filter_map(|ancestor| match role_of_table(&ancestor) {
            Some("grid" | "treegrid") => Some(true),
            Some(_) => Some(false),
            None => None,
        });
        tables.next().unwrap_or(false)
    };
    role.is_named_by_content() && (role.as_str() != "row" || in_grid()) || element.name() == "summary"
}

fn role_of_table(element: &Element<'_>) -> Option<&'static str> {
    let given = explicit(element).map(Role::as_str);
    given
        .filter(|role| matches!(*role, "grid" | "treegrid" | "table"))
        .or((element.name() == "table").then_some("table"))
}

/// HTML elements for which HTML-AAM has no role but that may have a name all the same (a frame, a film, an abbreviation).
const NAMED_WITHOUT_ROLE: [&str; 18] = [
    "abbr",
    "audio",
    "canvas",
    "dl",
    "embed",
    "figcaption",
    "iframe",
    "input",
    "label",
    "legend",
    "map",
    "object",
    "picture",
    "rt",
    "ruby",
    "summary",
    "svg",
    "video",
];

/// True when a `title` names the element. Those that must not be named (WAI-ARIA 1.2, 5.2.8.6) are described by it instead;
/// where their author gave such an element a name by `aria-label`, browsers tell it all the same.
pub(super) fn is_titled(element: &Element<'_>) -> bool {
    let role = role(element);
    let is_plain = matches!(role, Role::GENERIC | Role::NONE);
    !aria::is_nameless(role.as_str())
        || is_plain && (!element.is_html() || NAMED_WITHOUT_ROLE.contains(&element.name()))
}

/// True when an element may not be taken for decoration: it can take focus or has a global state or property, even an empty one.
pub fn insists(element: &Element<'_>) -> bool {
    element.attrs().any(|(name, _)| aria::is_global(name)) || focus::is_focusable(element)
}

/// The role of elements whose tag alone implies it.
fn plain(tag: &str) -> Option<&'static str> {
    Some(match tag {
        "article" => "article",
        "blockquote" => "blockquote",
        "button" => "button",
        "caption" => "caption",
        "code" => "code",
        "dd" => "definition",
        "del" | "s" => "deletion",
        "dialog" => "dialog",
        "html" => "document",
        "em" => "emphasis",
        "figure" => "figure",
        "address" | "details" | "fieldset" | "hgroup" | "optgroup" => "group",
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => "heading",
        "ins" => "insertion",
        "menu" | "ol" | "ul" => "list",
        "datalist" => "listbox",
        "main" => "main",
        "mark" => "mark",
        "math" => "math",
        "meter" => "meter",
        "nav" => "navigation",
        "option" => "option",
        "p" => "paragraph",
        "progress" => "progressbar",
        "search" => "search",
        "hr" => "separator",
        "output" => "status",
        "strong" => "strong",
        "sub" => "subscript",
        "sup" => "superscript",
        "table" => "table",
        "dfn" | "dt" => "term",
        "textarea" => "textbox",
        "time" => "time",
        _ => return None,
    })
}

/// The role an element's tag implies where it stands (HTML-AAM 1.0, 3.5).
pub fn implicit(element: &Element<'_>) -> Role {
    if !element.is_html() {
        return foreign(element);
    }
    if let Some(role) = plain(element.name()) {
        return Role(role);
    }
    match element.name() {
        "a" | "area" if element.has_attr("href") => Role("link"),
        "aside" if !is_in_section(element) || is_named_apart(element) => Role("complementary"),
        "form" if is_named_apart(element) => Role("form"),
        "section" if is_named_apart(element) => Role("region"),
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
    !element.ancestors().any(|ancestor| is_section(&ancestor) || is_main(&ancestor))
}

/// What stands aside in a section is that section's own.
fn is_in_section(element: &Element<'_>) -> bool {
    element.ancestors().any(|ancestor| is_section(&ancestor))
}

fn is_section(element: &Element<'_>) -> bool {
    let by_role = explicit(element).map(Role::as_str);
    matches!(element.name(), "article" | "aside" | "nav" | "section")
        || matches!(by_role, Some("article" | "complementary" | "navigation" | "region"))
}

fn is_main(element: &Element<'_>) -> bool {
    element.name() == "main" || explicit(element) == Some(Role("main"))
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
    let list = element.parent().filter(|parent| matches!(parent.name(), "ul" | "ol" | "menu"));
    match list.map(|list| role(&list).as_str()) {
        Some("list" | "directory") => Role("listitem"),
        Some("none") => Role::NONE,
        Some(_) | None => Role::GENERIC,
    }
}

/// The parts of a table have the roles the table gives them.
fn in_table(element: &Element<'_>) -> Role {
    let table = element.ancestors().find(|ancestor| ancestor.name() == "table");
    let around = table.and_then(|table| explicit(&table)).unwrap_or(Role("table"));
    let is_grid = match around.as_str() {
        "none" if insists(element) => return Role::GENERIC,
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
        ("th", "col" | "colgroup") => "columnheader",
        ("th", _) if has_data_beside(element) => "rowheader",
        ("th", _) => "columnheader",
        _ if is_grid => "gridcell",
        _ => "cell",
    })
}

/// Cells of a row that are looked at to tell what its header cells are about.
const MOST_CELLS: usize = 256;

/// A header in a row with data is about that row, else about its column (HTML, 4.9.12.2, "header and data cell semantics"; a
/// header that is about neither by that text is about its row to browsers). An empty cell is no data.
fn has_data_beside(header: &Element<'_>) -> bool {
    let says_something = |cell: &Element<'_>| {
        cell.nodes().any(|node| match node {
            Node::Text(words) => !words.trim().is_empty(),
            Node::Element(_) => true,
        })
    };
    let row = header.parent();
    row.is_some_and(|row| row.children().take(MOST_CELLS).any(|cell| cell.name() == "td" && says_something(&cell)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{Document, Selector};

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
            ("<section class=t aria-label=' '>x</section>", "generic"),
            ("<section class=t aria-labelledby=gone>x</section>", "generic"),
            ("<div class=t role=region>x</div>", "generic"),
            ("<div class=t role='region group'>x</div>", "group"),
            ("<nav class=t role=form>x</nav>", "navigation"),
            ("<div class=t role=region aria-label=x>x</div>", "region"),
            ("<aside class=t>x</aside>", "complementary"),
            ("<main><aside class=t>x</aside></main>", "complementary"),
            ("<article><aside class=t>x</aside></article>", "generic"),
            ("<article><aside class=t aria-label=x>x</aside></article>", "complementary"),
            ("<input class=t>", "textbox"),
            ("<input class=t type=SEARCH>", "searchbox"),
            ("<input class=t list=x>", "combobox"),
            ("<input class=t type=password>", "generic"),
            ("<select class=t></select>", "combobox"),
            ("<select class=t size=4></select>", "listbox"),
            ("<ul><li class=t>x</ul>", "listitem"),
            ("<ul role=none><li class=t>x</ul>", "none"),
            ("<div><li class=t>x</div>", "generic"),
            ("<ul role=menu><li class=t>x</ul>", "generic"),
            ("<ul role=list><li class=t>x</ul>", "listitem"),
            ("<table><tr><td class=t>x</table>", "cell"),
            ("<table role=grid><tr><td class=t>x</table>", "gridcell"),
            ("<table role=presentation><tr><th class=t>x</table>", "none"),
            ("<table role=presentation><tr><td class=t tabindex=0>x</table>", "generic"),
            ("<table><tr><th class=t scope=row>x</table>", "rowheader"),
            ("<table><tr><th class=t scope=col>x<td>1</table>", "columnheader"),
            ("<table><tr><th class=t>x<th>y</table>", "columnheader"),
            ("<table><tr><th class=t>x<td>1</table>", "rowheader"),
            ("<table><tr><td>1<th class=t>x<td></table>", "rowheader"),
            ("<table><tr><th class=t>x<td> </table>", "columnheader"),
            ("<table><tr><th class=t>x<th>y<td>1</table>", "rowheader"),
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
