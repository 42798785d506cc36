//! The rows of the scorecard: what the law asks, in the law's own division.
//!
//! In: `requirements.toml`. Out: [`Requirements`]. Invariant: a row never says "compliant". Tested in `tests/it/catalog.rs`.

use serde::{Deserialize, Serialize};

/// The rows in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Requirements(pub(super) Vec<Requirement>);

/// One row: a paragraph that asks something of websites.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Requirement {
    /// The name rules use in `serves`.
    pub key: String,
    /// What it asks, in a few words.
    pub title: String,
    /// Key of `sources.toml`.
    pub source: String,
    /// Section and paragraph.
    pub part: String,
    /// What no machine can see of it.
    pub limits: String,
}

impl Requirements {
    /// The rows in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Requirement> {
        self.0.iter()
    }

    /// A row by its key.
    pub fn find(&self, key: &str) -> Option<&Requirement> {
        self.0.iter().find(|row| row.key == key)
    }
}
