//! What was typed, and what it means.
//!
//! In: flags and `idea-audit.toml` as [`Raw`] values. Out: a [`Plan`](crate::audit::Plan), or a [`ConfigError`] that says what
//! to do. Invariant: flags win over the file, the file over defaults; an unknown key is refused. Never: fetches.
//! Tested in `tests/it/cli.rs` and beside each part.

mod error;
mod hosts;
mod list;
mod raw;
mod resolve;
mod target;
mod template;

pub use error::ConfigError;
pub use raw::{FILE_NAME, Raw, RawProfile};
pub use resolve::plan;
pub use template::TEMPLATE;
