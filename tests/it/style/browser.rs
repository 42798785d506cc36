//! Chromium as a measure of looks: the same elements, the same sheets, the same types; no script, no scroll bars, and empty pictures of
//! the sizes that the markup gives.
//!
//! In: real pages and their folders; a tab. Out: a page's sheets, its markup again with our numbers, what Chromium shows of each number.
//! Used by the test beside it and by `benches/rendering.rs`.

use flate2::read::GzDecoder;
use std::io::Read;
use std::path::{Path, PathBuf};

use idea_audit::html::{Document, Element, Node, Quirks};
use idea_audit::style::{self, Colour, Gathered, Shelved, Source, Viewport};
use serde_json::{Value, json};
use url::Url;

use crate::devtools::Devtools;
use crate::pages;

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

/// What the browser shows of an element.
pub struct Shown {
    pub colour: Option<Colour>,
    pub size: f32,
    pub weight: u16,
    pub is_visible: bool,
    /// What it paints itself: a colour, whether a picture or gradient is on it, how much of it is let through.
    pub background: Option<Colour>,
    pub has_image: bool,
    pub opacity: f64,
    pub has_shadow: bool,
    /// What Chromium says is behind its text, where it says so.
    pub blended: Option<Colour>,
}

/// A tab that takes its type from our files; they are there as long as the folder is.
pub fn open(command: &str) -> (Devtools, tempfile::TempDir) {
    let types = fonts();
    let mut tab = Devtools::open_in(command, &[], &[("FONTCONFIG_FILE", types.path().join("fonts.conf"))]);
    tab.ask("Page.enable", json!({}), |_, _| {});
    tab.ask("Emulation.setScriptExecutionDisabled", json!({"value": true}), |_, _| {});
    tab.ask("Emulation.setScrollbarsHidden", json!({"hidden": true}), |_, _| {});
    (tab, types)
}

/// A configuration that knows our types only.
fn fonts() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let types = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/style/fonts");
    for face in std::fs::read_dir(types).expect("the types are there").map(|face| face.expect("a file").path()) {
        if let Some(name) = face.file_stem().filter(|_| face.extension().is_some_and(|kind| kind == "gz")) {
            let mut octets = Vec::new();
            let file = std::fs::File::open(&face).expect("it opens");
            GzDecoder::new(file).read_to_end(&mut octets).expect("it is whole");
            std::fs::write(folder.path().join(name), octets).expect("it is written");
        }
    }
    let mut text = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig><dir>{}</dir><cachedir>{}</cachedir>",
        folder.path().display(),
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

/// Name, markup and root folder of pages of the corpus, where it is there: at most so many in all, alike many of each site.
pub fn real(most: usize) -> Vec<(String, String, PathBuf)> {
    let shared = std::env::var_os("IDEA_AUDIT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    // Addresses are made of the paths.
    let mut sites: Vec<PathBuf> = std::fs::canonicalize(shared.join("corpus"))
        .and_then(std::fs::read_dir)
        .map(|entries| entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect())
        .unwrap_or_default();
    sites.sort();
    let each = most.div_ceil(sites.len().max(1));
    let of = |root: PathBuf| {
        found(&root).into_iter().take(each).map(move |(name, html)| (name, html, root.clone())).collect::<Vec<_>>()
    };
    sites.into_iter().flat_map(of).collect()
}

/// The sheets of a page in a folder; one that is not there is empty.
pub fn sheets(document: &Document, path: &str, root: &Path) -> Vec<Source> {
    let base = Url::from_file_path(path).expect("an absolute path");
    let shelf = |url: &Url| {
        let below = url.path().trim_start_matches('/');
        let files = [url.to_file_path().ok(), Some(root.join(below))];
        let text = files.into_iter().flatten().find_map(|file| std::fs::read(file).ok());
        let text = text.map_or_else(String::new, |bytes| String::from_utf8_lossy(&bytes).into_owned());
        Shelved::Text(text.into(), url.clone())
    };
    let Gathered::Whole(sources, _) = style::gather(document, &base, &shelf) else { panic!("nothing is wanted") };
    sources
}

/// The pages below a folder, by name, with their markup; none of more than 300,000 octets.
pub fn found(root: &Path) -> Vec<(String, String)> {
    pages::below(root)
        .into_iter()
        .filter_map(|path| {
            let bytes = std::fs::read(&path).ok().filter(|bytes| bytes.len() < 300_000)?;
            Some((path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned()))
        })
        .collect()
}

/// The markup again, each element with its number, style in the page and nothing to load.
pub fn marked(document: &Document, sources: &[Source]) -> String {
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
pub fn snapshot(tab: &mut Devtools, markup: &str, viewport: Viewport) -> (Vec<Option<Shown>>, f64) {
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
