//! Rules of a style sheet: selectors, the condition they stand under, declarations.
//!
//! In: the text of a `style` element. Out: [`StyleRule`]s in order. CSS Syntax 3, Media Queries 4 as far as they say "print" or
//! "screen"; every other condition is unsure. Invariant: ends on any text, reads nested rules not at all. Tested in `mod.rs`.

use std::cell::OnceCell;

use super::declarations::{Declaration, of_attribute, outside, pieces};
use crate::html::{Element, Selector};

/// When the rules of a block count.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Condition {
    /// On every screen.
    Always,
    /// On no screen: for print, for instance.
    Never,
    /// As the screen is: the condition as written, lower case.
    Depends(String),
}

/// One rule with what it declares.
#[derive(Debug)]
pub struct StyleRule {
    selectors: Vec<Chosen>,
    /// When it counts.
    pub condition: Condition,
    /// What it declares.
    pub declarations: Vec<Declaration>,
}

/// A selector as it is written; most rules are passed over for what they declare, so it is read when it is asked for.
#[derive(Debug)]
struct Chosen {
    text: String,
    selector: OnceCell<Option<Selector>>,
    is_state: bool,
}

impl Chosen {
    fn hits(&self, element: &Element<'_>) -> bool {
        self.selector
            .get_or_init(|| Selector::parse(&self.text).ok())
            .as_ref()
            .is_some_and(|selector| element.matches(selector))
    }
}

/// Conditions that hold only where people changed their settings.
const OWN_WISHES: [&str; 4] =
    ["prefers-color-scheme: dark", "prefers-color-scheme:dark", "prefers-contrast", "forced-colors"];

/// Blocks in blocks that are read.
const MOST_DEPTH: usize = 8;

/// States of an element that come and go with what people do.
const STATES: [&str; 9] = [
    ":hover",
    ":focus-visible",
    ":focus-within",
    ":focus",
    ":active",
    ":visited",
    ":target",
    ":user-invalid",
    ":autofill",
];

impl Condition {
    /// The condition of a list of media queries.
    pub fn of(query: &str) -> Self {
        let query = query.trim().to_ascii_lowercase();
        let one = |part: &str| match part.trim() {
            "" | "all" | "screen" | "only screen" => Self::Always,
            "print" | "speech" | "only print" | "aural" | "braille" | "handheld" | "tty" | "tv" | "projection" => {
                Self::Never
            }
            part if part.starts_with("print ") || part.starts_with("only print ") => Self::Never,
            // What people ask for themselves is not how a page comes to them.
            part if OWN_WISHES.iter().any(|wish| part.contains(wish)) => Self::Never,
            _ => Self::Depends(query.clone()),
        };
        let parts: Vec<Self> = query.split(',').map(one).collect();
        if parts.contains(&Self::Always) {
            Self::Always
        } else {
            parts.into_iter().find(|part| *part != Self::Never).unwrap_or(Self::Never)
        }
    }

    fn within(&self, outer: &Self) -> Self {
        match (outer, self) {
            (Self::Never, _) | (_, Self::Never) => Self::Never,
            (Self::Depends(outer), Self::Depends(inner)) => Self::Depends(format!("{outer} and {inner}")),
            (Self::Depends(only), Self::Always) | (Self::Always, Self::Depends(only)) => Self::Depends(only.clone()),
            (Self::Always, Self::Always) => Self::Always,
        }
    }
}

impl StyleRule {
    /// The strongest of its selectors that match the element: its specificity, and whether it asks for a state.
    pub fn matches(&self, element: &Element<'_>) -> Option<((u32, u32, u32), bool)> {
        let hits = self.selectors.iter().filter(|chosen| chosen.hits(element));
        hits.map(|chosen| (specificity(&chosen.text), chosen.is_state))
            .max_by_key(|(specificity, state)| (!state, *specificity))
    }
}

/// Adds the rules of a sheet; true when it takes in sheets that are not read.
pub(super) fn rules(text: &str, condition: Condition, into: &mut Vec<StyleRule>) -> bool {
    rules_within(text, &condition, 0, into)
}

fn rules_within(text: &str, condition: &Condition, depth: usize, into: &mut Vec<StyleRule>) -> bool {
    let mut unread = false;
    let mut rest = text;
    if *condition == Condition::Never || depth > MOST_DEPTH {
        return false;
    }
    while let Some((prelude, block, after)) = next_block(rest) {
        rest = after;
        let Some(block) = block else {
            unread |= prelude.to_ascii_lowercase().starts_with("@import");
            continue;
        };
        let Some(at_rule) = prelude.strip_prefix('@') else {
            into.extend(rule(prelude, block, condition));
            continue;
        };
        if let Some(own) = conditional(at_rule) {
            unread |= rules_within(block, &own.within(condition), depth + 1, into);
        }
    }
    unread
}

/// The condition of a block whose rules are read; none for fonts, key frames and the like.
fn conditional(at_rule: &str) -> Option<Condition> {
    let (name, query) = at_rule.split_once(|c: char| c.is_whitespace() || c == '(').unwrap_or((at_rule, ""));
    match name.to_ascii_lowercase().as_str() {
        "media" => Some(Condition::of(&at_rule[name.len()..])),
        "layer" => Some(Condition::Depends(format!("layer {query}"))),
        "supports" | "container" | "scope" => Some(Condition::Depends(at_rule.to_ascii_lowercase())),
        _ => None,
    }
}

/// What stands before a block, the block, and the rest; no block for a statement that a semicolon ends.
fn next_block(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let text = skip(text);
    if text.is_empty() {
        return None;
    }
    let end = outside(text, |byte| matches!(byte, b'{' | b';' | b'}'))?;
    let prelude = text[..end].trim();
    if text.as_bytes()[end] != b'{' {
        return Some((prelude, None, &text[end + 1..]));
    }
    let inner = &text[end + 1..];
    let close = closing(inner).unwrap_or(inner.len());
    Some((prelude, Some(&inner[..close]), inner.get(close + 1..).unwrap_or_default()))
}

fn skip(text: &str) -> &str {
    let mut text = text.trim_start();
    loop {
        let before = text.len();
        if let Some(comment) = text.strip_prefix("/*") {
            text = comment.split_once("*/").map_or("", |(_, after)| after).trim_start();
        }
        text = text.trim_start_matches("<!--").trim_start_matches("-->").trim_start();
        if text.len() == before {
            return text;
        }
    }
}

fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut from = 0;
    loop {
        let at = from + outside(&text[from..], |byte| matches!(byte, b'{' | b'}'))?;
        match (text.as_bytes()[at], depth) {
            (b'}', 0) => return Some(at),
            (b'}', _) => depth -= 1,
            _ => depth += 1,
        }
        from = at + 1;
    }
}

fn rule(prelude: &str, block: &str, condition: &Condition) -> Option<StyleRule> {
    let selectors: Vec<Chosen> = pieces(prelude, b',').filter_map(chosen).collect();
    let declarations = of_attribute(outside(block, |byte| byte == b'{').map_or(block, |end| &block[..end]));
    let holds_any = !selectors.is_empty() && !declarations.is_empty();
    holds_any.then(|| StyleRule { selectors, condition: condition.clone(), declarations })
}

/// A selector; one of a part that no element is (`::before`) is none, a state is taken off and remembered.
fn chosen(text: &str) -> Option<Chosen> {
    let mut text = text.trim().to_string();
    if text.contains("::") || text.ends_with(":before") || text.ends_with(":after") {
        return None;
    }
    let is_state = STATES.iter().any(|state| text.contains(state));
    if is_state && !text.contains(":not(") {
        STATES.iter().for_each(|state| text = text.replace(state, ""));
    }
    text = text.replace(":link", "[href]");
    if text.is_empty() {
        text.push('*');
    }
    Some(Chosen { text, selector: OnceCell::new(), is_state })
}

/// Ids, classes and the like, types: counted in the text (Selectors 4, 17).
fn specificity(text: &str) -> (u32, u32, u32) {
    let mut counts = (0, 0, 0);
    let mut before = ' ';
    let mut in_brackets = false;
    for c in text.chars() {
        match c {
            '[' => {
                counts.1 += 1;
                in_brackets = true;
            }
            ']' => in_brackets = false,
            _ if in_brackets => {}
            '#' => counts.0 += 1,
            '.' | ':' => counts.1 += 1,
            c if c.is_alphabetic() && matches!(before, ' ' | '>' | '+' | '~' | '(' | ',' | '\n' | '\t') => {
                counts.2 += 1
            }
            _ => {}
        }
        before = c;
    }
    counts
}
