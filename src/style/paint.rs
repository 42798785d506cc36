//! What is behind a text, composited over everything around it, as far as that is one colour.
//!
//! In: the paint of an element on top of that of its parent. Out: [`Paint`], which knows what a text on it looks like. CSS Color 4 (12,
//! "simple alpha compositing"), Compositing and Blending 1 (5.1, groups by opacity). Invariant: a cover once met stays until an opaque
//! colour hides it; a filter stays. Tested below.

use std::rc::Rc;

use super::{Backdrop, Colour, Cover};

/// What is painted where an element stands.
#[derive(Clone, Debug)]
pub(super) struct Paint {
    /// The colour within the innermost group.
    behind: Colour,
    cover: Option<Cover>,
    filtered: bool,
    groups: Option<Rc<Group>>,
    /// Products of all opacities.
    opacity: f64,
}

/// Something that is drawn apart and laid on what is below as a whole.
#[derive(Debug)]
struct Group {
    below: Colour,
    opacity: f64,
    outer: Option<Rc<Group>>,
}

/// What an element adds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layer {
    pub(super) opacity: f64,
    pub(super) colour: Colour,
    /// A picture or gradient on top of the colour.
    pub(super) image: Option<Cover>,
    pub(super) filtered: bool,
    /// It stands out of the flow.
    pub(super) apart: bool,
}

impl Paint {
    /// A blank page.
    pub(super) fn page() -> Self {
        Self { behind: Colour::WHITE, cover: None, filtered: false, groups: None, opacity: 1.0 }
    }

    /// With what an element adds.
    pub(super) fn with(&self, layer: Layer) -> Self {
        let mut paint = self.clone();
        if layer.apart {
            paint.cover = Some(Cover::Overlap);
        }
        if layer.opacity < 1.0 {
            paint.opacity *= layer.opacity;
            paint.groups =
                Some(Rc::new(Group { below: paint.behind, opacity: layer.opacity, outer: self.groups.clone() }));
        }
        paint.filtered |= layer.filtered;
        if layer.colour.alpha >= 1.0 && paint.groups.is_none() {
            paint.cover = None;
        }
        paint.behind = layer.colour.over(paint.behind);
        paint.cover = layer.image.or(paint.cover);
        paint
    }

    /// True when nothing on it is seen.
    pub(super) fn is_transparent(&self) -> bool {
        self.opacity <= 0.0
    }

    /// A text of a colour on it: its colour as people see it, and what is behind it.
    pub(super) fn text(&self, colour: Colour) -> (Colour, Backdrop) {
        let cover = if self.filtered { Some(Cover::Filter) } else { self.cover };
        let backdrop = cover.map_or_else(|| Backdrop::Plain(self.settled(self.behind)), Backdrop::Unknown);
        let colour = if self.groups.is_some() { self.settled(colour.over(self.behind)) } else { colour };
        (colour, backdrop)
    }

    fn settled(&self, mut colour: Colour) -> Colour {
        let mut group = self.groups.as_deref();
        while let Some(Group { below, opacity, outer }) = group {
            colour = colour.faded(*opacity).over(*below);
            group = outer.as_deref();
        }
        colour
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(colour: &str) -> Layer {
        let colour = Colour::parse(colour).expect("a colour");
        Layer { opacity: 1.0, colour, image: None, filtered: false, apart: false }
    }

    fn seen(paint: &Paint) -> (String, String) {
        let (colour, backdrop) = paint.text(Colour::BLACK);
        let behind = match backdrop {
            Backdrop::Plain(colour) => colour.words(),
            Backdrop::Unknown(cover) => cover.words().to_string(),
        };
        (colour.words(), behind)
    }

    #[test]
    fn colours_lie_on_each_other_and_covers_hide_them() {
        let page = Paint::page();
        let clear = layer("transparent");
        let half = Layer { opacity: 0.5, ..layer("#ff0000") };
        for (paint, text, behind) in [
            (page.with(clear), "#000000", "#ffffff"),
            (page.with(layer("rgba(0,0,0,.5)")), "#000000", "#808080"),
            (page.with(half), "#808080", "#ff8080"),
            (page.with(Layer { image: Some(Cover::Picture), ..clear }), "#000000", "a picture is behind it"),
            (page.with(Layer { image: Some(Cover::Picture), ..clear }).with(layer("#eee")), "#000000", "#eeeeee"),
            (
                page.with(Layer { filtered: true, ..clear }).with(layer("#eee")),
                "#000000",
                "a filter changes its colors",
            ),
            (page.with(Layer { apart: true, ..clear }), "#000000", "it stands on top of something else"),
            (page.with(Layer { apart: true, ..layer("#eee") }), "#000000", "#eeeeee"),
        ] {
            assert_eq!(seen(&paint), (text.to_string(), behind.to_string()));
        }
        assert!(page.with(Layer { opacity: 0.0, ..clear }).with(clear).is_transparent());
    }
}
