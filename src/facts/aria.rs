//! The words of WAI-ARIA: which roles and attributes exist, and what a role implies for names and children.
//!
//! In: a word as written in a page. Out: the word of the specification, or none. Sources: WAI-ARIA 1.2 (and the few attributes of
//! the 1.3 draft that browsers already read), DPUB-ARIA 1.1, Graphics-ARIA 1.0. Invariant: abstract roles are not roles.
//! Tested below.

/// Roles that authors may use (WAI-ARIA 1.2, 5.4; DPUB-ARIA 1.1; Graphics-ARIA 1.0).
const ROLES: [&str; 134] = [
    "alert",
    "alertdialog",
    "application",
    "article",
    "banner",
    "blockquote",
    "button",
    "caption",
    "cell",
    "checkbox",
    "code",
    "columnheader",
    "combobox",
    "complementary",
    "contentinfo",
    "definition",
    "deletion",
    "dialog",
    "directory",
    "document",
    "emphasis",
    "feed",
    "figure",
    "form",
    "generic",
    "grid",
    "gridcell",
    "group",
    "heading",
    "img",
    "insertion",
    "link",
    "list",
    "listbox",
    "listitem",
    "log",
    "main",
    "marquee",
    "math",
    "menu",
    "menubar",
    "menuitem",
    "menuitemcheckbox",
    "menuitemradio",
    "meter",
    "navigation",
    "none",
    "note",
    "option",
    "paragraph",
    "presentation",
    "progressbar",
    "radio",
    "radiogroup",
    "region",
    "row",
    "rowgroup",
    "rowheader",
    "scrollbar",
    "search",
    "searchbox",
    "separator",
    "slider",
    "spinbutton",
    "status",
    "strong",
    "subscript",
    "superscript",
    "switch",
    "tab",
    "table",
    "tablist",
    "tabpanel",
    "term",
    "textbox",
    "time",
    "timer",
    "toolbar",
    "tooltip",
    "tree",
    "treegrid",
    "treeitem",
    "comment",
    "image",
    "mark",
    "suggestion",
    "sectionheader",
    "sectionfooter",
    "doc-abstract",
    "doc-acknowledgments",
    "doc-afterword",
    "doc-appendix",
    "doc-backlink",
    "doc-biblioentry",
    "doc-bibliography",
    "doc-biblioref",
    "doc-chapter",
    "doc-colophon",
    "doc-conclusion",
    "doc-cover",
    "doc-credit",
    "doc-credits",
    "doc-dedication",
    "doc-endnote",
    "doc-endnotes",
    "doc-epigraph",
    "doc-epilogue",
    "doc-errata",
    "doc-example",
    "doc-footnote",
    "doc-foreword",
    "doc-glossary",
    "doc-glossref",
    "doc-index",
    "doc-introduction",
    "doc-noteref",
    "doc-notice",
    "doc-pagebreak",
    "doc-pagefooter",
    "doc-pageheader",
    "doc-pagelist",
    "doc-part",
    "doc-preface",
    "doc-prologue",
    "doc-pullquote",
    "doc-qna",
    "doc-subtitle",
    "doc-tip",
    "doc-toc",
    "graphics-document",
    "graphics-object",
    "graphics-symbol",
    "text",
    "associationlist",
];

/// Roles that take their name from their content (WAI-ARIA 1.2, 5.2.8.5).
const NAMED_BY_CONTENT: [&str; 24] = [
    "button",
    "cell",
    "checkbox",
    "columnheader",
    "gridcell",
    "heading",
    "link",
    "menuitem",
    "menuitemcheckbox",
    "menuitemradio",
    "option",
    "radio",
    "row",
    "rowheader",
    "switch",
    "tab",
    "tooltip",
    "treeitem",
    "comment",
    "doc-backlink",
    "doc-biblioref",
    "doc-glossref",
    "doc-noteref",
    "doc-subtitle",
];

/// Roles that must not be named (WAI-ARIA 1.2, 5.2.8.6).
const NAMELESS: [&str; 12] = [
    "caption",
    "code",
    "deletion",
    "emphasis",
    "generic",
    "insertion",
    "none",
    "paragraph",
    "presentation",
    "strong",
    "subscript",
    "superscript",
];

/// Roles whose children assistive technology does not meet (WAI-ARIA 1.2, 5.2.9).
const FLAT: [&str; 17] = [
    "button",
    "checkbox",
    "doc-pagebreak",
    "graphics-symbol",
    "image",
    "img",
    "math",
    "menuitemcheckbox",
    "menuitemradio",
    "meter",
    "option",
    "progressbar",
    "radio",
    "scrollbar",
    "separator",
    "slider",
    "switch",
];

/// States and properties (WAI-ARIA 1.2, 6.6; from `aria-braillelabel` on, the 1.3 draft).
const ATTRIBUTES: [&str; 53] = [
    "aria-activedescendant",
    "aria-atomic",
    "aria-autocomplete",
    "aria-busy",
    "aria-checked",
    "aria-colcount",
    "aria-colindex",
    "aria-colspan",
    "aria-controls",
    "aria-current",
    "aria-describedby",
    "aria-details",
    "aria-disabled",
    "aria-dropeffect",
    "aria-errormessage",
    "aria-expanded",
    "aria-flowto",
    "aria-grabbed",
    "aria-haspopup",
    "aria-hidden",
    "aria-invalid",
    "aria-keyshortcuts",
    "aria-label",
    "aria-labelledby",
    "aria-level",
    "aria-live",
    "aria-modal",
    "aria-multiline",
    "aria-multiselectable",
    "aria-orientation",
    "aria-owns",
    "aria-placeholder",
    "aria-posinset",
    "aria-pressed",
    "aria-readonly",
    "aria-relevant",
    "aria-required",
    "aria-roledescription",
    "aria-rowcount",
    "aria-rowindex",
    "aria-rowspan",
    "aria-selected",
    "aria-setsize",
    "aria-sort",
    "aria-valuemax",
    "aria-valuemin",
    "aria-valuenow",
    "aria-valuetext",
    "aria-braillelabel",
    "aria-brailleroledescription",
    "aria-colindextext",
    "aria-description",
    "aria-rowindextext",
];

/// Attributes that every role has and that therefore expose an element marked as decoration (WAI-ARIA 1.2, 6.4 and 7);
/// those that 1.2 keeps for some roles only are left out.
const GLOBAL: [&str; 18] = [
    "aria-atomic",
    "aria-busy",
    "aria-controls",
    "aria-current",
    "aria-describedby",
    "aria-description",
    "aria-details",
    "aria-dropeffect",
    "aria-flowto",
    "aria-grabbed",
    "aria-keyshortcuts",
    "aria-label",
    "aria-labelledby",
    "aria-live",
    "aria-owns",
    "aria-relevant",
    "aria-roledescription",
    "aria-braillelabel",
];

/// The role a word names, if it names one; case does not matter.
pub fn known_role(word: &str) -> Option<&'static str> {
    ROLES.iter().find(|role| role.eq_ignore_ascii_case(word)).copied()
}

/// True when an attribute of this name is a state or property.
pub fn is_attribute(name: &str) -> bool {
    ATTRIBUTES.contains(&name)
}

/// True when an attribute of this name may stand on any element and says that the element matters.
pub fn is_global(name: &str) -> bool {
    name.starts_with("aria-") && GLOBAL.contains(&name)
}

/// True when a role takes its name from its content.
pub fn is_named_by_content(role: &str) -> bool {
    NAMED_BY_CONTENT.contains(&role)
}

/// True when authors must not name elements of this role.
pub fn is_nameless(role: &str) -> bool {
    NAMELESS.contains(&role)
}

/// True when a role's children are not exposed.
pub fn is_flat(role: &str) -> bool {
    FLAT.contains(&role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abstract_roles_and_typing_errors_are_no_roles() {
        for (word, role) in [
            ("button", Some("button")),
            ("BUTTON", Some("button")),
            ("widget", None),
            ("landmark", None),
            ("buton", None),
            ("", None),
            ("doc-toc", Some("doc-toc")),
        ] {
            assert_eq!(known_role(word), role, "{word}");
        }
    }

    #[test]
    fn every_word_about_a_role_is_about_a_role_and_every_global_attribute_exists() {
        assert!(FLAT.iter().chain(&NAMELESS).chain(&NAMED_BY_CONTENT).all(|role| known_role(role).is_some()));
        assert!(GLOBAL.iter().all(|name| is_attribute(name)));
        assert!(is_attribute("aria-label") && !is_attribute("aria-labeledby"));
    }
}
