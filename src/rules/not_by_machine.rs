//! What no rule here decides, and why: the other half of the requirement catalogue.
//!
//! In: `not-by-machine.toml`. Out: [`NotByMachine`]. Invariant: an entry accuses nobody; it says what is shown instead and what
//! a rule would wait for. Tested in `tests/it/catalog.rs`.

use serde::{Deserialize, Serialize};

/// An id of the requirement catalogue that no rule answers.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NotByMachine {
    /// The id in the catalogue.
    pub id: String,
    /// Why no rule answers it, in one sentence.
    pub reason: String,
    /// What a report shows instead: a key of the report such as `sites[].facts.generators`, other rules, or "nothing".
    pub shown_as: String,
    /// What would have to exist first.
    #[serde(default)]
    pub waits_for: WaitsFor,
}

/// What has to exist before a rule can answer an id.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaitsFor {
    /// Nothing would help: it is no question for a program.
    #[default]
    #[serde(rename = "")]
    Nothing,
    /// Reading documents, and models of text.
    Documents,
    /// Asking servers for their certificates and names for their records.
    TlsDns,
    /// Reading style sheets and scripts, and the size of what a page loads.
    Style,
    /// A browser that draws the page and runs its scripts.
    Browser,
    /// Requests that a site's owner has to allow first.
    OptIn,
}

impl WaitsFor {
    /// The word used in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Documents => "documents",
            Self::TlsDns => "tls-dns",
            Self::Style => "style",
            Self::Browser => "browser",
            Self::OptIn => "opt-in",
        }
    }
}
