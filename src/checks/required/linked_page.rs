//! The page behind a link of the home page, as the checks meet it that read it.
//!
//! In: the reply behind the link. Out: the page, or what is to be said without it. Invariant: a page that could not be fetched or
//! read is untested; no link, and an error behind it, is another question's answer. Tested by the rules of the checks.

use crate::facts::{Need, PageFacts, Reply, SiteView};
use crate::verdict::{Locator, Verdict};

/// The page that a need led to, `looks_for` being what it is for people; else the verdicts without it.
pub(super) fn linked_page<'s>(
    site: &SiteView<'s>,
    need: &Need,
    looks_for: &str,
) -> Result<PageFacts<'s>, Vec<Verdict>> {
    let unseen = |reason: String| Err(vec![Locator::whole().untested(reason)]);
    match site.reply(need) {
        Some(Reply::Captured(capture)) if capture.is_success() => {}
        Some(Reply::Problem(kind, _)) => return unseen(format!("{looks_for} was not fetched: {}", kind.as_str())),
        Some(Reply::Unknown) => return unseen(format!("{looks_for} lies outside what was fetched")),
        Some(Reply::Captured(_) | Reply::Missing | Reply::NotLinked) | None => return Err(Vec::new()),
    }
    let Some(page) = site.page(need) else { return Err(Vec::new()) };
    if page.document.is_none() {
        return unseen(format!("{looks_for} is {}, not a web page", page.capture.media.as_str()));
    }
    match page.blind_spot() {
        Some(reason) => unseen(reason.to_string()),
        None => Ok(page),
    }
}
