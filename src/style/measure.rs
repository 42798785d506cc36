//! Measures a page: on each screen a fresh document of the engine, its looks, how wide it is.
//!
//! In: a document and its sheets. Out: [`View`]s, or why there are none. Invariants: what is larger than the bounds is not tried; the
//! same page gives the same figures. It may panic or take long on hostile style, so it runs in a child process. Tested below, and
//! against a browser in `tests/it/style.rs`.

use std::collections::HashMap;

use super::boxes::Boxes;
use super::extent::{Extent, extent};
use super::looks;
use super::tree::{Parsed, Sheet, Tree, parse};
use super::{Sight, Source, View, Viewport, ground, hints};
use crate::html::Document;

/// Elements of a page that is measured.
pub const MOST_ELEMENTS: usize = 20_000;
/// Octets of markup of a page that is measured.
pub const MOST_OCTETS: usize = 2 << 20;
/// Levels of elements that browsers nest.
pub const MOST_DEPTH: u32 = 512;

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
    ground::check(document, &boxes, &mut seen);
    let Extent { scroll_width, overflowing, beyond } = extent(document, &boxes, &seen, viewport);
    for order in beyond {
        let sight = &mut seen.elements[order as usize].sight;
        *sight = if *sight == Sight::Shown { Sight::OffScreen } else { *sight };
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{Element, Selector};
    use crate::style::samples::measured;
    use crate::style::{Backdrop, Display, Looks, Shaded, TextLooks};

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
    fn ground_that_words_do_not_stand_on_is_not_theirs() {
        const BESIDE: &str = "it stands on top of something else";
        const DARK: &str = "the page asks for the browser's own dark colors";
        for (html, behind) in [
            ("<div style='height:60px;background:#000'><p class=t style='position:relative;top:80px'>x", BESIDE),
            ("<div style='height:60px;background:#000'><p class=t style='transform:translateY(80px)'>x", BESIDE),
            ("<div style='height:10px;background:#000'><p class=t style='padding-top:30px'>x", BESIDE),
            (
                "<div style='width:30px;background:#000'><p class=t style='white-space:nowrap;padding-left:60px'>x",
                BESIDE,
            ),
            ("<div style='height:14px;background:#000'><p class=t style='line-height:24px;margin:0'>x", "#000000"),
            ("<div style='height:10px;background:#fff'><p class=t style='padding-top:30px'>x", "#ffffff"),
            (
                "<div style='height:10px;background:#000'><div style='height:9px;background:#000'><p class=t style='padding-top:30px'>x",
                BESIDE,
            ),
            ("<p>y <b class=t style='background:#ff0'>x</b>", "#ffff00"),
            ("<mark class=t>x</mark>", "#ffff00"),
            ("<style>tr{background:#ff0}</style><table><tr><td class=t>x", "#ffff00"),
            ("<div class=t style='display:contents;background:#ff0'>x", "#ffffff"),
            ("<p class=t style='box-shadow:inset 0 0 0 99px #000'>x", "a shadow is behind the text"),
            ("<p class=t style='box-shadow:inset 0 1px 2px #000'>x", "#ffffff"),
            ("<p class=t style='clip-path:url(#a)'>x", "a filter changes its colors"),
            (
                "<i style='position:absolute;top:0;left:0;width:300px;border-top:99px solid #ccc'></i><p class=t>x",
                BESIDE,
            ),
            ("<style>:root{color-scheme:dark}</style><p class=t style='background:#fff'>x", DARK),
            ("<meta name=color-scheme content=dark><p class=t>x", DARK),
            ("<meta name=color-scheme content='light dark'><p class=t>x", "#ffffff"),
            ("<style>:root{color-scheme:light dark}</style><p class=t>x", "#ffffff"),
            ("<div style='color-scheme:dark'><button class=t>x</button>", DARK),
            ("<div style='color-scheme:dark'><p class=t>x", "#ffffff"),
        ] {
            assert_eq!(colours(&format!("<!doctype html>{html}")).1, behind, "{html}");
        }
    }

    #[test]
    fn states_are_those_of_a_page_as_it_comes() {
        for (html, is_green) in [
            ("<style>input:not(:placeholder-shown)~p{color:green}</style><input placeholder=y><p class=t>x", false),
            ("<style>input:placeholder-shown~p{color:green}</style><input placeholder=y><p class=t>x", true),
            ("<style>x-a:not(:defined){color:green}</style><x-a class=t>x</x-a>", true),
            ("<style>p:not(:defined){color:green}</style><p class=t>x", false),
            ("<style>p:read-only{color:green}input:read-only~p{color:red}</style><input><p class=t>x", true),
            ("<style>a:-webkit-autofill,p{color:green}</style><p class=t>x", true),
            ("<style>p:nth-child(1 of .t){color:green}</style><b></b><p class=t>x", true),
            ("<style>details[open]:open p{color:green}</style><details open><p class=t>x", true),
            ("<style>@supports (background-clip:text){p{color:green}}</style><p class=t>x", true),
        ] {
            let colour = colours(&format!("<!doctype html>{html}")).0;
            assert_eq!(colour == "#008000", is_green, "{html}: {colour}");
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
            ("<p class=t style='margin-left:-9999px'>x", Sight::OffScreen),
            ("<p class=t style='text-indent:100%;white-space:nowrap;overflow:hidden'>x", Sight::Clipped),
            ("<p class=t style='height:0;padding-top:30px;overflow:hidden'>x", Sight::Clipped),
            ("<p class=t style='font-size:0'>x", Sight::Clipped),
            ("<div style='font-size:0'> <p class=t style='font-size:16px'>x", Sight::Shown),
            ("<p class=t style='transform:scale(0)'>x", Sight::Clipped),
            ("<div style='transform:scaleY(0)'><p class=t>x", Sight::Clipped),
            ("<p class=t style='transform:scale(.5) rotate(9deg)'>x", Sight::Shown),
            ("<p class=t style='clip-path:circle(0)'>x", Sight::Clipped),
            ("<p class=t style='clip-path:circle(50%)'>x", Sight::Shown),
            ("<p class=t style='clip-path:ellipse(0 50%)'>x", Sight::Clipped),
            ("<p class=t style='clip-path:polygon(0 0,0 0,0 100%)'>x", Sight::Clipped),
            ("<p class=t style='clip-path:polygon(0 0,100% 0,50% 100%)'>x", Sight::Shown),
            ("<p class=t style='height:20px;clip-path:inset(10px)'>x", Sight::Clipped),
            ("<p class=t style='height:40px;clip-path:inset(10px)'>x", Sight::Shown),
            ("<div style='clip-path:inset(50%)'><p class=t>x", Sight::Clipped),
            (
                "<div style='position:absolute;clip:rect(0,0,0,0)'><p class=t style='position:absolute'>x",
                Sight::Clipped,
            ),
            ("<p class=t style='position:fixed;left:100%'>x", Sight::OffScreen),
            ("<div style='position:fixed;top:100%;right:0'><p class=t>x", Sight::OffScreen),
            (
                "<style>body{overflow-x:hidden}</style><p class=t style='position:absolute;left:999px'>x",
                Sight::OffScreen,
            ),
            (
                "<style>body{overflow-x:hidden}</style><div style='overflow:auto'><p class=t style='margin-left:999px'>x",
                Sight::Shown,
            ),
            ("<p class=t style='position:absolute;left:999px'>x", Sight::Shown),
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
                "<p class=t style='margin:0;width:20px;height:10px;transform:scale(.5)'>",
                Display::Block,
                [5.0, 2.5, 10.0, 5.0],
            ),
            (
                "<div style='width:100px;height:100px;transform-origin:0 0;scale:2'><p class=t style='margin:0;width:20px;height:10px;position:relative;left:5px'>",
                Display::Block,
                [10.0, 0.0, 40.0, 20.0],
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
    fn what_is_too_large_is_not_tried() {
        let many = "<b></b>".repeat(MOST_ELEMENTS);
        let document = Document::parse(&many);
        assert!(Measurer::default().measure(&document, &[], &Viewport::ALL).is_err());
    }
}
