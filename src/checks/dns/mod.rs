//! What the domain name system says of a host and its registered name.
//!
//! One file per check; the registry lists them. A question that got no answer is untested, never failed. Tested by the
//! examples of the rules that use them, and against a resolver on loopback in `tests/it/probe.rs`.

mod dangling_name;
mod dns_addresses;
mod dns_issuers;
mod dns_signed;
mod mail_policy;
mod mail_senders;

pub(super) use dangling_name::ENTRY as DANGLING_NAME;
pub(super) use dns_addresses::ENTRY as DNS_ADDRESSES;
pub(super) use dns_issuers::ENTRY as DNS_ISSUERS;
pub(super) use dns_signed::ENTRY as DNS_SIGNED;
pub(super) use mail_policy::ENTRY as MAIL_POLICY;
pub(super) use mail_senders::ENTRY as MAIL_SENDERS;

use crate::facts::HostFacts;
use crate::verdict::{Locator, Verdict};
use crate::web::dns::Dns;

/// What the name system says; else the verdicts: none for a host whose name is judged with another host, one when nobody
/// learned it.
fn seen(host: &HostFacts) -> Result<&Dns, Vec<Verdict>> {
    if !host.standing.is_first() {
        return Err(Vec::new());
    }
    host.dns.or_reason().map_err(|reason| vec![Locator::whole().untested(format!("{}: {reason}", host.host))])
}

/// An answer, or the verdict that there was none.
fn answered<'d, T>(dns: &Dns, what: &str, answer: &'d Option<T>) -> Result<&'d T, Vec<Verdict>> {
    answer.as_ref().ok_or_else(|| vec![unanswered(dns, what)])
}

fn unanswered(dns: &Dns, what: &str) -> Verdict {
    let reason = dns.silence.get(what).map_or("it was not asked", String::as_str);
    Locator::whole().untested(format!("{what}: {reason}"))
}
