//! `text-inside`: what the text says in a certain form stands inside an element that does something with it.
//!
//! In: a page. Out: one verdict for each place where the text matches. The same words inside such an element anywhere on the page
//! are enough. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeSet;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Query, Scope};
use crate::facts::{PageFacts, Place, visibility, words};
use crate::html::{Element, Node};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "text-inside",
    asks: "Does each match in the text stand inside the right element?",
    scope: Scope::Page,
    parameters: &[
        ("pattern", "regular expression over folded text"),
        ("inside", "CSS selector of the right elements; their text and their `href` count for the whole page"),
        ("except", "CSS selector of parts that are left out"),
        ("unless-before", "regular expression over what stands before the match in its block (optional)"),
        ("looks-for", "what is matched, for people"),
        ("expected", "what a right place is, for people"),
    ],
    build: page::<TextInside>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TextInside {
    pattern: Pattern,
    inside: Query,
    except: Query,
    unless_before: Option<Pattern>,
    looks_for: String,
    expected: String,
}

impl PageCheck for TextInside {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        if !self.pattern.is_on(page) {
            return Vec::new();
        }
        let known: BTreeSet<String> = document
            .select(&self.inside.0)
            .flat_map(|element| [core(&element.text()), core(element.attr("href").unwrap_or_default())])
            .collect();
        let Some(body) = document.body() else { return Vec::new() };
        let mut told = BTreeSet::new();
        let mut verdicts = Vec::new();
        let mut except = document.select(&self.except.0).peekable();
        let mut left_out: Option<Element<'_>> = None;
        for element in document.elements() {
            let begins = except.next_if_eq(&element);
            if left_out.is_some_and(|outer| outer.contains(element)) {
                continue;
            }
            if begins.is_some() {
                left_out = begins;
            } else if (element == body || body.contains(element)) && visibility::is_rendered(&element) {
                verdicts.extend(self.matches(&element, &known, &mut told));
            }
        }
        verdicts
    }
}

impl TextInside {
    /// The matches in an element's own text; each text is told once a page.
    fn matches(&self, element: &Element<'_>, known: &BTreeSet<String>, told: &mut BTreeSet<String>) -> Vec<Verdict> {
        let mut verdicts = Vec::new();
        for (at, node) in element.nodes().enumerate() {
            let Node::Text(text) = node else { continue };
            let text = words::fold(text);
            for found in self.pattern.0.find_iter(&text) {
                let meant = self.unless_before.as_ref().is_none_or(|unless| {
                    let said = format!("{} {}", text_before(element, at), &text[..found.start()]);
                    !unless.is_in(&said)
                });
                if meant && told.insert(found.as_str().to_string()) {
                    verdicts.push(self.verdict(element, found.as_str(), known));
                }
            }
        }
        verdicts
    }

    fn verdict(&self, element: &Element<'_>, found: &str, known: &BTreeSet<String>) -> Verdict {
        let wanted = core(found);
        let is_inside = known.iter().any(|inside| inside.contains(&wanted));
        if is_inside {
            return element.at().pass(format_args!("{found} can be used"));
        }
        element.at().fail(format!("{}: {found}", self.looks_for), self.expected.clone())
    }
}

/// The folded text of an element's first nodes.
fn text_before(element: &Element<'_>, nodes: usize) -> String {
    let folded = |node: Node<'_>| match node {
        Node::Element(inner) => words::fold(&inner.text()),
        Node::Text(text) => words::fold(text),
    };
    element.nodes().take(nodes).map(folded).collect()
}

/// Letters, digits and `@` alone, so that spellings of one number are equal.
fn core(text: &str) -> String {
    words::fold(text).chars().filter(|c| c.is_alphanumeric() || *c == '@').collect()
}
