//! What the endpoints of a host answer.
//!
//! In: one request to each endpoint, redirects recorded and not followed. Out: [`HostFacts`]. Invariant: an endpoint that was
//! not asked is told apart from one that did not answer. Tested by the rules of the security pack.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::web::{Headers, ProblemKind};

/// A host and its two front doors.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct HostFacts {
    /// The host name, with the port where it is not the default.
    pub host: String,
    /// What `http://host/` said.
    pub http: Endpoint,
    /// What `https://host/` said.
    pub https: Endpoint,
}

/// What one endpoint said to one request.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// It answered.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The header fields.
        headers: Headers,
        /// Where a redirect points.
        location: Option<Url>,
    },
    /// It could not be looked at.
    Problem {
        /// What kind of obstacle.
        kind: ProblemKind,
        /// One sentence.
        detail: String,
    },
    /// It was not asked; the reason.
    NotAsked(String),
}

impl Endpoint {
    /// The status and headers, when it answered.
    pub fn answer(&self) -> Option<(u16, &Headers)> {
        match self {
            Self::Answered { status, headers, .. } => Some((*status, headers)),
            Self::Problem { .. } | Self::NotAsked(_) => None,
        }
    }
}
