//! What the program measures against what Chromium shows: the same elements, the same sheets, three screens, no script.
//!
//! Pages: the example sites and, where they are, real pages. Compared for every text that both show: its colour, what is behind it, the
//! size of the type, and what a rule makes of them; for every element whether it is displayed and visible; for every page whether
//! it is wider than the screen. What is behind a text is put together here from the colours that Chromium computed, by a rule of
//! this file, and held against what Chromium itself says is there, where it says so. Chromium takes its type from the same
//! files, draws no scroll bars, and gets empty pictures of the sizes that the markup gives.

use std::path::{Path, PathBuf};

use idea_audit::html::{Document, Element, Node, Quirks};
use idea_audit::style::{
    self, Backdrop, Colour, Gathered, Measurer, Shelved, Sight, Source, TextLooks, View, Viewport, contrast,
};
use serde_json::{Value, json};
use url::Url;

use crate::devtools::Devtools;
use crate::machine;

/// Real pages that are compared, at most.
const REAL: usize = 24;

const STYLES: [&str; 8] = [
    "color",
    "font-size",
    "font-weight",
    "visibility",
    "background-color",
    "background-image",
    "opacity",
    "text-shadow",
];

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
    let types = fonts();
    let mut tab = Devtools::open_in(command, &[], &[("FONTCONFIG_FILE", types.path().join("fonts.conf"))]);
    tab.ask("Page.enable", json!({}), |_, _| {});
    tab.ask("Emulation.setScriptExecutionDisabled", json!({"value": true}), |_, _| {});
    tab.ask("Emulation.setScrollbarsHidden", json!({"hidden": true}), |_, _| {});
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
            "unknown here {}, of which {} have one colour there; on a picture there and not here {}",
            self.unknown, self.known_there, self.unseen_pictures
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

/// A configuration that knows our types only.
fn fonts() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let types = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/style/fonts");
    let mut text = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig><dir>{}</dir><cachedir>{}</cachedir>",
        types.display(),
        folder.path().display()
    );
    for (name, design) in [
        ("Arial", "Sans"),
        ("Helvetica", "Sans"),
        ("sans-serif", "Sans"),
        ("system-ui", "Sans"),
        ("Times New Roman", "Serif"),
        ("Times", "Serif"),
        ("serif", "Serif"),
        ("Courier New", "Mono"),
        ("Courier", "Mono"),
        ("monospace", "Mono"),
    ] {
        text.push_str(&format!(
            "<alias binding=\"same\"><family>{name}</family><prefer><family>Liberation {design}</family></prefer></alias>"
        ));
    }
    text.push_str("</fontconfig>");
    std::fs::write(folder.path().join("fonts.conf"), text).expect("a file is written");
    folder
}

/// Name, markup and root folder of each page.
fn pages() -> Vec<(String, String, PathBuf)> {
    let mut pages = Vec::new();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites");
    for site in ["exemplary", "mixed", "two-languages"] {
        let root = fixtures.join(site);
        pages.extend(found(&root).into_iter().take(4).map(|(name, html)| (name, html, root.clone())));
    }
    if let Some(shared) = std::env::var_os("IDEA_AUDIT_SHARED").map(PathBuf::from) {
        let corpus = shared.join("corpus");
        let mut sites: Vec<PathBuf> = std::fs::read_dir(&corpus)
            .map(|entries| entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect())
            .unwrap_or_default();
        sites.sort();
        let each = REAL.div_ceil(sites.len().max(1));
        for root in sites {
            pages.extend(found(&root).into_iter().take(each).map(|(name, html)| (name, html, root.clone())));
        }
    }
    pages
}

fn found(root: &Path) -> Vec<(String, String)> {
    let mut open = vec![root.to_path_buf()];
    let mut pages = Vec::new();
    while let Some(folder) = open.pop() {
        let mut inner: Vec<PathBuf> = std::fs::read_dir(folder)
            .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
            .unwrap_or_default();
        inner.sort();
        for path in inner {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "html" || ending == "htm")
                && let Ok(bytes) = std::fs::read(&path)
                && bytes.len() < 300_000
            {
                pages.push((path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
    }
    pages.sort();
    pages
}

fn compare(tab: &mut Devtools, path: &str, html: &str, root: &Path, tally: &mut Tally) {
    let document = Document::parse(html);
    let base = Url::from_file_path(path).expect("an absolute path");
    let shelf = |url: &Url| {
        let below = url.path().trim_start_matches('/');
        let files = [url.to_file_path().ok(), Some(root.join(below))];
        let text = files.into_iter().flatten().find_map(|file| std::fs::read(file).ok());
        let text = text.map_or_else(String::new, |bytes| String::from_utf8_lossy(&bytes).into_owned());
        Shelved::Text(text.into(), url.clone())
    };
    let Gathered::Whole(sources, _) = style::gather(&document, &base, &shelf) else { panic!("nothing is wanted") };
    let Ok(views) = Measurer::default().measure(&document, &sources, &Viewport::ALL) else { return };
    let markup = marked(&document, &sources);
    for view in &views {
        let (shown, width) = snapshot(tab, &markup, view.viewport);
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

/// What the browser shows of an element.
struct Shown {
    colour: Option<Colour>,
    size: f32,
    weight: u16,
    is_visible: bool,
    /// What it paints itself: a colour, whether a picture or gradient is on it, how much of it is let through.
    background: Option<Colour>,
    has_image: bool,
    opacity: f64,
    has_shadow: bool,
    /// What Chromium says is behind its text, where it says so.
    blended: Option<Colour>,
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

/// The markup again, each element with its number, style in the page and nothing to load.
fn marked(document: &Document, sources: &[Source]) -> String {
    let mut html = if document.quirks() == Quirks::Full { String::new() } else { "<!doctype html>".to_string() };
    write(&document.root(), sources, &mut html);
    html
}

fn write(element: &Element<'_>, sources: &[Source], html: &mut String) {
    let name = element.name();
    let loads = ["src", "srcset", "href", "data", "poster", "srcdoc", "background", "media", "rel", "data-n"];
    let css = sources.iter().find(|source| source.element == element.order());
    if matches!(name, "script" | "noscript" | "template" | "base" | "meta")
        || (name == "link" || name == "style") && css.is_none()
    {
        return;
    }
    let name = if name == "link" { "style" } else { name };
    html.push_str(&format!("<{name} data-n=\"{}\"", element.order()));
    for (key, value) in element.attrs().filter(|(key, _)| !loads.contains(key) || *key == "href" && name == "a") {
        let value = if key == "href" { "x" } else { value };
        html.push_str(&format!(" {key}=\"{}\"", value.replace('&', "&amp;").replace('"', "&quot;")));
    }
    html.push_str(&sized(element));
    html.push('>');
    if let Some(css) = css {
        html.push_str(&css.css.replace("</", "<\\/"));
    } else {
        for node in element.nodes() {
            match node {
                Node::Text(text) => html.push_str(&text.replace('&', "&amp;").replace('<', "&lt;")),
                Node::Element(inner) => write(&inner, sources, html),
            }
        }
    }
    let void = ["area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"];
    if !void.contains(&name) {
        html.push_str(&format!("</{name}>"));
    }
}

/// An empty picture as large as the markup says, since what is not loaded has another box.
fn sized(element: &Element<'_>) -> String {
    let whole = |name: &str| element.attr(name).and_then(|value| value.trim().parse::<u32>().ok());
    match (element.name(), whole("width"), whole("height")) {
        ("img", Some(width), Some(height)) => format!(
            " src=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'/%3E\""
        ),
        _ => String::new(),
    }
}

/// What Chromium shows on a screen, by our numbers, and how wide the page is.
fn snapshot(tab: &mut Devtools, markup: &str, viewport: Viewport) -> (Vec<Option<Shown>>, f64) {
    let screen = json!({"width": viewport.width, "height": viewport.height, "deviceScaleFactor": 1, "mobile": false});
    tab.ask("Emulation.setDeviceMetricsOverride", screen, |_, _| {});
    let frames = tab.ask("Page.getFrameTree", json!({}), |_, _| {});
    let frame = frames["frameTree"]["frame"]["id"].as_str().expect("there is a frame").to_string();
    tab.ask("Page.setDocumentContent", json!({"frameId": frame, "html": markup}), |_, _| {});
    let wanted = json!({"computedStyles": STYLES, "includePaintOrder": false, "includeBlendedBackgroundColors": true});
    let taken = tab.ask("DOMSnapshot.captureSnapshot", wanted, |_, _| {});
    let metrics = tab.ask("Page.getLayoutMetrics", json!({}), |_, _| {});
    let width = metrics["cssContentSize"]["width"].as_f64().expect("a page is some pixels wide");
    (shown(&taken), width)
}

fn shown(taken: &Value) -> Vec<Option<Shown>> {
    let words = taken["strings"].as_array().expect("strings are listed");
    let word = |index: &Value| {
        index.as_u64().and_then(|index| words.get(usize::try_from(index).ok()?)).and_then(Value::as_str)
    };
    let document = &taken["documents"][0];
    let attributes = document["nodes"]["attributes"].as_array().expect("nodes have attributes");
    let number = |node: usize| {
        let pairs = attributes.get(node)?.as_array()?;
        let at = pairs.chunks(2).find(|pair| word(&pair[0]) == Some("data-n"))?;
        word(&at[1])?.parse::<usize>().ok()
    };
    let whole = |value: &Value| value.as_u64().and_then(|whole| usize::try_from(whole).ok());
    let layout = &document["layout"];
    let nodes = layout["nodeIndex"].as_array().expect("layout names nodes");
    let mut all: Vec<Option<Shown>> = Vec::new();
    all.resize_with(attributes.len() + 1, || None);
    for (at, node) in nodes.iter().filter_map(whole).enumerate() {
        let style = |which: usize| word(&layout["styles"][at][which]).unwrap_or_default().to_string();
        let number_of = |which: usize| style(which).trim_end_matches("px").parse::<f32>().unwrap_or_default();
        if let Some(number) = number(node) {
            if all.len() <= number {
                all.resize_with(number + 1, || None);
            }
            all[number].get_or_insert_with(|| Shown {
                colour: Colour::parse(&style(0)),
                size: number_of(1),
                weight: style(2).parse().unwrap_or_default(),
                is_visible: style(3) == "visible",
                background: Colour::parse(&style(4)),
                has_image: style(5) != "none",
                opacity: f64::from(number_of(6)),
                has_shadow: style(7) != "none",
                blended: word(&layout["blendedBackgroundColors"][at]).and_then(Colour::parse),
            });
        }
    }
    all
}
