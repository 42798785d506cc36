//! `https-first`: plain http leads to HTTPS on the same host before it leads anywhere else.
//!
//! In: the plain http door of a host. Out: one verdict where it redirects; nothing where it is closed or answers otherwise, which
//! is another question. Tested by the rule that uses it.

use serde::Deserialize;

use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, Scope};
use crate::facts::{Endpoint, HostFacts};
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "https-first",
    asks: "Does plain http lead to HTTPS on the same host first?",
    scope: Scope::Host,
    parameters: &[],
    build: host::<HttpsFirst>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HttpsFirst {}

impl HostCheck for HttpsFirst {
    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let at = Locator::whole();
        let location = match &host.http {
            Endpoint::Answered { status: 300..=399, location: Some(location), .. } => location,
            Endpoint::Answered { .. } | Endpoint::Problem { .. } => return Vec::new(),
            Endpoint::NotAsked(reason) => return vec![at.untested(reason.clone())],
        };
        if location.scheme() != "https" {
            return Vec::new();
        }
        let name = host.host.split(':').next().unwrap_or_default();
        vec![if location.host_str() == Some(name) {
            at.pass(format_args!("http://{}/ leads to {location}", host.host))
        } else {
            at.fail(
                format!("http://{}/ leads to another host at once: {location}", host.host),
                format!("https://{}/ first, which can say Strict-Transport-Security, then the other host", host.host),
            )
        }]
    }
}
