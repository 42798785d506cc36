//! What a host says in its handshakes: protocols, cipher suites, certificates.
//!
//! One file per check; the registry lists them. A host that could not be looked at is untested, never failed. Tested by the
//! examples of the rules that use them, and against servers in `tests/it/probe.rs`.

mod certificate_expiry;
mod certificate_strength;
mod certificate_valid;
mod http_version;
mod tls_ciphers;
mod tls_version;

pub(super) use certificate_expiry::ENTRY as CERTIFICATE_EXPIRY;
pub(super) use certificate_strength::ENTRY as CERTIFICATE_STRENGTH;
pub(super) use certificate_valid::ENTRY as CERTIFICATE_VALID;
pub(super) use http_version::ENTRY as HTTP_VERSION;
pub(super) use tls_ciphers::ENTRY as TLS_CIPHERS;
pub(super) use tls_version::ENTRY as TLS_VERSION;

use crate::facts::HostFacts;
use crate::verdict::{Locator, Verdict};
use crate::web::tls::{Certificate, Tls};

/// The handshakes of a host, or the verdict that nobody saw them.
fn seen(host: &HostFacts) -> Result<&Tls, Vec<Verdict>> {
    host.tls.or_reason().map_err(|reason| vec![Locator::whole().untested(format!("{}: {reason}", host.host))])
}

/// The certificate of the host itself, or the verdict that nobody saw it.
fn own_certificate<'h>(host: &'h HostFacts, tls: &'h Tls) -> Result<&'h Certificate, Vec<Verdict>> {
    tls.chain.first().ok_or_else(|| vec![Locator::whole().untested(format!("{} showed no certificate", host.host))])
}

/// Why something was not learned.
fn silence(tls: &Tls) -> String {
    tls.silence.clone().unwrap_or_else(|| "it was not asked".to_string())
}
