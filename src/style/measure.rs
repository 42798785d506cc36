//! Measures a page: on each screen a fresh document of the engine, its looks, what overlaps, how wide it is.
//!
//! In: a document and its sheets. Out: [`View`]s, or why there are none. Invariants: what is larger than the bounds is not tried; the
//! same page gives the same figures. It may panic or take long on hostile style, so it runs in a child process. Tested below, and
//! against a browser in `tests/it/style.rs`.

use std::collections::HashMap;

use super::boxes::{Boxes, Run};
use super::looks::{self, Painter, Seen, kept};
use super::tree::{Parsed, Sheet, Tree, parse};
use super::{Backdrop, Bounds, Cover, Overflow, Place, Sight, Source, View, Viewport, hints};
use crate::html::Document;

/// Elements of a page that is measured.
pub const MOST_ELEMENTS: usize = 20_000;
/// Octets of markup of a page that is measured.
pub const MOST_OCTETS: usize = 2 << 20;
/// Levels of elements that browsers nest.
pub const MOST_DEPTH: u32 = 512;

/// Runs of words times painted boxes that are compared.
const MOST_COMPARED: usize = 4_000_000;
/// How far a box reaches into another before it overlaps, in CSS pixels.
const TOUCH: f32 = 2.0;
/// What people do not notice of width, in CSS pixels.
const SLACK: f32 = 1.0;

/// Measures pages, one after another, and keeps the sheets they share.
#[derive(Default)]
pub struct Measurer {
    parsed: Parsed,
}

impl Measurer {
    /// Measures a page on screens.
    ///
    /// # Errors
    /// Why it is not tried, in words.
    pub fn measure(
        &mut self,
        document: &Document,
        sources: &[Source],
        viewports: &[Viewport],
    ) -> Result<Vec<View>, &'static str> {
        if let Some(reason) = too_large(document) {
            return Err(reason);
        }
        let quirks = document.quirks();
        let hints = hints::sheet(document);
        let hints = (!hints.is_empty()).then(|| parse(&hints, quirks));
        // Of equal sheets the last has the last word, and the engine does not take one twice.
        let last: HashMap<&str, usize> = sources.iter().enumerate().map(|(at, source)| (&*source.css, at)).collect();
        let sheets: Vec<(u32, Sheet)> = sources
            .iter()
            .enumerate()
            .filter(|(at, source)| last.get(&*source.css) == Some(at))
            .map(|(_, source)| (source.element, self.parsed.sheet(&source.css, quirks)))
            .collect();
        Ok(viewports.iter().map(|viewport| view(document, hints.as_ref(), &sheets, *viewport)).collect())
    }
}

fn too_large(document: &Document) -> Option<&'static str> {
    if document.elements().len() > MOST_ELEMENTS {
        return Some("the page has more elements than are measured");
    }
    if document.source().len() > MOST_OCTETS {
        return Some("the page is longer than is measured");
    }
    document.elements().any(|element| element.depth() > MOST_DEPTH).then_some("the page nests deeper than is measured")
}

fn view(document: &Document, hints: Option<&Sheet>, sheets: &[(u32, Sheet)], viewport: Viewport) -> View {
    let tree = Tree::of(document, hints, sheets, viewport);
    let boxes = Boxes::of(document, &tree);
    let mut seen = looks::read(document, &tree, &boxes);
    overlaps(document, &boxes, &mut seen);
    let (scroll_width, overflowing) = extent(document, &boxes, &seen, viewport);
    let bottoms = seen.elements.iter().filter_map(|looks| looks.bounds).map(|bounds| bounds.bottom());
    View {
        viewport,
        scroll_width,
        scroll_height: bottoms.fold(f32::from(viewport.height), f32::max),
        overflowing,
        elements: seen.elements,
        texts: seen.texts,
    }
}

/// Words on which something is painted that is not around them: nobody knows what is behind them.
fn overlaps(document: &Document, boxes: &Boxes, seen: &mut Seen) {
    if boxes.runs.len().saturating_mul(seen.painters.len()) > MOST_COMPARED {
        seen.painters.retain(|one| one.is_put || seen.elements[one.order as usize].place.leaves_the_flow());
        seen.painters.truncate(MOST_COMPARED / boxes.runs.len().max(1));
    }
    let ends: Vec<u32> = document.elements().map(|element| element.end()).collect();
    let contains = |outer: u32, inner: u32| outer <= inner && inner < ends[outer as usize];
    let mut covered: Vec<u32> = Vec::new();
    for Run { owner, place, is_put } in &boxes.runs {
        if *is_put || covered.last() == Some(owner) {
            continue;
        }
        let is_around = |order: u32| contains(order, *owner) || contains(*owner, order);
        let hit = |one: &Painter| touches(place, &one.bounds) && (one.is_put || !is_around(one.order));
        if seen.painters.iter().any(hit) {
            covered.push(*owner);
        }
    }
    for owner in covered {
        let at = seen.elements[owner as usize].text as usize;
        let Some(text) = seen.texts.get(at).filter(|text| !matches!(text.backdrop, Backdrop::Unknown(_))) else {
            continue;
        };
        let mut text = text.clone();
        text.backdrop = Backdrop::Unknown(Cover::Overlap);
        seen.elements[owner as usize].text = kept(text, &mut seen.texts);
    }
}

fn touches(one: &Bounds, other: &Bounds) -> bool {
    one.right().min(other.right()) - one.x.max(other.x) > TOUCH
        && one.bottom().min(other.bottom()) - one.y.max(other.y) > TOUCH
}

/// How wide the page is, and what makes it so wide: what reaches past the right edge without being cut off or scrolled on the way.
fn extent(document: &Document, boxes: &Boxes, seen: &Seen, viewport: Viewport) -> (f32, Vec<u32>) {
    let screen = f32::from(viewport.width);
    let mut reach: Vec<f32> =
        seen.elements.iter().map(|looks| looks.bounds.map_or(0.0, |bounds| bounds.right())).collect();
    for Run { owner, place, .. } in &boxes.runs {
        let held = &mut reach[*owner as usize];
        *held = held.max(place.right());
    }
    // For what stands inside an element: the right edge that it keeps to, in the flow and placed absolutely.
    let mut keeps: Vec<(f32, f32)> = Vec::with_capacity(reach.len());
    let (mut widest, mut overflowing, mut is_cut) = (screen, Vec::new(), false);
    for element in document.elements() {
        let order = element.order();
        let looks = &seen.elements[order as usize];
        let around = element.parent().map_or((f32::INFINITY, f32::INFINITY), |parent| keeps[parent.order() as usize]);
        let is_page = element.depth() <= 2 && matches!(element.name(), "html" | "body");
        let edge = match looks.place {
            Place::Fixed => 0.0,
            Place::Absolute => around.1,
            Place::Static | Place::Relative | Place::Sticky => around.0,
        };
        let right = reach[order as usize].min(edge);
        if right > screen + SLACK && looks.sight != Sight::NoBox && !is_page {
            overflowing.push(order);
        }
        widest = widest.max(right);
        let mut inner = edge;
        if let Some(bounds) =
            looks.bounds.filter(|_| looks.flow.x != Overflow::Visible && looks.display != super::Display::Inline)
        {
            if is_page {
                is_cut |= looks.flow.x == Overflow::Cut;
            } else {
                inner = inner.min(bounds.right());
            }
        }
        let apart = if looks.place == Place::Static { around.1 } else { inner };
        keeps.push((inner, apart));
    }
    (if is_cut { screen } else { widest }, overflowing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{Element, Selector};
    use crate::style::{Display, Gathered, Looks, Shaded, Shelved, TextLooks, gather};

    fn measured<T>(html: &str, viewport: Viewport, read: impl FnOnce(&Document, &View) -> T) -> T {
        let document = Document::parse(html);
        let base = url::Url::parse("https://a.example/").expect("a constant address");
        let Gathered::Whole(sources, _) = gather(&document, &base, &|_| Shelved::Failed("it is not there".into()))
        else {
            panic!("nothing is wanted")
        };
        let views = Measurer::default().measure(&document, &sources, &[viewport]).expect("it is small");
        read(&document, &views[0])
    }

    fn target(document: &Document) -> Element<'_> {
        document.select(&Selector::parse(".t").expect("a constant selector")).next().expect("every page marks a target")
    }

    fn of<T>(html: &str, read: impl FnOnce(&Looks, &TextLooks) -> T) -> T {
        measured(html, Viewport::NARROW, |document, view| {
            let order = target(document).order();
            read(view.of(order).expect("every element has looks"), view.text_of(order).expect("and text"))
        })
    }

    fn colours(html: &str) -> (String, String) {
        of(html, |_, text| {
            let behind = match text.backdrop {
                Backdrop::Plain(colour) => colour.words(),
                Backdrop::Shaded(Shaded { darkest, lightest, .. }) => {
                    format!("{} to {}", darkest.words(), lightest.words())
                }
                Backdrop::Unknown(cover) => cover.words().to_string(),
            };
            (text.colour.words(), behind)
        })
    }

    #[test]
    fn colours_are_those_a_browser_shows() {
        for (html, colour, behind) in [
            ("<!doctype html><p class=t>x", "#000000", "#ffffff"),
            (
                "<!doctype html><style>p{color:red}</style><style>p{color:blue}</style><style>p{color:red}</style><p class=t>x",
                "#ff0000",
                "#ffffff",
            ),
            ("<!doctype html><style>p{color:#333;background:rgb(0 0 0/50%)}</style><p class=t>x", "#333333", "#808080"),
            (
                "<!doctype html><style>@media(max-width:320px){p{color:red}}@media(min-width:321px){p{color:blue}}</style><p class=t>x",
                "#ff0000",
                "#ffffff",
            ),
            (
                "<!doctype html><style>:root{--a:#123456}p:has(b){color:var(--a)}</style><p class=t><b>x</b>",
                "#123456",
                "#ffffff",
            ),
            ("<!doctype html><a class=t href=x>x</a>", "#0000ee", "#ffffff"),
            (
                "<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'x'><html xmlns='http://www.w3.org/1999/xhtml'><style>p{color:red}</style><p class=t>x<br>y",
                "#ff0000",
                "#ffffff",
            ),
            ("<body bgcolor=navy text=white><p class=t>x", "#ffffff", "#000080"),
            ("<body><font class=t color=red>x</font>", "#ff0000", "#ffffff"),
            ("<!doctype html><style media=print>p{color:red}</style><p class=t>x", "#000000", "#ffffff"),
            ("<!doctype html><p class=t style='background:url(http://[/a.png)'>x", "#000000", "a picture is behind it"),
            ("<!doctype html><p class=t style='-webkit-text-fill-color:#123'>x", "#112233", "#ffffff"),
            ("<!doctype html><p class=t style='-webkit-text-stroke:0;color:#222'>x", "#222222", "#ffffff"),
            (
                "<!doctype html><p class=t style='-webkit-text-stroke:1px red'>x",
                "#000000",
                "its letters are painted in another way",
            ),
            ("<!doctype html><p class=t style='text-shadow:1px 1px red'>x", "#000000", "a shadow is behind the text"),
            ("<!doctype html><div style='opacity:.5'><p class=t>x", "#808080", "#ffffff"),
            (
                "<!doctype html><div style='color:oklch(70% .5 30)'><p class=t style='color:#0000'>x",
                "#000000",
                "#ffffff",
            ),
            (
                "<!doctype html><img style='position:absolute;top:0;left:0;width:300px;height:300px'><p class=t>x",
                "#000000",
                "it stands on top of something else",
            ),
            ("<!doctype html><img width=100 height=100 style='float:left'><p class=t>x", "#000000", "#ffffff"),
            (
                "<!doctype html><style>p{position:relative}p::before{content:'';position:absolute;inset:0;background:#000}</style><p class=t>x",
                "#000000",
                "it stands on top of something else",
            ),
            (
                "<!doctype html><style>div{position:relative}div::after{content:'';position:absolute;inset:0;z-index:-1;background:linear-gradient(red,blue)}</style><div><p class=t>x</div>",
                "#000000",
                "it stands on top of something else",
            ),
            (
                "<!doctype html><style>p{position:relative}p::before{content:'1';position:absolute;left:200px;background:#ff0}</style><p class=t>x",
                "#000000",
                "#ffffff",
            ),
            (
                "<!doctype html><style>p::after{content:'1';background:#ff0;display:inline-block}</style><p class=t>x",
                "#000000",
                "#ffffff",
            ),
            ("<!doctype html><button class=t disabled>x</button>", "#101010", "#fafafa"),
        ] {
            assert_eq!(colours(html), (colour.to_string(), behind.to_string()), "{html}");
        }
    }

    #[test]
    fn gradients_behind_a_text_are_known_as_far_as_their_colours_are() {
        const UNKNOWN: &str = "a gradient is behind it";
        const LETTERS: &str = "its letters are painted in another way";
        for (style, behind) in [
            ("background:linear-gradient(#900,#f99)", "#990000 to #ff9999"),
            ("background:linear-gradient(to right,#900 0 20%,#f99 20% 100%)", "#990000 to #ff9999"),
            ("background:radial-gradient(circle at 9px,#900,50%,#f99)", "#990000 to #ff9999"),
            ("background:repeating-conic-gradient(#900,#f99 9deg)", "#990000 to #ff9999"),
            ("background:-webkit-linear-gradient(#900,#f99)", "#990000 to #ff9999"),
            ("color:#900;background:linear-gradient(currentColor,#f99)", "#990000 to #ff9999"),
            ("background:linear-gradient(#0000,#0008) #fff", "#777777 to #ffffff"),
            ("background:linear-gradient(#900,#900)", "#990000"),
            ("background:linear-gradient(in oklab,#000,#fff)", "#000000 to #ffffff"),
            ("background:linear-gradient(oklch(0 0 0),oklch(1 0 0))", "#000000 to #ffffff"),
            // What may be left without it shows what is below.
            ("background:linear-gradient(#900,#f99) no-repeat", "#990000 to #ff9999"),
            ("background:linear-gradient(#900,#f99) no-repeat 5px 0", "#990000 to #ffffff"),
            ("background:linear-gradient(#900,#f99) 0 0/50% 9px", "#990000 to #ff9999"),
            ("background:linear-gradient(#900,#f99) 0 0/50% 9px no-repeat #888", "#990000 to #ff9999"),
            ("background:linear-gradient(#900,#a00) 0 0/50% 9px no-repeat #888", "#990000 to #888888"),
            ("background:linear-gradient(#900,#f99) 0 0/9px space", "#990000 to #ffffff"),
            ("background:linear-gradient(#900,#f99) 0 0/0 9px", "#990000 to #ffffff"),
            ("background:linear-gradient(#900,#f99) fixed", "#990000 to #ff9999"),
            ("background:linear-gradient(#900,#f99) fixed no-repeat", "#990000 to #ffffff"),
            // One through another, and what else nobody knows.
            ("background:linear-gradient(#900,#f99),linear-gradient(red,blue)", "#990000 to #ff9999"),
            ("background:linear-gradient(#0008,#0000),linear-gradient(red,blue)", UNKNOWN),
            ("background:linear-gradient(#900,#f99),url(a.png)", "#990000 to #ff9999"),
            ("background:linear-gradient(#0008,#000c),url(a.png)", "a picture is behind it"),
            ("background:url(a.png),linear-gradient(#900,#f99)", "a picture is behind it"),
            ("background:linear-gradient(#900,#f99);background-blend-mode:multiply,screen", UNKNOWN),
            ("background:linear-gradient(#900,#f99);text-shadow:0 0 1px", "a shadow is behind the text"),
            ("background:linear-gradient(#900,#f99);filter:invert(1)", "a filter changes its colors"),
            // In the shape of the letters.
            ("background:linear-gradient(#900,#f99);background-clip:text;color:transparent", LETTERS),
            ("background:linear-gradient(#900,#f99);-webkit-background-clip:text", LETTERS),
            ("background:linear-gradient(#900,#f99) text;-webkit-text-fill-color:transparent", LETTERS),
            ("background:#900;background-clip:text", LETTERS),
            ("background:#900;background-clip:text;background-clip:border-box", "#990000"),
            ("background-clip:text", "#ffffff"),
        ] {
            let html = format!("<!doctype html><p class=t style='{style}'>x");
            assert_eq!(colours(&html).1, behind, "{style}");
            // On something of their own, words inside see the same.
            let html = format!("<!doctype html><div style='{style}'><p class=t>x");
            if !style.contains("shadow") {
                assert_eq!(colours(&html).1, behind, "inside {style}");
            }
            let html =
                format!("<!doctype html><style>.g{{{style}}}</style><div class=g><p class=t style='background:#fff'>x");
            if !style.contains("filter") && !style.contains("shadow") {
                assert_eq!(colours(&html).1, "#ffffff", "hidden {style}");
            }
        }
    }

    #[test]
    fn type_is_as_large_and_as_far_apart_as_a_browser_sets_it() {
        for (html, size, weight, line, letters, words) in [
            ("<p class=t>x", 16.0, 400, None, 0.0, 0.0),
            ("<h1 class=t>x", 32.0, 700, None, 0.0, 0.0),
            (
                "<p style='font-size:20px'><b class=t style='font-size:.5em;line-height:2;letter-spacing:.1em;word-spacing:3px'>x",
                10.0,
                700,
                Some(20.0),
                1.0,
                3.0,
            ),
            ("<p class=t style='font-size:5vw'>x", 16.0, 400, None, 0.0, 0.0),
            ("<button class=t>x", 13.3333, 400, None, 0.0, 0.0),
            ("<font class=t size=+2>x", 24.0, 400, None, 0.0, 0.0),
        ] {
            let html = format!("<!doctype html>{html}");
            let got =
                of(&html, |_, text| (text.size, text.weight, text.line_height, text.letter_spacing, text.word_spacing));
            assert!((got.0 - size).abs() < 0.01 && (got.3 - letters).abs() < 0.01, "{html}: {got:?}");
            assert_eq!((got.1, got.2, got.4), (weight, line, words), "{html}");
        }
    }

    #[test]
    fn what_people_do_not_see_says_why() {
        for (html, sight) in [
            ("<p class=t>x", Sight::Shown),
            ("<div style='display:none'><p class=t>x", Sight::NoBox),
            ("<p class=t hidden>x", Sight::NoBox),
            ("<noscript><p class=t>x</noscript>", Sight::NoBox),
            ("<details><p class=t>x</details>", Sight::NoBox),
            ("<details><summary class=t>x</summary></details>", Sight::Shown),
            ("<select><option class=t>x</select>", Sight::Shown),
            ("<svg><text class=t>x</text></svg>", Sight::Shown),
            ("<p class=t style='visibility:hidden'>x", Sight::Invisible),
            ("<div style='opacity:0'><p class=t>x", Sight::Transparent),
            ("<div style='content-visibility:hidden'><p class=t>x", Sight::NoBox),
            ("<p class=t style='content-visibility:hidden'>x", Sight::Invisible),
            ("<p class=t style='content-visibility:auto'>x", Sight::Shown),
            ("<span class=t style='position:absolute;clip:rect(0 0 0 0)'>x</span>", Sight::Clipped),
            ("<span class=t style='position:absolute;clip-path:inset(50%)'>x</span>", Sight::Clipped),
            ("<span class=t style='position:absolute;width:1px;height:1px;overflow:hidden'>x</span>", Sight::Clipped),
            ("<hr class=t style='height:1px'>", Sight::Shown),
            ("<div style='height:0;overflow:hidden'><p class=t>x", Sight::Clipped),
            ("<div style='height:0;overflow:hidden'><p class=t style='position:absolute'>x", Sight::Shown),
            ("<div style='height:9px;overflow:auto'><p style='height:99px'>y<p class=t>x", Sight::Shown),
            ("<p class=t style='position:absolute;left:-9999px'>x", Sight::OffScreen),
            ("<p class=t style='text-indent:-9999px'>x", Sight::OffScreen),
        ] {
            let got = measured(&format!("<!doctype html>{html}"), Viewport::NARROW, |document, view| {
                view.of(target(document).order()).map(|looks| looks.sight)
            });
            assert_eq!(got, Some(sight), "{html}");
        }
    }

    #[test]
    fn boxes_are_where_they_are_drawn() {
        let page = |inner: &str| format!("<!doctype html><style>body{{margin:0}}</style>{inner}");
        for (html, display, [x, y, width, height]) in [
            (
                "<div class=t style='width:50px;height:20px;margin:5px;border:1px solid'>",
                Display::Block,
                [5.0, 5.0, 52.0, 22.0],
            ),
            (
                "<div style='padding:10px'><button class=t style='width:40px;height:30px'>x</button>",
                Display::InlineBox,
                [10.0, 10.0, 40.0, 30.0],
            ),
            (
                "<div style='display:flex'><i style='width:30px'></i><p class=t style='width:20px;margin:0;height:9px'>",
                Display::Block,
                [30.0, 0.0, 20.0, 9.0],
            ),
            (
                "<div style='position:relative;left:7px'><p class=t style='position:absolute;top:3px;left:2px;width:5px;height:5px;margin:0'>",
                Display::Block,
                [9.0, 3.0, 5.0, 5.0],
            ),
            (
                "<p class=t style='margin:0;width:10px;height:10px;transform:translate(4px,6px)'>",
                Display::Block,
                [4.0, 6.0, 10.0, 10.0],
            ),
            (
                "<img class=t width=48 height=24 style='display:block;width:96px;height:auto'>",
                Display::Block,
                [0.0, 0.0, 96.0, 48.0],
            ),
            (
                "<table style='border-spacing:2px'><tr class=t><td style='width:30px;height:10px;padding:0'><td style='width:20px;padding:0'>",
                Display::TablePart,
                [2.0, 2.0, 52.0, 10.0],
            ),
            (
                "<table style='border-spacing:2px'><tbody class=t><tr><td style='width:30px;height:10px;padding:0'><tr><td style='height:5px;padding:0'>",
                Display::TablePart,
                [2.0, 2.0, 30.0, 17.0],
            ),
        ] {
            let got = of(&page(html), |looks, _| (looks.display, looks.bounds.expect("it has a box")));
            assert_eq!(
                (got.0, [got.1.x, got.1.y, got.1.width, got.1.height]),
                (display, [x, y, width, height]),
                "{html}"
            );
        }
        let inline = of(&page("<p style='margin:0;font:16px Arial'>ab <b class=t>cd</b>"), |looks, _| {
            (looks.display, looks.bounds)
        });
        let bounds = inline.1.expect("its line is a box");
        assert_eq!(inline.0, Display::Inline);
        assert!(bounds.x > 15.0 && bounds.x < 30.0 && bounds.width > 10.0 && bounds.width < 30.0, "{bounds:?}");
    }

    #[test]
    fn a_page_is_as_wide_as_what_people_can_scroll_to() {
        for (html, width, over) in [
            ("<p>x", 320.0, vec![]),
            ("<div style='width:500px'>x", 500.0, vec!["div"]),
            ("<div style='overflow:auto'><p style='width:500px'>x", 320.0, vec![]),
            ("<div style='overflow:hidden'><p style='width:500px'>x", 320.0, vec![]),
            ("<p style='position:absolute;left:-500px;width:100px'>x", 320.0, vec![]),
            ("<p style='position:absolute;left:400px;width:100px;margin:0'>x", 500.0, vec!["p"]),
            ("<p style='position:fixed;left:400px;width:100px'>x", 320.0, vec![]),
            ("<style>body{overflow-x:hidden}</style><p style='width:500px'>x", 320.0, vec!["p"]),
            ("<table><tr><td style='min-width:400px;padding:0'>x</table>", 404.0, vec!["table", "tbody", "tr", "td"]),
        ] {
            let html = format!("<!doctype html><style>body{{margin:0}}</style>{html}");
            measured(&html, Viewport::NARROW, |document, view| {
                let over_here: Vec<&str> = document
                    .elements()
                    .filter(|element| view.overflowing.contains(&element.order()))
                    .map(|element| element.name())
                    .collect();
                assert_eq!((view.scroll_width, over_here), (width, over), "{html}");
            });
        }
    }

    #[test]
    fn what_is_too_large_is_not_tried() {
        let many = "<b></b>".repeat(MOST_ELEMENTS);
        let document = Document::parse(&many);
        assert!(Measurer::default().measure(&document, &[], &Viewport::ALL).is_err());
    }
}
