//! `contrast`: text stands out from what is behind it.
//!
//! In: a page and how it looks. Out: one verdict for each element with words of its own, the worst of all screens; where a picture, a
//! filter or a condition decides, or a part of a gradient is enough, nobody can tell, which the first such text says for all. A page whose sheets nobody read is not
//! tested; where one of them could not be read, nobody can tell.
//! Tested by the rules that use it and by the ACT cases (afw4f7, 09o5cg).

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::style::{Backdrop, Colour, FontSize, Gap, Shaded, View, contrast};
use crate::facts::{PageFacts, Place, focus, visibility};
use crate::html::{Document, Element, Node};
use crate::verdict::{Outcome, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "contrast",
    asks: "Does text stand out from what is behind it?",
    scope: Scope::Page,
    parameters: &[
        ("min", "the least contrast ratio of text"),
        ("min-large", "the least contrast ratio of large text"),
        ("large", "CSS pixels from which text is large"),
        ("large-bold", "CSS pixels from which bold text is large"),
    ],
    build: page::<Contrast>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Contrast {
    min: f64,
    min_large: f64,
    large: f64,
    large_bold: f64,
}

/// Ratios below this differ from a threshold by rounding only.
const ROUNDING: f64 = 0.005;

impl PageCheck for Contrast {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let (Some(document), Some(style)) = (page.document, page.style()) else { return Vec::new() };
        let expected = || format!("a contrast of at least {} to 1", self.min);
        match style.gap() {
            Some(gap @ Gap::NotMeasured(_)) => return vec![page.whole().untested(gap.to_string())],
            Some(gap @ Gap::Unread(_)) => return vec![page.whole().cannot_tell(gap.to_string(), expected())],
            None => {}
        }
        let views = style.views();
        let unused = names_of_unused(document);
        let texts = document.elements().filter(|element| says_words(element) && visibility::is_exposed(element));
        let used = texts.filter(|element| !is_for_nobody(element, &unused));
        let mut verdicts: Vec<Verdict> = used.filter_map(|element| self.worst(&views, &element)).collect();
        // Where one text is not sure, others of the page are not for the same reason: the first stands for them.
        let mut doubted = false;
        verdicts.retain(|verdict| verdict.outcome != Outcome::CantTell || !std::mem::replace(&mut doubted, true));
        let mut verdicts = once_each(verdicts);
        if draws_text(document) {
            verdicts.push(page.whole().cannot_tell("a script draws text into shadow trees", expected()));
        }
        verdicts
    }
}

impl Contrast {
    /// What is worst of an element on all screens.
    fn worst(&self, views: &[View<'_>], element: &Element<'_>) -> Option<Verdict> {
        let verdicts = views.iter().filter_map(|view| self.verdict(view, element));
        verdicts.reduce(|worst, other| if other.outcome > worst.outcome { other } else { worst })
    }

    fn verdict(&self, view: &View<'_>, element: &Element<'_>) -> Option<Verdict> {
        if view.conceals(element) {
            return None;
        }
        let unsure = |reason: &str| {
            let expected = format!("a contrast of at least {} to 1", self.min);
            Some(element.heard().cannot_tell(format!("the colors are not sure: {reason}"), expected))
        };
        let Some(colour) = view.text_colour(element) else { return unsure("the screen decides the text color") };
        let ground = match view.backdrop(element) {
            Backdrop::Unsure(reason) => return unsure(reason),
            Backdrop::Plain(behind) => Ground::plain(colour, behind),
            Backdrop::Shaded(shaded) => Ground::shaded(colour, &shaded),
        };
        if view.has_shadow(element) {
            return unsure("a shadow is behind the text");
        }
        if colour.alpha == 0.0 || ground.most <= 1.0 {
            return None;
        }
        let size = view.font_size(element);
        let wanted = match size.map(|size| self.is_large(size)) {
            Some(true) => self.min_large,
            Some(false) => self.min,
            None if ground.least + ROUNDING >= self.min => self.min,
            None if ground.most + ROUNDING < self.min_large => self.min_large,
            None => return unsure("the size of the text"),
        };
        if ground.least + ROUNDING >= wanted {
            return Some(element.at().pass(format_args!("a contrast of {}", ground.ratio())));
        }
        let expected = format!("a contrast of at least {wanted} to 1");
        let observed = format!("{} is a contrast of {}", ground.colours, ground.ratio());
        Some(match () {
            // It is enough on some of its ground: which part the words stand on, nobody knows.
            () if ground.most + ROUNDING >= wanted => element.heard().cannot_tell(observed, expected),
            // The text of a logo need not stand out (WCAG 2, 1.4.3, "logotypes"), and nobody marks one up as such.
            () if is_logo(element) => element.heard().cannot_tell(observed, format!("{expected}, if this is no logo")),
            () => element.heard().fail(observed, expected),
        })
    }

    fn is_large(&self, size: FontSize) -> bool {
        // Sizes in points become pixels with a fraction that is cut off somewhere.
        size.pixels + 0.01 >= self.large || size.bold && size.pixels + 0.01 >= self.large_bold
    }
}

/// The contrast of a text with what is behind it.
struct Ground {
    /// Nowhere is it less.
    least: f64,
    /// Nowhere is it more.
    most: f64,
    /// The colours in words.
    colours: String,
}

impl Ground {
    fn plain(text: Colour, behind: Colour) -> Self {
        let seen = text.over(behind);
        let ratio = if seen == behind { 1.0 } else { contrast(seen, behind) };
        Self { least: ratio, most: ratio, colours: format!("{} on {}", seen.words(), behind.words()) }
    }

    fn shaded(text: Colour, behind: &Shaded) -> Self {
        let (dark, light) = (behind.darkest.words(), behind.lightest.words());
        let colours = format!("{} on a gradient from {dark} to {light}", text.words());
        Self { least: behind.least, most: behind.most, colours }
    }

    fn ratio(&self) -> String {
        let (least, most) = (format!("{:.2}", self.least), format!("{:.2}", self.most));
        if least == most { format!("{least} to 1") } else { format!("between {least} and {most} to 1") }
    }
}

/// True when the element has letters or digits of its own that are shown.
fn says_words(element: &Element<'_>) -> bool {
    let is_text = |node: Node<'_>| match node {
        Node::Text(text) => text.chars().any(char::is_alphabetic),
        Node::Element(_) => false,
    };
    element.is_html() && !matches!(element.name(), "option" | "optgroup" | "title") && element.nodes().any(is_text)
}

/// True when an inline script opens shadow trees: what it draws there takes its colours from the page.
fn draws_text(document: &Document) -> bool {
    document.with_name("script").any(|script| script.text().contains("attachShadow"))
}

/// One verdict for each fault: words of the same colours on the same ground are mended in one place. The first stands for all.
fn once_each(verdicts: Vec<Verdict>) -> Vec<Verdict> {
    let mut faults: BTreeMap<String, usize> = BTreeMap::new();
    let key = |verdict: &Verdict| format!("{}; {}", verdict.observed, verdict.expected);
    for verdict in verdicts.iter().filter(|verdict| verdict.outcome == Outcome::Failed) {
        *faults.entry(key(verdict)).or_default() += 1;
    }
    let first = |mut verdict: Verdict| {
        if verdict.outcome == Outcome::Failed {
            let texts = faults.remove(&key(&verdict))?;
            if texts > 1 {
                verdict.observed = format!("{}; {texts} texts of the page look like that", verdict.observed);
            }
        }
        Some(verdict)
    };
    verdicts.into_iter().filter_map(first).collect()
}

/// True for text that its author calls a logo.
fn is_logo(element: &Element<'_>) -> bool {
    let called = |level: &Element<'_>| {
        let words = [level.attr("class").unwrap_or_default(), level.id_attr().unwrap_or_default()]
            .join(" ")
            .to_ascii_lowercase();
        let mut parts = words.split(|c: char| !c.is_ascii_alphanumeric());
        parts.any(|part| matches!(part, "logo" | "logotype" | "wordmark" | "brandmark"))
    };
    std::iter::once(*element).chain(element.ancestors().take(2)).any(|level| called(&level))
}

fn is_off(element: &Element<'_>) -> bool {
    let says = || element.attr("aria-disabled").is_some_and(|value| value.trim().eq_ignore_ascii_case("true"));
    focus::is_disabled(element) || says()
}

/// The ids of what names a control that is disabled.
fn names_of_unused(document: &Document) -> BTreeSet<&str> {
    let off = document.with_attr("aria-labelledby").filter(is_off);
    off.flat_map(|element| element.attr("aria-labelledby").unwrap_or_default().split_ascii_whitespace()).collect()
}

/// Text of what nobody can use need not stand out (WCAG 2, 1.4.3, "incidental"): controls that are disabled and their labels.
fn is_for_nobody(element: &Element<'_>, unused: &BTreeSet<&str>) -> bool {
    std::iter::once(*element).chain(element.ancestors()).any(|level| {
        let labels_off = || {
            let field = level.attr("for").and_then(|id| level.document().by_id(id));
            field.is_some_and(|field| is_off(&field)) || level.descendants().any(|inner| is_off(&inner))
        };
        is_off(&level)
            || level.id_attr().is_some_and(|id| unused.contains(id))
            || level.name() == "label" && labels_off()
    })
}
