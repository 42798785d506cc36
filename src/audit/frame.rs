//! The report of a run before anything was looked at: days, rules and the scorecard's rows, and no site.
//!
//! In: a plan. Out: a [`Report`]. A run of many workers lies in a store under it. Invariant: it has what every report of the same plan has.
//! Tested in `tests/it/fleet.rs`.

use super::assemble::{self, Stamp};
use super::plan::Plan;
use crate::engine::Engine;
use crate::report::Report;

/// The report of a plan without sites, under an id of its own.
pub fn frame(plan: &Plan) -> Report {
    let engine = Engine::of(plan.selected.clone(), plan.set.sources.clone(), plan.days);
    assemble::report(plan, &engine, Vec::new(), Vec::new(), false, Stamp::now())
}
