//! `link-context`: a link whose words fit any link stands among words that say where it leads.
//!
//! In: a page. Out: a verdict on each exposed link whose name is one of those that fit any link: its paragraph, item, cell or block
//! says more, or it does not. A heading before it leaves the question to people: no verdict, and none for other names. Tested by the rules
//! that use it and by the ACT cases (5effbb, aizyf1).

use serde::Deserialize;
use std::collections::HashMap;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Phrases, Scope};
use crate::facts::{PageFacts, Place, descriptions, is_block, names, roles, visibility, visible_text, words};
use crate::html::{Element, Node};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "link-context",
    asks: "Do links whose words fit any link stand among words that say where they lead?",
    scope: Scope::Page,
    parameters: &[("any", "whole names that fit any link, compared without regard to case, quotes and end marks")],
    build: page::<LinkContext>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LinkContext {
    any: Phrases,
}

impl PageCheck for LinkContext {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let mut headed = false;
        let mut around = Around::default();
        let mut verdicts = Vec::new();
        for element in roles::among(document, &["heading", "link"]) {
            match roles::role(&element).as_str() {
                "heading" => headed |= visibility::is_exposed(&element),
                "link" if visibility::is_exposed(&element) => {
                    verdicts.extend(self.verdict(&element, headed, &mut around))
                }
                _ => {}
            }
        }
        verdicts
    }
}

impl LinkContext {
    // The caller knows what came before; asking again for every link would cost the square of the page.
    fn verdict(&self, link: &Element<'_>, headed: bool, around: &mut Around) -> Option<Verdict> {
        let name = names::folded(link);
        if !self.any.has(bare(name)) {
            return None;
        }
        let is_said = !descriptions::description(link).is_empty() || around.say_more(link, bare(name));
        match (is_said, headed) {
            (true, _) => Some(link.at().pass(format_args!("words stand around \"{name}\""))),
            (false, true) => None,
            (false, false) => Some(link.heard().fail(
                format!("the link says \"{name}\", and nothing around it says more"),
                "words that say where the link leads, in it or in the same sentence",
            )),
        }
    }
}

fn bare(folded: &str) -> &str {
    folded.trim_matches(|c: char| !c.is_alphanumeric())
}

/// How many letters and digits the elements around links hold. Many links may stand in one element: it is read once.
#[derive(Default)]
struct Around {
    lines: HashMap<u32, usize>,
    wholes: HashMap<u32, usize>,
}

impl Around {
    /// True when the block that the link stands in, or an item or cell around it, says more than the link does.
    fn say_more(&mut self, link: &Element<'_>, name: &str) -> bool {
        let near = match link.ancestors().find(is_block) {
            Some(block) if matches!(block.name(), "body" | "html" | "main") => {
                let letters = *self.lines.entry(block.order()).or_insert_with(|| letters(&in_line(&block)));
                says_more(letters, name, || in_line(&block))
            }
            Some(block) => self.whole_says_more(&block, name),
            None => false,
        };
        let holds =
            |around: &Element<'_>| matches!(roles::role(around).as_str(), "listitem" | "row" | "figure" | "definition");
        near || link.ancestors().filter(holds).any(|around| self.whole_says_more(&around, name))
    }

    fn whole_says_more(&mut self, element: &Element<'_>, name: &str) -> bool {
        let letters = *self.wholes.entry(element.order()).or_insert_with(|| letters(&visible_text(*element)));
        says_more(letters, name, || visible_text(*element))
    }
}

/// Whether a text says more than a name; what is longer than the name does, so only short texts are compared with it.
fn says_more<T: AsRef<str>>(held: usize, name: &str, text: impl FnOnce() -> T) -> bool {
    let alone = || words::fold(text().as_ref()).replacen(name, "", 1);
    held > letters(name) || alone().chars().any(char::is_alphanumeric)
}

fn letters(text: &str) -> usize {
    words::fold(text).chars().filter(|c| c.is_alphanumeric()).count()
}

/// The words that stand in an element itself or in parts that run in its lines.
fn in_line(element: &Element<'_>) -> String {
    let parts = element.nodes().map(|node| match node {
        Node::Text(text) => text.to_string(),
        Node::Element(inner) if is_block(&inner) => String::from(" "),
        Node::Element(inner) => visible_text(inner).into_owned(),
    });
    parts.collect::<Vec<_>>().join(" ")
}
