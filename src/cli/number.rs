//! Numbers as people type them.
//!
//! In: a word. Out: a number, or a message that shows how to write one. Never: whether the number makes sense. Tested in
//! `tests/it/cli.rs`.

use std::str::FromStr;

/// A number that may have a fraction.
pub(super) fn decimal(word: &str) -> Result<f64, String> {
    word.parse().map_err(|_| format!("`{word}` is no number; write 2 or 0.5"))
}

/// A number without a fraction.
pub(super) fn whole<T: FromStr>(word: &str) -> Result<T, String> {
    word.parse().map_err(|_| format!("`{word}` is no whole number of a usable size; write 1 or 500"))
}
