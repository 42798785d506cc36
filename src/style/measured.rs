//! What was measured of a page, as plain data.
//!
//! In: nothing. Out: [`Measured`]: for each [`Viewport`] one [`View`] with the [`Looks`] of every element; alike text is kept once.
//! All lengths are CSS pixels. Places count from the upper left corner of the page. Invariant: the looks of element `n` of the
//! document stand at place `n`. Tested below.

use serde::{Deserialize, Serialize};

use super::{Colour, Source};

/// The size of a screen, in CSS pixels.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Viewport {
    /// How wide it is.
    pub width: u16,
    /// How high it is.
    pub height: u16,
}

impl Viewport {
    /// The narrowest screen that content is to fit without scrolling in two directions (WCAG 2.1, 1.4.10: a width of 320 CSS pixels,
    /// which is also a desk's screen enlarged four times).
    pub const NARROW: Self = Self { width: 320, height: 640 };
    /// A telephone.
    pub const PHONE: Self = Self { width: 375, height: 812 };
    /// A screen on a desk.
    pub const DESK: Self = Self { width: 1280, height: 800 };
    /// The screens every page is measured on, the narrowest first.
    pub const ALL: [Self; 3] = [Self::NARROW, Self::PHONE, Self::DESK];
}

/// What became of looking at a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// It was measured.
    Measured(Measured),
    /// It was not, and why: half a sentence.
    Not(String),
}

/// How a page looks.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Measured {
    /// One for each screen, the narrowest first.
    pub views: Vec<View>,
    /// The sheets that apply to the page and could not be read. Where there is one, no colour, size or sight is the last word.
    pub unread: Vec<UnreadSheet>,
    /// The sheets it was laid out with, in the order they count.
    pub sheets: Vec<Source>,
}

/// A style sheet that could not be read.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct UnreadSheet {
    /// Its address as far as it is one, else what the page says.
    pub sheet: String,
    /// Why, in a few words.
    pub why: String,
}

/// How a page looks on one screen.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct View {
    /// The screen.
    pub viewport: Viewport,
    /// How wide the page is; more than the screen when people have to scroll sideways.
    pub scroll_width: f32,
    /// How high the page is.
    pub scroll_height: f32,
    /// The elements that reach past the right edge and make the page that wide, in document order.
    pub overflowing: Vec<u32>,
    /// One for each element, in document order.
    pub elements: Vec<Looks>,
    /// The different looks of text.
    pub texts: Vec<TextLooks>,
}

impl View {
    /// The looks of an element by its number.
    pub fn of(&self, element: u32) -> Option<&Looks> {
        self.elements.get(element as usize)
    }

    /// The looks of an element's text; none where it was not measured.
    pub fn text_of(&self, element: u32) -> Option<&TextLooks> {
        self.texts.get(self.of(element)?.text as usize)
    }
}

/// How one element looks.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Looks {
    /// Whether people see it.
    pub sight: Sight,
    /// The kind of box it makes.
    pub display: Display,
    /// How it is placed.
    pub place: Place,
    /// What it does with what does not fit.
    pub flow: Flow,
    /// Its border box; none where it makes none. Of an inline element, the box around its lines.
    pub bounds: Option<Bounds>,
    /// How far its content reaches, where it clips or scrolls what does not fit: width and height inside the borders.
    pub content: Option<(f32, f32)>,
    /// The number of its text's looks in [`View::texts`].
    pub text: u32,
    /// Borders that are drawn.
    pub borders: Edges,
    /// True when a picture or words are put before or after its content (`::before`, `::after`).
    pub decorated: bool,
}

/// Whether people see an element.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Sight {
    /// They do.
    Shown,
    /// It, or something around it, makes no box (`display: none`, and what the browser never renders).
    NoBox,
    /// `visibility: hidden` or `collapse`.
    Invisible,
    /// Its opacity, or that of something around it, is nothing.
    Transparent,
    /// It is cut off down to nothing, or to a pixel.
    Clipped,
    /// It stands where nobody can scroll to.
    OffScreen,
}

/// The kind of box an element makes (CSS Display 3), as far as anybody asks.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Display {
    /// None, and nothing inside makes one.
    None,
    /// None, but what is inside does.
    Contents,
    /// It runs on in the line.
    Inline,
    /// A box that stands in the line as one sign: `inline-block`, `inline-flex` and the like.
    InlineBox,
    /// A block.
    Block,
    /// A block whose children are laid out as a flexible row or column.
    Flex,
    /// A block whose children are laid out on a grid.
    Grid,
    /// A table.
    Table,
    /// A row, cell or another part of a table.
    TablePart,
}

impl Display {
    /// True when it runs on in the line, or stands in it.
    pub fn is_inline(self) -> bool {
        matches!(self, Self::Inline | Self::InlineBox)
    }
}

/// How an element is placed (CSS Positioned Layout 3).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Place {
    /// In the flow.
    Static,
    /// In the flow, and moved from there.
    Relative,
    /// Out of the flow.
    Absolute,
    /// Out of the flow, where the screen does not scroll.
    Fixed,
    /// In the flow, until it would leave the screen.
    Sticky,
}

impl Place {
    /// True when it may stand on top of something else.
    pub fn leaves_the_flow(self) -> bool {
        matches!(self, Self::Absolute | Self::Fixed)
    }
}

/// What an element does with content that does not fit (CSS Overflow 3), sideways and downwards.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Flow {
    /// Sideways.
    pub x: Overflow,
    /// Downwards.
    pub y: Overflow,
}

/// What is done with content that does not fit.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Overflow {
    /// It is shown outside.
    Visible,
    /// It is cut off (`hidden`, `clip`).
    Cut,
    /// People can scroll to it (`scroll`, `auto`).
    Scrolls,
}

/// A box.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Bounds {
    /// From the left edge of the page.
    pub x: f32,
    /// From its top.
    pub y: f32,
    /// How wide.
    pub width: f32,
    /// How high.
    pub height: f32,
}

impl Bounds {
    /// The right edge.
    pub fn right(&self) -> f32 {
        self.x + self.width
    }

    /// The lower edge.
    pub fn bottom(&self) -> f32 {
        self.y + self.height
    }
}

/// Which of four sides.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Edges {
    /// The upper one.
    pub top: bool,
    /// The right one.
    pub right: bool,
    /// The lower one.
    pub bottom: bool,
    /// The left one.
    pub left: bool,
}

/// How an element's own text looks.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct TextLooks {
    /// Its colour; the opacity of what is around it is in it.
    pub colour: Colour,
    /// What is behind it.
    pub backdrop: Backdrop,
    /// The size of the type.
    pub size: f32,
    /// Its weight: 400 is plain, 700 bold.
    pub weight: u16,
    /// True when it leans.
    pub italic: bool,
    /// The distance of its lines; none where the type decides (`normal`).
    pub line_height: Option<f32>,
    /// What is added between letters.
    pub letter_spacing: f32,
    /// What is added between words.
    pub word_spacing: f32,
    /// Lines drawn with it, also those that an element around it draws.
    pub decoration: Decoration,
    /// True when its lines do not break.
    pub unbroken: bool,
}

/// What is behind a text.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub enum Backdrop {
    /// One opaque colour.
    Plain(Colour),
    /// Many opaque colours, all of them known.
    Shaded(Shaded),
    /// Something of which not all colours are known.
    Unknown(Cover),
}

/// What a gradient behind a text amounts to.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Shaded {
    /// The contrast of text and gradient is nowhere less.
    pub least: f64,
    /// It is nowhere more.
    pub most: f64,
    /// The darkest colour of the gradient.
    pub darkest: Colour,
    /// The lightest.
    pub lightest: Colour,
}

/// Why nobody knows the colours behind a text.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Cover {
    /// A picture.
    Picture,
    /// A gradient of which not all colours are known, or one on another.
    Gradient,
    /// A background in the shape of the letters, or letters in a paint of their own.
    Letters,
    /// A shadow of the text.
    Shadow,
    /// A filter, a mask or a way of blending.
    Filter,
    /// It stands on top of something else.
    Overlap,
}

impl Cover {
    /// The reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Picture => "a picture is behind it",
            Self::Gradient => "a gradient is behind it",
            Self::Letters => "its letters are painted in another way",
            Self::Shadow => "a shadow is behind the text",
            Self::Filter => "a filter changes its colors",
            Self::Overlap => "it stands on top of something else",
        }
    }
}

/// Lines drawn with a text.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Decoration {
    /// Below it.
    pub under: bool,
    /// Above it.
    pub over: bool,
    /// Through it.
    pub through: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_measured_survives_the_way_between_processes() {
        let text = TextLooks {
            colour: Colour::BLACK,
            backdrop: Backdrop::Unknown(Cover::Picture),
            size: 16.0,
            weight: 400,
            italic: false,
            line_height: None,
            letter_spacing: 0.12,
            word_spacing: 0.0,
            decoration: Decoration { under: true, ..Decoration::default() },
            unbroken: false,
        };
        let looks = Looks {
            sight: Sight::Shown,
            display: Display::InlineBox,
            place: Place::Sticky,
            flow: Flow { x: Overflow::Cut, y: Overflow::Scrolls },
            bounds: Some(Bounds { x: 0.5, y: -3.0, width: 20.25, height: 7.0 }),
            content: None,
            text: 0,
            borders: Edges::default(),
            decorated: false,
        };
        let view = View {
            viewport: Viewport::NARROW,
            scroll_width: 320.0,
            scroll_height: 640.0,
            overflowing: vec![0],
            elements: vec![looks],
            texts: vec![text],
        };
        let unread = UnreadSheet { sheet: "https://a.example/a.css".into(), why: "it answered 404".into() };
        let sheets = vec![Source { element: 1, css: "p{}".into() }];
        let measured = Measured { views: vec![view], unread: vec![unread], sheets };
        let written = serde_json::to_vec(&measured).expect("plain data is written");
        assert_eq!(serde_json::from_slice::<Measured>(&written).expect("and read"), measured);
        let view = &measured.views[0];
        assert_eq!(view.text_of(0).map(|text| text.size), Some(16.0));
        assert!(view.of(1).is_none() && view.text_of(1).is_none());
        assert_eq!(
            view.of(0).and_then(|looks| looks.bounds).map(|bounds| (bounds.right(), bounds.bottom())),
            Some((20.75, 4.0))
        );
    }
}
