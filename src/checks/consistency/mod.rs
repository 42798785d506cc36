//! Do the pages of a site look like one site: checks on shared navigation, titles, the way home and the icon.
//!
//! One file per check; the registry lists them. Tested by the examples of the rules that use them.

mod favicon;
mod home_link;
mod shared_links;
mod title_pattern;

use crate::facts::PageFacts;

pub(super) use favicon::ENTRY as FAVICON;
pub(super) use home_link::ENTRY as HOME_LINK;
pub(super) use shared_links::ENTRY as SHARED_LINKS;
pub(super) use title_pattern::ENTRY as TITLE_PATTERN;

/// The language of a page as its root element says it, without region and script; empty when it does not say.
fn language(page: &PageFacts<'_>) -> String {
    let root = page.document.and_then(|document| document.elements().next());
    let language = root.and_then(|html| html.attr("lang")).unwrap_or_default();
    language.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}
