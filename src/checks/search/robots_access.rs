//! `robots-access`: robots.txt does not lock crawlers out of the whole site.
//!
//! In: `/robots.txt`. Out: one verdict; without a robots.txt everything is open and there is nothing to judge. A crawler is
//! locked out when it may fetch neither the root nor a path that no rule can have meant. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Need, Reply, SiteView};
use crate::verdict::{Locator, Verdict};
use crate::web::robots::Robots;

/// A path that stands for "any other page".
const ANY_PAGE: &str = "/a-page-that-no-rule-names";

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "robots-access",
    asks: "Does robots.txt leave the site open to crawlers?",
    scope: Scope::Site,
    parameters: &[(
        "to",
        "everybody: is the site closed to all? each: are some crawlers locked out that others are not?",
    )],
    build: site::<RobotsAccess>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RobotsAccess {
    to: Audience,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Audience {
    Everybody,
    Each,
}

impl SiteCheck for RobotsAccess {
    fn needs(&self) -> Vec<Need> {
        vec![robots_txt(), Need::Control]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        match read(site) {
            Reading::Nothing => Vec::new(),
            Reading::Unseen(reason) => vec![Locator::whole().untested(reason)],
            Reading::Robots(robots) => match self.to {
                Audience::Everybody => vec![everybody(&robots)],
                Audience::Each => each(&robots).into_iter().collect(),
            },
        }
    }
}

fn everybody(robots: &Robots) -> Verdict {
    match closed_to(robots, "*") {
        Some(line) => Locator::whole().fail(
            format!("robots.txt closes the whole site to every crawler it does not name: {line}"),
            "a robots.txt that leaves the public site open",
        ),
        None => Locator::whole().pass("robots.txt leaves the site open to crawlers it does not name"),
    }
}

/// Nothing where everybody is locked out alike, or where no crawler is named: then nobody is singled out.
fn each(robots: &Robots) -> Option<Verdict> {
    let mut named: Vec<&str> = robots.agents().filter(|agent| agent.trim() != "*").collect();
    named.dedup();
    if named.is_empty() {
        return None;
    }
    let closed: Vec<&str> = named.iter().copied().filter(|agent| closed_to(robots, agent).is_some()).collect();
    if closed.is_empty() {
        return Some(Locator::whole().pass(format_args!("{} crawlers are named and none is locked out", named.len())));
    }
    let others = closed_to(robots, "*").is_none() || closed.len() < named.len();
    others.then(|| {
        Locator::whole().fail(
            format!("robots.txt locks out {} while others may come in", closed.join(", ")),
            "the same rules for every crawler, except against abuse and for a time",
        )
    })
}

/// The line that closes the root and any other page to an agent.
fn closed_to(robots: &Robots, agent: &str) -> Option<String> {
    let (root, page) = (robots.verdict_on_path(agent, "/"), robots.verdict_on_path(agent, ANY_PAGE));
    if page.allowed {
        return None;
    }
    let decisive = if root.allowed { page } else { root };
    Some(match (decisive.rule, decisive.line) {
        (Some(rule), Some(line)) => format!("\"{rule}\" in line {line}"),
        (Some(rule), None) => format!("\"{rule}\""),
        (None, _) => "a rule for it".to_string(),
    })
}

/// What there is to read.
pub(super) enum Reading {
    Robots(Robots),
    Nothing,
    Unseen(String),
}

pub(super) fn robots_txt() -> Need {
    Need::Path("/robots.txt".to_string())
}

/// The site's robots.txt. A page that answers in its place is not one.
pub(super) fn read(site: &SiteView<'_>) -> Reading {
    match site.reply(&robots_txt()) {
        Some(Reply::Captured(capture)) if capture.is_success() && !capture.media.is_html() => {
            Reading::Robots(Robots::parse(&capture.body))
        }
        Some(Reply::Captured(_) | Reply::Missing | Reply::NotLinked) => Reading::Nothing,
        Some(Reply::Problem(kind, detail)) => Reading::Unseen(format!("/robots.txt: {} ({detail})", kind.as_str())),
        Some(Reply::Unknown) | None => Reading::Unseen("/robots.txt was not fetched".to_string()),
    }
}
