//! The two databases behind one set of calls.
//!
//! In: SQL with `$1`-style parameters, which both read. Out: rows by column number. Invariants: whatever is written is written in a
//! transaction; a write to SQLite takes its lock at once, so that two writers wait for each other instead of failing. Tested in
//! `tests/it/store.rs` on both.

use std::time::Duration;

use sqlx::postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::query::Query;
use sqlx::sqlite::{
    SqliteArguments, SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, PgPool, Postgres, Row as _, SqlSafeStr, Sqlite, SqlitePool, Transaction};

use super::{Place, StoreError};

/// How long a call waits for a connection, or for another writer to an SQLite file.
const PATIENCE: Duration = Duration::from_secs(30);
/// Connections of a store.
const CONNECTIONS: u32 = 4;
/// How many rows one statement inserts. Statements are kept by their text, ready to be used again: with a text for each number of rows there
/// would soon be hundreds of them, of some megabytes each.
const TOGETHER: [usize; 4] = [64, 16, 4, 1];

/// Open connections.
#[derive(Clone, Debug)]
pub(super) enum Database {
    /// One file.
    Sqlite(SqlitePool),
    /// A server.
    Postgres(PgPool),
}

/// Which of the two is spoken to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// What to do where there is no file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Missing {
    /// A new store is made.
    Make,
    /// It is an error.
    Refuse,
}

/// A parameter.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// A number.
    Number(Option<i64>),
    /// A text.
    Text(Option<String>),
    /// Octets.
    Octets(Option<Vec<u8>>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_string()))
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_string))
    }
}

impl From<Vec<u8>> for Value {
    fn from(octets: Vec<u8>) -> Self {
        Self::Octets(Some(octets))
    }
}

impl From<Option<Vec<u8>>> for Value {
    fn from(octets: Option<Vec<u8>>) -> Self {
        Self::Octets(octets)
    }
}

/// A row of an answer.
pub(super) enum Row {
    /// Of SQLite.
    Sqlite(SqliteRow),
    /// Of PostgreSQL.
    Postgres(PgRow),
}

impl Row {
    /// A number that is there.
    pub(super) fn number(&self, at: usize) -> Result<i64, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(at)?,
            Self::Postgres(row) => row.try_get(at)?,
        })
    }

    /// A number, or none.
    pub(super) fn number_if_any(&self, at: usize) -> Result<Option<i64>, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(at)?,
            Self::Postgres(row) => row.try_get(at)?,
        })
    }

    /// A text that is there.
    pub(super) fn text(&self, at: usize) -> Result<String, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(at)?,
            Self::Postgres(row) => row.try_get(at)?,
        })
    }

    /// A text, or none.
    pub(super) fn text_if_any(&self, at: usize) -> Result<Option<String>, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(at)?,
            Self::Postgres(row) => row.try_get(at)?,
        })
    }

    /// Octets, or none.
    pub(super) fn octets_if_any(&self, at: usize) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(at)?,
            Self::Postgres(row) => row.try_get(at)?,
        })
    }

    /// Octets that are there.
    pub(super) fn octets(&self, at: usize) -> Result<Vec<u8>, StoreError> {
        Ok(self.octets_if_any(at)?.unwrap_or_default())
    }
}

impl Database {
    pub(super) async fn connect(place: &Place, missing: Missing) -> Result<Self, StoreError> {
        let refused = |error: sqlx::Error| StoreError::Place {
            place: place.to_string(),
            reason: error.to_string(),
            todo: "name a file in a folder you may write to, or a PostgreSQL database that takes connections",
        };
        match place {
            Place::File(path) => {
                if missing == Missing::Refuse && !path.is_file() {
                    let reason = "there is no such file".to_string();
                    let todo = "name a file that `scan --store FILE` wrote";
                    return Err(StoreError::Place { place: place.to_string(), reason, todo });
                }
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .create_if_missing(missing == Missing::Make)
                    .journal_mode(SqliteJournalMode::Wal)
                    // A killed program loses nothing that was committed; a lost power supply may lose the last commits, which a
                    // resumed run does again.
                    .synchronous(SqliteSynchronous::Normal)
                    // Takes effect in a file that is new; an older one keeps the room that was once used.
                    .auto_vacuum(SqliteAutoVacuum::Incremental)
                    .foreign_keys(true)
                    .busy_timeout(PATIENCE);
                let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
                Ok(Self::Sqlite(pool.connect_with(options).await.map_err(refused)?))
            }
            Place::Postgres(url) => {
                let options: PgConnectOptions = url.as_str().parse().map_err(refused)?;
                let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
                Ok(Self::Postgres(pool.connect_with(options).await.map_err(refused)?))
            }
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    pub(super) fn postgres(&self) -> Option<&PgPool> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(pool) => Some(pool),
        }
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// Gives room that is not used any more back to the system. A file where that fails, or that is older than this, is only larger;
    /// PostgreSQL sees to it by itself.
    pub(super) async fn shrink(&self) {
        if let Self::Sqlite(pool) = self {
            let _ = sqlite("PRAGMA incremental_vacuum".to_string(), Vec::new()).execute(pool).await;
        }
    }

    /// All rows of an answer.
    pub(super) async fn rows(&self, sql: impl Into<String>, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let sql = sql.into();
        Ok(match self {
            Self::Sqlite(pool) => sqlite(sql, values).fetch_all(pool).await?.into_iter().map(Row::Sqlite).collect(),
            Self::Postgres(pool) => {
                postgres(sql, values).fetch_all(pool).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// The first row of an answer.
    pub(super) async fn row(&self, sql: impl Into<String>, values: Vec<Value>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// A transaction that may write.
    pub(super) async fn begin(&self) -> Result<Work, StoreError> {
        Ok(match self {
            Self::Sqlite(pool) => Work::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Work::Postgres(pool.begin().await?),
        })
    }
}

/// A transaction; dropped, it leaves no trace.
pub(super) enum Work {
    /// With SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// With PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

impl Work {
    /// Carries a statement out; gives the number of rows it touched.
    pub(super) async fn run(&mut self, sql: impl Into<String>, values: Vec<Value>) -> Result<u64, StoreError> {
        let sql = sql.into();
        Ok(match self {
            Self::Sqlite(work) => sqlite(sql, values).execute(&mut **work).await?.rows_affected(),
            Self::Postgres(work) => postgres(sql, values).execute(&mut **work).await?.rows_affected(),
        })
    }

    /// All rows of an answer.
    pub(super) async fn rows(&mut self, sql: impl Into<String>, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let sql = sql.into();
        Ok(match self {
            Self::Sqlite(work) => {
                sqlite(sql, values).fetch_all(&mut **work).await?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(work) => {
                postgres(sql, values).fetch_all(&mut **work).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// The first row of an answer.
    pub(super) async fn row(&mut self, sql: impl Into<String>, values: Vec<Value>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Inserts many rows with as few statements as possible: `head` ends before `VALUES`, `tail` follows the rows.
    pub(super) async fn insert(&mut self, head: &str, rows: Vec<Vec<Value>>, tail: &str) -> Result<(), StoreError> {
        let mut rows = rows.into_iter();
        while let Some(count) = TOGETHER.into_iter().find(|count| *count <= rows.len()) {
            let some: Vec<Vec<Value>> = rows.by_ref().take(count).collect();
            let mut number = 0;
            let places: Vec<String> = some
                .iter()
                .map(|row| {
                    let row: Vec<String> = row.iter().map(|_| parameter(&mut number)).collect();
                    format!("({})", row.join(", "))
                })
                .collect();
            self.run(format!("{head} VALUES {} {tail}", places.join(", ")), some.into_iter().flatten().collect())
                .await?;
        }
        Ok(())
    }

    /// Makes it last.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(work) => work.commit().await?,
            Self::Postgres(work) => work.commit().await?,
        }
        Ok(())
    }
}

fn parameter(number: &mut usize) -> String {
    *number += 1;
    format!("${number}")
}

/// Statements are constants of this room, put together from constants; what people typed comes as parameters only.
fn sqlite(sql: String, values: Vec<Value>) -> Query<'static, Sqlite, SqliteArguments> {
    let query = sqlx::query(AssertSqlSafe(sql).into_sql_str());
    values.into_iter().fold(query, |query, value| match value {
        Value::Number(number) => query.bind(number),
        Value::Text(text) => query.bind(text),
        Value::Octets(octets) => query.bind(octets),
    })
}

fn postgres(sql: String, values: Vec<Value>) -> Query<'static, Postgres, PgArguments> {
    let query = sqlx::query(AssertSqlSafe(sql).into_sql_str());
    values.into_iter().fold(query, |query, value| match value {
        Value::Number(number) => query.bind(number),
        // PostgreSQL takes no NUL in a text.
        Value::Text(text) => query.bind(text.map(|text| text.replace('\0', "\u{fffd}"))),
        Value::Octets(octets) => query.bind(octets),
    })
}
