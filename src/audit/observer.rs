//! Whoever watches an audit: a progress bar, a stream of lines, a test.
//!
//! In: rows as they are made. Out: nothing. Invariant: watching changes nothing.

use std::collections::BTreeMap;

use super::{Carried, Outline};
use crate::crawl::Snapshot;
use crate::finding::Finding;
use crate::report::{PageRow, ProblemRow};
use crate::store::{Mark, StoreError};

/// Somebody who watches. Every method does nothing unless it is overridden.
pub trait Observer {
    /// A page was judged, or could not be.
    fn page(&mut self, _row: &PageRow, _findings: &[Finding]) {}
    /// A site was judged as a whole; these findings are about it, its hosts, or several of its pages.
    fn site(&mut self, _findings: &[Finding]) {}
    /// What is kept of a site until all sites of its run were seen; told where the site is not written down with it.
    fn outline(&mut self, _outline: &Outline) {}
    /// Whether [`Observer::marks`] is wanted, where nothing is written down.
    fn wants_marks(&self) -> bool {
        false
    }
    /// What the pages of a site say of their age, by address.
    fn marks(&mut self, _marks: BTreeMap<String, Mark>) {}
    /// Something could not be looked at.
    fn problem(&mut self, _row: &ProblemRow) {}
    /// The store failed: the crawl ends, and nothing more is written down.
    fn store_failed(&mut self, _error: StoreError) {}
    /// How much an earlier run spared this one; told once, at the end, where somebody wanted it to.
    fn carried(&mut self, _carried: Carried) {}
    /// How the crawl stands; told a few times a second.
    fn standing(&mut self, _snapshot: &Snapshot) {}
    /// The person who started the audit may want it to end; asked a few times a second.
    fn wants_stop(&mut self) -> bool {
        false
    }
}

/// Nobody watches.
pub struct Silent;

impl Observer for Silent {}
