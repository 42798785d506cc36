//! `home-answers`: the site's root answers, and is not kept from programs.
//!
//! In: the reply to "/". Out: one verdict for the site: the listed statuses and obstacles are failures, other obstacles are
//! untested. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Need, Reply, SiteView};
use crate::verdict::{Locator, Verdict};
use crate::web::ProblemKind;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "home-answers",
    asks: "Does the site's root answer, without one of the listed obstacles?",
    scope: Scope::Site,
    parameters: &[
        ("status", "statuses that are a failure"),
        ("obstacles", "kinds of obstacles that are a failure, as the report names them: \"bot-challenge\" …"),
        ("expected", "what to have instead, for people"),
    ],
    build: site::<HomeAnswers>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HomeAnswers {
    status: Vec<u16>,
    #[serde(default)]
    obstacles: Vec<ProblemKind>,
    expected: String,
}

impl HomeAnswers {
    fn need() -> Need {
        Need::Path("/".to_string())
    }
}

impl SiteCheck for HomeAnswers {
    fn needs(&self) -> Vec<Need> {
        vec![Self::need()]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let at = Locator::whole();
        if site.facts.folder {
            return vec![at.untested("a folder has no server that could refuse")];
        }
        vec![match site.reply(&Self::need()) {
            Some(Reply::Captured(capture)) if self.status.contains(&capture.status) => {
                at.fail(format!("the root of the site answers {}", capture.status), self.expected.clone())
            }
            Some(Reply::Captured(capture)) if capture.is_success() => {
                at.pass(format_args!("the root of the site answers {}", capture.status))
            }
            Some(Reply::Captured(capture)) => at.untested(format!("the root of the site answers {}", capture.status)),
            Some(Reply::Problem(kind, detail)) if self.obstacles.contains(kind) => {
                at.fail(format!("{} at the root of the site ({detail})", kind.as_str()), self.expected.clone())
            }
            Some(Reply::Problem(kind, detail)) => at.untested(format!("{} ({detail})", kind.as_str())),
            Some(Reply::Missing | Reply::Unknown | Reply::NotLinked) | None => {
                at.untested("no server was asked for the root of the site")
            }
        }]
    }
}
