//! `certificate-expiry`: a certificate that is valid stays so for a while.
//!
//! In: the certificate of a host, the day. Out: one verdict; none for a certificate that is not valid on the day, which is the
//! question of `certificate-valid`. Tested by the rules that use it.

use serde::Deserialize;

use super::{own_certificate, seen};
use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, LooksAt, Scope};
use crate::facts::HostFacts;
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "certificate-expiry",
    asks: "Is the certificate of the host renewed in time?",
    scope: Scope::Host,
    parameters: &[
        ("days", "days that are left at least"),
        ("short-lived", "a certificate made for at most so many days is renewed by a machine"),
        (
            "days-short-lived",
            "days that are left at least of such a one; of one made for fewer than thrice as many, a third of its life",
        ),
    ],
    build: host::<CertificateExpiry>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CertificateExpiry {
    days: i64,
    short_lived: i64,
    days_short_lived: i64,
}

impl HostCheck for CertificateExpiry {
    fn looks_at(&self) -> LooksAt {
        LooksAt::Handshakes
    }

    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let leaf = match seen(host).and_then(|tls| own_certificate(host, tls)) {
            Ok(leaf) => leaf,
            Err(untested) => return untested,
        };
        let left = leaf.days_left(host.day);
        if left < 0 || leaf.days_until(host.day) > 0 {
            return Vec::new();
        }
        let lifetime = leaf.lifetime();
        let wanted = if lifetime <= self.short_lived { self.days_short_lived.min(lifetime / 3) } else { self.days };
        let at = Locator::whole();
        let observed = format!("{left} days are left of {lifetime}");
        vec![if left < wanted { at.fail(observed, format!("at least {wanted} days left")) } else { at.pass(observed) }]
    }
}
