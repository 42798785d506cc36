//! What scans leave behind: runs, the sites of each with their pages, outcomes, findings and problems, in SQLite or PostgreSQL.
//!
//! In: single-site reports as sites end, opaque journal entries as a run goes on. Out: rows, histories, trends, and whole
//! [`Report`](crate::report::Report)s, so that every format works from a store. Invariants: what is committed is whole; who has lost
//! a site to a later attempt writes nothing; the same calls give the same rows on both databases. Never: judges, fetches.
//! Described by `docs/store.md`; tested in `tests/it/store.rs`.

mod claim;
mod database;
mod error;
mod history;
mod journal;
mod outcomes;
mod pack;
mod patience;
mod place;
mod readings;
mod recreate;
mod run;
mod schema;
mod site;

pub use claim::{Claim, Listed, Standing};
pub use error::StoreError;
pub use history::{Filter, FindingRow, PageHistory, SiteHistory, SiteLine, Trend};
pub use journal::Entry;
pub use patience::patiently;
pub use place::Place;
pub use readings::{Reading, Readings};
pub use run::{NewRun, RunId, RunLine, RunState};
pub use site::{Ended, Mark};

use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Mutex;

use database::Database;

/// An open store. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
    /// What was read of runs already.
    known: Arc<Mutex<BTreeMap<RunId, Arc<run::Known>>>>,
}

impl Store {
    /// Opens a store, makes it where there is none, and brings its tables up to date.
    ///
    /// # Errors
    /// When the place cannot be reached or written to, or a later version made it.
    pub async fn open(place: &Place) -> Result<Self, StoreError> {
        Self::connected(place, database::Missing::Make).await
    }

    /// Opens a store that has to be there, to read.
    ///
    /// # Errors
    /// As [`Store::open`], and where there is no store.
    pub async fn open_existing(place: &Place) -> Result<Self, StoreError> {
        Self::connected(place, database::Missing::Refuse).await
    }

    async fn connected(place: &Place, missing: database::Missing) -> Result<Self, StoreError> {
        let database = Database::connect(place, missing).await?;
        schema::migrate(&database, place).await?;
        Ok(Self { database, known: Arc::default() })
    }

    /// The connections, where the store is PostgreSQL: a queue can live beside it.
    pub fn postgres(&self) -> Option<&sqlx::PgPool> {
        self.database.postgres()
    }

    /// Writes everything out and lets the connections go.
    pub async fn close(self) {
        self.database.close().await;
    }
}
