//! `http-redirects`: plain http leads to HTTPS, or nowhere.
//!
//! In: what the http door of a host said. Out: one verdict; a closed door is met. What could not be looked at is untested.
//! Tested by the rules that use it.

use serde::Deserialize;
use url::Url;

use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, Scope};
use crate::facts::{Endpoint, HostFacts};
use crate::verdict::{Locator, Verdict};
use crate::web::ProblemKind;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "http-redirects",
    asks: "Does plain http lead to HTTPS, or is it closed?",
    scope: Scope::Host,
    parameters: &[("status", "the statuses that count as a redirect")],
    build: host::<HttpRedirects>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HttpRedirects {
    status: Vec<u16>,
}

impl HostCheck for HttpRedirects {
    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let at = Locator::whole();
        let door = format!("http://{}/", host.host);
        vec![match &host.http {
            Endpoint::Answered { status, location, .. } => self.answered(at, &door, *status, location.as_ref()),
            Endpoint::Problem { kind: ProblemKind::Connection, .. } if host.https.answer().is_some() => {
                at.pass(format_args!("{door} is closed"))
            }
            Endpoint::Problem { kind, detail } if kind.is_an_answer() => {
                at.fail(format!("{door} answers without leading to HTTPS: {} ({detail})", kind.as_str()), expected())
            }
            Endpoint::Problem { kind, detail } => at.untested(format!("{door}: {} ({detail})", kind.as_str())),
            Endpoint::NotAsked(reason) => at.untested(reason.clone()),
        }]
    }
}

impl HttpRedirects {
    fn answered(&self, at: Locator, door: &str, status: u16, location: Option<&Url>) -> Verdict {
        if !self.status.contains(&status) {
            return at.fail(format!("{door} answers {status} and does not lead to HTTPS"), expected());
        }
        match location {
            Some(url) if url.scheme() == "https" => at.pass(format_args!("{door} answers {status} and leads to {url}")),
            Some(url) => at.fail(format!("{door} answers {status} and leads to {url}"), expected()),
            None => at.fail(format!("{door} answers {status} and does not say where to go"), expected()),
        }
    }
}

fn expected() -> &'static str {
    "a redirect to an https address, or no answer on plain http"
}
