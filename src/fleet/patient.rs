//! The queue's way to the database, which waits while the database is away.
//!
//! In: statements of the queue. Out: their answers. A connection is had before a statement is sent, so that what waits was surely not carried
//! out; a connection that breaks in the middle is an error all the same, and the worker begins anew. Tested in `tests/it/fleet.rs`.

use graphile_worker::sqlx::SqlxDatabase;
use graphile_worker::{
    BoxFuture, DatabaseDriver, DbError, DbExecutor, DbParams, DbRow, DbTransaction, NotificationStream,
};
use sqlx::postgres::PgPool;
use std::any::Any;
use std::time::Duration;

use super::lease::Lease;

/// Between two looks whether the database is back.
const PAUSE: Duration = Duration::from_millis(250);

/// A database that is waited for.
#[derive(Clone, Debug)]
pub(super) struct Patient {
    inner: SqlxDatabase,
    pool: PgPool,
    lease: Lease,
}

impl Patient {
    pub(super) fn of(pool: PgPool, lease: Lease) -> Self {
        Self { inner: SqlxDatabase::new(pool.clone()), pool, lease }
    }

    /// Returns when there is a connection, or when whoever waits has been asked to end.
    async fn reached(&self) {
        while !self.lease.is_ended() && self.pool.acquire().await.is_err() {
            // paces: the database is away.
            tokio::time::sleep(PAUSE).await;
        }
    }
}

impl DbExecutor for Patient {
    fn execute<'a>(&'a self, sql: &'a str, params: DbParams) -> BoxFuture<'a, Result<u64, DbError>> {
        Box::pin(async move {
            self.reached().await;
            self.inner.execute(sql, params).await
        })
    }

    fn fetch_all<'a>(&'a self, sql: &'a str, params: DbParams) -> BoxFuture<'a, Result<Vec<DbRow>, DbError>> {
        Box::pin(async move {
            self.reached().await;
            self.inner.fetch_all(sql, params).await
        })
    }
}

impl DatabaseDriver for Patient {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn begin<'a>(&'a self) -> BoxFuture<'a, Result<DbTransaction, DbError>> {
        Box::pin(async move {
            self.reached().await;
            self.inner.begin().await
        })
    }

    fn listen<'a>(&'a self, channel: &'a str) -> BoxFuture<'a, Result<Option<NotificationStream>, DbError>> {
        self.inner.listen(channel)
    }
}
