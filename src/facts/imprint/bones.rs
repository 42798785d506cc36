//! The template a page is built by: what stands around its text.
//!
//! In: a page. Out: [`Bones`]: a set of short hashes of its style sheets, the classes of its body, the frame of its header and footer, the
//! labels of its menu and the first levels of its elements, and one hash for each of these parts. Invariant: the text of the page does
//! not show in it; bounded. Tested below.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use crate::facts::{PageFacts, Region, ResourceKind, sieve};
use crate::html::{Document, Element};

/// Marks kept of a page.
const KEPT: usize = 96;
/// Levels of elements below the body that are looked at.
const LEVELS: u32 = 4;

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
    /// The labels of the menu.
    pub menu: u32,
    /// The frame and links of the footer.
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
        let mine: BTreeSet<u32> = self.marks.iter().copied().collect();
        let same = other.marks.iter().filter(|mark| mine.contains(mark)).count();
        let all = mine.len() + other.marks.len() - same;
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
    let menu: BTreeSet<u32> = page
        .links()
        .iter()
        .filter(|link| link.region() == Region::Navigation || link.region() == Region::Header)
        .filter(|link| !link.name.is_empty())
        .map(|link| mark("menu", &link.name))
        .take(24)
        .collect();
    let footer_links: BTreeSet<u32> = page
        .links()
        .iter()
        .filter(|link| link.region() == Region::Footer && !link.name.is_empty())
        .map(|link| mark("footer", &link.name))
        .take(24)
        .collect();
    let (header, footer, skeleton) = frames(document);
    let footer: BTreeSet<u32> = footer.union(&footer_links).copied().collect();
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

/// Elements with their first class, of the header, the footer, and the first levels of the body.
fn frames(document: &Document) -> (BTreeSet<u32>, BTreeSet<u32>, BTreeSet<u32>) {
    let (mut header, mut footer, mut skeleton) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let Some(body) = document.body() else { return (header, footer, skeleton) };
    skeleton.extend(body.classes().take(1).map(|class| mark("body", &unnumbered(class))));
    for element in body.descendants() {
        if matches!(element.name(), "script" | "style" | "link" | "noscript" | "template" | "br") {
            continue;
        }
        let level = element.depth() - body.depth();
        match Region::of(&element) {
            Region::Header if header.len() < 24 && !is_running(&element) => header.extend([boned("header", &element)]),
            Region::Footer if footer.len() < 24 && !is_running(&element) => footer.extend([boned("footer", &element)]),
            Region::Elsewhere if level <= LEVELS && skeleton.len() < 32 && !is_running(&element) => {
                skeleton.insert(boned(&format!("level {level}"), &element));
            }
            Region::Header | Region::Footer | Region::Main | Region::Navigation | Region::Elsewhere => {}
        }
    }
    (header, footer, skeleton)
}

/// What belongs to the text and not to the frame around it.
fn is_running(element: &Element<'_>) -> bool {
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
    use crate::web::{Capture, MediaType, Source};

    fn of(body: &str) -> Bones {
        let url = url::Url::parse("https://www.agency.example/a/b").expect("an address");
        let capture = Capture {
            requested: url.clone(),
            url,
            hops: Vec::new(),
            status: 200,
            headers: None,
            media: MediaType::of("text/html"),
            body: body.to_string().into(),
            wire_bytes: 0,
            truncated: false,
            peer: None,
            source: Source::Network,
        };
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
        let footer = of(&FRAME.replace("{}", "<p>Text").replace("Contact", "Write to us"));
        assert!(
            one.likeness(&footer) > 0.6
                && one.parts.footer != footer.parts.footer
                && one.parts.header == footer.parts.header
        );
    }
}
