//! A worked example of a rule: what is served, and what the rule says about it.
//!
//! In: `[[example]]` of a rule file. Out: [`Example`]. Invariant: examples are closed-world: what is not listed as failing may
//! not fail. Played by `rehearse`; tested in `tests/it/rules.rs`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::{Branch, Role};
use crate::verdict::Outcome;

/// One example.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Example {
    /// A few words, unique within the rule.
    pub name: String,
    /// What the rule says about it.
    pub expect: Outcome,
    /// The elements that fail (or need review), as selectors; every other target may not. Without it exactly one target does.
    #[serde(default)]
    pub fails: Vec<String>,
    /// A whole document, or what stands in its body.
    #[serde(default)]
    pub html: Option<String>,
    /// Header fields sent with it.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The address it is served at; the home page of an agency by default.
    #[serde(default)]
    pub url: Option<String>,
    /// The status it is served with; 200 by default.
    #[serde(default)]
    pub status: Option<u16>,
    /// Several responses instead of one.
    #[serde(default)]
    pub serve: Vec<Serve>,
    /// What the host says in handshakes, in the keys of `sites[].facts.tls`; nobody looked by default.
    #[serde(default)]
    pub tls: Option<toml::Table>,
    /// What the name system says of the host, in the keys of `sites[].facts.dns`; nobody asked by default.
    #[serde(default)]
    pub dns: Option<toml::Table>,
    /// A folder of `fixtures/sites` instead of responses.
    #[serde(default)]
    pub site: Option<String>,
    /// True when the example stands for a folder scan, where header fields do not exist.
    #[serde(default)]
    pub folder: bool,
    /// True when its style is measured, on all screens; by default the page's own style answers.
    #[serde(default)]
    pub render: bool,
    /// The branch the site belongs to; what the rule asks for by default.
    #[serde(default)]
    pub branch: Option<Branch>,
    /// The role of the site; what the rule asks for by default.
    #[serde(default)]
    pub role: Option<Role>,
    /// The agency of the profile; nobody said by default.
    #[serde(default)]
    pub agency: Option<String>,
    /// Its short name; nobody said by default.
    #[serde(default)]
    pub acronym: Option<String>,
    /// The part of the agency; nobody said by default.
    #[serde(default)]
    pub bureau: Option<String>,
    /// Whether the site serves a designated high-impact service; what the rule asks for by default.
    #[serde(default)]
    pub high_impact: Option<bool>,
    /// Whether the site may do without a search; nobody said by default.
    #[serde(default)]
    pub search_exempt: Option<bool>,
    /// The day it is judged on; 2026-11-22 by default.
    #[serde(default)]
    pub today: Option<Date>,
}

/// One response of an example.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Serve {
    /// A path on the example's host, or a whole address.
    pub url: String,
    /// The status; 200 by default.
    #[serde(default)]
    pub status: Option<u16>,
    /// Header fields.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// A document, or what stands in its body.
    #[serde(default)]
    pub html: Option<String>,
    /// Any other body, as text.
    #[serde(default)]
    pub body: Option<String>,
    /// A document that is made from this description: the keys are those of `document::press::Draft`.
    #[serde(default)]
    pub document: Option<toml::Table>,
    /// True for what the home page shows under a browser's name; without one nobody looks.
    #[serde(default)]
    pub to_browser: bool,
    /// What kept us from seeing it, instead of a response: a problem kind such as "timeout".
    #[serde(default)]
    pub problem: Option<String>,
}
