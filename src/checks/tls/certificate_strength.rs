//! `certificate-strength`: keys and signatures of a chain are strong enough.
//!
//! In: the certificates that a host sends. Out: one verdict for each; for one that vouches for itself the key only, because nobody
//! relies on its signature. A key of a kind whose size nobody knows is left alone. Tested by the rules that use it.

use serde::Deserialize;

use super::{own_certificate, seen};
use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, LooksAt, Scope};
use crate::facts::HostFacts;
use crate::verdict::{Locator, Verdict};
use crate::web::tls::{Certificate, Hash};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "certificate-strength",
    asks: "Are the keys and signatures of the certificates strong enough?",
    scope: Scope::Host,
    parameters: &[
        ("min-rsa", "bits of an RSA key at least"),
        ("min-ec", "bits of an elliptic curve at least"),
        ("refused", "digests that may not stand in a signature: md2, md5, sha1"),
    ],
    build: host::<CertificateStrength>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CertificateStrength {
    min_rsa: u32,
    min_ec: u32,
    refused: Vec<Hash>,
}

impl HostCheck for CertificateStrength {
    fn looks_at(&self) -> LooksAt {
        LooksAt::Handshakes
    }

    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        match seen(host).and_then(|tls| own_certificate(host, tls).map(|_| tls)) {
            Ok(tls) => tls.chain.iter().map(|certificate| self.certificate(certificate)).collect(),
            Err(untested) => untested,
        }
    }
}

impl CertificateStrength {
    fn certificate(&self, certificate: &Certificate) -> Verdict {
        let at = Locator::whole();
        let key = &certificate.key;
        let least = match key.algorithm.as_str() {
            "RSA" => self.min_rsa,
            "EC" => self.min_ec,
            _ => 0,
        };
        let mut wrong = Vec::new();
        if let Some(bits) = key.bits.filter(|bits| *bits < least) {
            wrong.push(format!("an {} key of {bits} bits", key.algorithm));
        }
        if self.refused.contains(&certificate.hash) && !certificate.is_self_issued() {
            wrong.push(format!("a signature with {}", certificate.hash.name()));
        }
        if wrong.is_empty() {
            at.pass(format_args!("the certificate of {} is strong enough", certificate.subject))
        } else {
            at.fail(
                format!("the certificate of {} has {}", certificate.subject, wrong.join(" and ")),
                format!("keys of at least {} (RSA) or {} bits (EC), signed with SHA-2", self.min_rsa, self.min_ec),
            )
        }
    }
}
