//! What the endpoints of a host answer, and what it says beside its pages.
//!
//! In: one request to each endpoint, its redirects walked apart; handshakes; answers of the name system. Out: [`HostFacts`].
//! Invariant: what was not asked is told apart from what did not answer. Tested by the rules of the security pack.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use url::Url;

use crate::web::dns::Dns;
use crate::web::preload::State;
use crate::web::tls::Tls;
use crate::web::{Headers, ProblemKind};

/// A host: its two front doors, its handshakes, its name.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct HostFacts {
    /// The host name, with the port where it is not the default.
    pub host: String,
    /// Whether the site lives there.
    pub standing: HostStanding,
    /// What `http://host/` said.
    pub http: Endpoint,
    /// What `https://host/` said.
    pub https: Endpoint,
    /// What it says in handshakes.
    pub tls: Looked<Tls>,
    /// What the name system says of it.
    pub dns: Looked<Dns>,
    /// Whether browsers ship a promise for it.
    pub preload: State,
    /// The day it is judged on.
    pub day: Date,
}

/// Whether a site lives at a host.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HostStanding {
    /// It does.
    Own,
    /// It is the same name with `www.`, or without it.
    Twin,
    /// Its name was typed, and it leads to the site.
    Typed,
    /// It is the twin of that name.
    TypedTwin,
}

impl HostStanding {
    /// The standing of the other name, with `www.` or without it.
    pub fn twin(self) -> Self {
        match self {
            Self::Own | Self::Twin => Self::Twin,
            Self::Typed | Self::TypedTwin => Self::TypedTwin,
        }
    }

    /// True for a name that stands for itself, false for the twin of another.
    pub fn is_first(self) -> bool {
        matches!(self, Self::Own | Self::Typed)
    }
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
        /// Where its redirects lead in the end; `None` when nobody walked them, or something stood in the way.
        lands: Option<Box<Landing>>,
        /// Who answered.
        peer: Option<IpAddr>,
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

/// Where redirects lead in the end.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Landing {
    /// The redirects on the way: each address and its status.
    pub steps: Vec<(Url, u16)>,
    /// The address that answered.
    pub url: Url,
    /// Its status.
    pub status: u16,
}

/// What was learned beside the pages, or why nothing was.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Looked<T> {
    /// This.
    Seen(Box<T>),
    /// It could not be looked at.
    Problem {
        /// What kind of obstacle.
        kind: ProblemKind,
        /// One sentence.
        detail: String,
    },
    /// Nobody looked; the reason.
    Not(String),
}

impl<T> Looked<T> {
    /// What was learned.
    pub fn seen(&self) -> Option<&T> {
        match self {
            Self::Seen(seen) => Some(seen),
            Self::Problem { .. } | Self::Not(_) => None,
        }
    }

    /// What was learned, or why nothing was.
    ///
    /// # Errors
    /// One sentence.
    pub fn or_reason(&self) -> Result<&T, String> {
        match self {
            Self::Seen(seen) => Ok(seen),
            Self::Problem { kind, detail } => Err(format!("{} ({detail})", kind.as_str())),
            Self::Not(reason) => Err(reason.clone()),
        }
    }
}

impl Endpoint {
    /// The status and headers, when it answered.
    pub fn answer(&self) -> Option<(u16, &Headers)> {
        match self {
            Self::Answered { status, headers, .. } => Some((*status, headers)),
            Self::Problem { .. } | Self::NotAsked(_) => None,
        }
    }

    /// Whether somebody answers there at all; `None` when nobody knows.
    pub fn is_live(&self) -> Option<bool> {
        match self {
            Self::Answered { .. } => Some(true),
            Self::Problem { kind, .. } if kind.is_an_answer() => Some(true),
            Self::Problem { kind, .. } => match kind {
                ProblemKind::Timeout
                | ProblemKind::Dns
                | ProblemKind::Tls
                | ProblemKind::Connection
                | ProblemKind::Malformed => Some(false),
                ProblemKind::RobotsDisallowed
                | ProblemKind::RobotsUnreachable
                | ProblemKind::Refused
                | ProblemKind::Redirects
                | ProblemKind::Unreadable
                | ProblemKind::Internal
                | ProblemKind::Blocked
                | ProblemKind::BotChallenge
                | ProblemKind::RateLimited
                | ProblemKind::ServerError
                | ProblemKind::TooLarge
                | ProblemKind::TooComplex => None,
            },
            Self::NotAsked(_) => None,
        }
    }
}
