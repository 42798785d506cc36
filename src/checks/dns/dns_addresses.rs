//! `dns-addresses`: a host has an address of each family that is asked for.
//!
//! In: the A and AAAA records of the host. Out: one verdict. Tested by the rules that use it.

use serde::Deserialize;

use super::{answered, seen};
use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, LooksAt, Scope};
use crate::facts::HostFacts;
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "dns-addresses",
    asks: "Does the host have an address of this family?",
    scope: Scope::Host,
    parameters: &[("family", "ipv4 or ipv6")],
    build: host::<DnsAddresses>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DnsAddresses {
    family: Family,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Family {
    Ipv4,
    Ipv6,
}

impl HostCheck for DnsAddresses {
    fn looks_at(&self) -> LooksAt {
        LooksAt::Names
    }

    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let dns = match seen(host) {
            Ok(dns) => dns,
            Err(verdicts) => return verdicts,
        };
        let words = |count: usize| (count > 0).then_some(count);
        let (what, family, count) = match self.family {
            Family::Ipv4 => ("ipv4", "IPv4", answered(dns, "ipv4", &dns.ipv4).map(|all| words(all.len()))),
            Family::Ipv6 => ("ipv6", "IPv6", answered(dns, "ipv6", &dns.ipv6).map(|all| words(all.len()))),
        };
        let at = Locator::whole();
        match count {
            Ok(Some(count)) => vec![at.pass(format_args!("{} has {count} {family} addresses", host.host))],
            Ok(None) => vec![at.fail(format!("{} has no {family} address", host.host), format!("an {what} address"))],
            Err(verdicts) => verdicts,
        }
    }
}
