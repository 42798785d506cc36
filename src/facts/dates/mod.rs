//! When a page says it was published, changed or checked, by everything that says so.
//!
//! In: a page that was served. Out: [`Dated`]: days with their source and meaning, in English and Spanish. The precedence of sources is
//! their order: what people read comes first, what a server says last. Invariant: a date that can be read in two ways is none; a date
//! of the moment of the answer says nothing. Tested beside each part and by the labelled cases of `tests/it/detectors.rs`.

mod deadlines;
mod sources;
mod written;

pub use deadlines::{Deadline, deadlines};
pub use sources::{Dated, Meaning, Origin, best, dates, day_of};
pub(super) use sources::{packed, unpacked};
pub use written::{Order, Written, first_written, written};
