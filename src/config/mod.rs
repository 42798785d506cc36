//! What was typed, and what it means.
//!
//! In: flags and `idea-audit.toml` as [`Raw`] values. Out: a [`Plan`](crate::audit::Plan), or a [`ConfigError`] that says what
//! to do. Invariant: flags win over the file, the file over defaults; an unknown key is refused. Never: fetches.
//! Tested in `tests/it/cli.rs` and beside each part.

mod answers;
mod error;
mod gate;
mod list;
mod raw;
mod resolve;
mod target;
mod template;

pub use answers::typed;
pub use error::ConfigError;
pub use gate::{Named, conditions, gate};
pub use raw::{FILE_NAME, Raw, RawLevel, RawProfile};
pub use resolve::plan;
pub use template::TEMPLATE;
