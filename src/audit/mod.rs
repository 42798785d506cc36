//! The conductor: crawl → facts → engine → report.
//!
//! In: a [`Plan`] (what to look at, which rules, which days) and an [`Observer`]. Out: a [`Report`](crate::report::Report).
//! The only place where fetching and judging meet: it pulls events from the crawl, has pages judged on every core, feeds
//! links and needs back. Never: parses arguments, prints. Tested in `tests/it/audit.rs` and `tests/it/cli.rs`.

mod assemble;
mod burden;
mod carrying;
mod comparing;
mod conductor;
mod cores;
mod documents;
mod doors;
mod frame;
mod inventory;
mod judging;
mod ledger;
mod needs;
mod observer;
mod plan;
mod probing;
mod reading;
mod seeing;
mod site;
mod source;

pub use carrying::Carried;
pub use comparing::{Outline, Seen, compare};
pub use conductor::{AuditError, audit};
pub use documents::{DocumentSettings, WORKER, document_worker};
pub use frame::frame;
pub use ledger::{Judge, Ledger, Rows};
pub use observer::{Observer, Silent};
pub use plan::{Alone, Pages, Plan, Rendering, Target};
