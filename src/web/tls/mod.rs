//! What a host said in its TLS handshakes, as plain data, and the pure parsers of it.
//!
//! In: octets of a connection and certificates that somebody else fetched. Out: [`Tls`]. Invariant: "refused" is what the
//! server said; whatever stayed silent, broke off or was not asked is `unknown`. Never: the network, the clock, a verdict.
//! Tested beside each parser and in `tests/it/probe.rs`.

mod certificate;
pub mod record;

pub use certificate::{Certificate, Hash, Key};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What was learned of one host on one port.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tls {
    /// The address that was connected to.
    pub address: Option<IpAddr>,
    /// The protocols, each offered alone.
    pub versions: BTreeMap<Version, Support>,
    /// Kinds of weak cipher suites, offered without any good one.
    pub weak: BTreeMap<Weakness, Support>,
    /// What was agreed on with a current client.
    pub version: Option<Version>,
    /// The cipher suite of that handshake, by its IANA name.
    pub cipher: Option<String>,
    /// The application protocol of that handshake (RFC 7301), "h2" for one; `None` when none was agreed on.
    pub alpn: Option<String>,
    /// Whether an OCSP response came with the certificate (RFC 6066, 8); `None` when no such handshake was finished.
    pub stapled: Option<bool>,
    /// The certificates in the order they were sent, the host's own first.
    pub chain: Vec<Certificate>,
    /// Whether the host's certificate names it; `None` without a certificate.
    pub named: Option<bool>,
    /// Whom the chain leads to.
    pub trust: Trust,
    /// Connections that were made to learn this.
    pub connections: u32,
    /// Why something above is unknown, in one sentence.
    pub silence: Option<String>,
}

/// A protocol of the family, oldest first.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub enum Version {
    /// Of 1995; broken.
    #[serde(rename = "ssl2")]
    Ssl2,
    /// RFC 6101; broken (RFC 7568).
    #[serde(rename = "ssl3")]
    Ssl3,
    /// RFC 2246; retired by RFC 8996.
    #[serde(rename = "tls1.0")]
    Tls10,
    /// RFC 4346; retired by RFC 8996.
    #[serde(rename = "tls1.1")]
    Tls11,
    /// RFC 5246.
    #[serde(rename = "tls1.2")]
    Tls12,
    /// RFC 8446.
    #[serde(rename = "tls1.3")]
    Tls13,
}

impl Version {
    /// As people write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ssl2 => "SSL 2.0",
            Self::Ssl3 => "SSL 3.0",
            Self::Tls10 => "TLS 1.0",
            Self::Tls11 => "TLS 1.1",
            Self::Tls12 => "TLS 1.2",
            Self::Tls13 => "TLS 1.3",
        }
    }
}

/// A reason why a cipher suite protects badly or not at all. A suite with several has the first of this order.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weakness {
    /// Nobody proves who they are (Diffie-Hellman without a certificate).
    Anonymous,
    /// Nothing is enciphered.
    Null,
    /// Keys of 40 or 56 bits, once made for export.
    Export,
    /// Single DES.
    Des,
    /// RC4 (forbidden by RFC 7465).
    Rc4,
    /// Triple DES: blocks of 64 bits.
    #[serde(rename = "3des")]
    TripleDes,
}

impl Weakness {
    /// Every kind.
    pub const ALL: [Self; 6] = [Self::Anonymous, Self::Null, Self::Export, Self::Des, Self::Rc4, Self::TripleDes];

    /// As people write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous key exchange",
            Self::Null => "NULL (no encryption)",
            Self::Export => "export-grade keys",
            Self::Des => "DES",
            Self::Rc4 => "RC4",
            Self::TripleDes => "3DES",
        }
    }
}

/// What a server said to an offer.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Support {
    /// It took it.
    Accepted,
    /// It said no, or took something else.
    Refused,
    /// Nobody knows.
    Unknown,
}

/// Whom a chain leads to, apart from dates and names.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// No certificate was looked at.
    #[default]
    Unknown,
    /// To a root that browsers ship.
    Public,
    /// To a root that whoever runs this gave, and to none that browsers ship.
    Own,
    /// The host vouches for itself.
    SelfSigned,
    /// To nobody known, and the certificate that should follow the last one was not sent.
    Incomplete,
    /// To nobody known.
    Unknowable,
    /// A key or signature on the way is too weak to be verified at all.
    Weak,
    /// Something else is wrong, in words.
    Broken(String),
}
