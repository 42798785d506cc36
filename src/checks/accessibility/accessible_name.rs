//! `accessible-name`: elements that need a name have one.
//!
//! In: a page. Out: one verdict for each exposed element of the roles or of the selector. A name that only a placeholder gives
//! is for a person to judge: it goes away when people type. Tested by the rules that use it and by the ACT cases.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::names::NameFrom;
use crate::facts::{PageFacts, Place, focus, names, roles, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "accessible-name",
    asks: "Does each element that needs a name have one?",
    scope: Scope::Page,
    parameters: &[
        ("roles", "roles whose elements are looked at (optional)"),
        ("selector", "CSS selector of further elements, whatever their role (optional)"),
        ("except", "CSS selector of elements that another rule looks at (optional)"),
        ("looks-for", "what is named, for people: \"the link\""),
    ],
    build: page::<AccessibleName>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AccessibleName {
    #[serde(default)]
    roles: Vec<String>,
    selector: Option<Query>,
    except: Option<Query>,
    looks_for: String,
}

impl PageCheck for AccessibleName {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let mut targets: Vec<Element<'_>> = roles::having(document, &self.roles).collect();
        if let Some(selector) = &self.selector {
            targets.extend(document.select(&selector.0).filter(|element| !is_decoration(element)));
        }
        targets.sort_unstable_by_key(Element::order);
        targets.dedup();
        let is_excepted = |element: &Element<'_>| self.except.as_ref().is_some_and(|except| element.matches(&except.0));
        let targets = targets.into_iter().filter(|element| !is_excepted(element) && visibility::is_exposed(element));
        Verdict::gathered(targets.map(|element| self.verdict(&element)))
    }
}

impl AccessibleName {
    fn verdict(&self, element: &Element<'_>) -> Verdict {
        let name = names::computed(element);
        match name.from {
            None => element.heard().fail(
                format!("{} has no name", self.looks_for),
                format!("a name for {} that is read aloud", self.looks_for),
            ),
            Some(NameFrom::Placeholder) => element.heard().cannot_tell(
                format!("the only name of {} is the placeholder \"{}\"", self.looks_for, name.text),
                format!("a label for {} that stays when people type", self.looks_for),
            ),
            Some(
                NameFrom::LabelledBy | NameFrom::AriaLabel | NameFrom::Native | NameFrom::Content | NameFrom::Title,
            ) => element.at().pass(format_args!("{} is named \"{}\"", self.looks_for, name.text)),
        }
    }
}

/// True when the author says the element is mere decoration and nobody can focus it.
fn is_decoration(element: &Element<'_>) -> bool {
    roles::explicit(element) == Some(roles::Role::NONE) && !focus::is_focusable(element)
        || roles::role(element) == roles::Role::NONE
}
