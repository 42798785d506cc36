//! `banner-position`: nothing stands before the banner but the link that skips to the content.
//!
//! In: a page. Out: one verdict at the banner; no banner in the markup is inapplicable. The order is that of the markup; what style
//! sheets move is not seen. Tested by the rules of the identity pack.

use serde::Deserialize;

use super::sighting::{Marks, Sighting};
use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{PageFacts, Place, visibility, visible_text, words};
use crate::html::{Element, Node};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "banner-position",
    asks: "Is the banner the first thing on the page, after the skip link?",
    scope: Scope::Page,
    parameters: &[
        ("banner", "how it is recognised: { says, nearly, component, within, except }"),
        ("may-precede", "CSS selector of what may stand before it"),
        ("perhaps", "CSS selector of what may have a reason to stand before it: cantTell"),
    ],
    build: page::<BannerPosition>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct BannerPosition {
    banner: Marks,
    may_precede: Query,
    perhaps: Query,
}

impl PageCheck for BannerPosition {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let banner = match self.banner.sight(page) {
            Sighting::Served(banner) | Sighting::Component(banner) | Sighting::Nearly(banner, _) => banner,
            Sighting::Misplaced(_) | Sighting::Nowhere => return Vec::new(),
        };
        let Some(before) = first_before(banner, Some(&self.may_precede)) else {
            return vec![banner.at().pass("nothing but the skip link stands before the banner")];
        };
        let around = std::iter::once(before).chain(before.ancestors());
        let observed = format!("before the banner stands \"{}\"", shown(before));
        let expected = "the banner first on the page, right after the skip link";
        vec![if around.into_iter().any(|element| element.matches(&self.perhaps.0)) {
            banner.at().cannot_tell(observed, expected)
        } else {
            banner.at().fail(observed, expected)
        }]
    }
}

/// The first element with words or a named picture before another, hidden ones and those that may stand there left out.
pub(super) fn first_before<'a>(banner: Element<'a>, may_precede: Option<&Query>) -> Option<Element<'a>> {
    let body = banner.document().body()?;
    let mut open = vec![(body, body.nodes())];
    while let Some((current, nodes)) = open.last_mut() {
        match nodes.next() {
            Some(Node::Text(words)) if !words.trim().is_empty() => return Some(*current),
            Some(Node::Text(_)) => {}
            Some(Node::Element(inner)) if inner.id() == banner.id() => return None,
            Some(Node::Element(inner)) => {
                let left_out = visibility::hides(&inner) || may_precede.is_some_and(|query| inner.matches(&query.0));
                if left_out {
                    continue;
                }
                if inner.name() == "img" && inner.attr("alt").is_some_and(|alt| !alt.trim().is_empty()) {
                    return Some(inner);
                }
                open.push((inner, inner.nodes()));
            }
            None => {
                open.pop();
            }
        }
    }
    None
}

/// The first words of an element, or what its picture is called.
fn shown(element: Element<'_>) -> String {
    let words = words::fold(&visible_text(element));
    let words = if words.is_empty() { element.attr("alt").unwrap_or_default().to_string() } else { words };
    words.chars().take(60).collect()
}
