//! `http-version`: a host agrees on a current version of HTTP in its handshake (RFC 7301).
//!
//! In: the protocol that was agreed on when all were offered. Out: one verdict; none for a host that does not even speak the TLS
//! that HTTP/2 asks for (RFC 9113, 9.2). Tested by the rules that use it.

use serde::Deserialize;

use super::seen;
use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, LooksAt, Scope};
use crate::facts::HostFacts;
use crate::verdict::{Locator, Verdict};
use crate::web::tls::Version;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "http-version",
    asks: "Does the host speak a current version of HTTP?",
    scope: Scope::Host,
    parameters: &[("any-of", "protocols by their names in the handshake: h2, http/1.1")],
    build: host::<HttpVersion>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HttpVersion {
    any_of: Vec<String>,
}

impl HostCheck for HttpVersion {
    fn looks_at(&self) -> LooksAt {
        LooksAt::Handshakes
    }

    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let tls = match seen(host) {
            Ok(tls) => tls,
            Err(untested) => return untested,
        };
        if tls.version.is_none_or(|version| version < Version::Tls12) {
            return Vec::new();
        }
        let at = Locator::whole();
        if tls.stapled.is_none() {
            return vec![at.untested("no handshake was finished")];
        }
        let expected = format!("{} agreed on", self.any_of.join(" or "));
        vec![match &tls.alpn {
            Some(name) if self.any_of.contains(name) => at.pass(format_args!("{name} is agreed on")),
            Some(name) => at.fail(format!("{name} is agreed on"), expected),
            None => at.fail("no version of HTTP is agreed on, which means HTTP/1.1", expected),
        }]
    }
}
