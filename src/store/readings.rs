//! What was read of the pages of a site when it was last looked at, for a scan that judges again only what changed.
//!
//! In: what pages said of their age, and which readings of the journal are kept. Out: the same for a later run. Invariant: a reading never
//! stands without what tells whether it still holds. Tested in `tests/it/store.rs`.

use std::collections::BTreeSet;

use super::database::{Row, Value};
use super::{RunId, Store, StoreError};

/// What tells whether the reading of a page still holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reading {
    /// Stands for its address.
    pub key: Vec<u8>,
    /// Where the reading holds in a year or on a day only: that year, or that day.
    pub day: Option<String>,
    /// The field `ETag`.
    pub etag: Option<String>,
    /// The field `Last-Modified`.
    pub modified: Option<String>,
    /// The media type.
    pub media: String,
    /// Two digests of the body, of its octets and of those that are no digits.
    pub body: Vec<u8>,
    /// What the header fields said of the page, sorted.
    pub steady: Vec<u64>,
}

/// What is kept of the pages of a site when it is done.
#[derive(Clone, Debug, Default)]
pub struct Readings {
    /// A digest of everything that they depend on besides the pages.
    pub settings: String,
    /// Pages that were read in this run, with the key of the reading in its journal.
    pub read: Vec<(Reading, Vec<u8>)>,
    /// Keys of pages that had not changed: what was kept of them stays.
    pub carried: BTreeSet<Vec<u8>>,
}

impl Store {
    /// Keeps what was read of the pages of a site, in place of what was kept of it before.
    ///
    /// # Errors
    /// Those of the database; nothing is written then.
    pub async fn keep_readings(&self, run: RunId, site: &str, readings: Readings) -> Result<(), StoreError> {
        let mut work = self.database.begin().await?;
        let Some(row) = work.row("SELECT id FROM sites WHERE name = $1", vec![site.into()]).await? else {
            return Ok(());
        };
        let site = row.number(0)?;
        let Readings { settings, read, carried } = readings;
        for row in work.rows("SELECT key FROM readings WHERE site_id = $1", vec![site.into()]).await? {
            let key = row.octets(0)?;
            if !carried.contains(&key) {
                work.run("DELETE FROM readings WHERE site_id = $1 AND key = $2", vec![site.into(), key.into()]).await?;
            }
        }
        let sql = "INSERT INTO readings (site_id, key, settings, day, etag, modified, media, body, steady, entry) \
                   SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, j.entry FROM journal j WHERE j.run_id = $10 AND j.key = $11 \
                   ON CONFLICT (site_id, key) DO NOTHING";
        for (one, journal) in read {
            let steady: Vec<u8> = one.steady.iter().flat_map(|number| number.to_le_bytes()).collect();
            let values: Vec<Value> = vec![
                site.into(),
                one.key.into(),
                settings.as_str().into(),
                one.day.as_deref().into(),
                one.etag.as_deref().into(),
                one.modified.as_deref().into(),
                one.media.as_str().into(),
                one.body.into(),
                steady.into(),
                run.0.into(),
                journal.into(),
            ];
            work.run(sql, values).await?;
        }
        work.commit().await
    }

    /// What was kept of the pages of a site under these settings, and of how many under others.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn readings(&self, site: &str, settings: &str) -> Result<(Vec<Reading>, u64), StoreError> {
        let sql = "SELECT r.key, r.settings, r.day, r.etag, r.modified, r.media, r.body, r.steady FROM readings r \
                   JOIN sites s ON s.id = r.site_id WHERE s.name = $1";
        let (mut ours, mut others) = (Vec::new(), 0);
        for row in self.database.rows(sql, vec![site.into()]).await? {
            match row.text(1)? == settings {
                true => ours.push(read(&row)?),
                false => others += 1,
            }
        }
        Ok((ours, others))
    }

    /// The reading of a page of a site.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn reading(&self, site: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT r.entry FROM readings r JOIN sites s ON s.id = r.site_id WHERE s.name = $1 AND r.key = $2";
        let row = self.database.row(sql, vec![site.into(), key.to_vec().into()]).await?;
        row.map(|row| row.octets(0)).transpose()
    }
}

fn read(row: &Row) -> Result<Reading, StoreError> {
    let steady = row.octets(7)?;
    let (numbers, _) = steady.as_chunks::<8>();
    Ok(Reading {
        key: row.octets(0)?,
        day: row.text_if_any(2)?,
        etag: row.text_if_any(3)?,
        modified: row.text_if_any(4)?,
        media: row.text(5)?,
        body: row.octets(6)?,
        steady: numbers.iter().map(|octets| u64::from_le_bytes(*octets)).collect(),
    })
}
