//! What lies on the colour of a background: gradients whose colours are all known, and everything else.
//!
//! In: the computed background of an element. Out: [`Image`]s, the lowest first. CSS Images 4 (3, gradients), CSS Backgrounds 3 (2). A
//! background in the shape of letters arrives under another name (`stand_ins.rs`). Invariants: no type of the engine leaves this
//! file; a gradient that may leave a part of its element free says so. Tested in `measure.rs`.

use style_engine::color::mix::{ColorInterpolationMethod, ColorMixItem, mix_many};
use style_engine::color::{AbsoluteColor, ColorSpace};
use style_engine::computed_values::{background_attachment, background_blend_mode};
use style_engine::properties::style_structs::Background;
use style_engine::values::computed::background::{BackgroundClip, BackgroundSize};
use style_engine::values::computed::image::{Gradient, Image as Given};
use style_engine::values::computed::{Color, LengthPercentage, NonNegativeLengthPercentageOrAuto};
use style_engine::values::generics::color::ColorMixFlags;
use style_engine::values::generics::image::{GenericGradient, GenericGradientItem};
use style_engine::values::specified::background::BackgroundRepeatKeyword as Repeat;

use super::computed::colour;
use super::paint::Image;
use super::{Colour, Cover};

/// Points of the way between two stops that is no straight line among the colours of a screen.
const POINTS: u8 = 16;

/// The pictures and gradients of a background.
pub(super) fn images(background: &Background, current: &AbsoluteColor) -> Vec<Image> {
    let given = &background.background_image.0;
    let blends =
        background.background_blend_mode.0.iter().any(|mode| *mode != background_blend_mode::single_value::T::Normal);
    let layers = given.iter().enumerate().rev().filter(|(_, image)| !matches!(image, Given::None));
    let image = |(at, image): (usize, &Given)| match image {
        _ if is_lettering(background, at) => Image::Unknown(Cover::Letters),
        Given::Gradient(_) if blends => Image::Unknown(Cover::Gradient),
        Given::Gradient(gradient) => {
            Image::Gradient { lines: lines(gradient, current), everywhere: is_everywhere(background, at) }
        }
        _ => Image::Unknown(Cover::Picture),
    };
    layers.map(image).collect()
}

/// True when the colour of a background is only seen in the shape of letters.
pub(super) fn is_lettered(background: &Background) -> bool {
    is_lettering(background, background.background_image.0.len().saturating_sub(1))
}

fn is_lettering(background: &Background, at: usize) -> bool {
    of(&background.background_clip.0, at).is_some_and(|clip| *clip == BackgroundClip::BorderArea)
}

/// The value of a list for a layer: lists that are too short begin again.
fn of<T>(list: &[T], at: usize) -> Option<&T> {
    list.get(at % list.len().max(1))
}

/// True when no part of the element within its borders is left without the picture of a layer.
fn is_everywhere(background: &Background, at: usize) -> bool {
    let scrolls = of(&background.background_attachment.0, at)
        .is_none_or(|attachment| *attachment == background_attachment::single_value::T::Scroll);
    let (Some(size), Some(repeat)) = (of(&background.background_size.0, at), of(&background.background_repeat.0, at))
    else {
        return false;
    };
    let (width, height) = match size {
        BackgroundSize::ExplicitSize { width, height } => (Tile::of(width), Tile::of(height)),
        BackgroundSize::Cover => (Tile::Whole, Tile::Whole),
        BackgroundSize::Contain => (Tile::Part, Tile::Part),
    };
    let fills = |tile: Tile, repeat: Repeat, place: Option<&LengthPercentage>| match (tile, repeat) {
        (Tile::Nothing, _) | (Tile::Part, Repeat::NoRepeat) | (_, Repeat::Space) => false,
        (Tile::Whole | Tile::Part, Repeat::Repeat | Repeat::Round) => true,
        (Tile::Whole, Repeat::NoRepeat) => scrolls && place.is_some_and(|place| place.to_percentage().is_some()),
    };
    fills(width, repeat.0, of(&background.background_position_x.0, at))
        && fills(height, repeat.1, of(&background.background_position_y.0, at))
}

/// How much of its area one tile fills in one direction.
#[derive(Clone, Copy)]
enum Tile {
    Nothing,
    Part,
    Whole,
}

impl Tile {
    fn of(length: &NonNegativeLengthPercentageOrAuto) -> Self {
        use style_engine::values::generics::length::GenericLengthPercentageOrAuto as Given;
        match length {
            Given::Auto => Self::Whole,
            Given::LengthPercentage(length) => match (length.0.to_percentage(), length.0.to_length()) {
                (Some(share), _) if share.0 >= 1.0 => Self::Whole,
                (Some(share), _) if share.0 > 0.0 => Self::Part,
                (None, Some(length)) if length.px() > 0.0 => Self::Part,
                (_, _) => Self::Nothing,
            },
        }
    }
}

/// Lines through all colours of a gradient.
fn lines(gradient: &Gradient, current: &AbsoluteColor) -> Vec<[Colour; 2]> {
    match gradient {
        GenericGradient::Linear { color_interpolation_method: method, items, .. }
        | GenericGradient::Radial { color_interpolation_method: method, items, .. } => between(items, *method, current),
        GenericGradient::Conic { color_interpolation_method: method, items, .. } => between(items, *method, current),
    }
}

fn between<T: PartialEq>(
    items: &[GenericGradientItem<Color, T>],
    method: ColorInterpolationMethod,
    current: &AbsoluteColor,
) -> Vec<[Colour; 2]> {
    let stops: Vec<(AbsoluteColor, Option<&T>)> = items
        .iter()
        .filter_map(|item| match item {
            GenericGradientItem::SimpleColorStop(stop) => Some((stop.resolve_to_absolute(current), None)),
            GenericGradientItem::ComplexColorStop { color, position } => {
                Some((color.resolve_to_absolute(current), Some(position)))
            }
            // It says how fast the way between two colours is gone, not which way.
            GenericGradientItem::InterpolationHint(_) => None,
        })
        .collect();
    let mut lines: Vec<[Colour; 2]> = stops.iter().map(|(stop, _)| [colour(stop); 2]).collect();
    for pair in stops.windows(2) {
        let [(from, start), (to, end)] = pair else { continue };
        // Two stops at one place are an edge: nothing is between them.
        if start.is_some() && start == end {
            continue;
        }
        match method.space {
            ColorSpace::Srgb => lines.push([colour(from), colour(to)]),
            _ => {
                let at = |point: u8| {
                    let share = f32::from(point) / f32::from(POINTS);
                    let mixed = [ColorMixItem::new(*from, 1.0 - share), ColorMixItem::new(*to, share)];
                    colour(&mix_many(method, mixed, ColorMixFlags::empty()))
                };
                lines.extend((0..POINTS).map(|point| [at(point), at(point + 1)]));
            }
        }
    }
    lines
}
