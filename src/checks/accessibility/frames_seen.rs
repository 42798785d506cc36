//! `frames-seen`: what frames show was looked at.
//!
//! In: the addresses in the frames of each page, and the pages that were judged. Out: one verdict for each address, on the first page
//! that shows it: a page of this site that was judged by itself passes, anything else is for a person, because nobody looked. Invariant:
//! a frame that shows nothing is no target. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use url::Url;

use super::frame_focus::is_tiny;
use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Note, PageFacts, SiteView, visibility};
use crate::verdict::{Locator, Outcome, Verdict};
use crate::web::address::{self, Link};

/// Frames of a page that are remembered.
const KEPT: usize = 12;
/// What is noted of a frame that brings its own markup.
const INLINE: &str = "srcdoc";

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "frames-seen",
    asks: "Was what frames show looked at?",
    scope: Scope::Site,
    parameters: &[],
    build: site::<FramesSeen>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FramesSeen {}

impl SiteCheck for FramesSeen {
    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        let Some(document) = page.document else { return Vec::new() };
        let frames = document.elements().filter(|element| {
            element.is_html() && matches!(element.name(), "iframe" | "frame") && visibility::is_rendered(element)
        });
        let shown = frames.filter(|frame| !is_tiny(frame)).filter_map(|frame| {
            if let Some(inner) = frame.attr("srcdoc") {
                return (!inner.trim().is_empty()).then(|| INLINE.to_string());
            }
            match address::resolve(page.base(), frame.attr("src")?) {
                Link::Web(url) => Some(address::canonical(&url).to_string()),
                Link::Fragment(_) | Link::Other { .. } | Link::Malformed => None,
            }
        });
        let shown: BTreeSet<String> = shown.take(KEPT).collect();
        shown.into_iter().map(|text| Note::of(Outcome::Passed, text)).collect()
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let mut places: BTreeMap<&str, (&Arc<Url>, usize)> = BTreeMap::new();
        for (page, note) in site.notes() {
            places.entry(note.text).or_insert((page, 0)).1 += 1;
        }
        let verdict = |(shown, (page, pages)): (&str, (&Arc<Url>, usize))| {
            let at = Locator::page(page.clone());
            let by_itself = Url::parse(shown).ok().and_then(|url| site.facts.pages.get(&url));
            if by_itself.is_some_and(|digest| digest.judged) {
                return at.pass(format!("{shown} was judged as a page of its own"));
            }
            let more = match pages {
                1 => String::new(),
                _ => format!(", on {pages} pages"),
            };
            let what = match shown {
                INLINE => "a frame with markup of its own (srcdoc)".to_string(),
                _ => format!("a frame that shows {shown}"),
            };
            at.cannot_tell(format!("nobody looked into {what}{more}"), "a look at what the frame shows")
        };
        places.into_iter().map(verdict).collect()
    }
}
