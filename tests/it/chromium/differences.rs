//! Where Chromium and we say different things of an element, and why.
//!
//! In: an element with both answers. Out: the known difference it is, if any. Invariant: each line says which specification or
//! habit stands behind it; a line that fits everything does not exist.

use std::fmt;

use idea_audit::facts::{names, roles, visibility};
use idea_audit::html::Element;
use serde_json::Value;

use super::{vocabulary, word};

/// An element that Chromium shows, with what both say of it.
pub struct Pair<'d> {
    pub element: Element<'d>,
    pub their_role: String,
    pub our_role: &'static str,
    pub their_name: String,
    pub our_name: String,
    is_exposed: bool,
}

/// A difference: what it is, how it is known, why it is.
type Difference = (&'static str, fn(&Pair<'_>) -> bool, &'static str);

/// The known differences; the first that fits counts.
pub const DIFFERENCES: [Difference; 14] = [
    (
        "unnamed form",
        |pair| pair.element.name() == "form" && pair.their_role == "form" && pair.our_role == "generic",
        "WAI-ARIA 1.2 (9.1) makes a landmark of a form only where it has a name; Chromium keeps the word for all",
    ),
    (
        "header or footer of a section",
        |pair| matches!(pair.their_role.as_str(), "sectionheader" | "sectionfooter") && pair.our_role == "generic",
        "roles of the ARIA 1.3 draft; HTML-AAM 1.0 has generic",
    ),
    (
        "item without a list",
        |pair| pair.element.name() == "li" && pair.their_role == "listitem" && pair.our_role == "generic",
        "HTML-AAM 1.0: an item outside a list is generic; Chromium keeps it an item",
    ),
    (
        "term named by its text",
        |pair| pair.our_role == "term" && pair.their_role == "term" && pair.our_name.is_empty(),
        "WAI-ARIA 1.2: a term takes its name from its author; Chromium adds the text",
    ),
    (
        "section with an empty label",
        |pair| pair.element.name() == "section" && pair.their_role == "region" && pair.their_name.is_empty(),
        "Chromium looks whether the attribute is there, WAI-ARIA 1.2 (9.1) whether it says anything",
    ),
    (
        "image button without words",
        |pair| pair.element.attr("type") == Some("image") && pair.their_name == "Submit" && pair.our_name.is_empty(),
        "Chromium supplies a word of its own, which tells nobody what the picture says",
    ),
    (
        "film or sound that does not play",
        |pair| matches!(pair.element.name(), "audio" | "video") && pair.their_name == "Unable to play media.",
        "a message of the player, because nothing is loaded in this test",
    ),
    (
        "name of long content",
        |pair| pair.is_same_role() && (is_long(&pair.element) || is_built_up(&pair.element)) && pair.is_shortened(),
        "Chromium stops after a hundred nodes and leaves tables, forms, quotations and landmarks inside out; accname 1.2 (2F) does not",
    ),
    (
        "label that nobody sees",
        |pair| pair.is_same_role() && pair.their_name.is_empty() && has_hidden_label(&pair.element),
        "accname 1.2 (2A) reads a hidden label for its field; browsers leave it out",
    ),
    (
        "capitals by style",
        |pair| pair.is_same_role() && pair.our_name.to_lowercase() == pair.their_name.to_lowercase(),
        "Chromium names by the letters that are drawn (text-transform), we by those that are written",
    ),
    (
        "label for readers without scripts",
        |pair| pair.is_same_role() && pair.their_name.is_empty() && has_label_in_noscript(&pair.element),
        "a label inside noscript is text to a browser with scripting on; we accuse nobody of lacking it",
    ),
    (
        "header of a layout table",
        |pair| pair.their_role == "LayoutTableCell" && pair.our_role == "columnheader",
        "Chromium guesses that the table is mere layout",
    ),
    (
        "decoration with a title",
        |pair| pair.element.attr("alt") == Some("") && pair.their_role == "image" && pair.our_role == "none",
        "HTML-AAM 1.0: an empty alt marks decoration; Chromium takes the title for a doubt",
    ),
    (
        "where words part",
        |pair| pair.is_same_role() && without_spaces(&pair.our_name) == without_spaces(&pair.their_name),
        "same letters, other spaces: Chromium asks the layout where a line breaks",
    ),
];

impl<'d> Pair<'d> {
    /// Both answers for an element.
    pub fn of(element: Element<'d>, node: &Value) -> Self {
        Self {
            element,
            their_role: word(node, "role"),
            our_role: roles::role(&element).as_str(),
            their_name: word(node, "name"),
            our_name: names::name(&element).to_string(),
            is_exposed: visibility::is_exposed(&element),
        }
    }

    /// True when both call it the same, by role and name.
    pub fn is_same(&self) -> bool {
        self.is_exposed && self.is_same_role() && self.our_name == self.their_name
    }

    /// True when their name is ours with words left out.
    fn is_shortened(&self) -> bool {
        let mut ours = self.our_name.split(' ');
        self.their_name.split(' ').all(|word| ours.any(|own| own.ends_with(word) || own.starts_with(word)))
    }

    fn is_same_role(&self) -> bool {
        vocabulary::is_same(&self.their_role, self.our_role)
    }
}

impl fmt::Display for Pair<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { element, their_role, our_role, their_name, our_name, is_exposed } = self;
        let alike = our_name.chars().zip(their_name.chars()).take_while(|(ours, theirs)| ours == theirs).count();
        let from = |name: &str| name.chars().skip(alike.saturating_sub(10)).take(60).collect::<String>();
        let (line, tag) = (element.position().line, element.start_tag());
        let hidden = if *is_exposed { "" } else { " (hidden to us)" };
        write!(f, "{line} {tag}: {our_role} {:?}{hidden}, Chromium {their_role} {:?}", from(our_name), from(their_name))
    }
}

/// More nodes than Chromium reads for a name.
fn is_long(element: &Element<'_>) -> bool {
    const MOST: usize = 40;
    element.descendants().count() > MOST
}

fn is_built_up(element: &Element<'_>) -> bool {
    let is_part = |inner: Element<'_>| {
        matches!(inner.name(), "table" | "form" | "nav" | "fieldset" | "blockquote" | "article" | "aside" | "select")
    };
    element.descendants().any(is_part)
}

fn has_label_in_noscript(field: &Element<'_>) -> bool {
    let id = field.id_attr().unwrap_or_default();
    let mut labels = field.document().labels_for(id);
    labels.any(|label| label.ancestors().any(|around| around.name() == "noscript"))
}

fn has_hidden_label(field: &Element<'_>) -> bool {
    let mut labels = field.document().labels_for(field.id_attr().unwrap_or_default());
    labels.any(|label| !visibility::is_exposed(&label))
}

fn without_spaces(name: &str) -> String {
    name.split_whitespace().collect()
}
