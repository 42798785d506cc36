//! Whom checks ask how a page looks, and who answers: what was measured on a screen, else the page's own style.
//!
//! In: a document and what was [`Seen`] of it. Out: [`Style`], with one [`View`] for each screen that was measured, or a single one
//! that the page's own style answers. Invariant: where a sheet that applies could not be read, colours and sizes are unsure, and
//! [`Style::gap`] names it. Tested below.

use std::cell::OnceCell;
use std::fmt;

use super::sighted::seen;
use super::{Backdrop, FontSize, Sheets, Won};
use crate::html::{Document, Element};
use crate::style::{Colour, Cover, Looks, Measured, Seen, Sight, TextLooks, Viewport};

/// The weight from which text is bold.
const BOLD: u16 = 700;

/// How a page looks.
pub struct Style<'d> {
    document: &'d Document,
    sheets: OnceCell<Sheets>,
}

/// Why nothing that is said of colours, sizes and sight is the last word.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Gap {
    /// The page has sheets in files of their own, and was not measured: nobody looked.
    NotMeasured(String),
    /// It was measured without a sheet that could not be read: nobody can tell.
    Unread(String),
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotMeasured(why) => write!(f, "the style sheets of the page were not read: {why}"),
            Self::Unread(sheet) => write!(f, "a style sheet could not be read: {sheet}"),
        }
    }
}

/// How a page looks on one screen, or by its own style.
#[derive(Clone, Copy)]
pub struct View<'s> {
    style: &'s Style<'s>,
    measured: Option<&'s crate::style::View>,
}

impl<'d> Style<'d> {
    pub(in crate::facts) fn of(document: &'d Document) -> Self {
        Self { document, sheets: OnceCell::new() }
    }

    /// What the page's own style declares, whether or not it was measured; with small sheets of other files, where it was.
    pub fn declared(&self) -> &Sheets {
        self.sheets.get_or_init(|| Sheets::of(self.document, self.measured()))
    }

    /// What was measured; `None` where nothing was.
    pub fn measured(&self) -> Option<&'d Measured> {
        match seen(self.document) {
            Seen::Measured(measured) => Some(measured),
            Seen::Not(_) => None,
        }
    }

    /// What of the page's style was not read, if any was not.
    pub fn gap(&self) -> Option<Gap> {
        match seen(self.document) {
            Seen::Measured(measured) => {
                let sheet = measured.unread.first()?;
                Some(Gap::Unread(format!("{} ({})", sheet.sheet, sheet.why)))
            }
            Seen::Not(why) => self.declared().has_unread().then(|| Gap::NotMeasured(why.clone())),
        }
    }

    /// One for each screen that was measured, the narrowest first; else the one that the page's own style answers. Never empty.
    pub fn views(&self) -> Vec<View<'_>> {
        match self.measured() {
            Some(measured) if !measured.views.is_empty() => {
                measured.views.iter().map(|view| View { style: self, measured: Some(view) }).collect()
            }
            Some(_) | None => vec![View { style: self, measured: None }],
        }
    }

    /// The view of one screen; `None` where it was not measured.
    pub fn on(&self, viewport: Viewport) -> Option<View<'_>> {
        let view = self.measured()?.views.iter().find(|view| view.viewport == viewport)?;
        Some(View { style: self, measured: Some(view) })
    }

    /// True when people do not get to see the element on any screen: it or something around it is not displayed, not visible,
    /// transparent, cut off, or far outside.
    pub fn conceals(&self, element: &Element<'_>) -> bool {
        self.views().iter().all(|view| view.conceals(element))
    }
}

/// Who answers: "measured at 320 px", or "from the page's own style".
impl fmt::Display for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.measured {
            Some(view) => write!(f, "measured at {} px", view.viewport.width),
            None => f.write_str("from the page's own style"),
        }
    }
}

impl<'s> View<'s> {
    /// The screen; `None` where the page's own style answers, for any screen.
    pub fn viewport(&self) -> Option<Viewport> {
        self.measured.map(|view| view.viewport)
    }

    /// Everything that was measured of an element; `None` where nothing was.
    pub fn looks(&self, element: &Element<'_>) -> Option<&'s Looks> {
        self.measured?.of(element.order())
    }

    /// Everything that was measured of an element's own text: also line, letter and word spacing, and the lines drawn with it.
    /// `None` where nothing was, and where a sheet could not be read.
    pub fn text(&self, element: &Element<'_>) -> Option<&'s TextLooks> {
        self.sure()?.text_of(element.order())
    }

    /// How wide the page is on this screen, in CSS pixels; `None` where nobody measured, and where a sheet could not be read.
    pub fn scroll_width(&self) -> Option<f64> {
        Some(f64::from(self.sure()?.scroll_width))
    }

    /// The elements that reach past the right edge of the screen, in document order.
    pub fn overflowing(&self) -> Vec<Element<'s>> {
        let Some(view) = self.sure() else { return Vec::new() };
        let of = |order: &u32| self.style.document.elements().nth(*order as usize);
        view.overflowing.iter().filter_map(of).collect()
    }

    /// The size of an element's text; `None` where it is not sure.
    pub fn font_size(&self, element: &Element<'_>) -> Option<FontSize> {
        match self.measured {
            Some(_) => {
                self.text(element).map(|text| FontSize { pixels: f64::from(text.size), bold: text.weight >= BOLD })
            }
            None if self.style.gap().is_some() => None,
            None => self.style.declared().font_size(element),
        }
    }

    /// The colour of an element's text; `None` where it is not sure.
    pub fn text_colour(&self, element: &Element<'_>) -> Option<Colour> {
        match self.measured {
            Some(_) => self.text(element).map(|text| text.colour),
            None if self.style.gap().is_some() => None,
            None => self.style.declared().text_colour(element),
        }
    }

    /// What is behind the text of an element.
    pub fn backdrop(&self, element: &Element<'_>) -> Backdrop {
        const UNREAD: Backdrop = Backdrop::Unsure("a style sheet was not read");
        match self.measured {
            Some(_) => self.text(element).map_or(UNREAD, |text| text.backdrop.into()),
            None if self.style.gap().is_some() => UNREAD,
            None => self.style.declared().backdrop(element),
        }
    }

    /// True when a shadow is drawn behind the text of an element, or may be.
    pub fn has_shadow(&self, element: &Element<'_>) -> bool {
        if self.measured.is_some() {
            return self.backdrop(element) == Backdrop::Unsure(Cover::Shadow.words());
        }
        let mut levels = std::iter::once(*element).chain(element.ancestors());
        levels.any(|level| match self.style.declared().won(&level, &["text-shadow"]) {
            Won::Nothing => false,
            Won::Value(value) => !value.eq_ignore_ascii_case("none"),
            Won::Unsure => true,
        })
    }

    /// True when people do not get to see the element: it or something around it is not displayed, not visible, transparent, cut
    /// off, or far outside. Where a sheet could not be read, only what the page itself says counts.
    pub fn conceals(&self, element: &Element<'_>) -> bool {
        match self.sure() {
            Some(view) => view.of(element.order()).is_some_and(|looks| looks.sight != Sight::Shown),
            None => {
                let mut levels = std::iter::once(*element).chain(element.ancestors());
                levels.any(|level| self.style.declared().conceals(&level))
            }
        }
    }

    /// True when an element runs on in the line or stands in it, false when it makes a block; `None` where it was not measured.
    pub fn is_inline(&self, element: &Element<'_>) -> Option<bool> {
        self.sure()?.of(element.order()).map(|looks| looks.display.is_inline())
    }

    /// What was measured, where every sheet was read.
    fn sure(&self) -> Option<&'s crate::style::View> {
        self.measured.filter(|_| self.style.measured().is_some_and(|measured| measured.unread.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::style::see;
    use crate::facts::visibility;
    use crate::html::Selector;
    use crate::style::{self, Decoration, Display, Edges, Flow, Overflow, Place, UnreadSheet};

    /// A page of which everything looks the same but the element of class `t`, which is blue and hidden as the table says.
    fn measured(document: &Document, sights: [Sight; 2]) -> Measured {
        let text = TextLooks {
            colour: Colour::of(0x0000_00ff),
            backdrop: style::Backdrop::Unknown(Cover::Picture),
            size: 13.0,
            weight: 700,
            italic: false,
            line_height: None,
            letter_spacing: 0.0,
            word_spacing: 0.0,
            decoration: Decoration::default(),
            unbroken: false,
        };
        let looks = |sight: Sight| Looks {
            sight,
            display: Display::InlineBox,
            place: Place::Static,
            flow: Flow { x: Overflow::Visible, y: Overflow::Visible },
            bounds: None,
            content: None,
            text: 0,
            borders: Edges::default(),
            decorated: false,
        };
        let view = |viewport: Viewport, sight: Sight| style::View {
            viewport,
            scroll_width: 400.0,
            scroll_height: 900.0,
            overflowing: vec![3],
            elements: document
                .elements()
                .map(|element| looks(if element.has_class("t") { sight } else { Sight::Shown }))
                .collect(),
            texts: vec![text.clone()],
        };
        let views = vec![view(Viewport::NARROW, sights[0]), view(Viewport::DESK, sights[1])];
        Measured { views, ..Measured::default() }
    }

    fn target(document: &Document) -> Element<'_> {
        document.select(&Selector::parse(".t").expect("a constant selector")).next().expect("every page marks a target")
    }

    const PAGE: &str = "<link rel=stylesheet href=a.css><body><p class=t style='color:red'>x";

    #[test]
    fn what_was_measured_answers_first() {
        let document = Document::parse(PAGE);
        see(&document, Seen::Measured(measured(&document, [Sight::Shown, Sight::Clipped])));
        let (style, element) = (Style::of(&document), target(&document));
        assert_eq!(style.gap(), None);
        let [narrow, desk] = style.views()[..] else { panic!("two screens were measured") };
        assert_eq!((narrow.to_string(), desk.to_string()), ("measured at 320 px".into(), "measured at 1280 px".into()));
        assert_eq!(narrow.text_colour(&element).map(Colour::words).as_deref(), Some("#0000ff"));
        assert_eq!(narrow.backdrop(&element), Backdrop::Unsure("a picture is behind it"));
        assert_eq!(narrow.font_size(&element), Some(FontSize { pixels: 13.0, bold: true }));
        assert_eq!(
            (narrow.conceals(&element), desk.conceals(&element), style.conceals(&element)),
            (false, true, false)
        );
        assert_eq!(narrow.is_inline(&element), Some(true));
        assert_eq!(narrow.overflowing().iter().map(Element::name).collect::<Vec<_>>(), ["body"]);
        assert!(style.on(Viewport::PHONE).is_none() && style.on(Viewport::DESK).is_some());
    }

    #[test]
    fn a_sheet_that_could_not_be_read_makes_everything_unsure() {
        let document = Document::parse(PAGE);
        let mut measured = measured(&document, [Sight::NoBox, Sight::NoBox]);
        measured.unread.push(UnreadSheet { sheet: "a.css".into(), why: "it timed out".into() });
        see(&document, Seen::Measured(measured));
        let (style, element) = (Style::of(&document), target(&document));
        assert_eq!(style.gap(), Some(Gap::Unread("a.css (it timed out)".into())));
        let view = style.views()[0];
        assert_eq!((view.text_colour(&element), view.font_size(&element), view.scroll_width()), (None, None, None));
        assert!(matches!(view.backdrop(&element), Backdrop::Unsure(_)) && !view.conceals(&element));
        assert!(visibility::is_rendered(&element));
    }

    #[test]
    fn without_measuring_the_pages_own_style_answers_as_far_as_it_is_all() {
        let document = Document::parse(PAGE);
        let style = Style::of(&document);
        assert_eq!(style.gap(), Some(Gap::NotMeasured("its style was not measured".into())));
        assert_eq!(style.views()[0].text_colour(&target(&document)), None);
        let document = Document::parse("<p class=t style='color:red'>x");
        let style = Style::of(&document);
        assert_eq!((style.gap(), style.views()[0].to_string()), (None, "from the page's own style".into()));
        assert_eq!(style.views()[0].text_colour(&target(&document)).map(Colour::words).as_deref(), Some("#ff0000"));
    }

    #[test]
    fn what_no_screen_shows_is_not_rendered() {
        for (sights, rendered) in [
            ([Sight::NoBox, Sight::Invisible], false),
            ([Sight::NoBox, Sight::Shown], true),
            ([Sight::Clipped, Sight::OffScreen], true),
        ] {
            let document = Document::parse("<p class=t>x");
            see(&document, Seen::Measured(measured(&document, sights)));
            assert_eq!(visibility::is_rendered(&target(&document)), rendered, "{sights:?}");
            assert_eq!(visibility::hides(&target(&document)), !rendered, "{sights:?}");
        }
        let guarded = Document::parse("<body class=t><p>x");
        see(&guarded, Seen::Measured(measured(&guarded, [Sight::NoBox, Sight::NoBox])));
        assert!(visibility::is_rendered(&target(&guarded)), "a script shows the page");
    }
}
