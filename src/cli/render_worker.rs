//! `render-worker`: measures pages for the process that started it. Hidden, because nobody types it.
//!
//! In: errands on standard input. Out: answers on standard output. Invariant: it reads no file and opens no connection; its memory is
//! bounded before it looks at anything. Tested in `tests/it/style.rs`.

use super::exit::{Exit, Failure};
use crate::style;
use crate::worker::{Bounds, serve};

/// Octets of address space: about twice what the largest page that is measured takes.
const MEMORY: u64 = 3 << 29;
/// Octets of stack: enough for elements as deep as are measured, several times over.
const STACK: usize = 64 << 20;

/// Serves until the other process is gone.
///
/// # Errors
/// When the bounds cannot be set, or the pipes break.
pub(super) fn run() -> Result<Exit, Failure> {
    serve(Bounds { memory: MEMORY, stack: STACK }, style::answer)
        .map_err(Failure::io("standard input and output", "this subcommand talks to the program that starts it"))?;
    Ok(Exit::Fine)
}
