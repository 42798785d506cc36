//! Protection (ISO 32000-1, 7.6): what a document that opens without a password still forbids.
//!
//! In: a document that was opened. Out: a [`Lock`], or nothing. Invariant: permissions that cannot be read are unknown, not denied.
//! Tested in `tests/it/documents.rs`.

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, FromBytes, ObjectIdentifier};

use crate::document::Lock;
use crate::document::kind::find;

/// The entry of the trailer.
const NAME: &[u8] = b"/Encrypt";
/// The bit for copying, and the one for assistive technology (table 22, bits 5 and 10).
const COPY: i64 = 1 << 4;
const ASSIST: i64 = 1 << 9;

/// How the document is protected.
pub(super) fn of(pdf: &Pdf) -> Option<Lock> {
    let body: &[u8] = pdf.data().as_ref();
    let rest = entry(body)?;
    let encryption = match reference(rest) {
        Some(id) => pdf.xref().get::<Dict<'_>>(id),
        None => Dict::from_bytes(rest.trim_ascii_start()),
    };
    let assistive = encryption.and_then(|encryption| {
        let allowed = encryption.get::<i64>("P")?;
        Some(match encryption.get::<i64>("R") {
            // The bit for assistive technology came with revision 3; before, reading aloud was copying.
            Some(2) => allowed & COPY != 0,
            Some(_) | None => allowed & (ASSIST | COPY) != 0,
        })
    });
    Some(Lock { opens: true, assistive })
}

/// What stands behind the trailer's name for it; "/EncryptMetadata" and other names that begin so are something else.
fn entry(body: &[u8]) -> Option<&[u8]> {
    let mut rest = body;
    while let Some(at) = find(rest, NAME) {
        rest = &rest[at + NAME.len()..];
        if rest.first().is_some_and(|next| next.is_ascii_whitespace() || *next == b'<') {
            return Some(&rest[..rest.len().min(4096)]);
        }
    }
    None
}

/// "12 0 R".
fn reference(text: &[u8]) -> Option<ObjectIdentifier> {
    let text = String::from_utf8_lossy(&text[..text.len().min(40)]).into_owned();
    let mut words = text.split_ascii_whitespace();
    let (number, generation, mark) = (words.next()?, words.next()?, words.next()?);
    mark.starts_with('R').then_some(())?;
    Some(ObjectIdentifier::new(number.parse().ok()?, generation.parse().ok()?))
}
