//! Where a judged thing is.
//!
//! In: what a room knows of the place. Out: [`Locator`]. Invariant: an empty locator means the page, host or site as a whole.
//! Tested in `tests/it/rules.rs`.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use url::Url;

/// A place: on a page an element, else the page, host or site as a whole.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Locator {
    /// The page a site-wide verdict concerns; `None` is the page, host or site being judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Arc<Url>>,
    /// A CSS selector that finds the element.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    /// Line of the start tag in the source, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column of the start tag in the source, from 1, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// The start tag and some of its text, cut to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snippet: Option<String>,
    /// The role that assistive technology is told, where the check looked at what people hear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The accessible name, cut to 200 characters, where the check looked at what people hear; empty when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A name of the place that survives edits elsewhere: the nearest id, landmark or heading. Used for fingerprints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
}

impl Locator {
    /// The page, host or site as a whole.
    pub fn whole() -> Self {
        Self::default()
    }

    /// A page as a whole, named by a verdict on the site.
    pub fn page(url: impl Into<Arc<Url>>) -> Self {
        Self { page: Some(url.into()), ..Self::default() }
    }
}
