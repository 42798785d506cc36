//! Which roles authors may give which element of HTML.
//!
//! In: an element with a `role`. Out: whether the role may stand there. Source: ARIA in HTML (section 4), with what its editions
//! differ about allowed. Invariant: an element or a role of which the specification is not sure is not judged. Tested below.

use super::focus;
use super::roles::{self, Role};
use crate::html::Element;

const OF_BUTTON: &str = "checkbox combobox gridcell link menuitem menuitemcheckbox menuitemradio option radio separator slider \
    switch tab treeitem";
const OF_LIST: &str = "directory group listbox list menu menubar none presentation radiogroup tablist toolbar tree";

/// Element and the roles it may be given beside its own; elements that are not here may be given any.
const ALLOWED: [(&str, &str); 46] = [
    ("article", "application document feed main none presentation region"),
    ("aside", "feed none note presentation region search"),
    ("audio", "application"),
    ("body", ""),
    ("br", "none presentation"),
    ("button", OF_BUTTON),
    ("caption", ""),
    ("col", ""),
    ("colgroup", ""),
    ("datalist", ""),
    ("dd", ""),
    ("details", ""),
    ("dialog", "alertdialog"),
    ("dl", "group list none presentation"),
    ("dt", "listitem"),
    ("embed", "application document image img none presentation"),
    ("fieldset", "none presentation radiogroup"),
    ("figcaption", "group none presentation"),
    ("footer", "contentinfo group none presentation"),
    ("form", "none presentation search form"),
    ("h1", "none presentation tab"),
    ("h2", "none presentation tab"),
    ("h3", "none presentation tab"),
    ("h4", "none presentation tab"),
    ("h5", "none presentation tab"),
    ("h6", "none presentation tab"),
    ("header", "banner group none presentation"),
    ("hr", "none presentation"),
    ("iframe", "application document image img none presentation"),
    ("legend", ""),
    ("main", ""),
    ("map", ""),
    ("menu", OF_LIST),
    ("meter", ""),
    ("nav", "menu menubar none presentation tablist"),
    ("object", "application document image img"),
    ("ol", OF_LIST),
    ("optgroup", ""),
    ("option", ""),
    ("progress", ""),
    (
        "section",
        "alert alertdialog application banner complementary contentinfo dialog document feed group log main marquee \
         navigation none note presentation region search status tabpanel timer",
    ),
    ("select", "combobox listbox menu"),
    ("textarea", "combobox"),
    ("ul", OF_LIST),
    ("video", "application"),
    ("wbr", "none presentation"),
];

/// Whether an element may have the role its author gave it; `None` where there is none, or nothing is said of it.
pub fn may_have(element: &Element<'_>) -> Option<bool> {
    let role = roles::explicit(element)?;
    let is_own = role == roles::implicit(element);
    if !element.is_html() || is_own || role.as_str().starts_with("doc-") || role.as_str().starts_with("graphics-") {
        return None;
    }
    let row = || ALLOWED.iter().find(|(name, _)| *name == element.name()).map(|(_, allowed)| *allowed);
    let allowed = match element.name() {
        "a" | "area" if element.has_attr("href") => {
            "button checkbox menuitem menuitemcheckbox menuitemradio option radio switch tab treeitem"
        }
        "img" => image(element),
        "input" => input(element)?,
        "li" => item(element)?,
        _ => row()?,
    };
    Some(is_in(allowed, role))
}

fn is_in(allowed: &str, role: Role) -> bool {
    allowed.split_ascii_whitespace().any(|word| word == role.as_str() || word == "image" && role.as_str() == "img")
}

fn image(element: &Element<'_>) -> &'static str {
    let is_decoration = element.attr("alt") == Some("") && !focus::is_focusable(element);
    match is_decoration && !element.has_attr("aria-label") && !element.has_attr("aria-labelledby") {
        true => "none presentation",
        false => {
            "button checkbox img link math menuitem menuitemcheckbox menuitemradio meter none option presentation progressbar \
             radio scrollbar separator slider switch tab treeitem"
        }
    }
}

fn input(element: &Element<'_>) -> Option<&'static str> {
    let kind = element.attr("type").unwrap_or("text").trim().to_ascii_lowercase();
    Some(match kind.as_str() {
        "button" | "submit" | "reset" | "image" => OF_BUTTON,
        "checkbox" if element.has_attr("aria-pressed") => "button menuitemcheckbox option switch",
        "checkbox" => "menuitemcheckbox option switch",
        "radio" => "menuitemradio",
        "range" => "",
        // The editions differ about fields with suggestions.
        "number" => "combobox textbox",
        "color" | "date" | "datetime-local" | "file" | "hidden" | "month" | "password" | "time" | "week" => {
            "combobox textbox"
        }
        _ => "combobox searchbox spinbutton textbox",
    })
}

/// The items of a list that became something else are what the author makes of them.
fn item(element: &Element<'_>) -> Option<&'static str> {
    let list = element.parent().filter(|list| matches!(list.name(), "ul" | "ol" | "menu"))?;
    let is_list = roles::explicit(&list).is_none_or(|role| role.as_str() == "list");
    is_list.then_some(
        "listitem menuitem menuitemcheckbox menuitemradio none option presentation radio separator tab treeitem",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{Document, Selector};

    #[test]
    fn an_element_may_have_the_roles_of_the_specification() {
        for (html, wanted) in [
            ("<div class=t role=button>x</div>", None),
            ("<a class=t href=x role=button>x</a>", Some(true)),
            ("<a class=t href=x role=heading>x</a>", Some(false)),
            ("<a class=t role=heading>x</a>", None),
            ("<h2 class=t role=button>x</h2>", Some(false)),
            ("<h2 class=t role=heading>x</h2>", None),
            ("<ul class=t role=menu><li>x</ul>", Some(true)),
            ("<ul class=t role=button><li>x</ul>", Some(false)),
            ("<ul><li class=t role=button>x</ul>", Some(false)),
            ("<ul><li class=t role=tab>x</ul>", Some(true)),
            ("<ul role=menu><li class=t role=button>x</ul>", None),
            ("<img class=t alt='' role=img>", Some(false)),
            ("<img class=t alt='' role=none>", None),
            ("<img class=t alt=x role=button>", Some(true)),
            ("<img class=t alt=x role=heading>", Some(false)),
            ("<input class=t type=search role=combobox>", Some(true)),
            ("<input class=t type=checkbox role=switch>", Some(true)),
            ("<input class=t type=checkbox role=button>", Some(false)),
            ("<input class=t type=checkbox role=button aria-pressed=true>", Some(true)),
            ("<button class=t role=heading>x</button>", Some(false)),
            ("<section class=t role=doc-chapter>x</section>", None),
            ("<svg class=t role=img></svg>", None),
            ("<main class=t role=region aria-label=x>x</main>", Some(false)),
        ] {
            let document = Document::parse(html);
            let target = Selector::parse(".t").expect("a constant selector");
            let element = document.select(&target).next().expect("the table marks a target");
            assert_eq!(may_have(&element), wanted, "{html}");
        }
    }
}
