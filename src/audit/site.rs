//! One site while it is audited: its facts so far, its rows, its outcomes.
//!
//! In: judged pages, problems, replies. Out: what the report needs at the end. Invariant: what is kept of a page is its row and
//! its findings, never its document. Tested in `tests/it/audit.rs`.

use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use url::Url;

use super::carrying;
use super::documents::Errands;
use super::doors::Doors;
use super::judging::Judged;
use super::plan::Alone;
use super::probing::Probed;
use crate::document::Kind;
use crate::engine::Judgement;
use crate::facts::survey::{Print, Summary, Survey, prints};
use crate::facts::{HostFacts, HostStanding, Looked, Need, PageDigest, SiteFacts, Standing};
use crate::finding::{self, Finding, Outcomes, Roll, Shared, number};
use crate::report::{PageRow, ProblemRow};
use crate::rules::Profile;
use crate::store::Mark;
use crate::web::preload::Preloaded;
use crate::web::{Capture, Problem, Source, address};

/// A site in work.
pub(super) struct SiteWork {
    pub(super) name: String,
    pub(super) root: Url,
    pub(super) profile: Arc<Profile>,
    pub(super) facts: SiteFacts,
    pub(super) needs: BTreeSet<Need>,
    /// Asks that a problem kept from an answer.
    pub(super) unanswered: Vec<Problem>,
    /// Its own name, the one that was typed, and their twins.
    pub(super) names: Vec<(HostStanding, Url)>,
    pub(super) doors: Doors,
    /// What was learned of hosts beside their doors.
    pub(super) probed: Vec<Probed>,
    /// Hosts that are being looked at.
    pub(super) probing: usize,
    /// Whether the crawl has nothing left for it.
    pub(super) crawled: bool,
    /// Documents that no name told, with where redirects led, by the addresses that pages link to.
    pub(super) unnamed: BTreeMap<Url, (Url, Kind)>,
    /// What is left to do for its documents.
    pub(super) errands: Errands,
    /// Octets of the replies among its facts.
    pub(super) held: u64,
    pub(super) pages: BTreeMap<Arc<Url>, PageRow>,
    /// Addresses that arrive at pages, which may not have been judged yet.
    aliases: BTreeMap<Url, BTreeSet<String>>,
    pub(super) findings: Vec<Finding>,
    pub(super) problems: Vec<ProblemRow>,
    /// How old pages say they are, where that is written down.
    pub(super) marks: Option<BTreeMap<String, Mark>>,
    /// An earlier attempt at the run finished it: another target led to it once more.
    pub(super) ended: bool,
    pub(super) outcomes: Outcomes,
    /// What its pages have in common, kept once.
    shared: Shared,
    pub(super) questions: BTreeSet<String>,
    pub(super) judged: u64,
    /// Pages of which an earlier run's reading was carried over.
    pub(super) unchanged: u64,
    pub(super) discovered: u64,
    pub(super) fetched: u64,
    pub(super) skipped: BTreeMap<String, u64>,
    /// What the pages say together, once the site was judged.
    pub(super) summary: Option<Summary>,
    /// What is compared with other sites of the run.
    pub(super) prints: Vec<Print>,
}

impl SiteWork {
    pub(super) fn of(name: String, root: Url, profile: Profile, roll: &Roll, folder: bool) -> Self {
        let facts = SiteFacts { name: name.clone(), folder, ..SiteFacts::default() };
        Self {
            name,
            root,
            profile: Arc::new(profile),
            facts,
            needs: BTreeSet::new(),
            unanswered: Vec::new(),
            names: Vec::new(),
            doors: Doors::default(),
            probed: Vec::new(),
            probing: 0,
            crawled: false,
            unnamed: BTreeMap::new(),
            errands: Errands::default(),
            held: 0,
            pages: BTreeMap::new(),
            aliases: BTreeMap::new(),
            findings: Vec::new(),
            problems: Vec::new(),
            marks: None,
            ended: false,
            outcomes: Outcomes::over(roll),
            shared: Shared::default(),
            questions: BTreeSet::new(),
            judged: 0,
            unchanged: 0,
            discovered: 0,
            fetched: 0,
            skipped: BTreeMap::new(),
            summary: None,
            prints: Vec::new(),
        }
    }

    /// Whether an address, or one that redirected to it, is the site's front page.
    pub(super) fn standing(&self, url: &Url, aliases: &[Url]) -> Standing {
        // A folder that is published nowhere keeps the names of its files.
        let index = |path: &str| {
            path.strip_prefix(self.root.path()).is_some_and(|name| matches!(name, "" | "index.html" | "index.htm"))
        };
        let is_root = |url: &Url| *url == self.root || (index(url.path()) && url.query().is_none());
        if is_root(url) || (self.facts.home.is_none() && aliases.iter().any(is_root)) {
            Standing::Home
        } else {
            Standing::Inner
        }
    }

    /// Takes in a page; gives back its row and findings for whoever watches.
    pub(super) fn take(&mut self, judged: Judged) -> (&PageRow, &[Finding]) {
        let Judged { capture, aliases, standing, reading, before, .. } = judged;
        let first = self.findings.len();
        let mut row = PageRow {
            url: spelled(capture.url.as_str()).into(),
            aliases: aliases.iter().map(|alias| spelled(alias.as_str())).collect(),
            status: Some(capture.status),
            media: Some(capture.media.as_str().to_string()),
            judged: reading.judgement.is_some(),
            problem: reading.problem.as_ref().map(|problem| problem.kind.as_str().to_string()),
            file: match &capture.source {
                Source::File(path) => Some(path.clone()),
                Source::Network => None,
            },
            outcomes: Outcomes::default(),
        };
        if let Some(marks) = &mut self.marks {
            marks.insert(row.url.to_string(), before.map_or_else(|| mark(&capture), |before| carrying::mark(&before)));
        }
        let url = self.facts.see(&capture.url, PageDigest { status: capture.status, judged: row.judged });
        self.facts.merge(reading.facts);
        if let Some(mut judgement) = reading.judgement {
            self.judged += 1;
            judgement.findings.iter_mut().for_each(|finding| finding.url = row.url.clone());
            number(&mut judgement.findings);
            self.shared.findings(&mut judgement.findings);
            for (rule, notes) in std::mem::take(&mut judgement.notes) {
                self.facts.notes.insert(rule.as_str(), &url, &notes);
            }
            judgement.outcomes = judgement.outcomes.by(self.outcomes.roll());
            self.shared.outcomes(&mut judgement.outcomes);
            row.outcomes = judgement.outcomes.clone();
            self.join(judgement);
        }
        if standing == Standing::Home && capture.is_success() && self.facts.home.is_none() {
            self.facts.home = Some(*capture.clone());
        }
        let row = self.pages.entry(url).insert_entry(row).into_mut();
        (row, &self.findings[first..])
    }

    /// Takes in a page that could not be looked at.
    pub(super) fn miss(&mut self, url: &Url, problem: &Problem) -> &PageRow {
        self.pages.entry(Arc::new(url.clone())).or_insert_with(|| PageRow {
            url: spelled(url.as_str()).into(),
            aliases: Vec::new(),
            status: None,
            media: None,
            judged: false,
            problem: Some(problem.kind.as_str().to_string()),
            file: None,
            outcomes: Outcomes::default(),
        })
    }

    /// Another address arrived at a page.
    pub(super) fn alias(&mut self, from: &Url, to: &Url) {
        self.aliases.entry(to.clone()).or_default().insert(spelled(from.as_str()));
    }

    /// Joins what the doors and probes said, before the site stage. A twin at which nobody answers is no host.
    pub(super) fn settle_hosts(&mut self, day: Date, preloaded: &Preloaded) {
        if self.doors.is_empty() || self.facts.folder {
            return;
        }
        for (standing, url) in std::mem::take(&mut self.names) {
            let host = if standing == HostStanding::Own { self.name.clone() } else { address::site_of(&url) };
            let [http, https] = self.doors.of(standing);
            let at = self.probed.iter().position(|probed| probed.standing == standing);
            let nobody = || "no selected rule asks for it".to_string();
            let (tls, dns) = match at.map(|at| self.probed.swap_remove(at)) {
                Some(Probed { tls, dns, .. }) => (tls, dns),
                None => (Looked::Not(nobody()), Looked::Not(nobody())),
            };
            let preload = preloaded.state(host.split(':').next().unwrap_or_default());
            let facts = HostFacts { host, standing, http, https, tls, dns, preload, day };
            let live = [&facts.http, &facts.https].iter().any(|door| door.is_live() == Some(true));
            if standing.is_first() || live || facts.tls.seen().is_some() {
                self.facts.hosts.insert(facts.host.clone(), facts);
            }
        }
    }

    /// The addresses of its pages, as their rows have them.
    pub(super) fn addresses(&self) -> HashSet<Arc<str>> {
        self.pages.values().map(|row| row.url.clone()).collect()
    }

    /// Joins a part of what is judged after its pages, and gives back what was found; outcomes are written on the pages they concern.
    pub(super) fn join_late(&mut self, mut part: Judgement, addresses: &HashSet<Arc<str>>) -> &[Finding] {
        for (page, outcomes) in std::mem::take(&mut part.pages) {
            let Some(row) = self.pages.get_mut(&page) else { continue };
            outcomes.iter().for_each(|(rule, outcome)| self.shared.fold(&mut row.outcomes, rule, *outcome));
        }
        for finding in &mut part.findings {
            let url = spelled(&finding.url);
            finding.url = addresses.get(&*url).cloned().unwrap_or_else(|| url.into());
        }
        self.shared.findings(&mut part.findings);
        let first = self.findings.len();
        self.join(part);
        &self.findings[first..]
    }

    /// Puts in order what was found, once all was judged.
    pub(super) fn put_in_order(&mut self) {
        finding::sort(&mut self.findings);
        renumber(&mut self.findings);
        for (url, row) in &mut self.pages {
            row.aliases.extend(self.aliases.remove(url).into_iter().flatten());
            row.aliases.sort();
            row.aliases.dedup();
        }
    }

    /// Puts the pages together for the report, and keeps what is compared with other sites.
    pub(super) fn sum_up(&mut self, today: Date, alone: Alone) {
        let survey = Survey::of(&self.facts);
        self.summary = Some(Summary::of(&survey, today));
        self.prints = match alone {
            Alone::Yes => Vec::new(),
            Alone::No => prints(&survey),
        };
    }

    fn join(&mut self, judgement: Judgement) {
        self.outcomes.join(&judgement.outcomes);
        self.findings.extend(judgement.findings);
        self.questions.extend(judgement.questions);
    }
}

/// What an answer says of its age.
fn mark(capture: &Capture) -> Mark {
    let said = |name: &str| capture.header(name).map(str::to_string);
    let digest = blake3::hash(&capture.body).as_bytes()[..16].to_vec();
    Mark { digest, etag: said("etag"), modified: said("last-modified") }
}

/// An address as reports spell it: that of a folder published nowhere is `file:` and the path relative to the folder.
pub(super) fn spelled(url: &str) -> String {
    url.strip_prefix("file:///").map_or_else(|| url.to_string(), |path| format!("file:{path}"))
}

/// Numbers equal fingerprints over the whole site; those numbered page by page are first made bare again.
pub(super) fn renumber(findings: &mut [Finding]) {
    for finding in findings.iter_mut() {
        if let Some((bare, _)) = finding.fingerprint.split_once('-') {
            finding.fingerprint = bare.into();
        }
    }
    number(findings);
}
