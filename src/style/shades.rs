//! Colours that change from place to place, as far as all of them are known: those of a gradient, and of what lies on one.
//!
//! In: lines of colours, each from one colour to another. Out: [`Shades`], laid on each other, and the contrast of a text with them where
//! it is least and where it is most. Between two stops a browser mixes premultiplied colours (CSS Images 4, 3.4.2), so that on one plain
//! colour below every point stands on the straight line between the ends. Invariant: the bounds hold for every point of every line;
//! where two things change at once, nothing is said. Tested below.

use std::rc::Rc;

use super::colour::luminance;
use super::{Colour, Shaded};

/// Parts of a line that are looked at one by one where a line gets darker in one part of its colour and lighter in another.
const STEPS: u32 = 32;

/// One colour, or all that stand on some lines.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shades {
    One(Colour),
    Many(Rc<Lines>),
}

/// Lines between colours, and how dark and how light it gets on them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lines {
    lines: Vec<[Colour; 2]>,
    /// Relative luminance that none is below and above.
    bounds: (f64, f64),
    darkest: Colour,
    lightest: Colour,
}

/// A line, or a part of one.
struct Part {
    ends: [Colour; 2],
    /// No point has less red, green or blue than the one, or more than the other.
    bounds: [Colour; 2],
}

impl Shades {
    /// The colours of some lines; of none, no colour.
    pub(super) fn of(lines: Vec<[Colour; 2]>) -> Option<Self> {
        let first = lines.first()?[0];
        if lines.iter().flatten().all(|colour| *colour == first) {
            return Some(Self::One(first));
        }
        let mut bounds = (f64::INFINITY, f64::NEG_INFINITY);
        let mut ends = [(f64::INFINITY, first), (f64::NEG_INFINITY, first)];
        for part in lines.iter().flat_map(parts_that_change) {
            let (low, high) = part.range();
            bounds = (bounds.0.min(low), bounds.1.max(high));
            for end in part.ends.map(|end| (luminance(end), end)) {
                ends[0] = if end.0 < ends[0].0 { end } else { ends[0] };
                ends[1] = if end.0 > ends[1].0 { end } else { ends[1] };
            }
        }
        let [(_, darkest), (_, lightest)] = ends;
        Some(Self::Many(Rc::new(Lines { lines, bounds, darkest, lightest })))
    }

    /// Every colour through a mapping that keeps straight lines straight.
    pub(super) fn each(&self, map: impl Fn(Colour) -> Colour) -> Self {
        match self {
            Self::One(colour) => Self::One(map(*colour)),
            Self::Many(many) => {
                let lines = many.lines.iter().map(|line| line.map(&map)).collect();
                Self::of(lines).unwrap_or_else(|| self.clone())
            }
        }
    }

    /// Two that belong together point by point: one of them is plain, or both were made of the same lines.
    pub(super) fn with(&self, other: &Self, map: impl Fn(Colour, Colour) -> Colour) -> Option<Self> {
        match (self, other) {
            (_, Self::One(other)) => Some(self.each(|colour| map(colour, *other))),
            (Self::One(colour), Self::Many(_)) => Some(other.each(|other| map(*colour, other))),
            (Self::Many(one), Self::Many(other)) if one.lines.len() == other.lines.len() => {
                let pairs = one.lines.iter().zip(&other.lines);
                Self::of(pairs.map(|(one, other)| [map(one[0], other[0]), map(one[1], other[1])]).collect())
            }
            (Self::Many(_), Self::Many(_)) => None,
        }
    }

    /// These colours or those: which of them, the place decides.
    pub(super) fn or(&self, other: &Self) -> Option<Self> {
        Self::of(self.lines().into_iter().chain(other.lines()).collect())
    }

    fn lines(&self) -> Vec<[Colour; 2]> {
        match self {
            Self::One(colour) => vec![[*colour; 2]],
            Self::Many(many) => many.lines.clone(),
        }
    }
}

impl Lines {
    /// The contrast of a text with these, which it stands on; its own colour at every point is `text`.
    pub(super) fn contrast(&self, text: &Shades) -> Option<Shaded> {
        let bounds = match text {
            Shades::One(text) => between((luminance(*text), luminance(*text)), self.bounds),
            Shades::Many(text) if text.lines.len() == self.lines.len() => {
                let (mut least, mut most) = (f64::INFINITY, 1.0_f64);
                for (text, behind) in text.lines.iter().zip(&self.lines) {
                    for (text, behind) in parts(text).zip(parts(behind)) {
                        let (low, high) = between(text.range(), behind.range());
                        (least, most) = (least.min(low), most.max(high));
                    }
                }
                (least, most)
            }
            Shades::Many(_) => return None,
        };
        Some(Shaded { least: bounds.0, most: bounds.1, darkest: self.darkest, lightest: self.lightest })
    }
}

/// The least and the most contrast of two lightnesses that are known within bounds.
fn between(one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
    let ratio = |lighter: f64, darker: f64| (lighter + 0.05) / (darker + 0.05);
    let most = ratio(one.1, other.0).max(ratio(other.1, one.0));
    let least = ratio(one.0, other.1).max(ratio(other.0, one.1));
    (least.max(1.0), most.max(1.0))
}

impl Part {
    fn range(&self) -> (f64, f64) {
        (luminance(self.bounds[0]), luminance(self.bounds[1]))
    }
}

/// A line as a whole where red, green and blue rise or fall together, else its parts.
fn parts_that_change(line: &[Colour; 2]) -> Vec<Part> {
    let [from, to] = *line;
    let rises = from.rgb.iter().zip(to.rgb).all(|(from, to)| *from <= to);
    let falls = from.rgb.iter().zip(to.rgb).all(|(from, to)| *from >= to);
    match (rises, falls) {
        (true, _) => vec![Part { ends: *line, bounds: [from, to] }],
        (_, true) => vec![Part { ends: *line, bounds: [to, from] }],
        (false, false) => parts(line).collect(),
    }
}

fn parts(line: &[Colour; 2]) -> impl Iterator<Item = Part> {
    let [from, to] = *line;
    let at = move |step: u32| Colour { alpha: f64::from(step) / f64::from(STEPS), ..to }.over(from);
    (0..STEPS).map(move |step| {
        let ends = [at(step), at(step + 1)];
        let pick = |choose: fn(f64, f64) -> f64| {
            let [one, other] = ends.map(|end| end.rgb);
            Colour { rgb: [0, 1, 2].map(|which| choose(one[which], other[which])), alpha: 1.0 }
        };
        Part { ends, bounds: [pick(f64::min), pick(f64::max)] }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).expect("a colour")
    }

    fn shades(lines: &[[&str; 2]]) -> Shades {
        Shades::of(lines.iter().map(|line| line.map(colour)).collect()).expect("there are lines")
    }

    #[test]
    fn the_contrast_with_a_gradient_is_known_where_it_is_least_and_where_it_is_most() {
        for (text, lines, least, most) in [
            ("#fff", vec![["#000", "#767676"]], "4.54", "21.00"),
            ("#000", vec![["#fff", "#888"], ["#888", "#eee"]], "5.92", "21.00"),
            ("#777", vec![["#000", "#fff"]], "1.00", "4.69"),
        ] {
            let Shades::Many(lines) = shades(&lines) else { panic!("they are many") };
            let got = lines.contrast(&Shades::One(colour(text))).expect("the text is plain");
            let digits = |ratio: f64| format!("{ratio:.2}");
            assert_eq!((digits(got.least), digits(got.most)), (least.to_string(), most.to_string()), "{text}");
        }
        // Between red and blue it gets darker than either; the bounds may be a little wider than what is.
        let Shades::Many(lines) = shades(&[["#f00", "#00f"]]) else { panic!("they are many") };
        let got = lines.contrast(&Shades::One(Colour::WHITE)).expect("the text is plain");
        assert!((3.9..=4.0).contains(&got.least) && (10.8..=11.6).contains(&got.most), "{got:?}");
        assert_eq!(got.lightest.words(), "#ff0000");
    }

    #[test]
    fn bounds_hold_for_every_point() {
        for (text, from, to) in [
            ("rgba(90,90,90,.8)", "#fff", "#000"),
            ("rgba(0,0,0,.5)", "#f00", "#00f"),
            ("rgba(255,255,255,.7)", "#0f0", "#f0f"),
            ("#345", "#ff0", "#0ff"),
        ] {
            let behind = shades(&[[from, to]]);
            let Shades::Many(lines) = &behind else { panic!("they are many") };
            let bounds = lines.contrast(&behind.each(|behind| colour(text).over(behind))).expect("the same lines");
            for step in 0..=1000 {
                let share = f64::from(step) / 1000.0;
                let behind = colour(to).faded(share).over(colour(from));
                let ratio = super::super::contrast(colour(text).over(behind), behind);
                assert!(bounds.least <= ratio + 1e-9 && ratio <= bounds.most + 1e-9, "{text} at {share}: {bounds:?}");
            }
        }
    }

    #[test]
    fn what_is_of_the_same_lines_goes_together_and_nothing_else_does() {
        let (one, two) = (shades(&[["#000", "#fff"]]), shades(&[["#000", "#fff"], ["#fff", "#00f"]]));
        let upper = |upper: Colour, _: Colour| upper;
        assert!(one.with(&two, upper).is_none());
        assert_eq!(one.with(&one, upper), Some(one.clone()));
        assert_eq!(Shades::One(Colour::WHITE).or(&Shades::One(Colour::WHITE)), Some(Shades::One(Colour::WHITE)));
        assert_eq!(one.each(|_| Colour::BLACK), Shades::One(Colour::BLACK));
        assert!(Shades::of(Vec::new()).is_none());
    }
}
