//! `certificate-valid`: browsers trust the certificate of a host.
//!
//! In: the certificate, whom its chain leads to, the day. Out: one verdict that says everything that is wrong. A chain that is
//! too weak to be verified is the question of `certificate-strength`. Tested by the rules that use it.

use serde::Deserialize;

use super::{own_certificate, seen};
use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, LooksAt, Scope};
use crate::facts::HostFacts;
use crate::verdict::{Locator, Verdict};
use crate::web::tls::{Certificate, Tls, Trust};

/// Names of a certificate that are shown.
const SHOWN: usize = 3;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "certificate-valid",
    asks: "Do browsers trust the certificate of the host?",
    scope: Scope::Host,
    parameters: &[],
    build: host::<CertificateValid>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CertificateValid {}

impl HostCheck for CertificateValid {
    fn looks_at(&self) -> LooksAt {
        LooksAt::Handshakes
    }

    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let found = seen(host).and_then(|tls| own_certificate(host, tls).map(|leaf| (tls, leaf)));
        match found {
            Ok((tls, leaf)) => vec![judge(host, tls, leaf)],
            Err(untested) => untested,
        }
    }
}

fn judge(host: &HostFacts, tls: &Tls, leaf: &Certificate) -> Verdict {
    let at = Locator::whole();
    let mut wrong = Vec::new();
    if leaf.days_left(host.day) < 0 {
        wrong.push(format!("it expired on {}", day(leaf.not_after)));
    }
    if leaf.days_until(host.day) > 0 {
        wrong.push(format!("it is not valid before {}", day(leaf.not_before)));
    }
    if tls.named == Some(false) {
        wrong.push(format!("it is for {} and not for {}", names(leaf), host.host));
    }
    match &tls.trust {
        Trust::SelfSigned => wrong.push("the host signed it itself".to_string()),
        Trust::Incomplete => wrong.push(format!("the certificate of its issuer was not sent ({})", leaf.issuer)),
        Trust::Unknowable => wrong.push(format!("browsers do not know its issuer ({})", leaf.issuer)),
        Trust::Broken(reason) => wrong.push(reason.clone()),
        Trust::Public | Trust::Own | Trust::Weak | Trust::Unknown => {}
    }
    let expected = "a certificate for this host, valid on this day, from an issuer that browsers know";
    if !wrong.is_empty() {
        return at.fail(format!("the certificate: {}", wrong.join("; ")), expected);
    }
    match tls.trust {
        Trust::Own => {
            at.cannot_tell("it leads to a root that was given for this run; browsers do not know it", expected)
        }
        Trust::Weak => at.untested("a key or signature of the chain is too weak to be verified"),
        Trust::Unknown => at.untested("the chain was not verified"),
        Trust::Public | Trust::SelfSigned | Trust::Incomplete | Trust::Unknowable | Trust::Broken(_) => {
            at.pass(format_args!("a certificate of {}, valid until {}", leaf.issuer, day(leaf.not_after)))
        }
    }
}

fn names(leaf: &Certificate) -> String {
    match leaf.names.as_slice() {
        [] => "no host".to_string(),
        few if few.len() <= SHOWN => few.join(", "),
        many => format!("{} and {} more", many[..SHOWN].join(", "), many.len() - SHOWN),
    }
}

/// The day of a moment, in UTC.
fn day(at: jiff::Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}
