//! `name-source`: what an element is called does not come from a source that many people never meet.
//!
//! In: a page. Out: one verdict for each exposed element that has a name; elements without one are for other rules. Tested by the
//! rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::names::NameFrom;
use crate::facts::{PageFacts, Place, names, visibility};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "name-source",
    asks: "Do names come from more than a source that many people never meet?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector of the elements"),
        ("not-from", "title or placeholder: the source that does not do alone"),
        ("expected", "what a right name is, for people"),
    ],
    build: page::<NameSource>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct NameSource {
    selector: Query,
    not_from: Source,
    expected: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Source {
    Title,
    Placeholder,
}

impl Source {
    fn gave(self, from: NameFrom) -> bool {
        match self {
            Self::Title => from == NameFrom::Title,
            Self::Placeholder => from == NameFrom::Placeholder,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Placeholder => "placeholder",
        }
    }
}

impl PageCheck for NameSource {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let targets = document.select(&self.selector.0).filter(visibility::is_exposed);
        targets
            .filter_map(|element| {
                let name = names::computed(&element);
                Some(match self.not_from.gave(name.from?) {
                    false => element.at().pass("the name has another source"),
                    true => element
                        .heard()
                        .fail(format!("the only name is its {}", self.not_from.words()), self.expected.clone()),
                })
            })
            .collect()
    }
}
