//! `https-answers`: a host answers over HTTPS.
//!
//! In: the two front doors of a host. Out: one verdict. A refused port is only held against a host that was heard over http
//! in the same run; a failed handshake is for a person, because it may be ours. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, Scope};
use crate::facts::{Endpoint, HostFacts};
use crate::verdict::{Locator, Verdict};
use crate::web::ProblemKind;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "https-answers",
    asks: "Does the host answer over HTTPS?",
    scope: Scope::Host,
    parameters: &[],
    build: host::<HttpsAnswers>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HttpsAnswers {}

impl HostCheck for HttpsAnswers {
    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let at = Locator::whole();
        let expected = format!("an answer at https://{}/", host.host);
        vec![match &host.https {
            Endpoint::Answered { status, .. } => at.pass(format!("https://{}/ answers {status}", host.host)),
            Endpoint::NotAsked(reason) => at.untested(reason.clone()),
            Endpoint::Problem { kind, detail } => {
                let observed = format!("https://{}/: {} ({detail})", host.host, kind.as_str());
                self.obstacle(at, *kind, host, observed, expected)
            }
        }]
    }
}

impl HttpsAnswers {
    fn obstacle(
        &self,
        at: Locator,
        kind: ProblemKind,
        host: &HostFacts,
        observed: String,
        expected: String,
    ) -> Verdict {
        let http = host.http.answer().map(|(status, _)| status);
        if let (ProblemKind::Connection, Some(status)) = (kind, http) {
            return at.fail(format!("{observed}, while http://{}/ answers {status}", host.host), expected);
        }
        if kind == ProblemKind::Tls || (kind == ProblemKind::Timeout && http.is_some()) {
            return at.cannot_tell(observed, expected);
        }
        if is_an_answer(kind) { at.pass(observed) } else { at.untested(observed) }
    }
}

/// True for obstacles that stand behind a finished handshake: somebody answered over HTTPS, whatever they said.
pub(super) fn is_an_answer(kind: ProblemKind) -> bool {
    match kind {
        ProblemKind::Blocked
        | ProblemKind::BotChallenge
        | ProblemKind::RateLimited
        | ProblemKind::ServerError
        | ProblemKind::TooLarge
        | ProblemKind::TooComplex => true,
        ProblemKind::RobotsDisallowed
        | ProblemKind::RobotsUnreachable
        | ProblemKind::Timeout
        | ProblemKind::Dns
        | ProblemKind::Tls
        | ProblemKind::Connection
        | ProblemKind::Malformed
        | ProblemKind::Redirects
        | ProblemKind::Refused
        | ProblemKind::Unreadable
        | ProblemKind::Internal => false,
    }
}
