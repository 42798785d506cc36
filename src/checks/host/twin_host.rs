//! `twin-host`: a name and the same name with `www.` both answer, and one leads to the other.
//!
//! In: the reply at the root of the twin name. Out: one verdict for a site under a registered name. A name that does not answer is
//! for a person to see; obstacles of our own are untested. Tested by the rule that uses it.

use serde::Deserialize;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Need, Reply, SiteView};
use crate::verdict::{Locator, Verdict};
use crate::web::{Capture, ProblemKind};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "twin-host",
    asks: "Do the name with www and the name without lead to one site?",
    scope: Scope::Site,
    parameters: &[],
    build: site::<TwinHost>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TwinHost {}

impl SiteCheck for TwinHost {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Twin]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let at = Locator::whole();
        if site.facts.folder {
            return vec![at.untested("a folder has no host names")];
        }
        let expected = "a redirect from one of the two names to the other";
        match site.reply(&Need::Twin) {
            Some(Reply::Captured(twin)) => self.answered(site, twin).into_iter().collect(),
            Some(Reply::Problem(kind @ (ProblemKind::Dns | ProblemKind::Tls), detail)) => {
                vec![at.cannot_tell(format!("its twin does not answer: {} ({detail})", kind.as_str()), expected)]
            }
            Some(Reply::Problem(kind, detail)) => vec![at.untested(format!("{} ({detail})", kind.as_str()))],
            Some(Reply::Missing | Reply::Unknown | Reply::NotLinked) | None => Vec::new(),
        }
    }
}

impl TwinHost {
    fn answered(&self, site: &SiteView<'_>, twin: &Capture) -> Option<Verdict> {
        let at = Locator::whole();
        let home = site.facts.home.as_ref()?;
        let asked = twin.requested.host_str().unwrap_or_default();
        if twin.url.host_str() == home.url.host_str() {
            return Some(at.pass(format_args!("{asked} leads to {}", home.url)));
        }
        if twin.url.host_str() != Some(asked) {
            return Some(at.cannot_tell(
                format!("{asked} leads to {}", twin.url),
                "a redirect from one of the two names to the other",
            ));
        }
        if !twin.is_success() {
            return Some(at.cannot_tell(
                format!("{asked} answers {}", twin.status),
                "a redirect from one of the two names to the other",
            ));
        }
        let same = if twin.body == home.body { "the same page as" } else { "another page than" };
        Some(at.fail(
            format!("{asked} answers by itself, with {same} {}", home.url.host_str().unwrap_or_default()),
            "a redirect from one of the two names to the other",
        ))
    }
}
