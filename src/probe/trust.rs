//! Whether a chain of certificates leads to a root, and what is wrong when it does not.
//!
//! In: certificates as they were sent. Out: [`Trust`], and whether the first of them names the host. Dates are left to whoever
//! judges: the chain is verified for a moment at which the host's own certificate is valid. Invariant: one reason, the first
//! that stands in the way. Tested in `tests/it/probe.rs`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{WebPkiSupportedAlgorithms, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, Error, RootCertStore};

use crate::web::tls::{Certificate, Hash, Tls, Trust};

/// An RSA key below this is not verified at all.
const LEAST_RSA: u32 = 2048;

/// Judges chains against roots.
pub(super) struct Judge {
    public: RootCertStore,
    own: RootCertStore,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Judge {
    /// Roots as DER; what cannot be read as a root is left out.
    pub(super) fn of(public: &[Vec<u8>], own: &[Vec<u8>]) -> Self {
        let store = |roots: &[Vec<u8>]| {
            let mut store = RootCertStore::empty();
            store.add_parsable_certificates(roots.iter().map(|der| CertificateDer::from(der.clone())));
            store
        };
        let algorithms = aws_lc_rs::default_provider().signature_verification_algorithms;
        Self { public: store(public), own: store(own), algorithms }
    }

    /// Writes down what is to be said of a chain.
    pub(super) fn chain(&self, sent: &[Vec<u8>], host: &str, tls: &mut Tls) {
        tls.chain = sent.iter().filter_map(|der| Certificate::read(der)).collect();
        let ders: Vec<CertificateDer<'_>> = sent.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
        let Some((first, others)) = ders.split_first() else { return };
        let parsed = match ParsedCertificate::try_from(first) {
            Ok(parsed) => parsed,
            Err(cause) => {
                tls.trust = Trust::Broken(format!("the certificate cannot be read: {cause}"));
                return;
            }
        };
        let name = ServerName::try_from(host.trim_matches(['[', ']']));
        tls.named = name.ok().map(|name| verify_server_name(&parsed, &name).is_ok());
        tls.trust = self.trust(&parsed, others, &tls.chain);
    }

    fn trust(&self, first: &ParsedCertificate<'_>, others: &[CertificateDer<'_>], read: &[Certificate]) -> Trust {
        let moment = moment(read.first());
        let verify = |roots: &RootCertStore| {
            verify_server_cert_signed_by_trust_anchor(first, roots, others, moment, self.algorithms.all)
        };
        let Err(cause) = verify(&self.public) else { return Trust::Public };
        if !self.own.is_empty() && verify(&self.own).is_ok() {
            return Trust::Own;
        }
        if read.first().is_some_and(Certificate::is_self_issued) {
            return Trust::SelfSigned;
        }
        match cause {
            Error::InvalidCertificate(CertificateError::UnknownIssuer) if is_weak(read) => Trust::Weak,
            Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
                let last = read.last().is_none_or(Certificate::is_self_issued);
                if last { Trust::Unknowable } else { Trust::Incomplete }
            }
            Error::InvalidCertificate(
                CertificateError::UnsupportedSignatureAlgorithmContext { .. }
                | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. },
            ) => Trust::Weak,
            Error::InvalidCertificate(CertificateError::BadSignature) if is_weak(read) => Trust::Weak,
            Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
                Trust::Broken("a certificate between the host's and the root has expired".to_string())
            }
            other => Trust::Broken(other.to_string()),
        }
    }
}

/// True when the reason may be a key or signature that nobody verifies any more.
fn is_weak(chain: &[Certificate]) -> bool {
    let mut sent = chain.iter().filter(|certificate| !certificate.is_self_issued());
    let old = sent.any(|certificate| matches!(certificate.hash, Hash::Md2 | Hash::Md5 | Hash::Sha1));
    let mut issuers = chain.iter().skip(1);
    old || issuers.any(|issuer| issuer.key.algorithm == "RSA" && issuer.key.bits.is_some_and(|bits| bits < LEAST_RSA))
}

/// Now, or the moment next to it at which the host's certificate is valid.
fn moment(first: Option<&Certificate>) -> UnixTime {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let Some(first) = first else { return UnixTime::since_unix_epoch(now) };
    let second = |at: jiff::Timestamp| Duration::from_secs(u64::try_from(at.as_second()).unwrap_or_default());
    UnixTime::since_unix_epoch(now.min(second(first.not_after)).max(second(first.not_before)))
}
