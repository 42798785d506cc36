//! The part of a page an element stands in: header, navigation, main, footer.
//!
//! In: an element. Out: [`Region`]. By landmark elements and roles first; where a page has none, by ids and classes that say
//! "header" or "footer", because old pages have no other way to say it. Tested by the examples of the rules.

use serde::{Deserialize, Serialize};

use crate::html::{Document, Element};

/// A part of a page.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Region {
    /// The banner landmark: the page's own header.
    Header,
    /// A navigation landmark.
    Navigation,
    /// The main landmark.
    Main,
    /// The contentinfo landmark: the page's own footer.
    Footer,
    /// None of these.
    Elsewhere,
}

impl Region {
    /// The region of an element: that of its outermost ancestor (or itself) that is one; a footer's navigation is footer.
    pub fn of(element: &Element<'_>) -> Self {
        element.document().remembered(all_marks).0[element.order() as usize].region()
    }
}

/// What an element and those around it say of the region, the outermost first.
#[derive(Clone, Copy, Default)]
struct Marks {
    in_footer: bool,
    landmark: Option<Region>,
    named: Option<Region>,
}

impl Marks {
    fn region(self) -> Region {
        let footer = self.in_footer.then_some(Region::Footer);
        footer.or(self.landmark).or(self.named).unwrap_or(Region::Elsewhere)
    }
}

/// Of all elements of a document, in its order.
struct AllMarks(Vec<Marks>);

fn all_marks(document: &Document) -> AllMarks {
    let mut all: Vec<Marks> = Vec::with_capacity(document.elements().len());
    for element in document.elements() {
        let mut marks = element.parent().map(|parent| all[parent.order() as usize]).unwrap_or_default();
        marks.in_footer = marks.in_footer || is_footer_in_main(&element);
        marks.landmark = marks.landmark.or_else(|| landmark(&element));
        if marks.landmark.is_none() && !marks.in_footer {
            marks.named = marks.named.or_else(|| named(&element));
        }
        all.push(marks);
    }
    AllMarks(all)
}

/// The page's footer where a template put it into the main part: no landmark by HTML-AAM, but people see a footer.
fn is_footer_in_main(element: &Element<'_>) -> bool {
    let is_part = |ancestor: &Element<'_>| matches!(ancestor.name(), "article" | "aside" | "nav" | "section");
    element.name() == "footer" && !element.has_attr("role") && !element.ancestors().any(|around| is_part(&around))
}

/// The region an element opens by its element or role.
fn landmark(element: &Element<'_>) -> Option<Region> {
    if let Some(role) = element.attr("role") {
        return match role.trim().to_ascii_lowercase().as_str() {
            "banner" => Some(Region::Header),
            "navigation" => Some(Region::Navigation),
            "main" => Some(Region::Main),
            "contentinfo" => Some(Region::Footer),
            _ => None,
        };
    }
    let sectioned = || {
        element.ancestors().any(|ancestor| matches!(ancestor.name(), "article" | "aside" | "main" | "nav" | "section"))
    };
    // The design system's identifier stands below the footer and is its last part, though its markup is no landmark.
    if element.has_class("usa-identifier") {
        return Some(Region::Footer);
    }
    match element.name() {
        "header" if !sectioned() => Some(Region::Header),
        "footer" if !sectioned() => Some(Region::Footer),
        "nav" => Some(Region::Navigation),
        "main" => Some(Region::Main),
        _ => None,
    }
}

/// The region an element names by id or class.
fn named(element: &Element<'_>) -> Option<Region> {
    if matches!(element.name(), "html" | "body" | "a" | "li") {
        return None;
    }
    let mut names = element.id_attr().into_iter().chain(element.classes());
    names.find_map(|name| {
        let name = name.to_ascii_lowercase();
        let says = |word: &str| {
            name.split(['-', '_']).any(|part| part == word)
                || name == format!("site{word}")
                || name == format!("page{word}")
                || name == format!("global{word}")
        };
        if says("footer") {
            Some(Region::Footer)
        } else if says("header") || says("masthead") {
            Some(Region::Header)
        } else if says("nav") || says("navbar") || says("navigation") {
            Some(Region::Navigation)
        } else {
            None
        }
    })
}
