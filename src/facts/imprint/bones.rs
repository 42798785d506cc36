//! The template a page is built by: what stands around its text.
//!
//! In: a page. Out: [`Bones`]: a set of short hashes of its style sheets, the classes of its body, the frames of its header, menu and
//! footer and the first levels of its elements, and one hash for each of these parts. Invariant: no word shows in it, so that trees of
//! several languages are one family; bounded. Tested below and in `tests/it/words.rs`.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use crate::facts::{PageFacts, Region, ResourceKind, sieve};
use crate::html::{Document, Element};

/// Marks kept of a page.
const KEPT: usize = 96;
/// Marks kept of a part.
const PART: usize = 24;
/// Levels of elements below the body that are looked at.
const LEVELS: u32 = 4;
/// What they are called; the body is no part of itself.
const NAMES_OF_LEVELS: [&str; LEVELS as usize + 1] = ["level 0", "level 1", "level 2", "level 3", "level 4"];

/// The bones of a page.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Bones {
    /// Short hashes of what it is built of, sorted.
    pub marks: Box<[u32]>,
    /// The parts of it.
    pub parts: Parts,
}

/// One hash for each part; 0 where the page has no such part.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Parts {
    /// The frame of the header.
    pub header: u32,
    /// The frame of the menu.
    pub menu: u32,
    /// The frame of the footer.
    pub footer: u32,
    /// The style sheets.
    pub sheets: u32,
    /// The elements of the first levels.
    pub skeleton: u32,
}

impl Bones {
    /// A number for pages that are built alike to the last mark.
    pub fn number(&self) -> u64 {
        self.marks
            .iter()
            .fold(0xcbf2_9ce4_8422_2325, |hash, mark| (hash ^ u64::from(*mark)).wrapping_mul(0x0100_0000_01b3))
    }

    /// The share of marks that two templates have in common (Jaccard).
    pub fn likeness(&self, other: &Self) -> f64 {
        // Both are sorted: one walk over the two.
        let (mut mine, mut theirs) = (self.marks.iter().peekable(), other.marks.iter().peekable());
        let mut same = 0;
        while let (Some(one), Some(two)) = (mine.peek(), theirs.peek()) {
            match one.cmp(two) {
                std::cmp::Ordering::Less => _ = mine.next(),
                std::cmp::Ordering::Greater => _ = theirs.next(),
                std::cmp::Ordering::Equal => {
                    same += 1;
                    _ = (mine.next(), theirs.next());
                }
            }
        }
        let all = self.marks.len() + other.marks.len() - same;
        if all == 0 { 1.0 } else { same as f64 / all as f64 }
    }
}

/// The bones of a page; empty for what is no document.
pub fn bones(page: &PageFacts<'_>) -> Bones {
    let Some(document) = page.document else { return Bones::default() };
    let mut marks = BTreeSet::new();
    let sheets = page.resources().iter().filter(|resource| resource.kind == ResourceKind::Stylesheet);
    // Versions in names and queries change with each release of one template.
    let sheets: BTreeSet<u32> = sheets
        .map(|sheet| {
            mark("sheet", &format!("{}{}", sheet.url.host_str().unwrap_or_default(), unnumbered(sheet.path())))
        })
        .collect();
    let [header, menu, footer, skeleton] = frames(document);
    let parts = Parts {
        header: together(&header),
        menu: together(&menu),
        footer: together(&footer),
        sheets: together(&sheets),
        skeleton: together(&skeleton),
    };
    for part in [sheets, skeleton, header, footer, menu] {
        marks.extend(part);
    }
    Bones { marks: marks.into_iter().take(KEPT).collect(), parts }
}

/// Elements with their first class: of the header, the menu, the footer, and the first levels of the body. Words are left out, so that
/// trees of several languages are one family.
fn frames(document: &Document) -> [BTreeSet<u32>; 4] {
    let mut frames: [BTreeSet<u32>; 4] = Default::default();
    let Some(body) = document.body() else { return frames };
    frames[3].extend(body.classes().take(1).map(|class| mark("body", &unnumbered(class))));
    for element in body.descendants() {
        if matches!(element.name(), "script" | "style" | "link" | "noscript" | "template" | "br")
            || is_running(&element)
        {
            continue;
        }
        let level = element.depth() - body.depth();
        let (part, name) = match Region::of(&element) {
            Region::Header => (0, "header"),
            Region::Navigation => (1, "menu"),
            Region::Footer => (2, "footer"),
            Region::Elsewhere if level <= LEVELS => (3, NAMES_OF_LEVELS[level as usize]),
            Region::Main | Region::Elsewhere => continue,
        };
        if frames[part].len() < PART {
            frames[part].insert(boned(name, &element));
        }
    }
    frames
}

/// What belongs to the text and not to the frame around it; in a frame, what has a class is built on purpose.
fn is_running(element: &Element<'_>) -> bool {
    let is_frame = !matches!(Region::of(element), Region::Main | Region::Elsewhere);
    if is_frame && element.classes().next().is_some() {
        return false;
    }
    matches!(
        element.name(),
        "p" | "a"
            | "b"
            | "i"
            | "em"
            | "strong"
            | "font"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "li"
            | "ul"
            | "ol"
            | "dl"
            | "dt"
            | "dd"
            | "td"
            | "th"
            | "tr"
            | "tbody"
            | "thead"
            | "hr"
            | "img"
            | "pre"
            | "blockquote"
            | "code"
            | "address"
            | "cite"
            | "tt"
            | "u"
    )
}

fn boned(part: &str, element: &Element<'_>) -> u32 {
    let class = element.classes().next().map(unnumbered).unwrap_or_default();
    mark(part, &format!("{}.{class}", element.name()))
}

fn mark(part: &str, text: &str) -> u32 {
    let hash = sieve::hash(format!("{part}\n{text}").as_bytes());
    (hash ^ hash >> 32) as u32
}

fn together(marks: &BTreeSet<u32>) -> u32 {
    if marks.is_empty() {
        return 0;
    }
    let hash = marks
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, mark| (hash ^ u64::from(*mark)).wrapping_mul(0x0100_0000_01b3));
    ((hash ^ hash >> 32) as u32).max(1)
}

/// A name without its digits and what scripts hash into it.
fn unnumbered(name: &str) -> String {
    name.chars().filter(|c| !c.is_ascii_digit()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Page, Standing};
    use crate::web::Capture;

    fn of(body: &str) -> Bones {
        let url = url::Url::parse("https://www.agency.example/a/b").expect("an address");
        let capture = Capture::page(url, "text/html; charset=utf-8", body.to_string());
        let page = Page::read(&capture);
        bones(&page.facts(Standing::Inner, jiff::civil::date(2026, 11, 22)))
    }

    const FRAME: &str = "<link rel=stylesheet href=/s1.css><body class=page><header class=head><div class=logo></div></header>\
        <nav><a href=/a>Boats</a><a href=/b>Fees</a></nav><main>{}</main><footer class=foot><a href=/c>Contact</a></footer>";

    #[test]
    fn pages_of_one_template_have_the_same_bones_whatever_they_say() {
        let one = of(&FRAME.replace("{}", "<h1>Boats</h1><p>All about boats."));
        let other =
            of(&FRAME.replace("{}", "<ul><li>Fees<li>Rules</ul><table><tr><td>1</table>").replace("s1.css", "s2.css"));
        assert_eq!(one, other);
        assert_eq!(one.number(), other.number());
    }

    #[test]
    fn another_template_is_told_apart_by_its_parts() {
        let one = of(&FRAME.replace("{}", "<p>Text"));
        let other = of("<body bgcolor=white><center><h1>Boats</h1></center><p>Text");
        assert!(one.likeness(&other) < 0.2, "{}", one.likeness(&other));
        let footer = of(&FRAME.replace("{}", "<p>Text").replace("class=foot", "class=end"));
        assert!(
            one.likeness(&footer) > 0.5
                && one.parts.footer != footer.parts.footer
                && one.parts.header == footer.parts.header
        );
    }
}
