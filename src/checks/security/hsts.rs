//! `hsts`: what a host promises browsers about HTTPS (RFC 6797).
//!
//! In: the header fields of the https door; over http the header means nothing (7.2). Out: one verdict for the question
//! asked. Only the first question judges a host without the header. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, Scope};
use crate::facts::{Endpoint, HostFacts};
use crate::verdict::{Locator, Verdict};
use crate::web::hsts::Hsts;
use crate::web::preload::State;
use crate::web::{address, registered};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "hsts",
    asks: "Does the host promise browsers that it will keep to HTTPS?",
    scope: Scope::Host,
    parameters: &[
        (
            "asks",
            "sent: is there a header? grammar: can browsers read it? duration: does it last? subdomains: for all? preload: may browsers ship it? (registered names only)",
        ),
        ("min-max-age", "seconds that the promise lasts at least, for the question after its duration"),
    ],
    build: host::<HstsCheck>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HstsCheck {
    asks: Asks,
    #[serde(default)]
    min_max_age: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Asks {
    Sent,
    Grammar,
    Duration,
    Subdomains,
    Preload,
}

impl HostCheck for HstsCheck {
    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let at = Locator::whole();
        let headers = match &host.https {
            Endpoint::Answered { headers, .. } => headers,
            Endpoint::Problem { kind, detail } => {
                return vec![at.untested(format!("https://{}/: {} ({detail})", host.host, kind.as_str()))];
            }
            Endpoint::NotAsked(reason) => return vec![at.untested(reason.clone())],
        };
        let values: Vec<&str> = headers.all("strict-transport-security").collect();
        let hsts = Hsts::parse(values.iter().copied());
        match (&self.asks, values.first()) {
            (Asks::Sent, None) if host.preload == State::Listed => {
                vec![at.pass("browsers ship the promise for this name")]
            }
            (Asks::Sent, None) => vec![at.fail(
                format!("https://{}/ answers without Strict-Transport-Security", host.host),
                "a Strict-Transport-Security header on every https answer",
            )],
            (Asks::Sent, Some(value)) => vec![at.pass(format_args!("Strict-Transport-Security: {value}"))],
            (Asks::Grammar | Asks::Duration | Asks::Subdomains | Asks::Preload, None) => Vec::new(),
            (Asks::Grammar, Some(value)) => vec![grammar(at, &hsts, value)],
            (Asks::Duration, Some(_)) => self.duration(at, &hsts).into_iter().collect(),
            (Asks::Subdomains, Some(value)) => subdomains(at, &hsts, value).into_iter().collect(),
            (Asks::Preload, Some(value)) => preload(at, host, value).into_iter().collect(),
        }
    }
}

impl HstsCheck {
    fn duration(&self, at: Locator, hsts: &Hsts) -> Option<Verdict> {
        let max_age = hsts.max_age?;
        let observed = format!("max-age is {max_age}");
        let expected = format!("a max-age of at least {} seconds", self.min_max_age);
        Some(if max_age >= self.min_max_age { at.pass(observed) } else { at.fail(observed, expected) })
    }
}

fn grammar(at: Locator, hsts: &Hsts, value: &str) -> Verdict {
    match hsts.problems.first() {
        Some(problem) => {
            at.fail(format!("\"{value}\": {problem}"), "one Strict-Transport-Security header that browsers can read")
        }
        None => at.pass(format_args!("browsers can read \"{value}\"")),
    }
}

/// Nothing where browsers ignore the header: that is the question after its grammar.
fn subdomains(at: Locator, hsts: &Hsts, value: &str) -> Option<Verdict> {
    hsts.max_age?;
    Some(if hsts.include_subdomains {
        at.pass("includeSubDomains is set")
    } else {
        at.fail(format!("\"{value}\" leaves out the hosts below this one"), "includeSubDomains in the header")
    })
}

/// Nothing for hosts below a registered name: browsers ship the promise of the name, and it covers them.
fn preload(at: Locator, host: &HostFacts, value: &str) -> Option<Verdict> {
    let name = address::without_www(host.host.split(':').next().unwrap_or_default());
    if registered(name) != Some(name) {
        return None;
    }
    if host.preload == State::Listed {
        return Some(at.pass("browsers ship the promise"));
    }
    let asked = value.split(';').any(|directive| directive.trim().eq_ignore_ascii_case("preload"));
    Some(match asked {
        true => at.pass("preload is set"),
        false => at.fail(format!("\"{value}\" does not ask browsers to ship the promise"), "preload in the header"),
    })
}
