//! `landmarks`: the parts of a page that people jump to stand once, at the top, with names of their own, and hold everything.
//!
//! In: a page. Out: verdicts on exposed landmarks, or on the page. WAI-ARIA 1.2, 5.3.4. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeMap;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, names, roles, visibility};
use crate::html::{Document, Element, Node};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "landmarks",
    asks: "Do the landmarks of a page stand where people look for them?",
    scope: Scope::Page,
    parameters: &[
        (
            "asks",
            "once: one of each role; top: in no other landmark; names: told apart by name; all-inside: no text outside them",
        ),
        ("roles", "roles that are looked at"),
    ],
    build: page::<Landmarks>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Landmarks {
    asks: Asks,
    roles: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Asks {
    Once,
    Top,
    Names,
    AllInside,
}

/// Roles that people jump to.
const LANDMARKS: [&str; 8] =
    ["banner", "complementary", "contentinfo", "form", "main", "navigation", "region", "search"];

impl PageCheck for Landmarks {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let found: Vec<(Element<'_>, &'static str)> = roles::among(document, &self.roles)
            .into_iter()
            .filter(visibility::is_exposed)
            .map(|element| (element, roles::role(&element).as_str()))
            .collect();
        match self.asks {
            Asks::Once => once(&found),
            Asks::Top => found.iter().map(|(element, role)| top(element, role)).collect(),
            Asks::Names => apart(&found),
            Asks::AllInside if found.is_empty() => Vec::new(),
            Asks::AllInside => vec![match outside(document) {
                Some(first) => first.heard().fail("text stands outside every landmark", "all text inside landmarks"),
                None => page.whole().pass("all text stands in landmarks"),
            }],
        }
    }
}

fn once(found: &[(Element<'_>, &str)]) -> Vec<Verdict> {
    let mut seen: BTreeMap<&str, Element<'_>> = BTreeMap::new();
    let mut verdicts = Vec::new();
    for (element, role) in found {
        match seen.get(role) {
            Some(_) => {
                verdicts.push(element.heard().fail(format!("a second {role}"), format!("one {role} on the page")))
            }
            None => {
                seen.insert(role, *element);
                verdicts.push(element.at().pass(format_args!("the first {role}")));
            }
        }
    }
    verdicts
}

fn top(element: &Element<'_>, role: &str) -> Verdict {
    let around = element.ancestors().find(|around| is_landmark(around));
    match around {
        None => element.at().pass(format_args!("the {role} stands in no other landmark")),
        Some(around) => element.heard().fail(
            format!("the {role} stands inside a {}", roles::role(&around).as_str()),
            format!("a {role} beside the other landmarks"),
        ),
    }
}

/// Landmarks of one role that have one name, or none, are not told apart.
fn apart(found: &[(Element<'_>, &str)]) -> Vec<Verdict> {
    let named: Vec<(Element<'_>, &str, &str)> =
        found.iter().map(|(element, role)| (*element, *role, names::folded(element))).collect();
    let alike = |role: &str| named.iter().filter(|(_, other, _)| *other == role).count();
    named
        .iter()
        .filter(|(_, role, _)| alike(role) > 1)
        .map(|(element, role, name)| {
            let twin = named.iter().find(|(other, other_role, other_name)| {
                other.order() < element.order() && other_role == role && other_name == name
            });
            let said = if name.is_empty() { "no name".to_string() } else { format!("the name \"{name}\"") };
            match twin {
                Some(_) => element
                    .heard()
                    .fail(format!("a second {role} with {said}"), format!("a name of its own for each {role}")),
                None => element.at().pass(format_args!("a {role} with {said}")),
            }
        })
        .collect()
}

fn is_landmark(element: &Element<'_>) -> bool {
    LANDMARKS.contains(&roles::role(element).as_str())
}

/// The first element with text that is in no landmark; links into the page before the landmarks are no text.
fn outside(document: &Document) -> Option<Element<'_>> {
    let says = |element: &Element<'_>| {
        element.nodes().any(|node| match node {
            Node::Text(text) => text.chars().any(char::is_alphanumeric),
            Node::Element(_) => false,
        })
    };
    let holds_text = |around: &Element<'_>| {
        let is_dialog = matches!(roles::role(around).as_str(), "dialog" | "alertdialog" | "alert" | "status" | "log");
        let is_skip = || around.name() == "a" && around.attr("href").is_some_and(|href| href.trim().starts_with('#'));
        is_dialog || is_landmark(around) || is_skip()
    };
    let body = document.body()?;
    if std::iter::once(body).chain(body.ancestors()).any(|around| holds_text(&around)) {
        return None;
    }
    let mut end = 0;
    body.descendants().find(|element| {
        if element.order() >= end && holds_text(element) {
            end = element.end();
        }
        element.order() >= end && says(element) && visibility::is_exposed(element)
    })
}
