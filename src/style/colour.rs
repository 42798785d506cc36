//! Colours as they are written, and the contrast of two.
//!
//! In: a CSS colour (CSS Color 4: names, hex, `rgb()`, `hsl()`), or one of HTML's old attributes. Out: [`Colour`] and the ratio of
//! WCAG 2 ("contrast ratio", "relative luminance"). Source of the names: `colour_names.txt`, CSS Color 4, 6.1. Invariant: what is
//! not surely read is no colour. Tested below.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

static NAMES: LazyLock<BTreeMap<&'static str, u32>> = LazyLock::new(|| {
    let rows = include_str!("colour_names.txt").lines().filter_map(|row| row.split_once(' '));
    rows.filter_map(|(name, hex)| Some((name, u32::from_str_radix(hex, 16).ok()?))).collect()
});

/// A colour of the screen: red, green, blue from 0 to 255 and opacity from 0 to 1.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Colour {
    /// Red, green, blue; 0 to 255.
    pub rgb: [f64; 3],
    /// Opacity; 0 to 1.
    pub alpha: f64,
}

impl Colour {
    /// Black.
    pub const BLACK: Self = Self { rgb: [0.0; 3], alpha: 1.0 };
    /// White.
    pub const WHITE: Self = Self { rgb: [255.0; 3], alpha: 1.0 };

    /// An opaque colour by its number: `0xff0000` is red.
    pub fn of(number: u32) -> Self {
        let part = |shift: u32| f64::from((number >> shift) & 0xff);
        Self { rgb: [part(16), part(8), part(0)], alpha: 1.0 }
    }

    /// Reads a CSS colour; `None` for what depends on something else, and for what is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        if text == "transparent" {
            return Some(Self { alpha: 0.0, ..Self::BLACK });
        }
        if let Some(hex) = text.strip_prefix('#') {
            return Self::hex(hex);
        }
        if let Some(number) = NAMES.get(text.as_str()) {
            return Some(Self::of(*number));
        }
        let (name, inner) = text.strip_suffix(')')?.split_once('(')?;
        let parts: Vec<&str> = inner.split([',', '/', ' ']).map(str::trim).filter(|part| !part.is_empty()).collect();
        let alpha = match parts.get(3) {
            Some(alpha) => share(alpha)?,
            None => 1.0,
        };
        if !(3..=4).contains(&parts.len()) {
            return None;
        }
        match name.trim() {
            "rgb" | "rgba" => {
                let mut rgb = [0.0; 3];
                for (place, part) in rgb.iter_mut().zip(&parts) {
                    let value = match part.strip_suffix('%') {
                        Some(percent) => number(percent)? * 2.55,
                        None => number(part)?,
                    };
                    *place = value.clamp(0.0, 255.0).round();
                }
                Some(Self { rgb, alpha })
            }
            "hsl" | "hsla" => {
                let hue = number(parts[0].trim_end_matches("deg"))?;
                let [saturation, lightness] = [parts[1], parts[2]].map(share);
                Some(Self { rgb: hsl(hue, saturation?, lightness?), alpha })
            }
            _ => None,
        }
    }

    /// Reads the value of `bgcolor`, `color` or `text` (HTML, 2.3.6, for values that are colours).
    pub fn of_attribute(value: &str) -> Option<Self> {
        let value = value.trim();
        Self::parse(value).filter(|colour| colour.alpha > 0.0).or_else(|| Self::hex(value))
    }

    fn hex(digits: &str) -> Option<Self> {
        let nibble =
            |at: usize| digits.get(at..=at).and_then(|digit| u8::from_str_radix(digit, 16).ok()).map(f64::from);
        let short = |at: usize| nibble(at).map(|value| value * 17.0);
        let long = |at: usize| Some(nibble(at)? * 16.0 + nibble(at + 1)?);
        let (rgb, alpha) = match digits.len() {
            3 => ([short(0)?, short(1)?, short(2)?], 255.0),
            4 => ([short(0)?, short(1)?, short(2)?], short(3)?),
            6 => ([long(0)?, long(2)?, long(4)?], 255.0),
            8 => ([long(0)?, long(2)?, long(4)?], long(6)?),
            _ => return None,
        };
        Some(Self { rgb, alpha: alpha / 255.0 })
    }

    /// What people see of this colour on top of an opaque one.
    pub fn over(self, below: Self) -> Self {
        let mix = |top: f64, bottom: f64| top * self.alpha + bottom * (1.0 - self.alpha);
        let mut rgb = [0.0; 3];
        for (place, (top, bottom)) in rgb.iter_mut().zip(self.rgb.iter().zip(below.rgb)) {
            *place = mix(*top, bottom);
        }
        Self { rgb, alpha: 1.0 }
    }

    /// The colour with its opacity multiplied.
    pub fn faded(self, by: f64) -> Self {
        Self { alpha: self.alpha * by.clamp(0.0, 1.0), ..self }
    }

    /// The colour as CSS writes it.
    pub fn words(self) -> String {
        let [red, green, blue] = self.rgb.map(|part| part.round() as u8);
        format!("#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The relative luminance of an opaque colour, from 0 to 1 (WCAG 2, "relative luminance").
pub(super) fn luminance(colour: Colour) -> f64 {
    let linear = colour.rgb.map(|part| {
        let part = part / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

/// The contrast ratio of two opaque colours, from 1 to 21 (WCAG 2, "contrast ratio").
pub fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|number| number.is_finite())
}

fn share(text: &str) -> Option<f64> {
    let value = match text.strip_suffix('%') {
        Some(percent) => number(percent)? / 100.0,
        None => number(text)?,
    };
    Some(value.clamp(0.0, 1.0))
}

fn hsl(hue: f64, saturation: f64, lightness: f64) -> [f64; 3] {
    let part = |offset: f64| {
        let at = (offset + hue.rem_euclid(360.0) / 30.0) % 12.0;
        let wave = (at - 3.0).min(9.0 - at).clamp(-1.0, 1.0);
        ((lightness - saturation * lightness.min(1.0 - lightness) * wave) * 255.0).round()
    };
    [part(0.0), part(8.0), part(4.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_as_css_writes_them() {
        for (text, wanted) in [
            ("red", Some("#ff0000")),
            ("#333", Some("#333333")),
            ("#0b5FA4", Some("#0b5fa4")),
            ("rgb(1, 2,3)", Some("#010203")),
            ("rgb(100% 0% 0% / 50%)", Some("#ff0000")),
            ("hsl(120, 100%, 25%)", Some("#008000")),
            ("hsl(0deg 0% 50%)", Some("#808080")),
            ("inherit", None),
            ("var(--x)", None),
            ("#12", None),
            ("rgb(1,2)", None),
        ] {
            assert_eq!(Colour::parse(text).map(Colour::words).as_deref(), wanted, "{text}");
        }
        assert_eq!(Colour::parse("rgba(0,0,0,.6)").map(|colour| colour.alpha), Some(0.6));
        assert_eq!(Colour::of_attribute("FFFFFF").map(Colour::words).as_deref(), Some("#ffffff"));
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        for (one, other, ratio) in [
            ("black", "white", "21.00"),
            ("#777", "white", "4.48"),
            ("#767676", "#fff", "4.54"),
            ("red", "red", "1.00"),
        ] {
            let [one, other] = [one, other].map(|text| Colour::parse(text).expect("a colour"));
            assert_eq!(format!("{:.2}", contrast(one, other)), ratio);
        }
        let grey = Colour::parse("rgba(0,0,0,.5)").expect("a colour").over(Colour::WHITE);
        assert_eq!(grey.words(), "#808080");
    }
}
