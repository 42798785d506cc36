//! What the program measures against what Chromium shows: the same elements, the same sheets, three screens, no script.
//!
//! Pages: the example sites and, where they are, real pages. Compared for every text that both show: its colour, what is behind it, the
//! size of the type, and what a rule makes of them; for every element whether it is displayed and visible; for every page whether
//! it is wider than the screen. What is behind a text is put together here from the colours that Chromium computed, by a rule of
//! this file, and held against what Chromium itself says is there, where it says so. Chromium takes its type from the same
//! files, draws no scroll bars, and gets empty pictures of the sizes that the markup gives.

use std::path::{Path, PathBuf};

use idea_audit::html::{Document, Element, Node};
use idea_audit::style::{Backdrop, Colour, Measurer, Sight, TextLooks, View, Viewport, contrast};

use super::browser::{self, Shown};
use crate::devtools::Devtools;
use crate::machine;

/// Real pages that are compared, at most.
const REAL: usize = 24;

#[derive(Default)]
struct Tally {
    texts: u32,
    colour: u32,
    size: u32,
    /// Texts of which both know what is behind them, those where it is the same, and those where the verdict is.
    behind: u32,
    behind_same: u32,
    verdict: u32,
    /// Texts that stand on a picture there and on a plain colour here.
    unseen_pictures: u32,
    /// Texts on something unknown here, and those of them where the browser knows one colour.
    unknown: u32,
    known_there: u32,
    /// Texts on gradients of which all colours are known.
    shaded: u32,
    /// Texts of which Chromium itself says what is behind them, and those where it is the same.
    blended: u32,
    blended_same: u32,
    shown: u32,
    hidden: u32,
    visible: u32,
    pages: u32,
    wide: u32,
    missed: u32,
    alarms: u32,
    wrong: Vec<String>,
}

#[test]
fn what_is_measured_is_what_a_browser_shows() {
    let Some(command) = machine::chromium() else { return machine::lacks("chromium") };
    let (mut tab, _types) = browser::open(command);
    let mut tally = Tally::default();
    for (path, html, folder) in pages() {
        compare(&mut tab, &path, &html, &folder, &mut tally);
    }
    tally.print();
    tally.wrong.iter().take(60).for_each(|line| println!("{line}"));
    let share = Tally::share;
    assert!(tally.texts > 100, "there is something to compare");
    assert!(share(tally.colour, tally.texts) >= 99.5, "colours");
    assert!(share(tally.size, tally.texts) >= 99.5, "sizes");
    assert!(share(tally.behind_same, tally.behind) >= 99.5, "what is behind texts");
    assert!(share(tally.verdict, tally.behind) >= 99.5, "verdicts on contrast");
    assert!(share(tally.blended_same, tally.blended) >= 99.5, "what is behind texts, by the browser's own word");
    assert_eq!(tally.unseen_pictures, 0, "pictures behind texts");
    assert!(share(tally.shown, tally.hidden) >= 99.9, "displayed or not");
    assert_eq!(tally.visible, tally.texts, "visible or not");
    assert_eq!(tally.missed, 0, "pages that are too wide");
}

impl Tally {
    fn share(part: u32, of: u32) -> f64 {
        100.0 * f64::from(part) / f64::from(of.max(1))
    }

    fn print(&self) {
        let share = Self::share;
        println!(
            "{} renders, {} texts: colour {:.2} %, size {:.2} %, visible or not {:.2} %",
            self.pages,
            self.texts,
            share(self.colour, self.texts),
            share(self.size, self.texts),
            share(self.visible, self.texts),
        );
        println!(
            "behind {} of them one colour: the same {:.2} %, the same verdict on contrast {:.2} %; of {} Chromium says it: {:.2} %",
            self.behind,
            share(self.behind_same, self.behind),
            share(self.verdict, self.behind),
            self.blended,
            share(self.blended_same, self.blended),
        );
        println!(
            "unknown here {}, of which {} have one colour there; on known gradients {}; on a picture there and not here {}",
            self.unknown, self.known_there, self.shaded, self.unseen_pictures
        );
        println!(
            "displayed or not {:.2} % of {} elements; wide {} pages, {} missed, {} false alarms",
            share(self.shown, self.hidden),
            self.hidden,
            self.wide,
            self.missed,
            self.alarms,
        );
    }
}

/// Name, markup and root folder of each page.
fn pages() -> Vec<(String, String, PathBuf)> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites");
    let of = |site: &str| {
        let root = fixtures.join(site);
        browser::found(&root)
            .into_iter()
            .take(4)
            .map(move |(name, html)| (name, html, root.clone()))
            .collect::<Vec<_>>()
    };
    ["exemplary", "mixed", "two-languages"].into_iter().flat_map(of).chain(browser::real(REAL)).collect()
}

fn compare(tab: &mut Devtools, path: &str, html: &str, root: &Path, tally: &mut Tally) {
    let document = Document::parse(html);
    let sources = browser::sheets(&document, path, root);
    let Ok(views) = Measurer::default().measure(&document, &sources, &Viewport::ALL) else { return };
    let markup = browser::marked(&document, &sources);
    for view in &views {
        let (shown, width) = browser::snapshot(tab, &markup, view.viewport);
        tally.pages += 1;
        one(&document, view, &shown, path, tally);
        let screen = f64::from(view.viewport.width);
        let is_wide = width > screen + 1.0;
        let ours = f64::from(view.scroll_width) > screen + 1.0;
        tally.wide += u32::from(is_wide);
        tally.missed += u32::from(is_wide && !ours);
        tally.alarms += u32::from(ours && !is_wide);
        if is_wide != ours {
            tally.wrong.push(format!("{path} at {screen}: {width} wide in the browser, {} here", view.scroll_width));
        }
    }
}

/// A text as the browser shows it: its colour, and the one colour behind it, if there is one.
fn composited(element: &Element<'_>, shown: &[Option<Shown>]) -> Option<(Colour, Option<Colour>)> {
    let of = |element: &Element<'_>| shown.get(element.order() as usize).and_then(Option::as_ref);
    let clear = Colour { rgb: [0.0; 3], alpha: 0.0 };
    let (mut text, mut behind, mut is_one) = (of(element)?.colour?, clear, !of(element)?.has_shadow);
    for level in std::iter::once(*element).chain(element.ancestors()) {
        let Some(level) = of(&level) else { continue };
        is_one &= !level.has_image || behind.alpha >= 1.0;
        let under = level.background?;
        (text, behind) = (upon(text, under), upon(behind, under));
        (text, behind) = (text.faded(level.opacity), behind.faded(level.opacity));
    }
    Some((text.over(Colour::WHITE), is_one.then(|| behind.over(Colour::WHITE))))
}

/// One colour upon another, of which either may let something through (Compositing and Blending 1, 5.1).
fn upon(top: Colour, below: Colour) -> Colour {
    let alpha = top.alpha + below.alpha * (1.0 - top.alpha);
    let mut rgb = [0.0; 3];
    for (place, (top_part, below_part)) in rgb.iter_mut().zip(top.rgb.iter().zip(below.rgb)) {
        *place = (top_part * top.alpha + below_part * below.alpha * (1.0 - top.alpha)) / alpha.max(1e-9);
    }
    Colour { rgb, alpha }
}

/// What WCAG 1.4.3 makes of it.
fn is_enough(text: Colour, behind: Colour, size: f32, weight: u16) -> bool {
    let is_large = size >= 24.0 || size >= 18.66 && weight >= 700;
    contrast(text.over(behind), behind) >= if is_large { 3.0 } else { 4.5 }
}

fn same(one: Colour, other: Colour) -> bool {
    one.rgb.iter().zip(other.rgb).all(|(one, other)| (one - other).abs() <= 1.5)
}

fn one(document: &Document, view: &View, shown: &[Option<Shown>], path: &str, tally: &mut Tally) {
    for element in document.elements() {
        let order = element.order();
        let (Some(looks), theirs) = (view.of(order), shown.get(order as usize).and_then(Option::as_ref)) else {
            continue;
        };
        if !has_words(&element) {
            continue;
        }
        tally.hidden += 1;
        tally.shown += u32::from((looks.sight == Sight::NoBox) == theirs.is_none());
        let (Some(theirs), Some(text)) = (theirs, view.text_of(order)) else {
            if (looks.sight == Sight::NoBox) != theirs.is_none() {
                tally.wrong.push(format!("{path} at {}: {element:?} is {:?}", view.viewport.width, looks.sight));
            }
            continue;
        };
        tally.texts += 1;
        tally.size += u32::from((text.size - theirs.size).abs() < 0.1);
        tally.visible += u32::from((looks.sight == Sight::Invisible) != theirs.is_visible);
        if (text.size - theirs.size).abs() >= 0.1 {
            tally.wrong.push(format!("{path}: {element:?} has type of {} here, {} there", text.size, theirs.size));
        }
        if let Some(composited) = composited(&element, shown) {
            colours(&element, text, theirs, composited, path, tally);
        }
    }
}

/// The colours of one text, here and there.
fn colours(
    element: &Element<'_>,
    text: &TextLooks,
    theirs: &Shown,
    composited: (Colour, Option<Colour>),
    path: &str,
    tally: &mut Tally,
) {
    let (colour, behind) = composited;
    // A text whose colour lets something through is the same when what is behind it is.
    let own = if let Backdrop::Plain(behind) = text.backdrop { text.colour.over(behind) } else { text.colour };
    let is_same = own.alpha < 1.0 || behind.is_none() || same(own, colour);
    tally.colour += u32::from(is_same);
    if !is_same {
        tally.wrong.push(format!("{path}: {element:?} is {} here, {} there", own.words(), colour.words()));
    }
    match (text.backdrop, behind) {
        (Backdrop::Plain(here), Some(there)) => {
            tally.behind += 1;
            let is_same = same(here, there);
            tally.behind_same += u32::from(is_same);
            let verdict = is_enough(text.colour, here, text.size, text.weight)
                == is_enough(colour, there, theirs.size, theirs.weight);
            tally.verdict += u32::from(verdict);
            if !is_same || !verdict {
                tally.wrong.push(format!("{path}: behind {element:?} {} here, {} there", here.words(), there.words()));
            }
            if let Some(blended) = theirs.blended {
                tally.blended += 1;
                tally.blended_same += u32::from(same(here, blended));
                if !same(here, blended) {
                    tally.wrong.push(format!(
                        "{path}: behind {element:?} {} here, {} by Chromium's word",
                        here.words(),
                        blended.words()
                    ));
                }
            }
        }
        (Backdrop::Plain(_), None) => {
            tally.unseen_pictures += 1;
            tally.wrong.push(format!("{path}: {element:?} stands on a picture there"));
        }
        (Backdrop::Shaded(_), _) => tally.shaded += 1,
        (Backdrop::Unknown(_), known) => {
            tally.unknown += 1;
            tally.known_there += u32::from(known.is_some());
        }
    }
}

fn has_words(element: &Element<'_>) -> bool {
    let is_text = |node: Node<'_>| matches!(node, Node::Text(text) if text.chars().any(char::is_alphanumeric));
    let aside = ["script", "style", "title", "noscript", "template", "option", "optgroup", "textarea"];
    let is_aside = |element: &Element<'_>| aside.contains(&element.name()) || !element.is_html();
    !is_aside(element) && !element.ancestors().any(|around| is_aside(&around)) && element.nodes().any(is_text)
}
