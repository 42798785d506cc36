//! What is behind a text, composited over everything around it, as far as its colours are known.
//!
//! In: the paint of an element on top of that of its parent. Out: [`Paint`], which knows what a text on it looks like. CSS Color 4 (12,
//! "simple alpha compositing"), Compositing and Blending 1 (5.1, groups by opacity), CSS Backgrounds 3 (2.10, layers). Invariant: a
//! cover once met stays until something opaque hides it; a filter stays. Tested below.

use std::rc::Rc;

use super::shades::Shades;
use super::{Backdrop, Colour, Cover};

/// What is painted where an element stands.
#[derive(Clone, Debug)]
pub(super) struct Paint {
    /// The colours within the innermost group.
    behind: Shades,
    cover: Option<Cover>,
    filtered: bool,
    groups: Option<Rc<Group>>,
    /// Products of all opacities.
    opacity: f64,
}

/// Something that is drawn apart and laid on what is below as a whole.
#[derive(Debug)]
struct Group {
    below: Shades,
    opacity: f64,
    outer: Option<Rc<Group>>,
}

/// What an element adds.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    pub(super) opacity: f64,
    pub(super) colour: Colour,
    /// Pictures and gradients on top of the colour, the lowest first.
    pub(super) images: Vec<Image>,
    pub(super) filtered: bool,
    /// It stands out of the flow.
    pub(super) apart: bool,
}

/// A picture or gradient of a background.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Image {
    /// Nobody knows its colours.
    Unknown(Cover),
    /// A gradient of which all colours are known.
    Gradient {
        /// Lines between the colours of neighbouring stops, which may let something through.
        lines: Vec<[Colour; 2]>,
        /// False where parts of the element may be left without it.
        everywhere: bool,
    },
}

impl Paint {
    /// A blank page.
    pub(super) fn page() -> Self {
        Self { behind: Shades::One(Colour::WHITE), cover: None, filtered: false, groups: None, opacity: 1.0 }
    }

    /// With what an element adds.
    pub(super) fn with(&self, layer: &Layer) -> Self {
        let mut paint = self.clone();
        if layer.apart {
            paint.cover = Some(Cover::Overlap);
        }
        if layer.opacity < 1.0 {
            paint.opacity *= layer.opacity;
            paint.groups = Some(Rc::new(Group {
                below: paint.behind.clone(),
                opacity: layer.opacity,
                outer: self.groups.clone(),
            }));
        }
        paint.filtered |= layer.filtered;
        if layer.colour.alpha >= 1.0 && paint.groups.is_none() {
            paint.cover = None;
        }
        if layer.colour.alpha > 0.0 {
            paint.behind = paint.behind.each(|below| layer.colour.over(below));
        }
        for image in &layer.images {
            match image {
                Image::Unknown(cover) => paint.cover = Some(*cover),
                Image::Gradient { lines, everywhere } => paint.lay(lines, *everywhere),
            }
        }
        paint
    }

    /// Lays a gradient on everything.
    fn lay(&mut self, lines: &[[Colour; 2]], everywhere: bool) {
        let is_opaque = everywhere && lines.iter().flatten().all(|colour| colour.alpha >= 1.0);
        let is_plain = |shades: &Shades| matches!(shades, Shades::One(_));
        // One gradient through another, or on a group that shows one: two things change at once.
        let changes = !is_plain(&self.behind) && !is_opaque
            || self.all_groups().any(|group| !is_plain(&group.below) && group.opacity < 1.0);
        let below = match &self.behind {
            Shades::One(below) => *below,
            Shades::Many(_) => Colour::WHITE,
        };
        let laid = Shades::of(lines.iter().map(|line| line.map(|colour| colour.over(below))).collect());
        let laid = laid.and_then(|laid| if everywhere { Some(laid) } else { laid.or(&self.behind) });
        match laid.filter(|_| !changes) {
            Some(laid) => {
                self.behind = laid;
                if is_opaque && self.groups.is_none() {
                    self.cover = None;
                }
            }
            None => self.cover = Some(Cover::Gradient),
        }
    }

    fn all_groups(&self) -> impl Iterator<Item = &Group> {
        std::iter::successors(self.groups.as_deref(), |group| group.outer.as_deref())
    }

    /// True when nothing on it is seen.
    pub(super) fn is_transparent(&self) -> bool {
        self.opacity <= 0.0
    }

    /// A text of a colour on it: its colour as people see it, and what is behind it. On many colours it is the colour of the text alone.
    pub(super) fn text(&self, colour: Colour) -> (Colour, Backdrop) {
        let text = self.behind.each(|below| colour.over(below));
        let cover = if self.filtered { Some(Cover::Filter) } else { self.cover };
        let (behind, text) = match (self.settled(self.behind.clone()), self.settled(text)) {
            (Some(behind), Some(text)) => (behind, text),
            (_, _) => return (colour, Backdrop::Unknown(cover.unwrap_or(Cover::Gradient))),
        };
        let seen = match text {
            Shades::One(text) if self.groups.is_some() => text,
            Shades::One(_) | Shades::Many(_) => colour,
        };
        let backdrop = match (cover, &behind) {
            (Some(cover), _) => Backdrop::Unknown(cover),
            (None, Shades::One(behind)) => Backdrop::Plain(*behind),
            (None, Shades::Many(behind)) => {
                behind.contrast(&text).map_or(Backdrop::Unknown(Cover::Gradient), Backdrop::Shaded)
            }
        };
        (seen, backdrop)
    }

    /// Colours within the innermost group as people see them; none where two things change at once.
    fn settled(&self, mut shades: Shades) -> Option<Shades> {
        for group in self.all_groups() {
            shades = shades.with(&group.below, |upper, below| upper.faded(group.opacity).over(below))?;
        }
        Some(shades)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(colour: &str) -> Layer {
        let colour = Colour::parse(colour).expect("a colour");
        Layer { opacity: 1.0, colour, images: Vec::new(), filtered: false, apart: false }
    }

    fn seen(paint: &Paint) -> (String, String) {
        let (colour, backdrop) = paint.text(Colour::BLACK);
        let behind = match backdrop {
            Backdrop::Plain(colour) => colour.words(),
            Backdrop::Shaded(shaded) => format!(
                "{} to {}, {:.1} to {:.1}",
                shaded.darkest.words(),
                shaded.lightest.words(),
                shaded.least,
                shaded.most
            ),
            Backdrop::Unknown(cover) => cover.words().to_string(),
        };
        (colour.words(), behind)
    }

    #[test]
    fn colours_lie_on_each_other_and_covers_hide_them() {
        let page = Paint::page();
        let clear = || layer("transparent");
        let picture = || Layer { images: vec![Image::Unknown(Cover::Picture)], ..clear() };
        let apart = |colour: &str| Layer { apart: true, ..layer(colour) };
        let half = |colour: &str| Layer { opacity: 0.5, ..layer(colour) };
        let filter = Layer { filtered: true, ..clear() };
        for (layers, text, behind) in [
            (vec![clear()], "#000000", "#ffffff"),
            (vec![layer("rgba(0,0,0,.5)")], "#000000", "#808080"),
            (vec![half("#ff0000")], "#808080", "#ff8080"),
            (vec![picture()], "#000000", "a picture is behind it"),
            (vec![picture(), layer("#eee")], "#000000", "#eeeeee"),
            (vec![filter, layer("#eee")], "#000000", "a filter changes its colors"),
            (vec![apart("transparent")], "#000000", "it stands on top of something else"),
            (vec![apart("#eee")], "#000000", "#eeeeee"),
        ] {
            let paint = layers.iter().fold(page.clone(), |paint, layer| paint.with(layer));
            assert_eq!(seen(&paint), (text.to_string(), behind.to_string()), "{layers:?}");
        }
        assert!(page.with(&Layer { opacity: 0.0, ..clear() }).with(&clear()).is_transparent());
    }

    #[test]
    fn gradients_are_known_until_one_shows_through_another() {
        let page = Paint::page();
        let gradient = |from: &str, to: &str, everywhere: bool| {
            let line = [from, to].map(|text| Colour::parse(text).expect("a colour"));
            Image::Gradient { lines: vec![line], everywhere }
        };
        let layer = |images: Vec<Image>| Layer { images, ..layer("transparent") };
        let grey = || gradient("#999", "#eee", true);
        let thin = || gradient("#0000", "#000", true);
        let picture = || Image::Unknown(Cover::Picture);
        let half = |images: Vec<Image>| Layer { opacity: 0.5, ..layer(images) };
        for (layers, text, behind) in [
            (vec![layer(vec![grey()])], "#000000", "#999999 to #eeeeee, 7.4 to 18.1"),
            (vec![layer(vec![gradient("#999", "#eee", false)])], "#000000", "#999999 to #ffffff, 7.4 to 21.0"),
            (vec![layer(vec![thin()])], "#000000", "#000000 to #ffffff, 1.0 to 21.0"),
            (vec![layer(vec![gradient("#999", "#999", true)])], "#000000", "#999999"),
            (vec![layer(vec![picture(), grey()])], "#000000", "#999999 to #eeeeee, 7.4 to 18.1"),
            (vec![layer(vec![picture(), thin()])], "#000000", "a picture is behind it"),
            (vec![layer(vec![grey(), picture()])], "#000000", "a picture is behind it"),
            (vec![layer(vec![grey(), thin()])], "#000000", "a gradient is behind it"),
            (vec![layer(vec![thin(), grey()])], "#000000", "#999999 to #eeeeee, 7.4 to 18.1"),
            (vec![layer(vec![grey()]), half(vec![])], "#000000", "#999999 to #eeeeee, 2.9 to 3.9"),
            (vec![half(vec![grey()])], "#808080", "#cccccc to #f7f7f7, 2.5 to 3.7"),
            (vec![layer(vec![grey()]), half(vec![thin()])], "#000000", "a gradient is behind it"),
        ] {
            let paint = layers.iter().fold(page.clone(), |paint, layer| paint.with(layer));
            assert_eq!(seen(&paint), (text.to_string(), behind.to_string()), "{layers:?}");
        }
        let hidden = page.with(&layer(vec![grey()])).with(&Layer { colour: Colour::WHITE, ..layer(vec![]) });
        assert_eq!(seen(&hidden).1, "#ffffff", "an opaque colour hides it");
    }
}
