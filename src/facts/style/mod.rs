//! How a page looks. [`Style`] is whom checks ask: what was measured answers, else what the page's own style says.
//!
//! In: a document and what became of measuring it. Out: [`Style`] and its [`View`]s; [`Sheets`]: the declaration of the page itself
//! that wins for a property of an element (its `style` attribute, the `style` elements, what HTML attributes paint; CSS Cascade 4,
//! 6.1). Sheets in files of their own are read by measuring only: [`Style::gap`] says what was not read, and then nothing is the
//! last word. Invariant: what is not sure is never guessed. Tested here and in the files of this room.

mod answers;
mod computed;
mod declarations;
mod parse;
mod sighted;

pub use crate::style::{
    Bounds, Colour, Cover, Decoration, Display, Edges, Flow, Looks, Measured, Overflow, Place, Seen, Shaded, Sight,
    TextLooks, UnreadSheet, Viewport, contrast,
};
pub use answers::{Gap, Style, View};
pub use computed::{Backdrop, FontSize, pixels};
pub use declarations::{Declaration, of_attribute};
pub use parse::{Condition, StyleRule};
pub(in crate::facts) use sighted::is_unseen;
pub use sighted::see;

use crate::html::{Document, Element};
use crate::style::Source;

/// Octets of style that is read rule by rule, where sheets stand in files of their own: those of frameworks are larger, and a
/// browser's reader has them read already.
const MOST_READ: usize = 64 << 10;
/// Rules times elements that are weighed; the sheets of a page past it are treated as if they were unread.
const MOST_WEIGHED: usize = 1_000_000;

/// The style of a page, as far as the page itself holds it.
pub struct Sheets {
    rules: Vec<StyleRule>,
    unread: bool,
}

/// The declaration that wins for a property.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Won<'s> {
    /// No declaration.
    Nothing,
    /// This value, as written.
    Value(&'s str),
    /// A condition of the screen or a state decides.
    Unsure,
}

impl Sheets {
    /// Reads the style of a document: all of it, where it was measured and is small, else the `style` elements.
    pub fn of(document: &Document, measured: Option<&Measured>) -> Self {
        let is_whole = |measured: &&Measured| {
            measured.unread.is_empty()
                && measured.sheets.iter().map(|sheet| sheet.css.len()).sum::<usize>() <= MOST_READ
        };
        let mut sheets = match measured.filter(is_whole) {
            Some(measured) => Self::whole(&measured.sheets),
            None => Self::own(document),
        };
        sheets.unread |= sheets.rules.len().saturating_mul(document.elements().len()) > MOST_WEIGHED;
        sheets
    }

    /// Every sheet of a page, its imports in it.
    fn whole(written: &[Source]) -> Self {
        let mut sheets = Self { rules: Vec::new(), unread: false };
        for sheet in written {
            sheets.unread |= parse::rules(&sheet.css, Condition::Always, &mut sheets.rules);
        }
        sheets
    }

    /// The `style` elements.
    fn own(document: &Document) -> Self {
        let mut sheets = Self { rules: Vec::new(), unread: false };
        for element in document.elements() {
            match element.name() {
                "style" if is_css(&element) => {
                    let condition = Condition::of(element.attr("media").unwrap_or_default());
                    sheets.unread |= parse::rules(&element.text(), condition, &mut sheets.rules);
                }
                "link" => sheets.unread |= is_sheet(&element),
                _ => {}
            }
        }
        sheets
    }

    /// True when the page has style that was not read: sheets in files of their own.
    pub fn has_unread(&self) -> bool {
        self.unread
    }

    /// The rules in the order they stand.
    pub fn rules(&self) -> &[StyleRule] {
        &self.rules
    }

    /// The declaration that wins for one of the properties on the element itself: shorthand and longhand together, the later
    /// of equals wins.
    pub fn won<'s>(&'s self, element: &Element<'s>, properties: &[&str]) -> Won<'s> {
        let mut best: Option<(Weight, Won<'s>)> = None;
        let mut take = |weight: Weight, value: Won<'s>| {
            if best.as_ref().is_none_or(|(other, _)| weight >= *other) {
                best = Some((weight, value));
            }
        };
        for rule in &self.rules {
            let mentions = |declaration: &&Declaration| properties.contains(&declaration.property.as_str());
            let mut mentioned = rule.declarations.iter().filter(mentions).peekable();
            if mentioned.peek().is_none() {
                continue;
            }
            let Some((specificity, is_state)) = rule.matches(element) else { continue };
            for declaration in mentioned {
                let is_sure = rule.condition == Condition::Always && !is_state;
                let value = if is_sure { Won::Value(declaration.value.as_str()) } else { Won::Unsure };
                // A state such as :hover is not the state the page is read in.
                if !is_state {
                    take(Weight { important: declaration.important, inline: false, specificity }, value);
                }
            }
        }
        if let Some(style) = element.attr("style") {
            for (property, value, important) in declarations::split(style) {
                if properties.iter().any(|wanted| property.eq_ignore_ascii_case(wanted)) {
                    take(Weight { important, inline: true, specificity: (0, 0, 0) }, Won::Value(value));
                }
            }
        }
        best.map_or(Won::Nothing, |(_, value)| value)
    }

    /// True when any declaration gives the property one of the words, on whatever screen.
    fn may_be(&self, element: &Element<'_>, property: &str, words: &[&str]) -> bool {
        let is_one = |value: &str| words.iter().any(|word| value.eq_ignore_ascii_case(word));
        let by_rule = self.rules.iter().any(|rule| {
            let says = |one: &Declaration| one.property == property && is_one(&one.value);
            rule.declarations.iter().any(says) && rule.matches(element).is_some_and(|(_, is_state)| !is_state)
        });
        let inline = || declarations::split(element.attr("style").unwrap_or_default());
        by_rule || inline().any(|(name, value, _)| name.eq_ignore_ascii_case(property) && is_one(value))
    }

    /// True when the page's own style takes an element out of sight: `display`, `visibility`, or a place far outside the screen.
    pub fn conceals(&self, element: &Element<'_>) -> bool {
        let is = |property: &str, words: &[&str]| match self.won(element, &[property]) {
            Won::Value(value) => words.iter().any(|word| value.eq_ignore_ascii_case(word)),
            Won::Nothing | Won::Unsure => false,
        };
        is("display", &["none"]) || is("visibility", &["hidden", "collapse"]) || self.is_far_out(element)
    }

    fn is_far_out(&self, element: &Element<'_>) -> bool {
        let far = |property: &str| match self.won(element, &[property]) {
            Won::Value(value) => computed::is_far(value),
            Won::Nothing | Won::Unsure => false,
        };
        let is_placed = matches!(self.won(element, &["position"]), Won::Value("absolute" | "fixed"));
        let is_clipped = matches!(self.won(element, &["clip", "clip-path"]), Won::Value(value) if value != "auto" && value != "none");
        is_placed && (far("top") || far("left") || is_clipped) || far("text-indent")
    }
}

/// How strongly a declaration speaks (CSS Cascade 4, 6.1), for the author's declarations.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
struct Weight {
    important: bool,
    inline: bool,
    specificity: (u32, u32, u32),
}

fn is_css(style: &Element<'_>) -> bool {
    let kind = style.attr("type").unwrap_or_default().trim();
    style.is_html() && (kind.is_empty() || kind.eq_ignore_ascii_case("text/css"))
}

fn is_sheet(link: &Element<'_>) -> bool {
    let rel = link.attr("rel").unwrap_or_default();
    let says = |word: &str| rel.split_ascii_whitespace().any(|found| found.eq_ignore_ascii_case(word));
    says("stylesheet")
        && !says("alternate")
        && !link.has_attr("disabled")
        && Condition::of(link.attr("media").unwrap_or_default()) != Condition::Never
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Selector;

    #[test]
    fn the_strongest_declaration_wins() {
        for (html, property, wanted) in [
            ("<p class=t>", "color", Won::Nothing),
            ("<style>p{color:red}</style><p class=t>", "color", Won::Value("red")),
            ("<style>p{color:red}.t{color:blue}p{color:green}</style><p class=t>", "color", Won::Value("blue")),
            ("<style>p{color:red!important}</style><p class=t style='color:blue'>", "color", Won::Value("red")),
            ("<style>p{color:red}</style><p class=t style='color:blue'>", "color", Won::Value("blue")),
            ("<style>@media print{p{color:red}}</style><p class=t>", "color", Won::Nothing),
            ("<style>@media screen{p{color:red}}</style><p class=t>", "color", Won::Value("red")),
            ("<style>@media (max-width:9px){p{color:red}}</style><p class=t>", "color", Won::Unsure),
            ("<style>p:hover{color:red}</style><p class=t>", "color", Won::Nothing),
            (
                "<style>/* p{color:red} */ @import 'x'; p , div{color:\nred}</style><p class=t>",
                "color",
                Won::Value("red"),
            ),
            ("<p class=t style='color:red;color:blue'>", "color", Won::Value("blue")),
            ("<p class=t style='color:red!important;color:blue'>", "color", Won::Value("red")),
        ] {
            let document = Document::parse(html);
            let target = Selector::parse(".t").expect("a constant selector");
            let element = document.select(&target).next().expect("the table marks a target");
            assert_eq!(Sheets::of(&document, None).won(&element, &[property]), wanted, "{html}");
        }
    }

    #[test]
    fn small_sheets_that_were_measured_with_are_read_and_large_ones_are_left() {
        let document = Document::parse("<link rel=stylesheet href=a.css><p class=t>");
        let element = document.select(&Selector::parse(".t").expect("a constant selector")).next().expect("a target");
        let won = |css: String| {
            let sheets = vec![Source { element: 2, css: css.into() }];
            let read = Sheets::of(&document, Some(&Measured { sheets, ..Measured::default() }));
            (read.won(&element, &["color"]) == Won::Value("red"), read.has_unread())
        };
        assert_eq!(won("p{color:red}".into()), (true, false));
        assert_eq!(won(format!("p{{color:red}}/*{}*/", " ".repeat(MOST_READ))), (false, true));
    }

    #[test]
    fn a_sheet_in_a_file_of_its_own_is_unread() {
        for (html, unread) in [
            ("<link rel=stylesheet href=a.css>", true),
            ("<link rel=stylesheet href=a.css media=print>", false),
            ("<link rel='alternate stylesheet' href=a.css>", false),
            ("<link rel=icon href=a.png>", false),
            ("<style>@import url(a.css);</style>", true),
            ("<style>p{color:red}</style>", false),
        ] {
            assert_eq!(Sheets::of(&Document::parse(html), None).has_unread(), unread, "{html}");
        }
    }
}
