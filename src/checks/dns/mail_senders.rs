//! `mail-senders`: a name says which hosts may send its mail (SPF, RFC 7208).
//!
//! In: the SPF records of the registered name. Out: one verdict. Tested by the rules that use it.

use serde::Deserialize;

use super::{answered, seen};
use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, LooksAt, Scope};
use crate::facts::HostFacts;
use crate::verdict::{Locator, Verdict};
use crate::web::dns::{spf_fault, spf_rest};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "mail-senders",
    asks: "Does the name say which hosts may send its mail (SPF)?",
    scope: Scope::Host,
    parameters: &[("rest", "what may become of senders that are not named: -all, ~all, redirect")],
    build: host::<MailSenders>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MailSenders {
    rest: Vec<String>,
}

impl HostCheck for MailSenders {
    fn looks_at(&self) -> LooksAt {
        LooksAt::Names
    }

    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let found = seen(host).and_then(|dns| Ok((dns, answered(dns, "spf", &dns.spf)?)));
        let (dns, records) = match found {
            Ok(found) => found,
            Err(verdicts) => return verdicts,
        };
        let at = Locator::whole();
        let expected = format!("one SPF record that ends with {}", self.rest.join(" or "));
        let [record] = records.as_slice() else {
            let many =
                if records.is_empty() { "no SPF record".to_string() } else { format!("{} SPF records", records.len()) };
            return vec![at.fail(format!("{} has {many}", dns.domain), expected)];
        };
        if let Some(fault) = spf_fault(record) {
            return vec![at.fail(format!("{fault}: \"{record}\""), expected)];
        }
        let rest = spf_rest(record).unwrap_or_default();
        vec![if self.rest.iter().any(|wanted| wanted == rest) {
            at.pass(format_args!("\"{record}\""))
        } else {
            at.fail(format!("every other host may send as well: \"{record}\""), expected)
        }]
    }
}
