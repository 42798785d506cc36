//! `dns-issuers`: a name says who may issue certificates for it (CAA, RFC 8659).
//!
//! In: the CAA records of the closest name that has some. Out: one verdict. Tested by the rules that use it.

use serde::Deserialize;

use super::{answered, seen};
use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, LooksAt, Scope};
use crate::facts::HostFacts;
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "dns-issuers",
    asks: "Does the name say who may issue certificates for it (CAA)?",
    scope: Scope::Host,
    parameters: &[],
    build: host::<DnsIssuers>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DnsIssuers {}

impl HostCheck for DnsIssuers {
    fn looks_at(&self) -> LooksAt {
        LooksAt::Names
    }

    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let records = match seen(host).and_then(|dns| answered(dns, "caa", &dns.caa)) {
            Ok(records) => records,
            Err(verdicts) => return verdicts,
        };
        let at = Locator::whole();
        let names_issuers = records.iter().any(|record| record.starts_with("issue"));
        vec![if names_issuers {
            at.pass(records.join("; "))
        } else {
            at.fail(format!("{} names no issuer, so that every one may issue", host.host), "a CAA record with issue")
        }]
    }
}
