//! `tls-version`: a host takes, or refuses, some versions of the protocol.
//!
//! In: the versions that were offered one by one. Out: one verdict. A version that nobody learned about is untested. A host that
//! does not even take TLS 1.2 is no target of the question whether it takes something newer. Tested by the rules that use it.

use serde::Deserialize;

use super::{seen, silence};
use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, LooksAt, Scope};
use crate::facts::HostFacts;
use crate::verdict::{Locator, Verdict};
use crate::web::tls::{Support, Tls, Version};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "tls-version",
    asks: "Which versions of TLS does the host take?",
    scope: Scope::Host,
    parameters: &[
        ("versions", "ssl2, ssl3, tls1.0, tls1.1, tls1.2, tls1.3"),
        ("wanted", "refused: none of them may be taken; accepted: one of them has to be"),
    ],
    build: host::<TlsVersion>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TlsVersion {
    versions: Vec<Version>,
    wanted: Wanted,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Wanted {
    Accepted,
    Refused,
}

impl HostCheck for TlsVersion {
    fn looks_at(&self) -> LooksAt {
        LooksAt::Handshakes
    }

    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let tls = match seen(host) {
            Ok(tls) => tls,
            Err(untested) => return untested,
        };
        match self.wanted {
            Wanted::Refused => vec![self.refused(tls)],
            Wanted::Accepted => self.accepted(tls).into_iter().collect(),
        }
    }
}

impl TlsVersion {
    fn refused(&self, tls: &Tls) -> Verdict {
        let at = Locator::whole();
        let taken: Vec<Version> = self.of(tls, Support::Accepted);
        if !taken.is_empty() {
            return at.fail(format!("{} accepted", listed(&taken)), format!("{} refused", listed(&self.versions)));
        }
        let unknown: Vec<Version> =
            self.versions.iter().copied().filter(|version| self.state(tls, *version) == Support::Unknown).collect();
        if unknown.is_empty() {
            at.pass(format_args!("{} refused", listed(&self.versions)))
        } else {
            at.untested(format!("{}: {}", listed(&unknown), silence(tls)))
        }
    }

    fn accepted(&self, tls: &Tls) -> Option<Verdict> {
        let at = Locator::whole();
        let taken = self.of(tls, Support::Accepted);
        if !taken.is_empty() {
            return Some(at.pass(format_args!("{} accepted", listed(&taken))));
        }
        if !self.of(tls, Support::Unknown).is_empty() {
            return Some(at.untested(silence(tls)));
        }
        let current = tls.version.filter(|best| *best >= Version::Tls12)?;
        Some(at.fail(
            format!("the best that is agreed on is {}", current.as_str()),
            format!("{} accepted", listed(&self.versions)),
        ))
    }

    fn of(&self, tls: &Tls, support: Support) -> Vec<Version> {
        self.versions.iter().copied().filter(|version| self.state(tls, *version) == support).collect()
    }

    fn state(&self, tls: &Tls, version: Version) -> Support {
        tls.versions.get(&version).copied().unwrap_or(Support::Unknown)
    }
}

fn listed(versions: &[Version]) -> String {
    let names: Vec<&str> = versions.iter().map(|version| version.as_str()).collect();
    format!("{} {}", names.join(", "), if names.len() == 1 { "is" } else { "are" })
}
