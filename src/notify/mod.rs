//! Tells somebody's server that a run has ended.
//!
//! In: a report, what the run came to, an address that was typed, perhaps a secret. Out: one signed POST, tried again when it fails.
//! Invariant: what goes out is a summary that `docs/webhook.schema.json` describes; a delivery that fails changes nothing else.
//! Never: judges, sends what nobody asked for. Tested beside each part and in `tests/it/notify.rs`.

mod delivery;
mod signature;
mod summary;

pub use delivery::{Delivery, Hook, Pauses, Undelivered};
pub use signature::signature;
pub use summary::{Ending, Gathered, SUMMARY, Summary};
