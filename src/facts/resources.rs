//! What a page loads: scripts, style sheets, images, frames, media.
//!
//! In: a document and its base address. Out: [`Resource`]s in document order. Invariant: only what the markup itself loads;
//! what a script adds later is unknown here. Tested by the rules of the security and privacy packs.

use std::cell::OnceCell;
use std::sync::LazyLock;
use url::Url;

use super::links::folded_path;
use crate::html::{Document, Element, Selector};
use crate::web::address::{self, Link as Target};

/// Something a page loads.
pub struct Resource<'a> {
    /// The element that asks for it.
    pub element: Element<'a>,
    /// What it is.
    pub kind: ResourceKind,
    /// Its address.
    pub url: Url,
    /// The decoded path in lower case, once somebody compares it.
    path: OnceCell<String>,
}

impl Resource<'_> {
    pub(super) fn path(&self) -> &str {
        self.path.get_or_init(|| folded_path(&self.url))
    }
}

/// What a resource is, which decides how much harm a changed one can do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ResourceKind {
    /// `script[src]`
    Script,
    /// `link[rel~=stylesheet]`
    Stylesheet,
    /// `iframe`, `frame`
    Frame,
    /// `object`, `embed`, `applet`
    Plugin,
    /// `img`, `input[type=image]`, posters, `srcset`
    Image,
    /// `audio`, `video`, `source`, `track`
    Media,
    /// Icons, preloads and other links that load something
    Link,
}

impl ResourceKind {
    /// True for what runs or restyles the page (active mixed content).
    pub fn is_active(self) -> bool {
        matches!(self, Self::Script | Self::Stylesheet | Self::Frame | Self::Plugin)
    }
}

static LOADERS: LazyLock<Selector> = LazyLock::new(|| {
    Selector::parse("script[src], link[href], iframe[src], frame[src], object[data], embed[src], img, input[src], audio, video, source, track[src]")
        .expect("a constant selector")
});

/// What a document loads, in document order.
pub(super) fn resources<'a>(document: &'a Document, base: &Url) -> Vec<Resource<'a>> {
    let mut found = Vec::new();
    for element in document.select(&LOADERS) {
        let mut add = |kind: ResourceKind, reference: Option<&str>| {
            if let Some(Target::Web(url)) = reference.map(|reference| address::resolve(base, reference)) {
                found.push(Resource { element, kind, url, path: OnceCell::new() });
            }
        };
        match element.name() {
            "script" => add(ResourceKind::Script, element.attr("src")),
            "link" => add(link_kind(&element), loads(&element).then(|| element.attr("href")).flatten()),
            "iframe" | "frame" => add(ResourceKind::Frame, element.attr("src")),
            "object" => add(ResourceKind::Plugin, element.attr("data")),
            "embed" => add(ResourceKind::Plugin, element.attr("src")),
            "img" | "input" => {
                add(ResourceKind::Image, element.attr("src"));
                srcset(&element).for_each(|reference| add(ResourceKind::Image, Some(reference)));
            }
            "video" => {
                add(ResourceKind::Media, element.attr("src"));
                add(ResourceKind::Image, element.attr("poster"));
            }
            "source" => {
                add(ResourceKind::Media, element.attr("src"));
                srcset(&element).for_each(|reference| add(ResourceKind::Image, Some(reference)));
            }
            _ => add(ResourceKind::Media, element.attr("src")),
        }
    }
    found
}

/// The `rel` values of a link that make the page load something.
fn loads(element: &Element<'_>) -> bool {
    rels(element).any(|rel| {
        matches!(rel.as_str(), "stylesheet" | "icon" | "preload" | "modulepreload" | "apple-touch-icon" | "manifest")
    })
}

fn link_kind(element: &Element<'_>) -> ResourceKind {
    if rels(element).any(|rel| rel == "stylesheet") { ResourceKind::Stylesheet } else { ResourceKind::Link }
}

fn rels<'a>(element: &Element<'a>) -> impl Iterator<Item = String> + use<'a> {
    element.attr("rel").unwrap_or_default().split_ascii_whitespace().map(str::to_ascii_lowercase)
}

/// The addresses of a `srcset` (HTML, 4.8.4.2.1, without the descriptors).
fn srcset<'a>(element: &Element<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    element
        .attr("srcset")
        .unwrap_or_default()
        .split(", ")
        .filter_map(|candidate| candidate.split_ascii_whitespace().next())
        .map(|reference| reference.trim_end_matches(','))
}
