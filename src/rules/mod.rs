//! The law as data: rules, the sources they cite and the requirements they serve.
//!
//! In: TOML files, embedded in the binary or from an agency's own folder. Out: [`RuleSet`], or [`Diagnostic`]s that point at
//! the file, line and column. Also what a rule asks of a site before it applies ([`Profile`], [`AppliesTo`]).
//! Never: looks at a page, fetches, knows the clock. Tested in `tests/it/rules.rs` and `tests/it/catalog.rs`.

mod applies;
mod blanks;
mod changes;
mod diagnostic;
mod domain_list;
mod example;
mod lint;
mod load;
mod not_by_machine;
mod parse;
mod profile;
mod requirement;
mod rule;
mod select;
mod source;

pub use applies::{AppliesTo, Asked, Pages};
pub use blanks::{Blanks, Fitted};
pub use changes::{Disabled, Overridden};
pub use diagnostic::{Diagnostic, Diagnostics, did_you_mean_or};
pub use domain_list::DomainList;
pub use example::{Example, Serve};
pub use load::{Pack, Replaced, RuleSet, bundled_domains, bundled_site};
pub use not_by_machine::{NotByMachine, WaitsFor};
pub use profile::{Branch, Origin, Profile, Question, Role};
pub use requirement::{Requirement, Requirements};
pub use rule::{Cite, Impact, OnFail, Rule, RuleId, Says, Standards, Status, Text};
pub use select::{Selection, SelectionError};
pub use source::{Force, Source, SourceStatus, Sources};
