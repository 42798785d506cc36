//! `aria-values`: ARIA attributes have values that the specification knows.
//!
//! In: a page. Out: one verdict for each element with attributes whose values are a closed list or a number (WAI-ARIA 1.2, 6.6).
//! Empty values stand for the default; words and ids are not judged. Tested by the rules that use it and by the ACT cases
//! (6a7281).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, role_traits};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "aria-values",
    asks: "Do ARIA attributes have values that exist?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<AriaValues>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AriaValues {}

/// What may stand in an attribute.
#[derive(Clone, Copy)]
enum Kind {
    One(&'static [&'static str]),
    Several(&'static [&'static str]),
    Integer,
    Number,
}

const YES_NO: Kind = Kind::One(&["true", "false"]);
const YES_NO_UNDEFINED: Kind = Kind::One(&["true", "false", "undefined"]);
const YES_NO_MIXED: Kind = Kind::One(&["true", "false", "mixed", "undefined"]);

const KINDS: [(&str, Kind); 36] = [
    ("aria-atomic", YES_NO),
    ("aria-autocomplete", Kind::One(&["inline", "list", "both", "none"])),
    ("aria-busy", YES_NO),
    ("aria-checked", YES_NO_MIXED),
    ("aria-colcount", Kind::Integer),
    ("aria-colindex", Kind::Integer),
    ("aria-colspan", Kind::Integer),
    ("aria-current", Kind::One(&["page", "step", "location", "date", "time", "true", "false"])),
    ("aria-disabled", YES_NO),
    ("aria-dropeffect", Kind::Several(&["copy", "execute", "link", "move", "none", "popup"])),
    ("aria-expanded", YES_NO_UNDEFINED),
    ("aria-grabbed", YES_NO_UNDEFINED),
    ("aria-haspopup", Kind::One(&["true", "false", "menu", "listbox", "tree", "grid", "dialog"])),
    ("aria-hidden", YES_NO_UNDEFINED),
    ("aria-invalid", Kind::One(&["grammar", "false", "spelling", "true"])),
    ("aria-level", Kind::Integer),
    ("aria-live", Kind::One(&["assertive", "off", "polite"])),
    ("aria-modal", YES_NO),
    ("aria-multiline", YES_NO),
    ("aria-multiselectable", YES_NO),
    ("aria-orientation", Kind::One(&["horizontal", "undefined", "vertical"])),
    ("aria-posinset", Kind::Integer),
    ("aria-pressed", YES_NO_MIXED),
    ("aria-readonly", YES_NO),
    ("aria-relevant", Kind::Several(&["additions", "all", "removals", "text"])),
    ("aria-required", YES_NO),
    ("aria-rowcount", Kind::Integer),
    ("aria-rowindex", Kind::Integer),
    ("aria-rowspan", Kind::Integer),
    ("aria-selected", YES_NO_UNDEFINED),
    ("aria-setsize", Kind::Integer),
    ("aria-sort", Kind::One(&["ascending", "descending", "none", "other"])),
    ("aria-valuemax", Kind::Number),
    ("aria-valuemin", Kind::Number),
    ("aria-valuenow", Kind::Number),
    ("aria-autocorrect", YES_NO),
];

impl PageCheck for AriaValues {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        role_traits::with_aria(document).filter_map(|element| verdict(&element)).collect()
    }
}

fn verdict(element: &Element<'_>) -> Option<Verdict> {
    let mut seen = Vec::new();
    for (name, value) in element.attrs().filter(|(_, value)| !value.trim().is_empty()) {
        let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == name) else { continue };
        if !kind.allows(value) {
            return Some(element.heard().fail(format!("{name} is \"{value}\""), format!("{name} is {}", kind.words())));
        }
        seen.push(name);
    }
    (!seen.is_empty()).then(|| element.at().pass(seen.join(", ")))
}

impl Kind {
    fn allows(self, value: &str) -> bool {
        let is_in = |words: &[&str], value: &str| words.iter().any(|word| word.eq_ignore_ascii_case(value));
        let value = value.trim();
        match self {
            Self::One(words) => is_in(words, value),
            Self::Several(words) => value.split_ascii_whitespace().all(|word| is_in(words, word)),
            Self::Integer => value.parse::<i64>().is_ok(),
            Self::Number => value.parse::<f64>().is_ok_and(f64::is_finite),
        }
    }

    fn words(self) -> String {
        match self {
            Self::One(words) => format!("one of {}", words.join(", ")),
            Self::Several(words) => format!("some of {}", words.join(", ")),
            Self::Integer => "a whole number".to_string(),
            Self::Number => "a number".to_string(),
        }
    }
}
