//! `unknown-path`: the server says so when there is no such page.
//!
//! In: the answer to a path that cannot exist. Out: one verdict for the site; untested where nothing was asked.
//! Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Need, Reply, SiteView};
use crate::verdict::{Locator, Verdict};
use crate::web::Capture;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "unknown-path",
    asks: "Does a path that cannot exist get one of the right statuses?",
    scope: Scope::Site,
    parameters: &[("status", "the statuses that say there is no such page")],
    build: site::<UnknownPath>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct UnknownPath {
    status: Vec<u16>,
}

impl SiteCheck for UnknownPath {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Control]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let at = Locator::whole();
        vec![match site.reply(&Need::Control) {
            Some(Reply::Captured(capture)) => self.verdict(at, capture),
            Some(Reply::Problem(kind, detail)) => at.untested(format!("{} ({detail})", kind.as_str())),
            Some(Reply::Missing | Reply::Unknown | Reply::NotLinked) | None => {
                at.untested("no server was asked for a path that cannot exist")
            }
        }]
    }
}

impl UnknownPath {
    fn verdict(&self, at: Locator, capture: &Capture) -> Verdict {
        if self.status.contains(&capture.status) {
            return at.pass(format_args!("a path that cannot exist answers {}", capture.status));
        }
        let statuses = self.status.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ");
        let expected = format!("an answer with status {statuses}");
        if matches!(capture.status, 401 | 403 | 429) || capture.status >= 500 {
            return at.untested(format!("the answer to a path that cannot exist was {}", capture.status));
        }
        if capture.hops.is_empty() {
            return at.fail(format!("a path that cannot exist answers {}", capture.status), expected);
        }
        at.fail(format!("a path that cannot exist leads to {} with {}", capture.url, capture.status), expected)
    }
}
