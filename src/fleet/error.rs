//! Why a fleet could not do what it was asked.
//!
//! Each says what is wrong and what to do. Invariant: none holds a password. Tested in `tests/it/fleet.rs`.

use crate::audit::AuditError;
use crate::config::ConfigError;
use crate::store::StoreError;

/// Why a fleet could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum FleetError {
    /// The place is no server.
    #[error("a fleet needs PostgreSQL, and {0} is a file\n  write --store postgres://user@host/database")]
    NoServer(String),
    /// The store refused, or could not be reached.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Settings that cannot be carried out.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An audit could not begin.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// The queue refused.
    #[error("the queue did not answer as it should: {0}\n  is the database away, or of another version?")]
    Queue(String),
    /// No fleet began the run, or there is no such schedule.
    #[error("the fleet has no {what}\n  {todo}")]
    Absent {
        /// What was asked for.
        what: String,
        /// What to do about it.
        todo: &'static str,
    },
}

impl FleetError {
    pub(super) fn queue(error: impl std::fmt::Display) -> Self {
        Self::Queue(error.to_string())
    }
}

impl From<sqlx::Error> for FleetError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(StoreError::from(error))
    }
}
