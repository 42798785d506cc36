//! What a run that is under way has heard and read, so that it can go on where it was killed.
//!
//! In and out: octets under keys, opaque to the store. Invariant: entries that are noted together are there together.
//! Tested in `tests/it/store.rs`.

use super::database::Value;
use super::{RunId, Store, StoreError};

/// Something a run has heard or read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// What it is about; one entry a key.
    pub key: Vec<u8>,
    /// The host it belongs to: entries go when its site is done.
    pub host: String,
    /// What was heard.
    pub octets: Vec<u8>,
}

impl Store {
    /// Notes entries, all or none; one under a key that is there replaces it.
    ///
    /// # Errors
    /// Those of the database; nothing is written then.
    pub async fn note(&self, run: RunId, entries: &[Entry]) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut work = self.database.begin().await?;
        let tail = "ON CONFLICT (run_id, key) DO UPDATE SET host = excluded.host, entry = excluded.entry";
        // One statement may not touch a row twice: of several entries under one key the last counts.
        let mut last = std::collections::BTreeMap::new();
        for entry in entries {
            last.insert(&entry.key, entry);
        }
        let rows = last
            .into_values()
            .map(|entry| {
                let (key, octets) = (entry.key.clone(), entry.octets.clone());
                vec![run.0.into(), key.into(), entry.host.as_str().into(), octets.into()]
            })
            .collect();
        work.insert("INSERT INTO journal (run_id, key, host, entry)", rows, tail).await?;
        work.commit().await
    }

    /// The keys of all entries of a run.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn noted(&self, run: RunId) -> Result<Vec<Vec<u8>>, StoreError> {
        let rows = self.database.rows("SELECT key FROM journal WHERE run_id = $1", vec![run.0.into()]).await?;
        rows.iter().map(|row| row.octets(0)).collect()
    }

    /// The entry under a key.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn entry(&self, run: RunId, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT entry FROM journal WHERE run_id = $1 AND key = $2";
        let row = self.database.row(sql, vec![run.0.into(), key.to_vec().into()]).await?;
        row.map(|row| row.octets(0)).transpose()
    }

    /// At most so many entries of a host, with keys behind this one, in the order of keys.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn entries_of(
        &self,
        run: RunId,
        host: &str,
        behind: &[u8],
        most: u64,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError> {
        let sql = "SELECT key, entry FROM journal WHERE run_id = $1 AND host = $2 AND key > $3 ORDER BY key LIMIT $4";
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let values = vec![run.0.into(), host.into(), behind.to_vec().into(), most.into()];
        self.database.rows(sql, values).await?.iter().map(|row| Ok((row.octets(0)?, row.octets(1)?))).collect()
    }

    /// Removes the entries of hosts whose site is done.
    ///
    /// # Errors
    /// Those of the database; nothing is removed then.
    pub async fn forget(&self, run: RunId, hosts: &[String]) -> Result<(), StoreError> {
        let mut work = self.database.begin().await?;
        for host in hosts {
            let values: Vec<Value> = vec![run.0.into(), host.as_str().into()];
            work.run("DELETE FROM journal WHERE run_id = $1 AND host = $2", values).await?;
        }
        work.commit().await
    }
}
