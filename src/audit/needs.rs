//! What the selected rules want fetched beyond pages, as questions to the crawl, and the answers as facts.
//!
//! In: needs of the engine. Out: asks with keys that say what the reply is for. Invariant: each need is asked once a site.
//! Tested in `tests/it/audit.rs`.

use std::collections::BTreeSet;
use url::Url;

use crate::crawl::{Ask, Redirects, Reply as Heard, SiteId};
use crate::facts::{Need, Reply, twin};
use crate::web::{Problem, ProblemKind};

/// The asks that do not depend on any page.
pub(super) fn first_asks(site: SiteId, root: &Url, needs: &BTreeSet<Need>) -> Vec<Ask> {
    let asks = needs.iter().filter_map(|need| {
        let url = match need {
            Need::Path(path) => root.join(path).ok()?,
            Need::Control => root.join(&control_path(root)).ok()?,
            Need::Twin => twin(root)?,
            Need::Linked(_) | Need::AsBrowser => return None,
        };
        Some(Ask { site, key: need.key(), url, follow: Redirects::Follow })
    });
    asks.collect()
}

/// The ask for the home page under a browser's name, where a rule compares it.
pub(super) fn browser_ask(site: SiteId, root: &Url, needs: &BTreeSet<Need>) -> Option<Ask> {
    let need = Need::AsBrowser;
    needs.contains(&need).then(|| Ask { site, key: need.key(), url: root.clone(), follow: Redirects::Follow })
}

/// A path that no server has: a digest of the host's name, so that runs can be compared.
fn control_path(root: &Url) -> String {
    let digest = blake3::hash(root.host_str().unwrap_or_default().as_bytes()).to_hex();
    format!("/idea-audit-control-{}", &digest[..16])
}

/// Octets that a reply keeps in memory.
pub(super) fn octets(heard: &Heard) -> u64 {
    match heard {
        Heard::Captured(capture) => capture.body.len() as u64,
        Heard::Missing | Heard::Unknown | Heard::Problem(_) => 0,
    }
}

/// What is kept of a reply for which there is no room: that there was none.
pub(super) fn without_room(heard: &Heard) -> Heard {
    let url = match heard {
        Heard::Captured(capture) => capture.requested.to_string(),
        Heard::Problem(problem) => problem.url.clone(),
        Heard::Missing | Heard::Unknown => String::new(),
    };
    let detail = "too much is kept of other sites to keep an answer of this size".to_string();
    Heard::Problem(Problem { url, kind: ProblemKind::TooLarge, detail })
}

/// A reply as a fact of the site.
pub(super) fn fact(heard: Heard) -> Reply {
    match heard {
        // As with pages, nobody judges by a beginning. Of robots.txt and sitemaps a beginning is read by their own rules.
        Heard::Captured(capture) if capture.truncated && capture.media.is_html() => {
            Reply::Problem(ProblemKind::TooLarge, "it is larger than the cap; its rest was not read".to_string())
        }
        Heard::Captured(capture) => Reply::Captured(capture),
        Heard::Missing => Reply::Missing,
        Heard::Unknown => Reply::Unknown,
        Heard::Problem(problem) => Reply::Problem(problem.kind, problem.detail),
    }
}
