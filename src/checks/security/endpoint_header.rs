//! `endpoint-header`: header fields of a host's front door do not give away what they need not.
//!
//! In: the header fields of the https door, else of the http door. Out: one verdict for each listed field that is there; none
//! is inapplicable. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, Pattern, Scope};
use crate::facts::HostFacts;
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "endpoint-header",
    asks: "Are the values of the host's header fields free of a pattern?",
    scope: Scope::Host,
    parameters: &[
        ("headers", "names of the fields"),
        ("not", "regular expression that no value matches"),
        ("expected", "what to send instead, for people"),
    ],
    build: host::<EndpointHeader>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct EndpointHeader {
    headers: Vec<String>,
    not: Pattern,
    expected: String,
}

impl HostCheck for EndpointHeader {
    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let Some((_, sent)) = host.https.answer().or_else(|| host.http.answer()) else {
            return vec![Locator::whole().untested(format!("{} did not answer", host.host))];
        };
        let values = self.headers.iter().flat_map(|name| sent.all(name).map(move |value| (name, value)));
        values
            .map(|(name, value)| {
                let observed = format!("{name}: {value}");
                if self.not.is_in(value) {
                    Locator::whole().fail(observed, format!("{name}: {}", self.expected))
                } else {
                    Locator::whole().pass(observed)
                }
            })
            .collect()
    }
}
