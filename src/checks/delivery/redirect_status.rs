//! `redirect-status`: the redirects on the way to a page say that it moved for good.
//!
//! In: a page and the redirects that led there. Out: one verdict for a page that was reached by such a redirect. A redirect that
//! only changes the scheme is another question. Tested by the rule that uses it.

use serde::Deserialize;
use url::Url;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Scope};
use crate::facts::PageFacts;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "redirect-status",
    asks: "Do the redirects to the page say that it moved for good?",
    scope: Scope::Page,
    parameters: &[
        ("status", "the statuses that say so"),
        ("except", "regular expression over the path of the old address: redirects that change by design (optional)"),
    ],
    build: page::<RedirectStatus>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RedirectStatus {
    status: Vec<u16>,
    except: Option<Pattern>,
}

impl PageCheck for RedirectStatus {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let hops = &page.capture.hops;
        let ends = hops.iter().skip(1).map(|hop| &hop.url).chain([page.url()]);
        let moves: Vec<_> = hops.iter().zip(ends).filter(|(hop, end)| self.is_a_move(&hop.url, end)).collect();
        if moves.is_empty() {
            return Vec::new();
        }
        let passing = moves.iter().find(|(hop, _)| !self.status.contains(&hop.status));
        vec![match passing {
            None => page.whole().pass("the old address says that it moved for good"),
            Some((hop, end)) => page.whole().fail(
                format!("{} leads to {end} with {}, as if for a while", hop.url, hop.status),
                format!("{} where a page moved for good", self.statuses()),
            ),
        }]
    }
}

impl RedirectStatus {
    fn is_a_move(&self, from: &Url, to: &Url) -> bool {
        let same = from.host_str() == to.host_str() && from.path() == to.path() && from.query() == to.query();
        !same && !self.except.as_ref().is_some_and(|except| except.is_in(from.path()))
    }

    fn statuses(&self) -> String {
        self.status.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ")
    }
}
