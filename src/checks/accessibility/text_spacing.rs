//! `text-spacing`: a `style` attribute does not hold letters, words or lines too close together.
//!
//! In: a page. Out: one verdict for each element whose own `style` sets the property with `!important`, so that people cannot set it
//! themselves, and whose text is shown. Lengths that the size of the text decides are not sure where style sheets were not read;
//! lines matter only where the text surely breaks. Tested by the rules that use it and by the ACT cases (24afc2, 9e45ec, 78fd32).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::style::{Style, Won, of_attribute};
use crate::facts::{PageFacts, Place, visibility};
use crate::html::{Element, Node};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "text-spacing",
    asks: "Does a style attribute leave letters, words and lines apart?",
    scope: Scope::Page,
    parameters: &[
        ("property", "letter-spacing, word-spacing or line-height"),
        ("min", "the least distance, in sizes of the text"),
    ],
    build: page::<TextSpacing>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TextSpacing {
    property: Property,
    min: f64,
}

#[derive(Clone, Copy, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Property {
    LetterSpacing,
    WordSpacing,
    LineHeight,
}

/// The narrowest that a letter is on average, in sizes of the text: less than any common type.
const NARROW: f64 = 0.3;

/// Widest line that a screen shows, in CSS pixels, where nothing says how wide it is.
const WIDEST: f64 = 2_000.0;

/// Sizes that differ by less are the same.
const ROUNDING: f64 = 0.001;

impl Property {
    fn as_str(self) -> &'static str {
        match self {
            Self::LetterSpacing => "letter-spacing",
            Self::WordSpacing => "word-spacing",
            Self::LineHeight => "line-height",
        }
    }

    /// What the browser does when the word `normal` stands there.
    fn normal(self) -> f64 {
        match self {
            Self::LetterSpacing | Self::WordSpacing => 0.0,
            Self::LineHeight => 1.2,
        }
    }
}

impl PageCheck for TextSpacing {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let (Some(document), Some(style)) = (page.document, page.style()) else { return Vec::new() };
        let styled = document.with_attr("style").filter(Element::is_html);
        styled.filter_map(|element| self.verdict(style, &element)).collect()
    }
}

impl TextSpacing {
    fn verdict(&self, style: &Style<'_>, element: &Element<'_>) -> Option<Verdict> {
        let value = self.fixed(element)?;
        let text = self.own_text(element);
        if text.trim().is_empty() || !visibility::is_rendered(element) || style.conceals(element) {
            return None;
        }
        let name = self.property.as_str();
        let observed = format!("{name} is {value} and people cannot change it");
        let expected = format!("{name} of at least {} sizes of the text, or without !important", self.min);
        let Some(share) = self.share(style, element, &value) else {
            return Some(element.heard().cannot_tell(observed, expected));
        };
        if share + ROUNDING >= self.min {
            return Some(element.at().pass(format_args!("{name} is {value}")));
        }
        Some(match self.property == Property::LineHeight && !breaks(style, element, &text) {
            true => element.heard().cannot_tell(observed, expected),
            false => element.heard().fail(observed, expected),
        })
    }

    /// The value that the element's own style sets against everybody's wishes; none for words that hand the decision on.
    fn fixed(&self, element: &Element<'_>) -> Option<String> {
        let declared = of_attribute(element.attr("style")?);
        let mut own = declared.into_iter().filter(|one| one.important && one.property == self.property.as_str());
        let last = own.next_back()?.value.to_ascii_lowercase();
        (!matches!(last.as_str(), "inherit" | "unset" | "revert" | "revert-layer")).then_some(last)
    }

    /// The value in sizes of the text.
    fn share(&self, style: &Style<'_>, element: &Element<'_>, value: &str) -> Option<f64> {
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        match value {
            "normal" | "initial" => return Some(self.property.normal()),
            _ if value.ends_with("rem") => {}
            _ if value.ends_with("em") => return number(value.trim_end_matches("em")),
            _ if value.ends_with('%') && self.property == Property::LineHeight => {
                return number(value.trim_end_matches('%')).map(|percent| percent / 100.0);
            }
            _ => {}
        }
        if self.property == Property::LineHeight && number(value).is_some() {
            return number(value);
        }
        if number(value) == Some(0.0) || number(value.trim_end_matches("px")) == Some(0.0) {
            return Some(0.0);
        }
        let share = |size: f64| Some(crate::facts::style::pixels(value, size)? / size);
        let shares: Option<Vec<f64>> =
            style.views().iter().map(|view| share(view.font_size(element)?.pixels)).collect();
        shares?.into_iter().reduce(f64::min)
    }

    /// The text that the declaration reaches: not that of elements inside which set it themselves.
    fn own_text(&self, element: &Element<'_>) -> String {
        let sets_it = |inner: &Element<'_>| {
            let style = inner.attr("style").unwrap_or_default();
            of_attribute(style).iter().any(|one| one.property == self.property.as_str())
        };
        let mut text = String::new();
        let mut open = vec![element.nodes()];
        while let Some(nodes) = open.last_mut() {
            match nodes.next() {
                Some(Node::Text(words)) => text.push_str(words),
                Some(Node::Element(inner)) if !sets_it(&inner) && !visibility::hides(&inner) => {
                    open.push(inner.nodes())
                }
                Some(Node::Element(_)) => {}
                None => {
                    open.pop();
                }
            }
        }
        text
    }
}

/// True when the text surely takes more than one line.
fn breaks(style: &Style<'_>, element: &Element<'_>, text: &str) -> bool {
    let letters = text.split_whitespace().map(|word| word.chars().count() + 1).sum::<usize>();
    let has_words = text.split_whitespace().count() > 1;
    let sizes = style.views().into_iter().filter_map(|view| view.font_size(element));
    let size = sizes.map(|size| size.pixels).reduce(f64::min).unwrap_or(10.0);
    let width = |property: &str| match style.declared().won(element, &[property]) {
        Won::Value(value) => crate::facts::style::pixels(value, size),
        Won::Nothing | Won::Unsure => None,
    };
    let widest = width("max-width").or_else(|| width("width")).filter(|width| *width > 0.0).unwrap_or(WIDEST);
    let never = matches!(style.declared().won(element, &["white-space"]), Won::Value("nowrap" | "pre"));
    #[expect(clippy::cast_precision_loss, reason = "texts are far shorter than what a float counts exactly")]
    let needed = letters as f64 * size * NARROW;
    has_words && !never && needed > widest
}
