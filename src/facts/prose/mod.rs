//! The words of a page as prose: its main text in blocks, sentences, how hard they are to read, and what makes them so.
//!
//! In: a document. Out: [`Prose`]: the blocks of the main text and what was read in each. Invariant: one pass over the words;
//! headings, cells and lists of links are text, but never sentences; languages without a reading formula are only counted. Tested
//! beside each part and by the labelled cases of `tests/it/detectors.rs`.

mod acronyms;
mod blocks;
mod measures;
mod passive;
mod reading;
mod sentences;
mod syllables;
mod wording;

pub use acronyms::is_known as is_known_acronym;
pub use blocks::{Block, Kind, blocks};
pub use measures::{Counts, Ease, LONG, Reading};
pub use passive::passives;
pub use reading::{Hint, Hinted, Prose, Read};
pub use sentences::{Lowered, Sentence, Word, sentences, words};
pub use syllables::{of_english, of_spanish};
pub use wording::{Simpler, simpler, suggestion};
