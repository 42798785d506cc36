//! Something that could not be looked at.
//!
//! In: what kept us from seeing an address. Out: [`Problem`], which is counted in coverage and never held against the site.
//! Invariant: a problem is no verdict. Tested in `tests/it/crawl.rs`.

use serde::{Deserialize, Serialize};

/// An address that could not be looked at, and why.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Problem {
    /// The address as text (it may be one that no URL parser accepts).
    pub url: String,
    /// What kind of obstacle it was.
    pub kind: ProblemKind,
    /// One sentence for a person.
    pub detail: String,
}

/// The kinds of obstacles, as the report spells them.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// robots.txt asks us not to fetch it (RFC 9309).
    RobotsDisallowed,
    /// robots.txt could not be read (5xx, 429, network), so the host is held back (RFC 9309, 2.3.1.4).
    RobotsUnreachable,
    /// 401, 403, 407 or 451: the server does not show it to us.
    Blocked,
    /// A bot challenge stood where the page should be.
    BotChallenge,
    /// 429, or a host that asked us to wait longer than we can.
    RateLimited,
    /// A 5xx answer.
    ServerError,
    /// A deadline passed: connecting, waiting for bytes, or in all.
    Timeout,
    /// The host name could not be resolved.
    Dns,
    /// The TLS handshake failed.
    Tls,
    /// The connection was refused, reset or broken.
    Connection,
    /// The answer was not HTTP, or its body could not be decoded.
    Malformed,
    /// More redirects than the cap, or a circle of them.
    Redirects,
    /// A body larger than the cap.
    TooLarge,
    /// An address the guard refuses: private networks, other schemes, forbidden ports.
    Refused,
    /// A page that the parser had to stop reading: nested too deep or too large.
    TooComplex,
    /// A file of the folder that could not be read.
    Unreadable,
    /// The program itself stumbled over this page; a bug of ours.
    Internal,
}

impl ProblemKind {
    /// True for obstacles of HTTP itself: somebody answered, whatever they said.
    pub fn is_an_answer(self) -> bool {
        match self {
            Self::Blocked
            | Self::BotChallenge
            | Self::RateLimited
            | Self::ServerError
            | Self::TooLarge
            | Self::TooComplex => true,
            Self::RobotsDisallowed
            | Self::RobotsUnreachable
            | Self::Timeout
            | Self::Dns
            | Self::Tls
            | Self::Connection
            | Self::Malformed
            | Self::Redirects
            | Self::Refused
            | Self::Unreadable
            | Self::Internal => false,
        }
    }

    /// The name the report uses, "robots-disallowed" for one.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RobotsDisallowed => "robots-disallowed",
            Self::RobotsUnreachable => "robots-unreachable",
            Self::Blocked => "blocked",
            Self::BotChallenge => "bot-challenge",
            Self::RateLimited => "rate-limited",
            Self::ServerError => "server-error",
            Self::Timeout => "timeout",
            Self::Dns => "dns",
            Self::Tls => "tls",
            Self::Connection => "connection",
            Self::Malformed => "malformed",
            Self::Redirects => "redirects",
            Self::TooLarge => "too-large",
            Self::Refused => "refused",
            Self::TooComplex => "too-complex",
            Self::Unreadable => "unreadable",
            Self::Internal => "internal",
        }
    }
}
