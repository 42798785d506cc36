//! Rules times facts: verdicts, outcomes, findings.
//!
//! In: rules, facts of pages, hosts and sites, the profile of a site, the days as arguments. Out: [`Judgement`].
//! Pure, synchronous, deterministic. Never: IO, the clock, randomness. Tested by every example of every rule
//! (`tests/it/rules.rs`).

mod docket;
mod fit;
mod judge;

pub use judge::{Days, Engine, Judgement};
