//! Questions with parameters: each check finds its targets in the facts and judges each one.
//!
//! In: parameters of a rule file, then facts of a page, host or site. Out: verdicts; none means there was nothing to judge.
//! Never: does IO, is async, cites a law, knows a threshold that is not a parameter. Tested by the examples of the rules
//! (`tests/it/rules.rs`) and beside each check.

mod accessibility;
mod banner;
mod consistency;
mod content;
mod delivery;
mod dns;
mod documents;
mod duplication;
mod forms;
mod generic;
mod host;
mod parameters;
mod pattern;
mod prose;
mod registry;
mod required;
mod search;
mod security;
mod sight;
mod tls;

pub use parameters::{Parameters, Phrases, Query};
pub use pattern::{Pattern, on_trust};
pub use registry::{ALL, Entry, find};

use std::fmt;

use crate::facts::{HostFacts, Need, Note, PageFacts, SiteView};
use crate::verdict::Verdict;

/// A check with its parameters, by what it looks at.
pub enum Check {
    /// Looks at one page at a time.
    Page(Box<dyn PageCheck>),
    /// Looks at one host at a time.
    Host(Box<dyn HostCheck>),
    /// Looks at a site as a whole, after its pages.
    Site(Box<dyn SiteCheck>),
}

/// A question about one page.
///
/// Contract: one verdict for each target found on the page, none when there is no target; of targets that pass, the first may stand for
/// all. The same page gives the same
/// verdicts in the same order.
pub trait PageCheck: Send + Sync {
    /// The verdicts on this page.
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict>;
}

/// A question about one host: its endpoints and what they answer.
pub trait HostCheck: Send + Sync {
    /// What has to be looked at beside the front doors.
    fn looks_at(&self) -> LooksAt {
        LooksAt::Doors
    }

    /// The verdicts on this host.
    fn judge(&self, host: &HostFacts) -> Vec<Verdict>;
}

/// A question about a site as a whole.
///
/// Contract: [`SiteCheck::note`] is called once for each judged page, in any order and possibly on different threads;
/// [`SiteCheck::judge`] is called once at the end with all notes, sorted by address.
pub trait SiteCheck: Send + Sync {
    /// What has to be fetched before judging, beyond the pages of the crawl.
    fn needs(&self) -> Vec<Need> {
        Vec::new()
    }

    /// Whether documents have to be read before judging.
    fn reads_documents(&self) -> bool {
        false
    }

    /// What to remember of a page; small, because a site may have a hundred thousand of them. What many pages say alike costs little; a
    /// check that reads one page for each outcome says so with [`Note::for_others`].
    fn note(&self, _page: &PageFacts<'_>) -> Vec<Note> {
        Vec::new()
    }

    /// True for a question that can be answered only when all sites of the run were seen.
    fn waits_for_others(&self) -> bool {
        false
    }

    /// The verdicts on the site. A verdict that concerns one page names it in its locator.
    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict>;

    /// The same one by one. A check that says something of each page has its own way, which [`all_told`] gathers: a site may have a hundred
    /// thousand of them, and no more than some verdicts are in memory.
    fn tell(&self, site: &SiteView<'_>, to: &mut dyn FnMut(Verdict)) {
        self.judge(site).into_iter().for_each(to);
    }
}

/// What a check tells one by one.
fn all_told(check: &dyn SiteCheck, site: &SiteView<'_>) -> Vec<Verdict> {
    let mut all = Vec::new();
    check.tell(site, &mut |verdict| all.push(verdict));
    all
}

/// What a question about a host needs to be answered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LooksAt {
    /// Its front doors by http and https.
    Doors,
    /// Its TLS handshakes.
    Handshakes,
    /// What the domain name system says of it.
    Names,
}

/// What a check looks at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scope {
    /// One page.
    Page,
    /// One host.
    Host,
    /// A whole site.
    Site,
}

impl Scope {
    /// The word in lists.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Host => "host",
            Self::Site => "site",
        }
    }
}

impl Check {
    /// What it looks at.
    pub fn scope(&self) -> Scope {
        match self {
            Self::Page(_) => Scope::Page,
            Self::Host(_) => Scope::Host,
            Self::Site(_) => Scope::Site,
        }
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Check({})", self.scope().as_str())
    }
}
