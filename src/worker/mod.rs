//! Work that is not to be trusted, done in child processes of this same program.
//!
//! In: requests as octets. Out: answers as octets, or a [`Lost`] that says what became of one request. A child bounds its own
//! memory, the parent watches the clock, and a child that dies is replaced before the next request.
//! Invariants: a request that kills its child costs that request only; no child outlives its parent. Knows nothing of what is
//! asked. Tested beside each part.

mod frame;
mod pool;
mod serve;

pub use pool::{Lost, Pool, Program};
pub use serve::{Bounds, serve};
