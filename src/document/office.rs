//! Office files that are archives of XML: Office Open XML (ISO/IEC 29500) and OpenDocument (ISO/IEC 26300).
//!
//! In: octets. Out: a [`Document`] without what its text tells. Invariants: what is unpacked is bounded (`archive`);
//! macros and links are never followed. Tested in
//! `tests/it/documents.rs`.

use jiff::civil::Date;

use super::archive::Archive;
use super::xml::{Met, attribute, walk};
use super::{Document, Form, Kind, State};

/// Octets of text that are kept.
const KEPT: usize = 24_000;
/// Slides that are read.
const SLIDES: usize = 200;

/// Where Office Open XML keeps the title and the days, and OpenDocument everything of the kind.
const CORE: &str = "docProps/core.xml";
const META: &str = "meta.xml";

/// The elements of a content control that people fill in, and those of older form fields.
const CONTROLS: [&str; 6] = ["text", "dropDownList", "comboBox", "date", "checkbox", "ffData"];
/// The elements of a form in OpenDocument.
const ODF_FIELDS: [&str; 8] =
    ["text", "textarea", "checkbox", "radio", "listbox", "combobox", "date", "formatted-text"];

/// The kind of an archive, by its parts; [`Kind::Other`] for any other archive and for a broken one.
pub(super) fn kind(body: &[u8]) -> Kind {
    let Some(mut archive) = Archive::open(body) else { return Kind::Other };
    let parts = [
        ("word/document.xml", Kind::Word),
        ("xl/workbook.xml", Kind::Excel),
        ("ppt/presentation.xml", Kind::PowerPoint),
    ];
    if let Some((_, kind)) = parts.iter().find(|(name, _)| archive.has(name)) {
        return *kind;
    }
    let declared = archive.part("mimetype").unwrap_or_default();
    match String::from_utf8_lossy(&declared).trim() {
        "application/vnd.oasis.opendocument.text" => Kind::OpenText,
        "application/vnd.oasis.opendocument.spreadsheet" => Kind::OpenSpreadsheet,
        "application/vnd.oasis.opendocument.presentation" => Kind::OpenPresentation,
        _ => Kind::Other,
    }
}

/// True for an archive whose list of parts cannot be read.
pub(super) fn is_broken(body: &[u8]) -> bool {
    body.starts_with(b"PK\x03\x04") && Archive::open(body).is_none()
}

/// Reads Office Open XML.
pub(super) fn microsoft(kind: Kind, body: &[u8]) -> Document {
    let mut document = Document::of(kind);
    let Some(mut archive) = Archive::open(body) else { return broken(kind) };
    properties(&archive.part(CORE).unwrap_or_default(), &mut document);
    let mut text = String::new();
    match kind {
        Kind::Excel => {
            let strings = archive.part("xl/sharedStrings.xml").unwrap_or_default();
            paragraphs(&strings, "t", &["si"], &mut text);
        }
        Kind::PowerPoint => {
            let slides = slides(&archive);
            document.pages = u32::try_from(slides.len()).ok();
            for slide in slides.iter().take(SLIDES) {
                paragraphs(&archive.part(slide).unwrap_or_default(), "t", &["p"], &mut text);
                document.pages_read += 1;
            }
        }
        _ => {
            let Some(main) = archive.part("word/document.xml") else { return broken(kind) };
            paragraphs(&main, "t", &["p", "br", "tab"], &mut text);
            controls(&main, &mut document);
            let styles = archive.part("word/styles.xml").unwrap_or_default();
            document.language = document.language.take().or_else(|| default_language(&styles));
        }
    }
    finish(text, &mut document);
    document
}

/// Reads OpenDocument.
pub(super) fn open(kind: Kind, body: &[u8]) -> Document {
    let mut document = Document::of(kind);
    let Some(mut archive) = Archive::open(body) else { return broken(kind) };
    properties(&archive.part(META).unwrap_or_default(), &mut document);
    let Some(main) = archive.part("content.xml") else { return broken(kind) };
    let mut text = String::new();
    paragraphs(&main, "*", &["p", "h"], &mut text);
    walk(&main, |open, met| {
        if let (Met::Open(start), Some(last)) = (met, open.last())
            && start.name().as_ref().starts_with("form:")
            && ODF_FIELDS.contains(&last.as_str())
        {
            document.fields += 1;
        }
        true
    });
    let styles = archive.part("styles.xml").unwrap_or_default();
    document.language = document.language.take().or_else(|| default_language(&styles));
    document.form = if document.fields > 0 { Form::Fields } else { Form::None };
    finish(text, &mut document);
    document
}

fn broken(kind: Kind) -> Document {
    Document { state: State::Broken, ..Document::of(kind) }
}

fn finish(mut text: String, document: &mut Document) {
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    document.words = u32::try_from(words).unwrap_or(u32::MAX);
    let end = (0..=KEPT.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.truncate(end);
    document.text = text;
    let title = document.title.take().map(|title| title.trim().to_string());
    document.title = title.filter(|title| !title.is_empty());
}

/// Title, language, days and program, in the words of Dublin Core that both families use.
fn properties(xml: &[u8], document: &mut Document) {
    walk(xml, |open, met| {
        if let Met::Open(start) = &met
            && open.last().is_some_and(|last| last == "document-statistic")
        {
            document.pages = attribute(start, "page-count").and_then(|pages| pages.parse().ok());
        }
        let Met::Text(text) = met else { return true };
        // An "&" comes in a piece of its own, so that blanks around it count.
        if open.last().is_some_and(|last| last == "title") {
            document.title.get_or_insert_default().push_str(text);
            return true;
        }
        let text = text.trim();
        let Some(last) = open.last().filter(|_| !text.is_empty()) else { return true };
        match last.as_str() {
            "language" => document.language = Some(text.to_string()),
            "created" | "creation-date" => document.created = day(text),
            "modified" | "date" => document.modified = day(text),
            "generator" => document.producer = Some(text.chars().take(120).collect()),
            _ => {}
        }
        true
    });
}

fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// The words of elements of a name (`*` is any), a line for each of the blocks.
fn paragraphs(xml: &[u8], of: &str, blocks: &[&str], out: &mut String) {
    let most = KEPT * 16;
    walk(xml, |open, met| {
        let last = open.last().map(String::as_str).unwrap_or_default();
        match met {
            Met::Text(text) if of == "*" || last == of => out.push_str(text),
            Met::Close if blocks.contains(&last) => out.push('\n'),
            Met::Text(_) | Met::Open(_) | Met::Close => {}
        }
        out.len() < most
    });
}

/// Fields that people fill in.
fn controls(xml: &[u8], document: &mut Document) {
    walk(xml, |open, met| {
        let (Met::Open(_), [.., above, last]) = (met, open) else { return true };
        if CONTROLS.contains(&last.as_str()) && (above == "sdtPr" || last == "ffData") {
            document.fields += 1;
        }
        if last == "signatureline" {
            document.signatures += 1;
        }
        true
    });
    document.form = if document.fields > 0 { Form::Fields } else { Form::None };
}

/// The language that text has where nothing else is said: `w:lang` of the defaults, `fo:language` of a default style.
fn default_language(xml: &[u8]) -> Option<String> {
    let mut language = None;
    walk(xml, |open, met| {
        let Met::Open(start) = met else { return true };
        let within = |name: &str| open.iter().any(|element| element == name);
        match open.last().map(String::as_str) {
            Some("lang") if within("docDefaults") => language = attribute(start, "val"),
            Some("text-properties") if within("default-style") => {
                let country = attribute(start, "country").filter(|country| country != "none");
                language = attribute(start, "language")
                    .filter(|language| language != "none")
                    .map(|language| country.map_or(language.clone(), |country| format!("{language}-{country}")));
            }
            Some(_) | None => {}
        }
        language.is_none()
    });
    language
}

/// The names of the slides, in their order.
fn slides(archive: &Archive<'_>) -> Vec<String> {
    let number =
        |name: &str| -> Option<u32> { name.strip_prefix("ppt/slides/slide")?.strip_suffix(".xml")?.parse().ok() };
    let mut slides: Vec<(u32, String)> =
        archive.names().filter_map(|name| Some((number(name)?, name.to_string()))).collect();
    slides.sort();
    slides.into_iter().map(|(_, name)| name).collect()
}
