//! The engine's document, built from ours: the same tree, element for element, so that no second parser can disagree.
//!
//! In: a document, its sheets, a screen. Out: [`Tree`]: the laid out document of the engine, and which node is which element.
//! Invariants: nothing in it names an address, so that nothing is loaded and no address can be malformed; a fresh document for each
//! screen, because laying one out again is not safe. Tested in `measure.rs`.

use std::sync::{Arc, LazyLock};

use blitz_dom::{
    Attribute, BaseDocument, DocumentConfig, LocalName, NodeId, QualName, StyleThreading, UserAgentStylesheet, ns,
};
use blitz_traits::shell::{ColorScheme, Viewport as Screen};
use style_engine::context::QuirksMode;
use style_engine::media_queries::MediaList;
use style_engine::servo_arc::Arc as EngineArc;
use style_engine::shared_lock::SharedRwLock;
use style_engine::stylesheets::{AllowImportRules, DocumentStyleSheet, Origin, Stylesheet, UrlExtraData};

use super::{Viewport, fonts, stand_ins};
use crate::html::{Document, Element, Node, Quirks};

/// Attributes that name something to load.
const LOADS: [&str; 9] = ["src", "srcset", "srcdoc", "href", "data", "poster", "background", "xlink:href", "rel"];

/// What the browser's own sheet says beyond that of the engine.
static BROWSER: LazyLock<UserAgentStylesheet> =
    LazyLock::new(|| UserAgentStylesheet::parse(include_str!("browser.css")));

/// Switches of the engine; set before its first sheet is parsed. Its first document would set those that it wants on itself, which is
/// too late for the sheets of the first page: they would lose their grids, masks and filters, and are kept for the pages to come.
static READY: LazyLock<()> = LazyLock::new(|| {
    style_preferences::set_pref!("layout.grid.enabled", true);
    style_preferences::set_pref!("layout.unimplemented", true);
    style_preferences::set_pref!("layout.columns.enabled", true);
    style_preferences::set_pref!("layout.css.basic-shape-shape.enabled", true);
    style_preferences::set_pref!("layout.css.tree-counting-functions.enabled", true);
    style_preferences::set_pref!("layout.css.progress-function.enabled", true);
    style_preferences::set_pref!("layout.variable_fonts.enabled", true);
    style_preferences::set_pref!("layout.css.has-selector.enabled", true);
    style_preferences::set_pref!("layout.css.at-scope.enabled", true);
    style_preferences::set_pref!("layout.container-queries.enabled", true);
    // What stands in for `background-clip: text`.
    style_preferences::set_pref!("layout.css.background-clip.border-area.enabled", true);
});

/// A parsed sheet, good for any number of documents of the thread.
#[derive(Clone)]
pub(super) struct Sheet(DocumentStyleSheet);

/// A document of the engine after layout.
pub(super) struct Tree {
    pub(super) engine: BaseDocument,
    /// The node of each element; none for what the engine was not given.
    pub(super) nodes: Vec<Option<NodeId>>,
}

/// Parses a sheet. Its imports are in it already.
pub(super) fn parse(css: &str, quirks: Quirks) -> Sheet {
    LazyLock::force(&READY);
    let address = url::Url::parse("about:blank").expect("a constant address");
    // A lock that is never written lets documents share the sheet.
    let lock = SharedRwLock::read_only();
    let mode = match quirks {
        Quirks::Full => QuirksMode::Quirks,
        Quirks::Limited => QuirksMode::LimitedQuirks,
        Quirks::No => QuirksMode::NoQuirks,
    };
    let sheet = Stylesheet::from_str(
        &stand_ins::put_in(css),
        UrlExtraData(EngineArc::new(address)),
        Origin::Author,
        EngineArc::new(lock.wrap(MediaList::empty())),
        lock,
        None,
        None,
        mode,
        AllowImportRules::No,
    );
    Sheet(DocumentStyleSheet(EngineArc::new(sheet)))
}

impl Tree {
    /// Builds and lays out a document on a screen. `hints` come before all sheets.
    pub(super) fn of(document: &Document, hints: Option<&Sheet>, sheets: &[(u32, Sheet)], viewport: Viewport) -> Self {
        LazyLock::force(&READY);
        let screen = Screen::new(u32::from(viewport.width), u32::from(viewport.height), 1.0, ColorScheme::Light);
        let mut engine = BaseDocument::new(DocumentConfig {
            viewport: Some(screen),
            base_url: None,
            ua_stylesheets: vec![UserAgentStylesheet::default_sheet(), BROWSER.clone()],
            font_ctx: Some(fonts::context()),
            style_threading: StyleThreading::Sequential,
            incremental: Some(true),
            ..DocumentConfig::default()
        });
        let nodes = grow(document, &mut engine);
        let node = |element: u32| nodes.get(element as usize).copied().flatten();
        let head = document.head().and_then(|head| node(head.order()));
        if let (Some(hints), Some(head)) = (hints, head) {
            engine.add_stylesheet_for_node(hints.0.clone(), head);
        }
        for (element, sheet) in sheets {
            if let Some(node) = node(*element) {
                engine.add_stylesheet_for_node(sheet.0.clone(), node);
            }
        }
        engine.resolve(0.0);
        Self { engine, nodes }
    }
}

/// Gives the engine every element and text; it is attached last, at once.
fn grow(document: &Document, engine: &mut BaseDocument) -> Vec<Option<NodeId>> {
    let top = engine.root_node().id;
    let mut nodes: Vec<Option<NodeId>> = vec![None; document.elements().len()];
    let mut grower = engine.mutate();
    let root = grower.create_element(name(&document.root()), attributes(&document.root()));
    nodes[0] = Some(root);
    for element in document.elements() {
        let Some(parent) = nodes[element.order() as usize] else { continue };
        if is_leaf(&element) {
            continue;
        }
        let mut children = Vec::new();
        for child in element.nodes() {
            children.push(match child {
                Node::Text(_) if is_mute(&element) => continue,
                Node::Text(text) => grower.create_text_node(text),
                Node::Element(inner) => {
                    let node = grower.create_element(name(&inner), attributes(&inner));
                    nodes[inner.order() as usize] = Some(node);
                    node
                }
            });
        }
        grower.append_children(parent, &children);
    }
    grower.append_children(top, &[root]);
    drop(grower);
    nodes
}

/// What is inside is drawn by other rules than those of style sheets, or not at all.
fn is_leaf(element: &Element<'_>) -> bool {
    element.is_svg()
        || element.is_html()
            && matches!(element.name(), "iframe" | "video" | "audio" | "canvas" | "template" | "noscript")
}

/// Text here is no text of the page.
fn is_mute(element: &Element<'_>) -> bool {
    element.is_html() && matches!(element.name(), "style" | "script" | "title")
}

fn name(element: &Element<'_>) -> QualName {
    let namespace = if element.is_svg() {
        ns!(svg)
    } else if element.is_mathml() {
        ns!(mathml)
    } else {
        ns!(html)
    };
    QualName::new(None, namespace, LocalName::from(element.name()))
}

fn attributes(element: &Element<'_>) -> Vec<Attribute> {
    let leads = matches!(element.name(), "a" | "area");
    let kept = element.attrs().filter(|(name, _)| !LOADS.contains(name) || leads && *name == "href");
    kept.map(|(name, value)| Attribute {
        name: QualName::new(None, ns!(), LocalName::from(name)),
        value: if name == "style" { stand_ins::put_in(value).into_owned() } else { value.to_string() },
    })
    .collect()
}

/// Sheets that were parsed before, the latest used last.
#[derive(Default)]
pub(super) struct Parsed(Vec<(Quirks, Arc<str>, Sheet)>);

/// Sheets that are kept: those of a few sites.
const KEPT: usize = 32;

impl Parsed {
    /// The sheet of a text, parsed once as long as it is in use.
    pub(super) fn sheet(&mut self, css: &Arc<str>, quirks: Quirks) -> Sheet {
        let found = self.0.iter().position(|(mode, text, _)| *mode == quirks && text == css);
        let kept = match found {
            Some(at) => self.0.remove(at),
            None => (quirks, css.clone(), parse(css, quirks)),
        };
        let sheet = kept.2.clone();
        self.0.push(kept);
        if self.0.len() > KEPT {
            self.0.remove(0);
        }
        sheet
    }
}
