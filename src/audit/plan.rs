//! What an audit is asked to do, after everything typed has been understood.
//!
//! In: nothing. Out: [`Plan`]. Invariant: a plan can be carried out as it stands; nothing in it is text to be parsed.
//! Filled by `config`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;
use url::Url;

use super::Ledger;
use super::documents::DocumentSettings;
use crate::crawl;
use crate::engine::Days;
use crate::finding::Exceptions;
use crate::probe;
use crate::report::{ListProblem, Report};
use crate::rules::{DomainList, Profile, Rule, RuleSet, Selection};
use crate::web::preload::Preloaded;
use crate::worker::Program;

/// Everything an audit needs to know.
#[derive(Clone)]
pub struct Plan {
    /// What to look at, in the order typed.
    pub targets: Vec<Target>,
    /// Rows of target lists that could not be used, for the report.
    pub list_problems: Vec<ListProblem>,
    /// The targets as typed, for the report.
    pub typed: Vec<String>,
    /// The address a folder is published at.
    pub publish_at: Option<Url>,
    /// How to crawl.
    pub crawl: crawl::Settings,
    /// How to look at hosts beside the crawl.
    pub probe: probe::Settings,
    /// How pages are measured.
    pub rendering: Rendering,
    /// How to look at documents that pages link to.
    pub documents: DocumentSettings,
    /// The names that browsers ask by HTTPS only.
    pub preloaded: Preloaded,
    /// Every rule with sources and requirements.
    pub set: RuleSet,
    /// The rules that run.
    pub selected: Vec<Arc<Rule>>,
    /// What was said of the owner of the sites.
    pub profile: Profile,
    /// What a target list says of the owners, by host without `www.`.
    pub owners: BTreeMap<String, Profile>,
    /// What lists of domains know of owners, the first list first.
    pub domains: Vec<DomainList>,
    /// The days to judge by.
    pub days: Days,
    /// What people decided about findings.
    pub exceptions: Exceptions,
    /// The earlier report to compare with.
    pub baseline: Option<Box<Report>>,
    /// Whether a single target is the only one of its run, or others look at further ones.
    pub alone: Alone,
    /// Where the run is written down; without it, it lives in memory.
    pub ledger: Option<Ledger>,
}

impl Plan {
    /// A plan for these targets, judged by every rule with the settings of a run for which nothing was typed: nothing is measured, no
    /// owner known, nothing written down.
    pub fn of(targets: Vec<Target>, set: RuleSet, today: Date) -> Self {
        Self {
            typed: targets.iter().map(Target::typed).collect(),
            targets,
            list_problems: Vec::new(),
            publish_at: None,
            crawl: crawl::Settings::default(),
            probe: probe::Settings::default(),
            rendering: Rendering::default(),
            documents: DocumentSettings::default(),
            preloaded: Preloaded::default(),
            selected: Selection::default().of(&set).expect("no word is there that could be wrong"),
            set,
            profile: Profile::default(),
            owners: BTreeMap::new(),
            domains: Vec::new(),
            days: Days { today, policy_as_of: today },
            exceptions: Exceptions::default(),
            baseline: None,
            alone: Alone::Yes,
            ledger: None,
        }
    }

    /// Which pages are looked at, in a word.
    pub fn span(&self) -> String {
        match self.crawl.span {
            crawl::Span::Full => "full".to_string(),
            crawl::Span::Home => "home".to_string(),
            crawl::Span::Sample(pages) => format!("sample {pages}"),
        }
    }

    /// A digest of what the verdicts depend on besides the answers of servers: a run can be resumed by a program that has the same.
    pub fn digest(&self) -> String {
        let crawl = &self.crawl;
        let mut hash = blake3::Hasher::new();
        let rules: Vec<String> = self.selected.iter().map(verdicts_of).collect();
        let bounds =
            (crawl.span, crawl.max_pages, crawl.max_depth, crawl.max_bytes, crawl.max_body, crawl.include_subdomains);
        let manner = (crawl.follow, crawl.certificates, &crawl.browser_name, self.probe.probing);
        let beside = (self.rendering.pages, self.documents.most, self.documents.most_octets);
        for part in [
            env!("CARGO_PKG_VERSION").to_string(),
            format!("{:?} {:?} {:?}", self.days.today, self.days.policy_as_of, self.publish_at),
            format!("{:?} {:?}", self.profile, self.owners),
            format!("{bounds:?} {manner:?} {beside:?} {:?} {:?} {:?}", crawl.include, crawl.exclude, crawl.my_sites),
        ]
        .into_iter()
        .chain(rules)
        {
            hash.update(part.as_bytes());
            hash.update(&[0]);
        }
        hash.finalize().to_hex()[..16].to_string()
    }

    /// True when findings get marks that are known only at the end: by exceptions, or by comparing with an earlier report.
    pub fn marks_findings_later(&self) -> bool {
        let Exceptions { waivers, reviews } = &self.exceptions;
        self.baseline.is_some() || !waivers.is_empty() || !reviews.is_empty()
    }
}

/// Whether a site is the only one of its run.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Alone {
    /// There is nothing to compare it with.
    #[default]
    Yes,
    /// There are others, or may be.
    No,
}

/// The hidden subcommand that measures.
const RENDER_WORKER: &str = "render-worker";

/// What the verdicts of a rule depend on: its file, and what a pack changed of it.
pub(super) fn verdicts_of(rule: &Arc<Rule>) -> String {
    let Rule { id, source, parameters, impact, on_fail, status, overridden, .. } = &**rule;
    format!("{id} {impact:?} {on_fail:?} {status:?} {overridden:?}\n{parameters}\n{source}")
}

/// How the style of pages is measured.
#[derive(Clone, Debug, Default)]
pub struct Rendering {
    /// Which pages.
    pub pages: Pages,
    /// What measures: this program with its hidden subcommand; without it nothing is measured.
    pub worker: Option<Program>,
}

impl Rendering {
    /// Whether any page is measured.
    pub fn measures(&self) -> bool {
        self.worker.is_some() && self.pages != Pages::None
    }

    /// Measured by this very program; not at all where the system does not say where that is.
    #[must_use]
    pub fn by_this_program(self) -> Self {
        Self { worker: Program::this(RENDER_WORKER).ok(), ..self }
    }
}

/// Which pages are measured.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Pages {
    /// Every page.
    All,
    /// The home page and a tenth of the others, the same in every run.
    Sample,
    /// The home page of each site.
    Home,
    /// None.
    #[default]
    None,
}

/// One thing to look at.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Target {
    /// A site on the web.
    Web(Url),
    /// A folder of a built site, or a single page file.
    Folder(PathBuf),
}

impl Target {
    /// As somebody would type it.
    fn typed(&self) -> String {
        match self {
            Self::Web(url) => url.to_string(),
            Self::Folder(path) => path.display().to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        let set = RuleSet::bundled().expect("the bundled rules load");
        let root = Url::parse("https://www.agency.example/").expect("an address");
        Plan::of(vec![Target::Web(root)], set, jiff::civil::date(2026, 11, 22))
    }

    #[test]
    fn whatever_a_verdict_depends_on_is_in_the_digest() {
        let same = plan();
        let before = same.digest();
        let changes: [fn(&mut Plan); 6] = [
            |plan| plan.rendering.pages = Pages::Home,
            |plan| plan.documents.most = Some(1),
            |plan| plan.documents.most_octets = None,
            |plan| plan.crawl.max_pages = Some(7),
            |plan| drop(plan.selected.pop()),
            |plan| plan.days.today = jiff::civil::date(2026, 11, 23),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut plan = same.clone();
            change(&mut plan);
            assert_ne!(plan.digest(), before, "change {number}");
        }
    }

    #[test]
    fn the_digest_is_the_same_whatever_was_read_of_the_rules_meanwhile() {
        let plan = plan();
        let before = plan.digest();
        assert!(plan.selected.iter().any(|rule| !rule.examples().is_empty()));
        assert_eq!(plan.digest(), before);
    }
}
