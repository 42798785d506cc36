//! What HTML and SVG themselves give an element as its name: `alt`, `label`, `legend`, `caption`, `value`, `title` of a drawing.
//!
//! In: an element. Out: words, not yet collapsed; empty where the language gives none. HTML-AAM 1.0 (4.1), SVG-AAM 1.0 (8.1).
//! Invariant: the `title` attribute is not read here, because it comes after the content. Tested in `names.rs`.

use super::names::{MOST_NODES, Walk, said};
use crate::html::Element;

impl Walk {
    /// The text alternative that the host language provides.
    pub(super) fn native(&mut self, element: Element<'_>) -> String {
        if element.is_svg() {
            return first_child(element, "title").map(|title| title.text()).unwrap_or_default();
        }
        let attribute = |name: &str| element.attr(name).unwrap_or_default().to_string();
        match element.name() {
            "img" | "area" => attribute("alt"),
            "input" => self.input(element),
            "button" | "meter" | "output" | "progress" | "select" | "textarea" => self.labels(element),
            "fieldset" => self.part(element, "legend"),
            "figure" => self.part(element, "figcaption"),
            "table" => self.table(element),
            "optgroup" | "option" => attribute("label"),
            _ => String::new(),
        }
    }

    /// A table's caption; browsers take the obsolete `summary` where there is none.
    fn table(&mut self, element: Element<'_>) -> String {
        let caption = self.part(element, "caption");
        let has_words = !caption.trim().is_empty();
        if has_words { caption } else { element.attr("summary").unwrap_or_default().to_string() }
    }

    fn input(&mut self, element: Element<'_>) -> String {
        let labels = self.labels(element);
        if !labels.trim().is_empty() {
            return labels;
        }
        let kind = element.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
        let value = element.attr("value");
        let words = match kind.as_str() {
            "button" => value.unwrap_or_default(),
            "submit" => value.unwrap_or("Submit"),
            "reset" => value.unwrap_or("Reset"),
            "image" => element.attr("alt").unwrap_or_default(),
            _ => "",
        };
        words.to_string()
    }

    /// The words of the `label` elements of a field, in document order (HTML, 4.10.4).
    fn labels(&mut self, field: Element<'_>) -> String {
        let around = field.ancestors().find(|ancestor| ancestor.is_html() && ancestor.name() == "label");
        let mut labels: Vec<Element<'_>> = around.filter(|label| is_label_of(label, &field)).into_iter().collect();
        let id = field.id_attr().unwrap_or_default();
        if field.document().by_id(id) == Some(field) {
            labels.extend(field.document().labels_for(id));
        }
        labels.sort_unstable_by_key(Element::order);
        labels.dedup();
        let mut words = String::new();
        self.enter(field);
        for label in labels {
            let own = said(label, "aria-label").unwrap_or_else(|| self.read(label));
            words.push_str(&own);
            words.push(' ');
        }
        self.leave();
        words
    }

    fn part(&mut self, element: Element<'_>, name: &str) -> String {
        first_child(element, name).map(|part| self.read(part)).unwrap_or_default()
    }
}

/// The words a field shows until somebody types; they go away then.
pub(super) fn placeholder<'a>(element: Element<'a>) -> &'a str {
    let kind = element.attr("type").unwrap_or("text").trim().to_ascii_lowercase();
    let typed = match element.name() {
        // The types that show it (HTML, 4.10.5.3.10); a type that does not exist is text.
        "input" => !matches!(
            kind.as_str(),
            "button"
                | "checkbox"
                | "color"
                | "date"
                | "datetime-local"
                | "file"
                | "hidden"
                | "image"
                | "month"
                | "radio"
                | "range"
                | "reset"
                | "submit"
                | "time"
                | "week"
        ),
        "textarea" => true,
        _ => false,
    };
    let native = if typed { element.attr("placeholder") } else { None };
    native.or_else(|| element.attr("aria-placeholder")).unwrap_or_default()
}

/// The first child of a name among those that one name may cost.
fn first_child<'a>(element: Element<'a>, name: &str) -> Option<Element<'a>> {
    element.children().take(MOST_NODES).find(|child| child.name() == name)
}

/// A label without `for` belongs to the first field inside it.
fn is_label_of(label: &Element<'_>, field: &Element<'_>) -> bool {
    let is_labelable = |element: &Element<'_>| match element.name() {
        "input" => !element.attr("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("hidden")),
        "button" | "meter" | "output" | "progress" | "select" | "textarea" => true,
        _ => false,
    };
    // Backwards from the field, so that all fields of a long label together read it once.
    let mut between = field.preceding().take_while(|before| before != label);
    !label.has_attr("for") && is_labelable(field) && !between.any(|before| is_labelable(&before))
}
