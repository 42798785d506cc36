//! `link-distinct`: links in text can be told from the words around them by more than their colour.
//!
//! In: a page and how it looks. Out: one verdict for each look of links that run on in a text: underlined, framed, in other type, on another ground, or in a colour
//! far enough from that of the words. What the pointer or the focus changes is not seen. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

use super::screens::{own_letters, unknown};
use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::style::{Backdrop, Style, View, Won, contrast};
use crate::facts::{PageFacts, Place, is_block, roles, visibility, visible_text};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "link-distinct",
    asks: "Can links in text be told from the words around them by more than their color?",
    scope: Scope::Page,
    parameters: &[("min", "the contrast of link and text that does without another sign")],
    build: page::<LinkDistinct>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LinkDistinct {
    min: f64,
}

/// Ratios below this differ from a threshold by rounding only.
const ROUNDING: f64 = 0.005;

/// Letters beside a link that make a text of it: fewer are signs between links.
const FEWEST_LETTERS: usize = 12;

impl PageCheck for LinkDistinct {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let (Some(document), Some(style)) = (page.document, page.style()) else { return Vec::new() };
        let expected = "an underline, or another sign that does without color";
        let links = document.with_name("a").filter(|element| element.has_attr("href"));
        let mut wordy = HashMap::new();
        let mut links = links.filter_map(|link| Some((link, text_around(&link, &mut wordy)?))).peekable();
        if links.peek().is_none() {
            return Vec::new();
        }
        if let Some(verdict) = unknown(page, style, expected) {
            return vec![verdict];
        }
        // Links that look alike are one fault, not many.
        let mut looks: BTreeMap<String, (Verdict, usize)> = BTreeMap::new();
        let views = style.views();
        for (link, around) in links {
            let verdicts = views.iter().filter_map(|view| self.verdict(style, view, &link, &around));
            let Some(verdict) =
                verdicts.reduce(|worst, other| if other.outcome > worst.outcome { other } else { worst })
            else {
                continue;
            };
            looks.entry(verdict.observed.clone()).or_insert((verdict, 0)).1 += 1;
        }
        let told = looks.into_values().map(|(mut verdict, links)| {
            if links > 1 {
                verdict.observed = format!("{} ({links} links look like that)", verdict.observed);
            }
            verdict
        });
        let mut verdicts: Vec<Verdict> = told.collect();
        verdicts.sort_by_key(|verdict| (verdict.at.line, verdict.at.column));
        verdicts
    }
}

impl LinkDistinct {
    fn verdict(&self, style: &Style<'_>, view: &View<'_>, link: &Element<'_>, around: &Element<'_>) -> Option<Verdict> {
        let speaker = speaker(link);
        if view.conceals(&speaker) || view.is_inline(link) == Some(false) {
            return None;
        }
        let expected = "an underline, or another sign that does without color";
        match sign(style, view, link, &speaker, around) {
            Sign::Seen(what) => return Some(link.at().pass(what)),
            Sign::Unsure => {
                return Some(
                    link.heard().cannot_tell("style that depends on something decides how the link looks", expected),
                );
            }
            Sign::Nothing => {}
        }
        let (Some(own), Some(words)) = (view.text_colour(&speaker), view.text_colour(around)) else {
            return Some(link.heard().cannot_tell("the colors of link and text are not sure", expected));
        };
        let ground = |element: &Element<'_>| match view.backdrop(element) {
            Backdrop::Plain(colour) => Some(colour),
            Backdrop::Shaded(_) | Backdrop::Unsure(_) => None,
        };
        let (Some(behind), Some(behind_words)) = (ground(&speaker), ground(around)) else {
            return Some(link.heard().cannot_tell("the colors behind link and text are not sure", expected));
        };
        if behind != behind_words {
            return Some(link.at().pass("the link stands on another ground"));
        }
        let (own, words) = (own.over(behind), words.over(behind));
        let ratio = contrast(own, words);
        let observed =
            format!("{} in text of {} is a contrast of {ratio:.2} to 1, and no other sign", own.words(), words.words());
        Some(match ratio + ROUNDING >= self.min {
            true => link.at().pass(observed),
            false if own == words => link.heard().cannot_tell("the link looks like the words around it", expected),
            false => link.heard().fail(observed, format!("{expected}; or a contrast of {} to 1", self.min)),
        })
    }
}

/// The block around a link that says more than its links: the link runs on in a text there.
///
/// `wordy` remembers which elements hold enough letters: many links may stand in one, and it is counted once.
fn text_around<'a>(link: &Element<'a>, wordy: &mut HashMap<u32, bool>) -> Option<Element<'a>> {
    if !visibility::is_exposed(link) || visible_text(*link).trim().is_empty() {
        return None;
    }
    let block = link.ancestors().take_while(|level| level.name() != "nav").find(is_block)?;
    let mut level = |level: &Element<'a>| {
        let words = *wordy.entry(level.order()).or_insert_with(|| own_letters(level) >= FEWEST_LETTERS);
        (words && roles::role(level).as_str() != "link").then_some(*level)
    };
    let mut levels = link.ancestors().take_while(|above| *above != block).chain(std::iter::once(block));
    levels.find_map(|above| level(&above))
}

/// The element whose type shows the words of a link: the link, or the only thing in it.
fn speaker<'a>(link: &Element<'a>) -> Element<'a> {
    let mut speaker = *link;
    while own_letters(&speaker) == 0 {
        let Some(inner) = speaker.children().find(|child| !visible_text(*child).trim().is_empty()) else { break };
        speaker = inner;
    }
    speaker
}

/// What tells a link from the words around it, its colour aside.
enum Sign {
    Seen(&'static str),
    Nothing,
    Unsure,
}

fn sign(style: &Style<'_>, view: &View<'_>, link: &Element<'_>, speaker: &Element<'_>, around: &Element<'_>) -> Sign {
    if link.descendants().any(|inner| matches!(inner.name(), "img" | "svg" | "i")) {
        return Sign::Seen("a picture stands in the link");
    }
    let (own, words) = (view.font_size(speaker), view.font_size(around));
    if own.is_some() && words.is_some() && own != words {
        return Sign::Seen("the link is in other type");
    }
    let (Some(text), Some(plain)) = (view.text(speaker), view.text(around)) else {
        return declared_sign(style, link, speaker);
    };
    let looks = view.looks(link);
    let is_framed = looks.is_some_and(|looks| looks.borders.top || looks.borders.bottom || looks.borders.left);
    match () {
        () if text.decoration.under && !plain.decoration.under => Sign::Seen("the link is underlined"),
        () if text.decoration != plain.decoration => Sign::Seen("a line is drawn with the link"),
        () if is_framed => Sign::Seen("a border is drawn at the link"),
        () if text.italic != plain.italic => Sign::Seen("the link is in other type"),
        () if looks.is_some_and(|looks| looks.decorated) => Sign::Seen("a sign is put before or after the link"),
        () => Sign::Nothing,
    }
}

/// The same where nobody measured: links are underlined unless the page's own style takes that off.
fn declared_sign(style: &Style<'_>, link: &Element<'_>, speaker: &Element<'_>) -> Sign {
    let declared = style.declared();
    let says = |element: &Element<'_>, properties: &[&str]| match declared.won(element, properties) {
        Won::Nothing => None,
        Won::Value(value) => Some(Some(value.to_ascii_lowercase())),
        Won::Unsure => Some(None),
    };
    let border = [
        "border",
        "border-bottom",
        "border-bottom-style",
        "border-bottom-width",
        "border-style",
        "border-width",
        "outline",
    ];
    for part in [link, speaker] {
        for properties in [&border[..], &["font-style"]] {
            match says(part, properties) {
                None => {}
                Some(None) => return Sign::Unsure,
                Some(Some(value)) if matches!(value.split(' ').next(), Some("none" | "0" | "normal" | "inherit")) => {}
                Some(Some(_)) => return Sign::Seen("a border or other type is declared for the link"),
            }
        }
    }
    match says(link, &["text-decoration", "text-decoration-line"]) {
        None => Sign::Seen("links are underlined"),
        Some(None) => Sign::Unsure,
        Some(Some(value)) if value.contains("underline") || value.contains("overline") => {
            Sign::Seen("the link is underlined")
        }
        Some(Some(value)) if matches!(value.as_str(), "initial" | "unset" | "inherit") => Sign::Nothing,
        Some(Some(_)) => Sign::Nothing,
    }
}
