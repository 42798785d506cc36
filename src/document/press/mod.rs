//! Small documents made to order: for the examples of rules, and for tests.
//!
//! In: a [`Draft`], which an example of a rule can spell as a table, or [`Objects`] one by one. Out: octets of a file. Invariant: the same
//! draft gives the same octets. Tested in `tests/it/documents.rs`, which reads everything back.

mod cipher;
mod draft;
mod objects;

pub use draft::{Draft, DraftField, FieldKind, Padding, Protection};
pub use objects::{Layout, Objects};
