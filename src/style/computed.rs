//! Computed values of the engine in our own words.
//!
//! In: the computed style of an element. Out: plain values: colours in sRGB, lengths in CSS pixels. CSSOM 1 (6.6), CSS Color 4 (10,
//! colours out of gamut are clipped). Invariant: no type of the engine leaves this file, `gradient.rs`, `tree.rs`, `boxes.rs` and `looks.rs`.
//! Tested in `measure.rs`.

use style_engine::color::{AbsoluteColor, ColorSpace};
use style_engine::computed_values::{mix_blend_mode, text_wrap_mode, visibility};
use style_engine::properties::ComputedValues;
use style_engine::values::computed::font::LineHeight;
use style_engine::values::computed::image::Image as Mask;
use style_engine::values::computed::{Float, Length, Overflow as Given, PositionProperty};
use style_engine::values::generics::ClipRectOrAuto;
use style_engine::values::generics::basic_shape::{BasicShape, ClipPath};
use style_engine::values::specified::box_::{DisplayInside, DisplayOutside};
use style_engine::values::specified::text::TextDecorationLine;

use super::paint::{Image, Layer};
use super::{Colour, Cover, Decoration, Display, Edges, Flow, Overflow, Place, gradient, stand_ins};

/// Pixels to the left of where text begins past which nobody sees it.
const FAR: f32 = -300.0;
/// What is left of a part of which something is shown, in CSS pixels.
const PIXEL: f32 = 1.0;

/// The computed style of an element.
pub(super) struct Computed<'s>(pub(super) &'s ComputedValues);

impl Computed<'_> {
    /// The kind of box; `replaced` where the content is no text of the page.
    pub(super) fn display(&self, is_replaced: bool) -> Display {
        let display = self.0.get_box().display;
        match (display.outside(), display.inside()) {
            (_, DisplayInside::None) => Display::None,
            (_, DisplayInside::Contents) => Display::Contents,
            (DisplayOutside::Inline, DisplayInside::Flow) if !is_replaced => Display::Inline,
            (DisplayOutside::Inline, _) => Display::InlineBox,
            (DisplayOutside::TableCaption | DisplayOutside::InternalTable, _) => Display::TablePart,
            (_, DisplayInside::Flex) => Display::Flex,
            (_, DisplayInside::Grid) => Display::Grid,
            (_, DisplayInside::Table) => Display::Table,
            (
                _,
                DisplayInside::TableRowGroup
                | DisplayInside::TableColumn
                | DisplayInside::TableColumnGroup
                | DisplayInside::TableHeaderGroup
                | DisplayInside::TableFooterGroup
                | DisplayInside::TableRow
                | DisplayInside::TableCell,
            ) => Display::TablePart,
            (_, DisplayInside::Flow | DisplayInside::FlowRoot) => Display::Block,
        }
    }

    /// True for a row of a table and for a group of rows.
    pub(super) fn holds_cells(&self) -> bool {
        matches!(
            self.0.get_box().display.inside(),
            DisplayInside::TableRow
                | DisplayInside::TableRowGroup
                | DisplayInside::TableHeaderGroup
                | DisplayInside::TableFooterGroup
        )
    }

    pub(super) fn place(&self) -> Place {
        match self.0.get_box().position {
            PositionProperty::Static => Place::Static,
            PositionProperty::Relative => Place::Relative,
            PositionProperty::Absolute => Place::Absolute,
            PositionProperty::Fixed => Place::Fixed,
            PositionProperty::Sticky => Place::Sticky,
        }
    }

    pub(super) fn flow(&self) -> Flow {
        let of = |given: Given| match given {
            Given::Visible => Overflow::Visible,
            Given::Hidden | Given::Clip => Overflow::Cut,
            Given::Scroll | Given::Auto => Overflow::Scrolls,
        };
        Flow { x: of(self.0.get_box().overflow_x), y: of(self.0.get_box().overflow_y) }
    }

    pub(super) fn is_visible(&self) -> bool {
        self.0.get_inherited_box().visibility == visibility::T::Visible
    }

    /// True when it is out of the flow of lines, so that lines drawn with the text around it are not drawn with its own.
    pub(super) fn stands_apart(&self) -> bool {
        self.0.get_box().float != Float::None || self.place().leaves_the_flow()
    }

    pub(super) fn makes_containing_block(&self) -> bool {
        self.place() != Place::Static || !self.0.get_box().transform.0.is_empty()
    }

    /// True when `clip` or `clip-path` leave nothing of it.
    pub(super) fn is_clipped_away(&self) -> bool {
        let clip = match &self.0.get_effects().clip {
            ClipRectOrAuto::Rect(rect) if self.place().leaves_the_flow() => {
                let px = |side: &style_engine::values::computed::LengthOrAuto, auto: f32| match side {
                    style_engine::values::generics::length::LengthPercentageOrAuto::LengthPercentage(length) => {
                        length.px()
                    }
                    style_engine::values::generics::length::LengthPercentageOrAuto::Auto => auto,
                };
                let far = f32::MAX;
                let width = px(&rect.right, far) - px(&rect.left, 0.0);
                let height = px(&rect.bottom, far) - px(&rect.top, 0.0);
                width <= PIXEL || height <= PIXEL
            }
            ClipRectOrAuto::Rect(_) | ClipRectOrAuto::Auto => false,
        };
        clip || match &self.0.get_svg().clip_path {
            ClipPath::Shape(shape, _) => match &**shape {
                BasicShape::Rect(inset) => {
                    let share =
                        |one: &style_engine::values::computed::LengthPercentage| one.resolve(Length::new(100.0)).px();
                    let rect = &inset.rect;
                    share(&rect.0) + share(&rect.2) >= 100.0 || share(&rect.1) + share(&rect.3) >= 100.0
                }
                BasicShape::Circle(_)
                | BasicShape::Ellipse(_)
                | BasicShape::Polygon(_)
                | BasicShape::PathOrShape(_) => false,
            },
            ClipPath::None | ClipPath::Url(_) | ClipPath::Box(_) => false,
        }
    }

    /// True when its text begins far outside.
    pub(super) fn is_indented_away(&self) -> bool {
        self.0.get_inherited_text().text_indent.length.resolve(Length::new(0.0)).px() <= FAR
    }

    /// What it paints behind its text.
    pub(super) fn layer(&self) -> Layer {
        let effects = self.0.get_effects();
        let background = self.0.get_background();
        let current = self.0.get_inherited_text().color;
        let is_masked = self.0.get_svg().mask_image.0.iter().any(|image| !matches!(image, Mask::None));
        let own = colour(&background.background_color.resolve_to_absolute(&current));
        let mut images = gradient::images(background, &current);
        // Seen in the shape of letters only, it hides nothing.
        let is_lettered = own.alpha > 0.0 && gradient::is_lettered(background);
        if is_lettered {
            images.insert(0, Image::Unknown(Cover::Letters));
        }
        Layer {
            opacity: f64::from(effects.opacity).clamp(0.0, 1.0),
            colour: if is_lettered { own.faded(0.0) } else { own },
            images,
            filtered: !effects.filter.0.is_empty()
                || !effects.backdrop_filter.0.is_empty()
                || effects.mix_blend_mode != mix_blend_mode::T::Normal
                || is_masked,
            apart: self.place().leaves_the_flow(),
        }
    }

    /// The colour of its letters; none where they are painted in another way.
    pub(super) fn text_colour(&self) -> Option<Colour> {
        let own = colour(&self.0.get_inherited_text().color);
        let is_drawn = |stroke: String| !stroke.starts_with('0') || stroke.starts_with("0.");
        if self.stand_in(stand_ins::STROKE).is_some_and(is_drawn) {
            return None;
        }
        match self.stand_in(stand_ins::FILL) {
            Some(fill) if !fill.eq_ignore_ascii_case("currentcolor") => Colour::parse(&fill),
            Some(_) | None => Some(own),
        }
    }

    /// True when what is inside is not laid out.
    pub(super) fn skips_content(&self) -> bool {
        self.stand_in(stand_ins::SKIPPED).is_some_and(|value| value.eq_ignore_ascii_case("hidden"))
    }

    /// The value of a property that the engine does not know.
    fn stand_in(&self, name: &str) -> Option<String> {
        let custom = &self.0.custom_properties().inherited;
        if custom.is_empty() {
            return None;
        }
        let value = custom.get(&style_engine::Atom::from(name))?.as_universal()?;
        Some(value.css.trim().to_string())
    }

    pub(super) fn has_shadow(&self) -> bool {
        !self.0.get_inherited_text().text_shadow.0.is_empty()
    }

    pub(super) fn font_size(&self) -> f32 {
        self.0.get_font().font_size.computed_size().px()
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a weight is a number from 1 to 1000")]
    pub(super) fn weight(&self) -> u16 {
        self.0.get_font().font_weight.value() as u16
    }

    pub(super) fn is_italic(&self) -> bool {
        self.0.get_font().font_style != style_engine::values::computed::font::FontStyle::NORMAL
    }

    pub(super) fn line_height(&self) -> Option<f32> {
        match &self.0.get_font().line_height {
            LineHeight::Normal => None,
            LineHeight::Number(number) => Some(number.0 * self.font_size()),
            LineHeight::Length(length) => Some(length.0.px()),
        }
    }

    pub(super) fn letter_spacing(&self) -> f32 {
        self.0.get_inherited_text().letter_spacing.0.resolve(Length::new(self.font_size())).px()
    }

    pub(super) fn word_spacing(&self) -> f32 {
        self.0.get_inherited_text().word_spacing.resolve(Length::new(self.font_size())).px()
    }

    pub(super) fn is_unbroken(&self) -> bool {
        self.0.get_inherited_text().text_wrap_mode == text_wrap_mode::T::Nowrap
    }

    /// The lines it draws itself.
    pub(super) fn decoration(&self) -> Decoration {
        let lines = self.0.get_text().text_decoration_line;
        Decoration {
            under: lines.contains(TextDecorationLine::UNDERLINE),
            over: lines.contains(TextDecorationLine::OVERLINE),
            through: lines.contains(TextDecorationLine::LINE_THROUGH),
        }
    }

    pub(super) fn borders(&self) -> Edges {
        let border = self.0.get_border();
        let is_drawn = |width: &style_engine::values::computed::BorderSideWidth, is_none: bool| {
            !is_none && width.0.to_f32_px() > 0.0
        };
        Edges {
            top: is_drawn(&border.border_top_width, border.border_top_style.none_or_hidden()),
            right: is_drawn(&border.border_right_width, border.border_right_style.none_or_hidden()),
            bottom: is_drawn(&border.border_bottom_width, border.border_bottom_style.none_or_hidden()),
            left: is_drawn(&border.border_left_width, border.border_left_style.none_or_hidden()),
        }
    }
}

/// A colour as a screen shows it: whole numbers from 0 to 255, as browsers say it.
pub(super) fn colour(given: &AbsoluteColor) -> Colour {
    let srgb = given.to_color_space(ColorSpace::Srgb);
    let [red, green, blue, alpha] = *srgb.raw_components();
    let part = |part: f32| (f64::from(part).clamp(0.0, 1.0) * 255.0).round();
    let whole = |number: f64| if number.is_nan() { 0.0 } else { number };
    Colour { rgb: [part(red), part(green), part(blue)].map(whole), alpha: whole(f64::from(alpha).clamp(0.0, 1.0)) }
}
