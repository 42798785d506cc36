//! `site-search`: the page has a way to search the site.
//!
//! In: a page. Out: one verdict. A control counts although the markup hides it (a button shows it); signs of a search that a
//! script builds make it a matter for a person. Never: tries the search. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Query, Scope};
use crate::facts::{LinkMatch, PageFacts, Place, Region, top};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "site-search",
    asks: "Has the page a search of the site?",
    scope: Scope::Page,
    parameters: &[
        ("control", "CSS selector of search forms and fields"),
        ("except", "CSS selector of what looks alike but searches something else (optional)"),
        ("link", "a link to a search page that serves as well: { text = […], href = […] } (optional)"),
        ("signs", "CSS selector of what suggests a search that a script builds (optional)"),
        (
            "region",
            "the parts of the page it has to stand in, unless it stands above the content; without a search the page is then inapplicable (optional)",
        ),
    ],
    build: page::<SiteSearch>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SiteSearch {
    control: Query,
    except: Option<Query>,
    #[serde(default)]
    link: LinkMatch,
    signs: Option<Query>,
    #[serde(default)]
    region: Vec<Region>,
}

impl PageCheck for SiteSearch {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let controls = document.select(&self.control.0).filter(|element| !self.is_excepted(element));
        let links = page.links_like(&self.link).map(|link| link.element);
        let found: Vec<Element<'_>> = controls.chain(links).collect();
        if !self.region.is_empty() {
            return self.placed(&found, top::content_begins(document)).into_iter().collect();
        }
        if let Some(first) = found.first() {
            return vec![first.at().pass("has a search")];
        }
        let sign = self.signs.as_ref().and_then(|signs| document.select(&signs.0).next());
        let expected = "a search of the site";
        vec![match sign {
            Some(sign) => sign.at().cannot_tell("something here may become a search when scripts run", expected),
            None => page.whole().fail("the page has no search field and no link to a search page", expected),
        }]
    }
}

impl SiteSearch {
    fn is_excepted(&self, element: &Element<'_>) -> bool {
        let Some(except) = &self.except else { return false };
        element.matches(&except.0) || element.ancestors().any(|ancestor| ancestor.matches(&except.0))
    }

    fn placed(&self, found: &[Element<'_>], content: Option<u32>) -> Option<Verdict> {
        let first = found.first()?;
        let is_placed = |element: &Element<'_>| {
            self.region.contains(&Region::of(element)) || content.is_some_and(|content| element.order() < content)
        };
        let placed = found.iter().find(|element| is_placed(element));
        let at = placed.unwrap_or(first).at();
        Some(match placed {
            Some(_) => at.pass("the search stands at the top of the page"),
            None => {
                at.fail("the search stands below the content, or amid it", "a search in the header, above the content")
            }
        })
    }
}
