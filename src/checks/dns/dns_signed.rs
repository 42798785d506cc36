//! `dns-signed`: the answers of a name are signed, and the parent vouches for the keys (DNSSEC, RFC 4035).
//!
//! In: the state of the registered name. Out: one verdict. Tested by the rules that use it.

use serde::Deserialize;

use super::{seen, unanswered};
use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, LooksAt, Scope};
use crate::facts::HostFacts;
use crate::verdict::{Locator, Verdict};
use crate::web::dns::Dnssec;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "dns-signed",
    asks: "Are the answers of the name signed (DNSSEC)?",
    scope: Scope::Host,
    parameters: &[],
    build: host::<DnsSigned>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DnsSigned {}

impl HostCheck for DnsSigned {
    fn looks_at(&self) -> LooksAt {
        LooksAt::Names
    }

    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let dns = match seen(host) {
            Ok(dns) => dns,
            Err(verdicts) => return verdicts,
        };
        let at = Locator::whole();
        let expected = "signed answers, with keys that the parent vouches for";
        vec![match dns.dnssec {
            Dnssec::Secure => at.pass(format_args!("{} is signed and verifies", dns.domain)),
            Dnssec::Signed => at.pass(format_args!("{} is signed; the resolver verifies nothing", dns.domain)),
            Dnssec::Insecure => at.fail(format!("{} is not signed", dns.domain), expected),
            Dnssec::Bogus => at.fail(format!("the signatures of {} do not verify", dns.domain), expected),
            Dnssec::Unknown => unanswered(dns, "dnssec"),
        }]
    }
}
