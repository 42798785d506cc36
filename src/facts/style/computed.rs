//! What the declarations amount to on an element: the size of its text, its colour, and what is behind it.
//!
//! In: [`Sheets`] and an element. Out: a size in CSS pixels, colours, or that it is not sure. CSS Fonts 4 (2.5), CSS Values 4; what
//! browsers do without style is taken from HTML, 15.3. Invariant: nothing is guessed: what a box or a picture decides is unsure.
//! Tested below.

use super::declarations::outside;
use super::{Colour, Shaded, Sheets, Won};
use crate::html::Element;

/// Pixels of text where nobody asks for another size.
const MEDIUM: f64 = 16.0;

/// Pixels past which nobody scrolls back to find something.
const FAR: f64 = 500.0;

/// Variables that are put into one value.
const MOST_VARIABLES: usize = 8;

/// Levels of elements around one that are asked for style.
const MOST_LEVELS: usize = 256;

/// The size and weight of text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FontSize {
    /// CSS pixels.
    pub pixels: f64,
    /// True when it is bold: a weight of 700 or more.
    pub bold: bool,
}

/// What is behind the text of an element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Backdrop {
    /// One colour.
    Plain(Colour),
    /// Many colours, all of them known.
    Shaded(Shaded),
    /// A picture, a place outside the flow or a condition: not sure.
    Unsure(&'static str),
}

impl From<crate::style::Backdrop> for Backdrop {
    fn from(measured: crate::style::Backdrop) -> Self {
        match measured {
            crate::style::Backdrop::Plain(colour) => Self::Plain(colour),
            crate::style::Backdrop::Shaded(shaded) => Self::Shaded(shaded),
            crate::style::Backdrop::Unknown(cover) => Self::Unsure(cover.words()),
        }
    }
}

impl Sheets {
    /// The size of an element's text; `None` where it is not sure.
    pub fn font_size(&self, element: &Element<'_>) -> Option<FontSize> {
        let chain = chain(element);
        let (mut pixels, mut bold) = (MEDIUM, false);
        for element in chain.iter().rev() {
            let (size, is_bold) = by_tag(element, pixels);
            pixels = match self.won(element, &["font-size", "font"]) {
                Won::Nothing => size,
                Won::Value(value) => length(&self.substituted(element, value)?, pixels)?,
                Won::Unsure => return None,
            };
            bold = match self.won(element, &["font-weight", "font"]) {
                Won::Nothing => is_bold.unwrap_or(bold),
                Won::Value(value) => weight(value, bold)?,
                Won::Unsure => return None,
            };
        }
        Some(FontSize { pixels, bold })
    }

    /// The colour of an element's text; `None` where it is not sure.
    pub fn text_colour(&self, element: &Element<'_>) -> Option<Colour> {
        let mut fade = 1.0;
        let mut colour = None;
        for level in chain(element) {
            match self.won(&level, &["opacity"]) {
                Won::Nothing => {}
                Won::Value(value) => fade *= opacity(value)?,
                Won::Unsure => return None,
            }
            if colour.is_none() {
                colour = match self.won(&level, &["color"]) {
                    Won::Value("inherit" | "unset" | "currentcolor" | "currentColor") => None,
                    Won::Value(value) => Some(Colour::parse(&self.substituted(&level, value)?)?),
                    Won::Unsure => return None,
                    Won::Nothing => painted(&level),
                };
            }
        }
        Some(colour.unwrap_or(Colour::BLACK).faded(fade))
    }

    /// What is behind the text of an element.
    pub fn backdrop(&self, element: &Element<'_>) -> Backdrop {
        let mut layers = Vec::new();
        for level in chain(element) {
            if let Some(reason) = self.covers(&level) {
                return Backdrop::Unsure(reason);
            }
            let colour = match self.won(&level, &["background-color", "background"]) {
                Won::Value(value) => match self.substituted(&level, value).as_deref().and_then(background_colour) {
                    Some(colour) => Some(colour),
                    None => return Backdrop::Unsure("its background is not plain"),
                },
                Won::Unsure => return Backdrop::Unsure("the screen decides its background"),
                Won::Nothing => painted_behind(&level),
            };
            layers.extend(colour);
            if colour.is_some_and(|colour| colour.alpha >= 1.0) {
                break;
            }
            if self.leaves_the_flow(&level) {
                return Backdrop::Unsure("it stands on top of something else");
            }
        }
        let below = Colour::WHITE;
        Backdrop::Plain(layers.iter().rev().fold(below, |below, layer| layer.over(below)))
    }

    /// A value with its variables put in (CSS Custom Properties 1, 3); `None` where one of them is not sure.
    fn substituted(&self, element: &Element<'_>, value: &str) -> Option<String> {
        let mut value = value.to_string();
        for _ in 0..MOST_VARIABLES {
            let Some(start) = value.find("var(") else { return Some(value) };
            let inner = &value[start + 4..];
            let end = outside(inner, |byte| byte == b')')?;
            let (name, instead) = inner[..end].split_once(',').unwrap_or((&inner[..end], ""));
            let name = name.trim().to_ascii_lowercase();
            let mut found = None;
            for level in chain(element) {
                match self.won(&level, &[name.as_str()]) {
                    Won::Value(value) => found = Some(value.to_string()),
                    Won::Unsure => return None,
                    Won::Nothing => continue,
                }
                break;
            }
            let put = found.unwrap_or_else(|| instead.trim().to_string());
            if put.is_empty() {
                return None;
            }
            value = format!("{}{put}{}", &value[..start], &inner[end + 1..]);
        }
        None
    }

    /// Why the colours of an element are not what is declared, if so.
    fn covers(&self, element: &Element<'_>) -> Option<&'static str> {
        if self.is_not(element, &["background-image"], &["none"]) || element.has_attr("background") {
            return Some("a picture is behind it");
        }
        if self.is_not(element, &["filter", "mix-blend-mode", "mask", "backdrop-filter"], &["none", "normal"]) {
            return Some("a filter changes its colours");
        }
        None
    }

    /// True when the element may stand on top of something else; what sticks stands in the flow as the page comes.
    fn leaves_the_flow(&self, element: &Element<'_>) -> bool {
        self.may_be(element, "position", &["absolute", "fixed"])
    }

    /// True when a declaration says anything but the plain words.
    fn is_not(&self, element: &Element<'_>, properties: &[&str], plain: &[&str]) -> bool {
        match self.won(element, properties) {
            Won::Nothing => false,
            Won::Value(value) => !plain.iter().any(|word| value.eq_ignore_ascii_case(word)),
            Won::Unsure => true,
        }
    }
}

/// The element and those around it, nearest first.
fn chain<'a>(element: &Element<'a>) -> Vec<Element<'a>> {
    std::iter::once(*element).chain(element.ancestors()).take(MOST_LEVELS).collect()
}

/// Size and weight that browsers give an element inside text of a size (HTML, 15.3).
fn by_tag(element: &Element<'_>, around: f64) -> (f64, Option<bool>) {
    if !element.is_html() {
        return (around, None);
    }
    match element.name() {
        "h1" => (around * 2.0, Some(true)),
        "h2" => (around * 1.5, Some(true)),
        "h3" => (around * 1.17, Some(true)),
        "h4" => (around, Some(true)),
        "h5" => (around * 0.83, Some(true)),
        "h6" => (around * 0.67, Some(true)),
        "b" | "strong" | "th" => (around, Some(true)),
        "small" | "sub" | "sup" => (around / 1.2, None),
        "big" => (around * 1.2, None),
        "button" | "input" | "select" | "textarea" => (13.333, Some(false)),
        "code" | "kbd" | "samp" | "pre" | "tt" => (around * 0.8125, None),
        "font" => (by_number(element.attr("size")).unwrap_or(around), None),
        _ => (around, None),
    }
}

/// The size that `<font size>` names (HTML, 15.3.4).
fn by_number(size: Option<&str>) -> Option<f64> {
    let size = size?.trim();
    let number: i32 = size.trim_start_matches('+').parse().ok()?;
    let number = if size.starts_with(['+', '-']) { 3 + number } else { number };
    let sizes = [10.0, 13.0, 16.0, 18.0, 24.0, 32.0, 48.0];
    sizes.get(usize::try_from(number.clamp(1, 7) - 1).ok()?).copied()
}

/// A length, percentage or word as the size of text inside text of a size.
pub(super) fn length(value: &str, around: f64) -> Option<f64> {
    let value = value.trim().to_ascii_lowercase();
    let word = match value.as_str() {
        "inherit" | "unset" => Some(around),
        "initial" | "medium" => Some(MEDIUM),
        "xx-small" => Some(9.0),
        "x-small" => Some(10.0),
        "small" => Some(13.0),
        "large" => Some(18.0),
        "x-large" => Some(24.0),
        "xx-large" => Some(32.0),
        "smaller" => Some(around / 1.2),
        "larger" => Some(around * 1.2),
        _ => None,
    };
    // The least of a size that grows with the screen; the first length of the shorthand, before the height of its lines.
    let least = || relative(value.strip_prefix("clamp(")?.split(',').next()?.trim(), around);
    let in_shorthand = || {
        let sizes = value.split_ascii_whitespace().filter_map(|word| word.split('/').next());
        sizes.filter(|word| word.parse::<f64>().is_err()).find_map(|word| relative(word, around))
    };
    word.or_else(|| relative(&value, around)).or_else(least).or_else(in_shorthand)
}

/// A length in pixels, where the size of the text is known; percentages are of that size. `None` for what the screen decides.
pub fn pixels(value: &str, size: f64) -> Option<f64> {
    relative(&value.trim().to_ascii_lowercase(), size)
}

fn relative(value: &str, size: f64) -> Option<f64> {
    let end = value.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+')).unwrap_or(value.len());
    let number: f64 = value[..end].parse().ok()?;
    Some(match value[end..].trim() {
        "" if number == 0.0 => 0.0,
        "px" => number,
        "pt" => number * 96.0 / 72.0,
        "pc" => number * 16.0,
        "in" => number * 96.0,
        "cm" => number * 96.0 / 2.54,
        "mm" => number * 96.0 / 25.4,
        "em" => number * size,
        "%" => number * size / 100.0,
        "rem" => number * MEDIUM,
        _ => return None,
    })
}

/// True when a length leads far out of the screen.
pub(super) fn is_far(value: &str) -> bool {
    relative(&value.trim().to_ascii_lowercase(), MEDIUM).is_some_and(|pixels| pixels <= -FAR)
}

fn weight(value: &str, around: bool) -> Option<bool> {
    match value.trim().to_ascii_lowercase().as_str() {
        "bold" | "bolder" => Some(true),
        "normal" | "lighter" | "initial" => Some(false),
        "inherit" | "unset" => Some(around),
        number if number.parse::<u32>().is_ok() => number.parse::<u32>().ok().map(|number| number >= 700),
        // The shorthand sets the weight back unless it names one.
        font => Some(
            font.split_ascii_whitespace()
                .any(|word| word == "bold" || word.parse::<u32>().is_ok_and(|number| (700..=1000).contains(&number))),
        ),
    }
}

fn opacity(value: &str) -> Option<f64> {
    let value = value.trim();
    let number = match value.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().ok()? / 100.0,
        None => value.parse::<f64>().ok()?,
    };
    Some(number.clamp(0.0, 1.0))
}

/// The colour of a background that is nothing but a colour.
fn background_colour(value: &str) -> Option<Colour> {
    let value = value.trim();
    match value.to_ascii_lowercase().as_str() {
        "none" | "initial" | "unset" | "transparent" | "0" | "0 0" => Some(Colour { alpha: 0.0, ..Colour::BLACK }),
        _ => Colour::parse(value.trim_end_matches(" none").trim()),
    }
}

/// The colour that an attribute or the browser gives the text of an element.
fn painted(element: &Element<'_>) -> Option<Colour> {
    if !element.is_html() {
        return None;
    }
    let attribute = |name: &str| element.attr(name).and_then(Colour::of_attribute);
    match element.name() {
        "font" => attribute("color"),
        "body" => attribute("text"),
        "a" if element.has_attr("href") => {
            let body = element.document().body();
            body.and_then(|body| body.attr("link").and_then(Colour::of_attribute)).or(Some(Colour::of(0x0000_00ee)))
        }
        "button" | "input" | "select" | "textarea" | "mark" => Some(Colour::BLACK),
        _ => None,
    }
}

/// The colour that an attribute or the browser paints behind an element.
fn painted_behind(element: &Element<'_>) -> Option<Colour> {
    if !element.is_html() {
        return None;
    }
    let by_attribute = match element.name() {
        "body" | "table" | "tr" | "td" | "th" | "thead" | "tbody" | "tfoot" => element.attr("bgcolor"),
        _ => None,
    };
    by_attribute.and_then(Colour::of_attribute).or_else(|| match element.name() {
        "button" => Some(Colour::of(0x00ef_efef)),
        "input" | "select" | "textarea" => Some(Colour::WHITE),
        "mark" => Some(Colour::of(0x00ff_ff00)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{Document, Selector};

    fn with<T>(html: &str, judge: impl FnOnce(&Sheets, Element<'_>) -> T) -> T {
        let document = Document::parse(html);
        let target = Selector::parse(".t").expect("a constant selector");
        judge(&Sheets::of(&document, None), document.select(&target).next().expect("the table marks a target"))
    }

    #[test]
    fn the_size_of_text_is_what_is_asked_for_or_what_browsers_do() {
        for (html, wanted) in [
            ("<p class=t>", Some((16.0, false))),
            ("<h1 class=t>", Some((32.0, true))),
            ("<div style='font-size:20px'><p class=t style='font-size:150%'>", Some((30.0, false))),
            ("<p class=t style='font-size:18pt;font-weight:700'>", Some((24.0, true))),
            ("<style>p{font-size:25px}</style><p class=t>", Some((25.0, false))),
            ("<p style='font-size:2vw'><b class=t>", None),
            ("<p class=t style='font: bold 1.5rem/1.4 serif'>", Some((24.0, true))),
            ("<p class=t style='font-size: clamp(20px, 2vw, 30px)'>", Some((20.0, false))),
            ("<font size=5 class=t>", Some((24.0, false))),
        ] {
            let got = with(html, |sheets, element| sheets.font_size(&element)).map(|size| (size.pixels, size.bold));
            assert_eq!(got, wanted, "{html}");
        }
    }

    #[test]
    fn colours_go_through_what_is_clear() {
        for (html, text, behind) in [
            ("<p class=t>", "#000000", Some("#ffffff")),
            ("<div style='background:#eee;color:#555'><p class=t>", "#555555", Some("#eeeeee")),
            ("<body bgcolor=navy text=white><p class=t>", "#ffffff", Some("#000080")),
            ("<p class=t style='background:url(a.png)'>", "#000000", None),
            ("<p class=t style='background:rgba(0,0,0,.5)'>", "#000000", Some("#808080")),
            ("<div style='position:absolute'><p class=t>", "#000000", None),
            ("<a href=x class=t>", "#0000ee", Some("#ffffff")),
            (
                "<style>:root{--a:#123456}p{color:var( --a );background:var(--b, #eee)}</style><p class=t>",
                "#123456",
                Some("#eeeeee"),
            ),
        ] {
            let (colour, backdrop) = with(html, |sheets, element| {
                (sheets.text_colour(&element).map(Colour::words), sheets.backdrop(&element))
            });
            let plain = match backdrop {
                Backdrop::Plain(colour) => Some(colour.words()),
                Backdrop::Shaded(_) | Backdrop::Unsure(_) => None,
            };
            assert_eq!((colour.as_deref(), plain.as_deref()), (Some(text), behind), "{html}");
        }
    }
}
