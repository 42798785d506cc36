//! What a probe may do, filled by whoever starts it.
//!
//! Plain values with safe defaults; nothing here is read from the environment. Tested in `tests/it/probe.rs`.

use std::net::SocketAddr;
use std::time::Duration;

/// What a probe may do.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether handshakes are made beside those of the crawl.
    pub probing: Probing,
    /// One connection with its answer, or one question to a resolver.
    pub timeout: Duration,
    /// Between two connections to a host; a second at least, and nothing at least on loopback.
    pub spacing: Option<Duration>,
    /// Hosts looked at in the same moment.
    pub at_once: usize,
    /// The resolver to ask instead of the system's.
    pub dns_server: Option<SocketAddr>,
    /// Roots that browsers ship, DER.
    pub public_roots: Vec<Vec<u8>>,
    /// Roots that whoever runs this trusts besides, DER.
    pub own_roots: Vec<Vec<u8>>,
}

/// Whether handshakes are made beside those of the crawl.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Probing {
    /// Yes.
    On,
    /// No; the domain name system is asked all the same.
    Off,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            probing: Probing::On,
            timeout: Duration::from_secs(5),
            spacing: None,
            at_once: 64,
            dns_server: None,
            public_roots: webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(|der| der.to_vec()).collect(),
            own_roots: Vec::new(),
        }
    }
}
