//! Why a store could not do what it was asked.
//!
//! Each says what is wrong and what to do. Invariant: none holds a password. Tested in `tests/it/store.rs`.

/// Why a store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The place cannot be used.
    #[error("the store {place}: {reason}\n  {todo}")]
    Place {
        /// Where, without a password.
        place: String,
        /// What is wrong.
        reason: String,
        /// What to do about it.
        todo: &'static str,
    },
    /// The database refused, or could not be reached.
    #[error("the store did not answer as it should: {0}\n  is the disk full, or the database away?")]
    Database(#[source] sqlx::Error),
    /// A later attempt at the site has begun; nothing was written.
    #[error("attempt {attempt} at {target} is not the last any more; nothing was written")]
    Lost {
        /// The target.
        target: String,
        /// The attempt that is too late.
        attempt: i64,
    },
    /// There is no such run or site.
    #[error("the store has no {what}\n  {todo}")]
    Absent {
        /// What was asked for.
        what: String,
        /// What to do about it.
        todo: &'static str,
    },
    /// Something in the store cannot be read.
    #[error("the store holds {what} that cannot be read: {reason}\n  was it written by another version?")]
    Broken {
        /// What.
        what: &'static str,
        /// Why.
        reason: String,
    },
}

impl StoreError {
    /// True where the same call may succeed in a while: the connection broke, or the server is starting or stopping.
    pub fn may_pass(&self) -> bool {
        let Self::Database(error) = self else { return false };
        match error {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => true,
            // Classes 08 (connection), 57 (shut down, starting up) and 40 (rolled back for another) of SQLSTATE.
            sqlx::Error::Database(error) => {
                error.code().is_some_and(|code| ["08", "57P", "40"].iter().any(|class| code.starts_with(class)))
            }
            _other => false,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}
