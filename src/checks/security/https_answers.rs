//! `https-answers`: a host answers over HTTPS.
//!
//! In: the two front doors of a host. Out: one verdict. A refused port is only held against a host that was heard over http
//! in the same run; a handshake that a current client cannot finish is for a person, because it may be ours, unless the probe
//! finished one. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::host;
use crate::checks::{Entry, HostCheck, LooksAt, Scope};
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
    fn looks_at(&self) -> LooksAt {
        LooksAt::Handshakes
    }

    fn judge(&self, host: &HostFacts) -> Vec<Verdict> {
        let at = Locator::whole();
        let expected = format!("an answer at https://{}/", host.host);
        vec![match &host.https {
            Endpoint::Answered { status, .. } => at.pass(format_args!("https://{}/ answers {status}", host.host)),
            Endpoint::NotAsked(reason) => at.untested(reason.clone()),
            // What is wrong with its certificate is another question.
            Endpoint::Problem { kind, .. } if !kind.is_an_answer() && host.tls.seen().is_some() => {
                at.pass(format_args!("{} answers a TLS handshake", host.host))
            }
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
        if kind.is_an_answer() { at.pass(observed) } else { at.untested(observed) }
    }
}
