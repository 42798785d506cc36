//! `skip-link`: one of the first links leads past what every page repeats.
//!
//! In: a page. Out: a verdict on the first link to a fragment of the page with a name that says so, or on the page. Pages with
//! few links have nothing to skip, and get a verdict only where such a link is there all the same. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Phrases, Scope};
use crate::facts::{Link, PageFacts, Place, focus, visibility};
use crate::html::Document;
use crate::verdict::Verdict;
use crate::web::{Source, address};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "skip-link",
    asks: "Does one of the first links lead past what every page repeats?",
    scope: Scope::Page,
    parameters: &[
        ("within", "how many links from the start are looked at"),
        ("from-links", "pages with fewer links need no such link"),
        ("any", "phrases that such links say"),
        ("places", "regular expression over the fragments they lead to, for links in other languages"),
    ],
    build: page::<SkipLink>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SkipLink {
    within: usize,
    from_links: usize,
    any: Phrases,
    places: Pattern,
}

impl PageCheck for SkipLink {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let links: Vec<&Link<'_>> =
            page.links().iter().filter(|link| visibility::is_exposed(&link.element)).take(self.within).collect();
        let has_few = page.links().len() < self.from_links;
        let inside = links.iter().filter_map(|link| fragment(link, page).map(|id| (link, id)));
        let is_skip = |link: &Link<'_>, id: &str| self.any.first_in(link.name).is_some() || self.places.is_in(id);
        let mut skips = inside.filter(|(link, id)| is_skip(link, id)).peekable();
        let expected = "one of the first links leads to the main part of the page";
        let Some((first, id)) = skips.peek().map(|(link, id)| (**link, id.clone())) else {
            if has_few {
                return Vec::new();
            }
            return vec![
                page.whole().fail(format!("none of the first {} links is a skip link", links.len()), expected),
            ];
        };
        vec![match skips.find(|(_, id)| is_there(document, id)) {
            Some((link, _)) => link.element.at().pass(format_args!("\"{}\" leads into the page", link.name)),
            None => first.element.heard().fail(format!("the skip link leads to #{id}, which is not there"), expected),
        }]
    }
}

/// The place in this page that a link leads to; saved pages write their own file name before the `#`.
fn fragment(link: &Link<'_>, page: &PageFacts<'_>) -> Option<String> {
    let (before, id) = link.href.trim().split_once('#')?;
    let own = || page.base().join(before).is_ok_and(|url| address::canonical(&url) == *page.url());
    let named =
        || page.url().path_segments().and_then(|mut parts| parts.next_back()).is_some_and(|last| last == before);
    // The index of a folder is published without its file name.
    let filed = || matches!(&page.capture.source, Source::File(path) if path.rsplit('/').next() == Some(before));
    (!id.is_empty() && (before.is_empty() || own() || named() || filed())).then(|| id.to_string())
}

fn is_there(document: &Document, id: &str) -> bool {
    let decoded = percent_encoding::percent_decode_str(id).decode_utf8_lossy();
    let is_named = || document.with_name("a").any(|element| element.attr("name") == Some(&decoded));
    let target = document.by_id(id).or_else(|| document.by_id(&decoded));
    target.is_some_and(|target| !focus::is_disabled(&target)) || is_named()
}
