//! PDF files (ISO 32000), read for what they say of themselves; nothing is drawn.
//!
//! In: octets. Out: a [`Document`] without what its text tells. Invariants: pages, operators, fields and octets that are looked at
//! are counted and bounded; references in a circle are walked once. Tested in `tests/it/documents.rs`.

mod fields;
mod font;
mod lock;
mod metadata;
mod place;
mod stream;
mod string;
mod text;

use hayro_syntax::object::{Dict, Stream};
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use jiff::civil::Date;

use super::words::FIRST;
use super::{Document, Form, Kind, Lock, State};

/// Reads a PDF.
///
/// # Errors
/// When it is protected in a way that cannot be read here.
pub(super) fn read(body: &[u8]) -> Result<Document, String> {
    let pdf = match Pdf::new(body.to_vec()) {
        Ok(pdf) => pdf,
        Err(LoadPdfError::Invalid) => return Ok(broken()),
        Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected)) => {
            let lock = Some(Lock { opens: false, assistive: None });
            return Ok(Document { state: State::Locked, lock, ..Document::of(Kind::Pdf) });
        }
        Err(LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm)) => {
            return Err("it is protected in a way that is not known here".to_string());
        }
        Err(LoadPdfError::Decryption(DecryptionError::MissingIDEntry | DecryptionError::InvalidEncryption)) => {
            return Ok(broken());
        }
    };
    let Some(catalog) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) else { return Ok(broken()) };
    if pdf.pages().is_empty() {
        return Ok(broken());
    }
    let mut document = Document::of(Kind::Pdf);
    document.lock = lock::of(&pdf);
    catalog_facts(&catalog, &mut document);
    information(&pdf, &catalog, &mut document);
    fields::count(pdf.xref(), &catalog, &mut document);
    text::read(&pdf, &mut document);
    Ok(document)
}

fn broken() -> Document {
    Document { state: State::Broken, ..Document::of(Kind::Pdf) }
}

/// What the catalog says (ISO 32000-1, table 28).
fn catalog_facts(catalog: &Dict<'_>, document: &mut Document) {
    let says = catalog.get::<Dict<'_>>("MarkInfo").and_then(|mark| mark.get::<bool>("Marked")).unwrap_or(false);
    let tree = catalog.get::<Dict<'_>>("StructTreeRoot").is_some_and(|tree| tree.contains_key("K"));
    document.tagged = Some(says && tree);
    document.language = catalog.get("Lang").map(|lang| string::text(&lang)).filter(|lang| !lang.is_empty());
    let preferences = catalog.get::<Dict<'_>>("ViewerPreferences");
    document.shows_title = Some(preferences.and_then(|shown| shown.get::<bool>("DisplayDocTitle")).unwrap_or(false));
}

/// Title, days and program: those of the metadata stream go before those of the information dictionary (ISO 32000-2, 14.3.3).
fn information(pdf: &Pdf, catalog: &Dict<'_>, document: &mut Document) {
    let information = pdf.metadata();
    let packet = catalog.get::<Stream<'_>>("Metadata").and_then(|stream| stream::decoded(&stream));
    let packet = packet.map(|packet| metadata::read(&packet)).unwrap_or_default();
    let own = |octets: &Option<Box<[u8]>>| {
        octets.as_deref().map(string::decoded).map(|text| text.trim().to_string()).filter(|text| !text.is_empty())
    };
    document.title = packet.title.or_else(|| own(&information.title)).map(|title| cut(&title, 300));
    document.language = document.language.take().or(packet.language);
    document.claims = packet.claims;
    document.producer = own(&information.producer).or_else(|| own(&information.creator)).map(|name| cut(&name, 120));
    let day = |at: Option<hayro_syntax::object::DateTime>| {
        let at = at?;
        let year = i16::try_from(at.year).ok()?;
        let day = Date::new(year, i8::try_from(at.month).ok()?, i8::try_from(at.day).ok()?).ok()?;
        (day >= FIRST).then_some(day)
    };
    document.created = day(information.creation_date);
    document.modified = day(information.modification_date);
}

/// What an interactive form is drawn by, as far as its dictionary says.
fn drawn_by(form: &Dict<'_>, catalog: &Dict<'_>, fields: u32) -> Form {
    let xfa = form.contains_key("XFA");
    let drawn_later = catalog.get::<bool>("NeedsRendering").unwrap_or(false);
    match (xfa, fields) {
        (true, 0) => Form::DynamicXfa,
        (true, _) if drawn_later => Form::DynamicXfa,
        (true, _) => Form::Xfa,
        (false, 0) => Form::None,
        (false, _) => Form::Fields,
    }
}

/// The beginning of a text, in whole characters.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
