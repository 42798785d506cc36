//! What was typed, and what it means.
//!
//! In: flags, `IDEA_AUDIT_` variables and `idea-audit.toml` as [`Raw`] values. Out: a [`Plan`](crate::audit::Plan), or a [`ConfigError`] that says what
//! to do. Invariant: flags win over the environment, it over the file, the file over defaults; an unknown key is refused. Never: fetches.
//! Tested in `tests/it/cli.rs` and beside each part.

mod answers;
mod columns;
mod error;
mod exceptions;
mod gate;
mod hook;
mod hosts;
mod layers;
mod list;
mod raw;
mod resolve;
mod settings;
mod sheet;
mod target;
mod template;

pub use answers::typed;
pub use error::ConfigError;
pub use exceptions::Written;
pub use gate::{Named, conditions, gate};
pub use hook::hook;
pub use layers::{Layers, Origin, Shown};
pub use raw::{FILE_NAME, Raw, RawLevel, RawProfile};
pub use resolve::plan;
pub use settings::{EXCEPTIONS, Kind, SETTINGS, Setting};
pub use template::TEMPLATE;
