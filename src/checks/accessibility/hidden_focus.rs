//! `hidden-focus`: nothing takes focus in a part that is hidden from assistive technology only.
//!
//! In: a page. Out: one verdict for each outermost `aria-hidden` part that has content. An element that hands focus on by script
//! (`onfocus`, or whose id an inline script names beside the word) is for a person to judge. Tested by the rules that use it and by the ACT
//! cases (6cfa84).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, focus, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "hidden-focus",
    asks: "Is what is hidden from assistive technology out of the tab order too?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<HiddenFocus>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HiddenFocus {}

impl PageCheck for HiddenFocus {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let mut verdicts = Vec::new();
        let mut inside: Option<Element<'_>> = None;
        for element in document.elements().filter(is_hidden) {
            if inside.is_some_and(|outer| outer.contains(element)) {
                continue;
            }
            inside = Some(element);
            verdicts.push(verdict(&element));
        }
        verdicts
    }
}

fn is_hidden(element: &Element<'_>) -> bool {
    element.attr("aria-hidden").is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
}

fn verdict(part: &Element<'_>) -> Verdict {
    let stops = |element: &Element<'_>| {
        focus::is_tab_stop(element)
            && !element.has_attr("inert")
            && !element.ancestors().any(|ancestor| ancestor.has_attr("inert"))
            && visibility::is_rendered(element)
    };
    let found: Vec<Element<'_>> = std::iter::once(*part).chain(part.descendants()).filter(stops).collect();
    let expected = "nothing in a part with aria-hidden that the Tab key reaches";
    let hands_on = |element: &&Element<'_>| element.has_attr("onfocus") || is_listened_to(element);
    match found.iter().find(|element| !hands_on(element)) {
        Some(element) => part.at().fail(format!("the Tab key reaches {} inside", element.snippet()), expected),
        None if !found.is_empty() => part.at().cannot_tell("a script hands the focus on from inside", expected),
        None => part.at().pass("the Tab key reaches nothing inside"),
    }
}

/// True when an inline script names the element by its id and speaks of focus: a sentinel that leads back into a dialog.
fn is_listened_to(element: &Element<'_>) -> bool {
    let Some(id) = element.id_attr().filter(|id| !id.is_empty()) else { return false };
    let quoted = [format!("'{id}'"), format!("\"{id}\""), format!("#{id}")];
    let scripts = element.document().elements().filter(|script| script.is_html() && script.name() == "script");
    scripts.map(|script| script.text()).any(|text| text.contains("focus") && quoted.iter().any(|id| text.contains(id)))
}
