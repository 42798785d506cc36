//! `mail-policy`: a name says what becomes of mail that only pretends to come from it (DMARC, RFC 7489).
//!
//! In: the DMARC records of the registered name. Out: one verdict. Tested by the rules that use it.

use serde::Deserialize;

use super::{answered, seen};
use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, LooksAt, Scope};
use crate::facts::HostFacts;
use crate::verdict::{Locator, Verdict};
use crate::web::dns::{Dmarc, dmarc};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "mail-policy",
    asks: "What becomes of mail that only pretends to come from the name (DMARC)?",
    scope: Scope::Host,
    parameters: &[
        ("policy", "the policy that is asked for: reject or quarantine"),
        ("reports-to", "instead of a policy: a mail address that has to get the reports, when there is a record"),
    ],
    build: host::<MailPolicy>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct MailPolicy {
    #[serde(default)]
    policy: String,
    #[serde(default)]
    reports_to: Option<String>,
}

impl HostCheck for MailPolicy {
    fn looks_at(&self) -> LooksAt {
        LooksAt::Names
    }

    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let found = seen(host).and_then(|dns| Ok((dns, answered(dns, "dmarc", &dns.dmarc)?)));
        let (dns, records) = match found {
            Ok(found) => found,
            Err(verdicts) => return verdicts,
        };
        let at = Locator::whole();
        let read: Vec<Dmarc> = records.iter().filter_map(|record| dmarc(record)).collect();
        let name = format!("_dmarc.{}", dns.domain);
        match (read.as_slice(), &self.reports_to) {
            ([one], Some(address)) => vec![reports(at, one, address)],
            // That there is no record is the question of the policy.
            (_, Some(_)) => Vec::new(),
            ([], None) => vec![at.fail(format!("{name} has no DMARC record"), self.expected())],
            ([one], None) => vec![self.policy(at, one, &records[0])],
            (many, None) => {
                vec![at.fail(format!("{name} has {} DMARC records, so that none counts", many.len()), self.expected())]
            }
        }
    }
}

impl MailPolicy {
    fn expected(&self) -> String {
        format!("one DMARC record with p={}", self.policy)
    }

    fn policy(&self, at: Locator, read: &Dmarc, record: &str) -> Verdict {
        let mut wrong = Vec::new();
        if !self.is_enough(&read.policy) {
            wrong.push(format!("the policy is \"{}\"", read.policy));
        }
        if !self.is_enough(&read.subdomains) && read.subdomains != read.policy {
            wrong.push(format!("the policy for the names below is \"{}\"", read.subdomains));
        }
        if read.percent < 100 {
            wrong.push(format!("it is for {} % of the mail only", read.percent));
        }
        if wrong.is_empty() {
            at.pass(format_args!("\"{record}\""))
        } else {
            at.fail(format!("{} in \"{record}\"", wrong.join("; ")), self.expected())
        }
    }

    fn is_enough(&self, policy: &str) -> bool {
        policy == self.policy || policy == "reject"
    }
}

fn reports(at: Locator, read: &Dmarc, address: &str) -> Verdict {
    let wanted = format!("mailto:{address}");
    let gets = |uri: &String| uri.split('!').next().is_some_and(|uri| uri.eq_ignore_ascii_case(&wanted));
    if read.reports.iter().any(gets) {
        at.pass(format_args!("{address} gets the reports"))
    } else {
        at.fail(format!("reports go to {}", listed(&read.reports)), format!("{wanted} in rua"))
    }
}

fn listed(reports: &[String]) -> String {
    if reports.is_empty() { "nobody".to_string() } else { reports.join(", ") }
}
