//! `host-leads`: a host under one of the domains does not send people out of them.
//!
//! In: where the two front doors of a host redirect to. Out: one verdict; a host elsewhere, or one that sends nobody on, is
//! inapplicable. Tested by the rules of the identity pack.

use serde::Deserialize;

use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, Scope};
use crate::facts::{Endpoint, HostFacts, domain};
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "host-leads",
    asks: "Does a host under these domains lead only to hosts under them?",
    scope: Scope::Host,
    parameters: &[("suffixes", "domains: \"gov\", \"fed.us\"")],
    build: host::<HostLeads>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HostLeads {
    suffixes: Vec<String>,
}

impl HostCheck for HostLeads {
    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let name = host.host.split(':').next().unwrap_or_default();
        if !domain::is_under(name, &self.suffixes) {
            return Vec::new();
        }
        let targets: Vec<_> = [&host.https, &host.http].into_iter().filter_map(location).collect();
        let Some(first) = targets.first() else { return Vec::new() };
        let leaves =
            |url: &&&url::Url| domain::public_host(url).is_some_and(|target| !domain::is_under(target, &self.suffixes));
        vec![match targets.iter().find(leaves) {
            Some(url) => Locator::whole().fail(
                format!("{name} sends people to {url}"),
                format!("a redirect to a host under {}", self.suffixes.join(", ")),
            ),
            None => Locator::whole().pass(format_args!("{name} leads to {first}")),
        }]
    }
}

fn location(endpoint: &Endpoint) -> Option<&url::Url> {
    match endpoint {
        Endpoint::Answered { location, .. } => location.as_ref(),
        Endpoint::Problem { .. } | Endpoint::NotAsked(_) => None,
    }
}
