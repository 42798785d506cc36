//! The style sheets of a page as text: where they stand, what they import, and each with its imports put in.
//!
//! In: a document, its address, and what is known of other addresses. Out: [`Gathered`]: sources in the order they count, or the
//! addresses that are wanted first. CSS Cascade 5, 2 (`@import`); HTML, 4.2.4. Invariants: addresses are resolved here, so that the
//! engine meets none; a chain of imports ends; nothing is fetched. Tested below.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;

use super::UnreadSheet;
use super::css::{self, Import};
use crate::html::{Document, Element};

/// Imports within imports that are followed.
const DEEPEST: usize = 5;
/// Octets of style that are read for a page: about ten times that of a large one.
const MOST_OCTETS: usize = 8 << 20;

/// One sheet of a page, with its imports in it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Source {
    /// The number of the `style` or `link` element.
    pub element: u32,
    /// The rules.
    pub css: Arc<str>,
}

/// What is known of an address.
#[derive(Clone, Debug)]
pub enum Shelved {
    /// It is a sheet: its text, and the address it came from in the end.
    Text(Arc<str>, Url),
    /// It could not be read, and why.
    Failed(String),
    /// Nobody asked yet.
    Unknown,
}

/// The style of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Gathered {
    /// Everything is there, or known not to be.
    Whole(Vec<Source>, Vec<UnreadSheet>),
    /// These have to be asked for first.
    Wants(Vec<Url>),
}

/// Puts the style of a page together. `base` is what its references resolve against.
pub fn gather(document: &Document, base: &Url, shelf: &dyn Fn(&Url) -> Shelved) -> Gathered {
    let mut work = Work { shelf, unread: Vec::new(), wants: Vec::new(), octets: 0 };
    let mut sources = Vec::new();
    for element in document.elements().filter(counts) {
        let css = match element.name() {
            "style" => Some(work.flat(&element.text(), base, 0)),
            _ => work.linked(&element, base),
        };
        if let Some(css) = css {
            let media = element.attr("media").unwrap_or_default();
            sources.push(Source { element: element.order(), css: css::under("@media", media, css).into() });
        }
    }
    if work.wants.is_empty() { Gathered::Whole(sources, work.unread) } else { Gathered::Wants(work.wants) }
}

/// True for an element that brings a sheet a screen uses: not an alternative, not one for print, none inside `noscript`.
fn counts(element: &Element<'_>) -> bool {
    let kind = element.attr("type").unwrap_or_default().trim();
    let is_css = kind.is_empty() || kind.eq_ignore_ascii_case("text/css");
    let rel = || element.attr("rel").unwrap_or_default().to_ascii_lowercase();
    let brings = match element.name() {
        "style" => true,
        "link" => {
            let rel = rel();
            let says = |word: &str| rel.split_ascii_whitespace().any(|found| found == word);
            says("stylesheet") && !says("alternate") && element.is_html() && !element.has_attr("disabled")
        }
        _ => false,
    };
    brings
        && is_css
        && !css::is_for_another_medium(element.attr("media").unwrap_or_default())
        && !element.ancestors().any(|around| around.name() == "noscript")
}

struct Work<'s> {
    shelf: &'s dyn Fn(&Url) -> Shelved,
    unread: Vec<UnreadSheet>,
    wants: Vec<Url>,
    octets: usize,
}

impl Work<'_> {
    fn linked(&mut self, link: &Element<'_>, base: &Url) -> Option<String> {
        let href = link.attr("href").map(str::trim).filter(|href| !href.is_empty())?;
        self.at(href, base, 0)
    }

    /// The sheet at a reference.
    fn at(&mut self, reference: &str, base: &Url, depth: usize) -> Option<String> {
        let Ok(mut url) = base.join(reference) else {
            self.miss(reference, "it is no address");
            return None;
        };
        url.set_fragment(None);
        if let Some(css) = data(&url) {
            return Some(self.flat(&css, base, depth));
        }
        if !matches!(url.scheme(), "http" | "https" | "file") {
            self.miss(reference, "it is no address of a file");
            return None;
        }
        match (self.shelf)(&url) {
            Shelved::Text(css, from) => Some(self.flat(&css, &from, depth)),
            Shelved::Failed(why) => {
                self.miss(url.as_str(), &why);
                None
            }
            Shelved::Unknown => {
                if !self.wants.contains(&url) {
                    self.wants.push(url);
                }
                None
            }
        }
    }

    /// A sheet with what it imports in the place of each import.
    fn flat(&mut self, text: &str, base: &Url, depth: usize) -> String {
        self.octets += text.len();
        if self.octets > MOST_OCTETS {
            self.miss(base.as_str(), "the style of the page is larger than is read");
            return String::new();
        }
        let imports = css::imports(text);
        let mut flat = String::with_capacity(text.len());
        let mut from = 0;
        for Import { range, address, layer, supports, media } in imports {
            flat.push_str(&text[from..range.start]);
            from = range.end;
            if css::is_for_another_medium(&media) {
                continue;
            }
            if depth >= DEEPEST {
                self.miss(&address, "it is imported too deeply");
            } else if let Some(inner) = self.at(&address, base, depth + 1) {
                let inner = css::under("@layer", layer.as_deref().unwrap_or_default(), inner);
                let inner = if layer.as_deref() == Some("") { format!("@layer{{{inner}}}") } else { inner };
                let inner = css::under("@supports", &supports, inner);
                flat.push_str(&css::under("@media", &media, inner));
            }
        }
        flat.push_str(&text[from..]);
        flat
    }

    fn miss(&mut self, sheet: &str, why: &str) {
        // An address may hold a whole file.
        let sheet = sheet.chars().take(300).collect();
        self.unread.push(UnreadSheet { sheet, why: why.to_string() });
    }
}

/// The text of a `data:` address without base64 (RFC 2397).
fn data(url: &Url) -> Option<String> {
    let (head, body) = (url.scheme() == "data").then(|| url.path().split_once(','))??;
    if head.ends_with(";base64") {
        return None;
    }
    Some(percent_encoding::percent_decode_str(body).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(html: &str) -> Gathered {
        let shelf = |url: &Url| match url.path() {
            "/a.css" => Shelved::Text("@import 'b.css' print; @import url(b.css) screen;a{}".into(), url.clone()),
            "/b.css" => Shelved::Text("b{}".into(), url.clone()),
            "/loop.css" => Shelved::Text("@import 'loop.css';c{}".into(), url.clone()),
            "/gone.css" => Shelved::Failed("it answered 404".into()),
            _ => Shelved::Unknown,
        };
        let base = Url::parse("https://a.example/dir/").expect("a constant address");
        gather(&Document::parse(html), &base, &shelf)
    }

    fn whole(html: &str) -> (Vec<String>, Vec<String>) {
        match gathered(html) {
            Gathered::Whole(sources, unread) => (
                sources.iter().map(|source| source.css.to_string()).collect(),
                unread.iter().map(|sheet| format!("{}: {}", sheet.sheet, sheet.why)).collect(),
            ),
            Gathered::Wants(wants) => panic!("{wants:?}"),
        }
    }

    #[test]
    fn sheets_are_put_together_in_the_order_they_count() {
        for (html, sources, unread) in [
            ("<style>p{}</style>", vec!["p{}"], vec![]),
            ("<style media='(max-width: 9px)'>p{}</style>", vec!["@media (max-width: 9px){p{}}"], vec![]),
            ("<style media=print>p{}</style><link rel=stylesheet media=print href=/gone.css>", vec![], vec![]),
            ("<link rel=StyleSheet href=/a.css><style>p{}</style>", vec![" @media screen{b{}}a{}", "p{}"], vec![]),
            ("<link rel='alternate stylesheet' href=/gone.css>", vec![], vec![]),
            ("<noscript><style>p{}</style></noscript>", vec![], vec![]),
            ("<link rel=stylesheet href=/gone.css>", vec![], vec!["https://a.example/gone.css: it answered 404"]),
            ("<link rel=stylesheet href='http://['>", vec![], vec!["http://[: it is no address"]),
            ("<style>@import 'http://[';p{}</style>", vec!["p{}"], vec!["http://[: it is no address"]),
            ("<link rel=stylesheet href='data:text/css,p%7B%7D'>", vec!["p{}"], vec![]),
            (
                "<style>@import '/b.css' layer(x) supports(display:grid);</style>",
                vec!["@supports (display:grid){@layer x{b{}}}"],
                vec![],
            ),
        ] {
            assert_eq!(
                whole(html),
                (sources.iter().map(ToString::to_string).collect(), unread.iter().map(ToString::to_string).collect()),
                "{html}"
            );
        }
        let (_, unread) = whole("<link rel=stylesheet href=/loop.css>");
        assert_eq!(unread, ["loop.css: it is imported too deeply"]);
    }

    #[test]
    fn what_nobody_asked_for_yet_is_wanted_once() {
        let wants = gathered(
            "<link rel=stylesheet href=x.css><link rel=stylesheet href=x.css#a><style>@import url(y.css)</style>",
        );
        let Gathered::Wants(wants) = wants else { panic!("two sheets are not known") };
        let wants: Vec<&str> = wants.iter().map(Url::as_str).collect();
        assert_eq!(wants, ["https://a.example/dir/x.css", "https://a.example/dir/y.css"]);
    }
}
