//! `tls-ciphers`: a host refuses kinds of cipher suites that protect badly.
//!
//! In: the kinds that were offered without any good suite. Out: one verdict. Tested by the rules that use it.

use serde::Deserialize;

use super::{seen, silence};
use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, LooksAt, Scope};
use crate::facts::HostFacts;
use crate::verdict::{Locator, Verdict};
use crate::web::tls::{Support, Weakness};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "tls-ciphers",
    asks: "Does the host refuse weak cipher suites?",
    scope: Scope::Host,
    parameters: &[("refused", "anonymous, null, export, des, rc4, 3des")],
    build: host::<TlsCiphers>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TlsCiphers {
    refused: Vec<Weakness>,
}

impl HostCheck for TlsCiphers {
    fn looks_at(&self) -> LooksAt {
        LooksAt::Handshakes
    }

    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let tls = match seen(host) {
            Ok(tls) => tls,
            Err(untested) => return untested,
        };
        let at = Locator::whole();
        let of = |support: Support| {
            let state = |kind: &&Weakness| tls.weak.get(kind).copied().unwrap_or(Support::Unknown) == support;
            self.refused.iter().filter(state).map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ")
        };
        let (taken, unknown) = (of(Support::Accepted), of(Support::Unknown));
        vec![if !taken.is_empty() {
            at.fail(format!("cipher suites with {taken} are accepted"), "weak cipher suites refused")
        } else if !unknown.is_empty() {
            at.untested(format!("{unknown}: {}", silence(tls)))
        } else {
            at.pass("weak cipher suites are refused")
        }]
    }
}
