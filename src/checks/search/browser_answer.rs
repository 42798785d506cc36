//! `browser-answer`: the home page shows a program that says who it is what it shows a browser.
//!
//! In: the replies at the root under both names. Out: one verdict for a site; untested unless the person who runs this allowed the
//! second request, and where a browser is refused too. Words are compared, not octets: a page may differ from one minute to the
//! next. Tested by the rule that uses it.

use serde::Deserialize;
use std::collections::BTreeSet;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Need, PageFacts, Reply, SiteView};
use crate::verdict::{Locator, Verdict};
use crate::web::{Capture, ProblemKind};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "browser-answer",
    asks: "Does the home page show this program what it shows a browser?",
    scope: Scope::Site,
    parameters: &[
        ("obstacles", "obstacles that are a refusal, as the report names them: \"bot-challenge\" …"),
        ("least-share", "share of the words a browser is shown that the program has to be shown, 0 to 1"),
    ],
    build: site::<BrowserAnswer>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct BrowserAnswer {
    obstacles: Vec<ProblemKind>,
    least_share: f64,
}

impl SiteCheck for BrowserAnswer {
    fn needs(&self) -> Vec<Need> {
        vec![own(), Need::AsBrowser]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let at = Locator::whole();
        let seen = match site.reply(&Need::AsBrowser) {
            Some(Reply::Captured(capture)) if capture.is_success() => capture,
            Some(Reply::Captured(capture)) => {
                return vec![at.untested(format!("a browser is answered {} too", capture.status))];
            }
            Some(Reply::Problem(kind, detail)) => {
                return vec![at.untested(format!("under a browser's name: {} ({detail})", kind.as_str()))];
            }
            Some(Reply::Missing | Reply::Unknown | Reply::NotLinked) | None => {
                return vec![at.untested("the home page was not asked for under a browser's name (--compare-agent)")];
            }
        };
        let expected = "the same page, for a program that says who it is";
        vec![match site.reply(&own()) {
            Some(Reply::Captured(capture)) if capture.is_success() => self.compared(site, capture, seen),
            Some(Reply::Captured(capture)) => at.fail(
                format!("a browser is shown the page, and this program is answered {}", capture.status),
                expected,
            ),
            Some(Reply::Problem(kind, detail)) if self.obstacles.contains(kind) => at.fail(
                format!("a browser is shown the page, and this program meets {} ({detail})", kind.as_str()),
                expected,
            ),
            Some(Reply::Problem(kind, detail)) => at.untested(format!("{} ({detail})", kind.as_str())),
            Some(Reply::Missing | Reply::Unknown | Reply::NotLinked) | None => {
                at.untested("no server was asked for the root of the site")
            }
        }]
    }
}

/// The root under the program's own name.
fn own() -> Need {
    Need::Path("/".to_string())
}

impl BrowserAnswer {
    fn compared(&self, site: &SiteView<'_>, mine: &Capture, seen: &Capture) -> Verdict {
        let at = Locator::whole();
        let expected = "the same page, for a program that says who it is";
        if mine.url != seen.url {
            return at.fail(format!("a browser is led to {}, and this program to {}", seen.url, mine.url), expected);
        }
        let (Some(mine), Some(seen)) = (site.page(&own()), site.page(&Need::AsBrowser)) else {
            return at.untested("what came back could not be read");
        };
        let (mine, seen) = (words(&mine), words(&seen));
        if seen.is_empty() {
            return at.pass("neither is shown words");
        }
        let share = seen.intersection(&mine).count() as f64 / seen.len() as f64;
        let observed = format!(
            "of {} different words that a browser is shown, this program is shown {:.0} %",
            seen.len(),
            (share * 100.0).floor()
        );
        if share < self.least_share { at.fail(observed, expected) } else { at.pass(observed) }
    }
}

fn words(page: &PageFacts<'_>) -> BTreeSet<String> {
    page.text().split_whitespace().map(str::to_string).collect()
}
