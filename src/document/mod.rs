//! What a PDF or office file says of itself: the only user of the PDF reader.
//!
//! In: the octets of a file. Out: a [`Document`], plain data. [`press`] goes the other way: it makes small files for the examples
//! of rules and for tests. Invariants: what is read is bounded by counted work (pages, octets, entries, steps), and a broken file is
//! a fact. The libraries below may still run out of memory or panic on what a stranger made: outside tests and examples
//! [`read`] is called in a child process (`worker`). Tested in `tests/it/documents.rs`.

mod archive;
mod description;
mod kind;
mod numbers;
mod office;
mod pdf;
pub mod press;
mod signs;
mod words;
mod xml;

pub use description::{Document, Form, Lock, State};
pub use kind::Kind;
pub use numbers::Numbers;

/// Reads a document.
///
/// # Errors
/// Why it cannot be judged: it is protected in a way that is not known here.
pub fn read(body: &[u8]) -> Result<Document, String> {
    let kind = Kind::of(body);
    let mut document = match kind {
        Kind::Pdf => pdf::read(body)?,
        Kind::Word | Kind::Excel | Kind::PowerPoint => office::microsoft(kind, body),
        Kind::OpenText | Kind::OpenSpreadsheet | Kind::OpenPresentation => office::open(kind, body),
        Kind::Other if office::is_broken(body) => Document { state: State::Broken, ..Document::of(kind) },
        Kind::Other if kind::is_locked_package(body) => {
            Document { state: State::Locked, lock: Some(Lock { opens: false, assistive: None }), ..Document::of(kind) }
        }
        Kind::OldWord | Kind::OldExcel | Kind::OldPowerPoint | Kind::Page | Kind::Other => Document::of(kind),
    };
    document.octets = body.len() as u64;
    words::look(&mut document);
    Ok(document)
}
