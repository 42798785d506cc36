//! `dangling-name`: the names behind a host exist.
//!
//! In: the chain of other names (CNAME) of a host. Out: one verdict for a host with such a chain. Tested by the rules that
//! use it.

use serde::Deserialize;

use super::{answered, seen};
use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, LooksAt, Scope};
use crate::facts::HostFacts;
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "dangling-name",
    asks: "Do the names that the host is another name for exist?",
    scope: Scope::Host,
    parameters: &[],
    build: host::<DanglingName>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DanglingName {}

impl HostCheck for DanglingName {
    fn looks_at(&self) -> LooksAt {
        LooksAt::Names
    }

    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let dns = match seen(host).and_then(|dns| answered(dns, "ipv4", &dns.ipv4).map(|_| dns)) {
            Ok(dns) => dns,
            Err(verdicts) => return verdicts,
        };
        let at = Locator::whole();
        let chain = || format!("{} → {}", host.host, dns.aliases.join(" → "));
        match (&dns.dangling, dns.aliases.is_empty()) {
            (Some(name), _) => vec![at.fail(format!("{name} does not exist ({})", chain()), "names that exist")],
            (None, false) => vec![at.pass(chain())],
            (None, true) => Vec::new(),
        }
    }
}
