//! `hidden-focus`: nothing takes focus in a part that is hidden from assistive technology only.
//!
//! In: a page. Out: one verdict for each outermost `aria-hidden` part that has content. An element that hands focus on by script
//! (`onfocus`, or an inline script that names its id) is for a person to judge. Tested by the rules that use it and by the ACT
//! cases (6cfa84).

use serde::Deserialize;
use std::cell::OnceCell;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, focus, visibility};
use crate::html::{Document, Element};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "hidden-focus",
    asks: "Is what is hidden from assistive technology out of the tab order too?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<HiddenFocus>,
};

/// Sentinels stand at the ends of a dialog: more elements than this in one hidden part are no sentinels.
const MOST_SENTINELS: usize = 4;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HiddenFocus {}

impl PageCheck for HiddenFocus {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let mut verdicts = Vec::new();
        let mut inside: Option<Element<'_>> = None;
        let scripts = OnceCell::new();
        let listeners = || scripts.get_or_init(|| focus_scripts(document)).as_str();
        for element in document.with_attr("aria-hidden").filter(is_hidden) {
            if inside.is_some_and(|outer| outer.contains(element)) {
                continue;
            }
            inside = Some(element);
            verdicts.push(verdict(&element, listeners));
        }
        verdicts
    }
}

fn is_hidden(element: &Element<'_>) -> bool {
    element.attr("aria-hidden").is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
}

fn verdict<'s>(part: &Element<'_>, listeners: impl Fn() -> &'s str) -> Verdict {
    let stops = |element: &Element<'_>| {
        focus::is_tab_stop(element)
            && !element.has_attr("inert")
            && !element.ancestors().any(|ancestor| ancestor.has_attr("inert"))
            && visibility::is_rendered(element)
    };
    let hands_on = |element: &Element<'_>| element.has_attr("onfocus") || is_named_in(element, listeners());
    let expected = "nothing in a part with aria-hidden that the Tab key reaches";
    let mut found = 0;
    for element in std::iter::once(*part).chain(part.descendants()).filter(stops) {
        found += 1;
        if found > MOST_SENTINELS || !hands_on(&element) {
            return part.heard().fail(format!("the Tab key reaches {} inside", element.snippet()), expected);
        }
    }
    match found {
        0 => part.at().pass("the Tab key reaches nothing inside"),
        _ => part.heard().cannot_tell("a script hands the focus on from inside", expected),
    }
}

/// The inline scripts of a page that speak of focus.
fn focus_scripts(document: &Document) -> String {
    let scripts = document.with_name("script").filter(Element::is_html);
    scripts.map(|script| script.text()).filter(|text| text.contains("focus")).collect()
}

/// True when a script names the element by its id: a sentinel that leads back into a dialog, for one.
fn is_named_in(element: &Element<'_>, scripts: &str) -> bool {
    let Some(id) = element.id_attr().filter(|id| !id.is_empty()) else { return false };
    [format!("'{id}'"), format!("\"{id}\""), format!("#{id}")].iter().any(|quoted| scripts.contains(quoted))
}
