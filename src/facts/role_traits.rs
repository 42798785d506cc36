//! What WAI-ARIA says of each role: the states it takes, whether it may be named, what it holds and where it stands.
//!
//! In: a role, an element. Out: attribute names, roles. Sources: WAI-ARIA 1.2 (5.4, 6.6), DPUB-ARIA 1.1, Graphics-ARIA 1.0, ARIA in HTML.
//! Invariant: an element to which no specification gives a role has no traits, so nothing is said of it. Tested below.

use super::aria;
use super::roles::{self, Role};
use super::visibility;
use crate::html::{Document, Element, ElementId};

/// States and properties of single roles, beside the global ones, without the `aria-` in front; inherited and required ones are
/// named again (WAI-ARIA 1.2, 5.4). Roles that are not here take the global ones only.
const TAKES: [(&str, &str); 58] = [
    ("alertdialog", "modal"),
    ("application", "activedescendant expanded"),
    ("article", "posinset setsize"),
    ("button", "expanded pressed"),
    ("cell", "colindex colspan rowindex rowspan colindextext rowindextext"),
    ("checkbox", "checked expanded readonly required"),
    (
        "columnheader",
        "sort readonly required selected expanded colindex colspan rowindex rowspan colindextext rowindextext",
    ),
    ("combobox", "autocomplete expanded activedescendant readonly required"),
    ("comment", "level posinset setsize"),
    ("dialog", "modal"),
    ("doc-backlink", "expanded"),
    ("doc-biblioentry", "level posinset setsize"),
    ("doc-biblioref", "expanded"),
    ("doc-endnote", "level posinset setsize"),
    ("doc-glossref", "expanded"),
    ("doc-noteref", "expanded"),
    ("doc-pagebreak", "orientation valuemax valuemin valuenow valuetext"),
    ("doc-subtitle", "level"),
    ("graphics-object", "activedescendant"),
    ("grid", "multiselectable readonly activedescendant colcount rowcount"),
    ("gridcell", "readonly required selected expanded colindex colspan rowindex rowspan colindextext rowindextext"),
    ("group", "activedescendant"),
    ("heading", "level"),
    ("link", "expanded"),
    ("listbox", "activedescendant multiselectable orientation expanded readonly required"),
    ("listitem", "level posinset setsize"),
    ("menu", "activedescendant orientation"),
    ("menubar", "activedescendant orientation"),
    ("menuitem", "posinset setsize expanded"),
    ("menuitemcheckbox", "checked posinset setsize expanded"),
    ("menuitemradio", "checked posinset setsize expanded"),
    ("meter", "valuemax valuemin valuenow valuetext"),
    ("option", "selected checked posinset setsize"),
    ("progressbar", "valuemax valuemin valuenow valuetext"),
    ("radio", "checked posinset setsize"),
    ("radiogroup", "readonly required activedescendant orientation"),
    ("row", "colindex level posinset rowindex selected setsize activedescendant expanded colindextext rowindextext"),
    (
        "rowheader",
        "sort readonly required selected expanded colindex colspan rowindex rowspan colindextext rowindextext",
    ),
    ("scrollbar", "orientation valuemax valuemin valuenow valuetext"),
    ("searchbox", "activedescendant autocomplete multiline placeholder readonly required"),
    ("separator", "orientation valuemax valuemin valuenow valuetext"),
    ("slider", "orientation readonly valuemax valuemin valuenow valuetext"),
    ("spinbutton", "valuemax valuemin valuenow valuetext readonly required activedescendant"),
    ("switch", "checked expanded readonly required"),
    ("tab", "posinset selected setsize expanded"),
    ("table", "colcount rowcount"),
    ("tablist", "activedescendant multiselectable orientation level"),
    ("textbox", "activedescendant autocomplete multiline placeholder readonly required"),
    ("toolbar", "activedescendant orientation"),
    ("tree", "multiselectable required activedescendant orientation"),
    ("treegrid", "activedescendant multiselectable readonly required orientation colcount rowcount"),
    ("treeitem", "level posinset setsize selected checked expanded"),
    ("doc-dedication", ""),
    ("doc-example", ""),
    ("graphics-document", ""),
    ("graphics-symbol", ""),
    ("generic", ""),
    ("none", ""),
];

/// States and properties of every role in WAI-ARIA 1.2 (6.4), those included that later editions keep for some roles only, and
/// the global ones of the 1.3 draft.
const GLOBAL: &str = "atomic busy controls current describedby details disabled dropeffect errormessage flowto grabbed \
    haspopup hidden invalid keyshortcuts label labelledby live owns relevant roledescription braillelabel \
    brailleroledescription description";

/// What a role holds (WAI-ARIA 1.2, 5.2.5): owner and the roles it may own. A menu may also hold what parts it.
const HOLDS: [(&str, &str); 13] = [
    ("feed", "article"),
    ("grid", "row rowgroup caption"),
    ("list", "listitem"),
    ("listbox", "option group"),
    ("menu", "menuitem menuitemcheckbox menuitemradio group separator"),
    ("menubar", "menuitem menuitemcheckbox menuitemradio group separator"),
    ("row", "cell columnheader gridcell rowheader"),
    ("rowgroup", "row"),
    ("table", "row rowgroup caption"),
    ("tablist", "tab"),
    ("tree", "treeitem group"),
    ("treegrid", "row rowgroup caption"),
    ("directory", "listitem"),
];

/// Where a role stands (WAI-ARIA 1.2, 5.2.7).
const STANDS_IN: [(&str, &str); 14] = [
    ("caption", "figure grid table treegrid"),
    ("cell", "row"),
    ("columnheader", "row"),
    ("gridcell", "row"),
    ("listitem", "list directory"),
    ("menuitem", "group menu menubar"),
    ("menuitemcheckbox", "group menu menubar"),
    ("menuitemradio", "group menu menubar"),
    ("option", "group listbox"),
    ("row", "grid rowgroup table treegrid"),
    ("rowgroup", "grid table treegrid"),
    ("rowheader", "row"),
    ("tab", "tablist"),
    ("treeitem", "group tree"),
];

/// Elements that HTML-AAM maps to "generic"; what it maps to no role at all is not here.
const GENERIC: [&str; 16] = [
    "a", "b", "bdi", "bdo", "body", "data", "div", "footer", "header", "i", "pre", "q", "samp", "section", "small",
    "span",
];

fn row<'t>(table: &[(&str, &'t str)], role: &str) -> Option<&'t str> {
    table.iter().find(|(name, _)| *name == role).map(|(_, words)| *words)
}

fn has(words: &str, word: &str) -> bool {
    words.split_ascii_whitespace().any(|found| found == word)
}

/// The role a specification gives the element; `None` where HTML-AAM says "no corresponding role".
pub fn specified(element: &Element<'_>) -> Option<Role> {
    let role = roles::role(element);
    let is_generic = || {
        roles::explicit(element).is_some()
            || element.is_html() && (GENERIC.contains(&element.name()) || element.name() == "u")
    };
    (role != Role::GENERIC || is_generic()).then_some(role)
}

/// True when a role takes a state or property (a name such as `aria-sort`).
pub fn takes(role: Role, attribute: &str) -> bool {
    let Some(word) = attribute.strip_prefix("aria-") else { return false };
    has(GLOBAL, word) || row(&TAKES, role.as_str()).is_some_and(|words| has(words, word))
}

/// True when a role may not have the property: names for roles without one, and descriptions of a role that says nothing.
pub fn forbids(role: Role, attribute: &str) -> bool {
    match attribute {
        "aria-label" | "aria-labelledby" | "aria-braillelabel" => aria::is_nameless(role.as_str()),
        "aria-roledescription" | "aria-brailleroledescription" => matches!(role.as_str(), "generic"),
        _ => false,
    }
}

/// The roles that an element of this role may own; `None` where the specification asks for none.
pub fn holds(role: Role) -> Option<&'static str> {
    row(&HOLDS, role.as_str())
}

/// The roles that an element of this role has to be owned by; `None` where it may stand anywhere.
pub fn stands_in(role: Role) -> Option<&'static str> {
    row(&STANDS_IN, role.as_str())
}

/// True when a list of roles as [`holds`] and [`stands_in`] give it has the role.
pub fn is_among(roles: &str, role: Role) -> bool {
    has(roles, role.as_str())
}

/// True when an element says nothing of its own in the accessibility tree, so that its children belong to what is around it. An
/// item of a list that became something else says nothing either.
pub fn is_transparent(element: &Element<'_>) -> bool {
    let role = roles::role(element);
    role == Role::GENERIC || role == Role::NONE || element.name() == "li" && is_item_of_another(element)
}

fn is_item_of_another(item: &Element<'_>) -> bool {
    let list = item.parent();
    roles::explicit(item).is_none() && list.is_some_and(|list| roles::role(&list).as_str() != "list")
}

/// The elements that an element owns in the accessibility tree: those inside it, past what says nothing, and those it claims by
/// `aria-owns` (WAI-ARIA 1.2, 5.2.5 and 6.6). What is hidden is left out.
pub fn owned<'a>(element: &Element<'a>) -> Vec<Element<'a>> {
    let mut found = Vec::new();
    let mut open: Vec<Element<'a>> = vec![];
    let push = |open: &mut Vec<Element<'a>>, of: &Element<'a>| {
        let claimed = of.attr("aria-owns").unwrap_or_default().split_ascii_whitespace();
        let claimed: Vec<Element<'a>> = claimed.filter_map(|id| of.document().by_id(id)).collect();
        let mut inner: Vec<Element<'a>> = of.children().collect();
        inner.extend(claimed.into_iter().filter(|target| !target.contains(*of) && target != of));
        open.extend(inner.into_iter().rev());
    };
    push(&mut open, element);
    let mut steps = 0;
    while let Some(inner) = open.pop() {
        steps += 1;
        if steps > MOST_STEPS {
            break;
        }
        if visibility::hides(&inner) || visibility::is_silent(&inner) {
            continue;
        }
        if is_transparent(&inner) {
            push(&mut open, &inner);
        } else {
            found.push(inner);
        }
    }
    found
}

/// Elements looked at for one owner: references in a circle end.
const MOST_STEPS: usize = 20_000;

/// The element that owns this one in the accessibility tree: one that claims it, else the nearest around it that says something.
pub fn owner<'a>(element: &Element<'a>, claims: &[(&'a str, Element<'a>)]) -> Option<Element<'a>> {
    let claimed = |of: &Element<'a>| {
        let id = of.id_attr().filter(|id| !id.is_empty())?;
        claims.iter().find(|(claimed, _)| *claimed == id).map(|(_, by)| *by).filter(|by| by != element)
    };
    let mut current = *element;
    for _ in 0..MOST_HOPS {
        let parent = claimed(&current).or_else(|| current.parent())?;
        if !is_transparent(&parent) {
            return Some(parent);
        }
        current = parent;
    }
    None
}

/// Elements that say nothing around one that does; deeper is no page.
const MOST_HOPS: usize = 512;

/// The elements that have an attribute of WAI-ARIA, or one that looks like it, in document order.
pub fn with_aria(document: &Document) -> impl Iterator<Item = Element<'_>> {
    let has_some = |element: &Element<'_>| element.attrs().any(|(name, _)| name.starts_with("aria-"));
    let having = document
        .remembered(|document| WithAria(document.elements().filter(has_some).map(|element| element.id()).collect()));
    having.0.iter().filter_map(|id| document.element_of(*id))
}

struct WithAria(Vec<ElementId>);

/// What every `aria-owns` of a document claims: ids and who claims them.
pub fn claims(document: &Document) -> Vec<(&str, Element<'_>)> {
    let mut claims = Vec::new();
    for element in document.with_attr("aria-owns") {
        if let Some(ids) = element.attr("aria-owns").filter(|_| visibility::is_exposed(&element)) {
            claims.extend(ids.split_ascii_whitespace().map(|id| (id, element)));
        }
    }
    claims
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::aria;
    use crate::html::Selector;

    #[test]
    fn every_word_of_the_tables_is_a_word_of_aria() {
        for (role, words) in TAKES.iter().chain(&[("generic", GLOBAL)]) {
            assert!(aria::known_role(role).is_some(), "{role}");
            for word in words.split_ascii_whitespace() {
                assert!(aria::is_attribute(&format!("aria-{word}")), "{word}");
            }
        }
        for (role, words) in HOLDS.iter().chain(&STANDS_IN) {
            for word in std::iter::once(*role).chain(words.split_ascii_whitespace()) {
                assert!(aria::known_role(word).is_some(), "{word}");
            }
        }
    }

    #[test]
    fn roles_take_their_own_states_and_the_global_ones() {
        for (role, attribute, takes_it, forbids_it) in [
            ("button", "aria-pressed", true, false),
            ("button", "aria-sort", false, false),
            ("generic", "aria-live", true, false),
            ("generic", "aria-label", true, true),
            ("generic", "aria-expanded", false, false),
            ("paragraph", "aria-label", true, true),
            ("paragraph", "aria-roledescription", true, false),
            ("link", "aria-label", true, false),
            ("columnheader", "aria-sort", true, false),
        ] {
            let role = Role(role);
            assert_eq!(
                (takes(role, attribute), forbids(role, attribute)),
                (takes_it, forbids_it),
                "{role:?} {attribute}"
            );
        }
    }

    fn with(html: &str, judge: impl FnOnce(Element<'_>, &Document)) {
        let document = Document::parse(html);
        let target = Selector::parse(".t").expect("a constant selector");
        judge(document.select(&target).next().expect("the table marks a target"), &document);
    }

    #[test]
    fn what_an_element_owns_is_found_past_what_says_nothing() {
        for (html, wanted) in [
            ("<ul class=t><li>a<li>b</ul>", "listitem listitem"),
            ("<ul class=t><div><span role=listitem>a</span></div></ul>", "listitem"),
            ("<ul class=t role=menubar><li><a role=menuitem>a</a></ul>", "menuitem"),
            ("<div class=t role=list aria-owns=o></div><p id=o role=listitem>x</p>", "listitem"),
            ("<div class=t role=list><i hidden role=listitem>x</i></div>", ""),
            ("<div class=t id=a role=list aria-owns='a b'><b id=b aria-owns=a></b></div>", ""),
        ] {
            with(html, |element, _| {
                let roles: Vec<&str> = owned(&element).iter().map(|inner| roles::role(inner).as_str()).collect();
                assert_eq!(roles.join(" "), wanted, "{html}");
            });
        }
    }

    #[test]
    fn the_owner_is_who_claims_an_element_or_who_stands_around_it() {
        for (html, wanted) in [
            ("<div role=list><div><p class=t role=listitem>x</p></div></div>", "list"),
            ("<div role=list><div role=tabpanel><p class=t role=listitem>x</p></div></div>", "tabpanel"),
            ("<div role=list aria-owns=o></div><p class=t id=o role=listitem>x</p>", "list"),
            ("<p class=t role=listitem>x</p>", "document"),
        ] {
            with(html, |element, document| {
                let owner = owner(&element, &claims(document)).map(|owner| roles::role(&owner).as_str());
                assert_eq!(owner, Some(wanted), "{html}");
            });
        }
    }

    #[test]
    fn elements_without_a_role_have_none() {
        for (html, wanted) in [
            ("<div class=t></div>", Some("generic")),
            ("<label class=t></label>", None),
            ("<canvas class=t></canvas>", None),
            ("<input type=password class=t>", None),
            ("<u class=t></u>", Some("generic")),
            ("<canvas role=generic class=t></canvas>", Some("generic")),
        ] {
            with(html, |element, _| assert_eq!(specified(&element).map(Role::as_str), wanted, "{html}"));
        }
    }
}
