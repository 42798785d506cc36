//! `label-in-name`: what people read on a control is part of what it is called.
//!
//! In: a page. Out: one verdict for each exposed control that takes its name from its content, has words to read and a name from an
//! attribute (WCAG 2.1, 2.5.3). Icons written as words, single letters and what stands in brackets are not compared. Where sheets
//! were not read, the words may not be shown, so nobody can tell. Tested by the rules that use it and by the ACT cases (2ee8b8).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::style::{Style, Won};
use crate::facts::{PageFacts, Place, names, roles, visibility, words};
use crate::html::{Element, Node};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "label-in-name",
    asks: "Are the words on a control part of its name?",
    scope: Scope::Page,
    parameters: &[("roles", "roles of the controls")],
    build: page::<LabelInName>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LabelInName {
    roles: Vec<String>,
}

impl PageCheck for LabelInName {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let (Some(document), Some(style)) = (page.document, page.style()) else { return Vec::new() };
        let named = document.with_any_attr(&["aria-label", "aria-labelledby"]).into_iter().filter(|element| {
            let has = |name: &str| element.attr(name).is_some_and(|value| !value.trim().is_empty());
            (has("aria-label") || has("aria-labelledby"))
                && self.roles.iter().any(|role| role == roles::role(element).as_str())
                && visibility::is_exposed(element)
        });
        named.filter_map(|element| verdict(style, &element)).collect()
    }
}

fn verdict(style: &Style<'_>, element: &Element<'_>) -> Option<Verdict> {
    let label = Label { style }.of(element);
    let name = names::name(element);
    let (spoken, seen) = (tokens(name, Joins::Apart), tokens(&label, Joins::Apart));
    let is_sign = seen.len() == 1 && seen[0].chars().count() == 1 && seen[0].chars().all(char::is_alphabetic);
    if seen.is_empty() || spoken.is_empty() || is_sign || is_icon(element, &label) {
        return None;
    }
    let observed = format!("people read \"{}\" and hear \"{name}\"", words::collapse(&label));
    let expected = "a name that holds the words people read, in their order";
    if is_part(&seen, &spoken) {
        return Some(element.at().pass(observed));
    }
    let joined = is_part(&tokens(&label, Joins::Together), &tokens(name, Joins::Together));
    Some(match joined || style.gap().is_some() {
        true => element.heard().cannot_tell(observed, expected),
        false => element.heard().fail(observed, expected),
    })
}

/// Reads the words that are shown on an element.
struct Label<'s> {
    style: &'s Style<'s>,
}

impl Label<'_> {
    fn of(&self, element: &Element<'_>) -> String {
        let mut text = String::new();
        let mut open = vec![(*element, element.nodes())];
        while let Some((current, nodes)) = open.last_mut() {
            match nodes.next() {
                Some(Node::Text(words)) => text.push_str(words),
                Some(Node::Element(inner)) => {
                    if visibility::hides(&inner)
                        || self.style.conceals(&inner)
                        || is_for_the_ear(&inner)
                        || draws_icon(&inner)
                    {
                        continue;
                    }
                    self.part(&inner, &mut text);
                    open.push((inner, inner.nodes()));
                }
                None => {
                    self.part(current, &mut text);
                    open.pop();
                }
            }
        }
        text
    }

    /// Words of blocks do not run together.
    fn part(&self, element: &Element<'_>, text: &mut String) {
        let in_line = match self.style.views().iter().find_map(|view| view.is_inline(element)) {
            Some(measured) => measured,
            None => match self.style.declared().won(element, &["display"]) {
                Won::Value(value) => value.eq_ignore_ascii_case("inline"),
                Won::Nothing | Won::Unsure => !crate::facts::is_block(element),
            },
        };
        if !in_line {
            text.push(' ');
        }
    }
}

/// Classes by which pages show words to screen readers only.
fn is_for_the_ear(element: &Element<'_>) -> bool {
    element.classes().any(|class| {
        let class = class.to_ascii_lowercase();
        ["sr-only", "visually-hidden", "visuallyhidden", "screen-reader", "element-invisible", "hidden", "assistive"]
            .iter()
            .any(|word| class.contains(word))
    })
}

/// Type whose letters are pictures: its text is the name of a picture.
fn draws_icon(element: &Element<'_>) -> bool {
    element.classes().any(|class| {
        let class = class.to_ascii_lowercase();
        class.contains("icon") || class.contains("symbol") || class.contains("glyph") || class.starts_with("fa-")
    })
}

fn is_icon(element: &Element<'_>, label: &str) -> bool {
    let is_one_word =
        label.split_whitespace().count() == 1 && label.trim().chars().all(|c| c.is_ascii_lowercase() || c == '_');
    is_one_word && (draws_icon(element) || takes_icons(element))
}

/// True when the page loads type whose letters are pictures.
fn takes_icons(element: &Element<'_>) -> bool {
    let mut elements = element.document().elements();
    elements.any(|other| {
        other.name() == "link"
            && other.attr("href").is_some_and(|href| {
                let href = href.to_ascii_lowercase();
                href.contains("icon") && href.contains("family") || href.contains("material")
            })
    })
}

/// What becomes of hyphens: signs between words, or nothing.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Joins {
    Apart,
    Together,
}

/// The words of a text for comparison, without what stands in brackets.
fn tokens(text: &str, joins: Joins) -> Vec<String> {
    let mut depth = 0_u32;
    let mut kept = String::with_capacity(text.len());
    for c in words::fold(text).chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' if depth > 0 => depth -= 1,
            '-' if joins == Joins::Together => {}
            '\'' => {}
            _ if depth == 0 => kept.push(if c.is_alphanumeric() { c } else { ' ' }),
            _ => {}
        }
    }
    kept.split_whitespace().map(str::to_string).collect()
}

fn is_part(part: &[String], whole: &[String]) -> bool {
    whole.windows(part.len().max(1)).any(|window| window == part)
}
