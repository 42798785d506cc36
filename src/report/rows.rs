//! The rows of the report, version 1; other tools read these keys.
//!
//! In: nothing. Out: serde types with the key names of `docs/report.schema.json`. Invariant: a key, once published,
//! keeps its meaning. Tested in `tests/it/sinks.rs`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::{BaselineRow, ReviewTally};
use crate::finding::{self, Finding, Outcomes, Review, Settled, Waiver};
use crate::rules::{Disabled, Impact, Overridden, Profile, RuleId, Says, Standards, Text};
use crate::verdict::Outcome;

/// The name and version of the report's shape.
pub const SCHEMA: &str = "idea-audit-report/1";

/// A whole report.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// What made it.
    pub tool: Tool,
    /// When and how.
    pub run: Run,
    /// How much was seen.
    pub coverage: Coverage,
    /// One row for each requirement.
    pub scorecard: Vec<ScoreRow>,
    /// Every rule selected.
    pub rules: Vec<RuleRow>,
    /// Rules that an agency's own pack switched off, with the reasons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disabled: Vec<Disabled>,
    /// Every site.
    pub sites: Vec<SiteRow>,
    /// Every page.
    pub pages: Vec<PageRow>,
    /// Every finding.
    pub findings: Vec<Finding>,
    /// Everything that could not be looked at.
    pub problems: Vec<ProblemRow>,
    /// What became of the waivers, in the order written; absent where none was given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<Settled<Waiver>>,
    /// What became of the reviews, in the order written; absent where none was given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<Settled<Review>>,
    /// What changed since an earlier run; absent where none was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineRow>,
}

/// What made a report.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Tool {
    /// "idea-audit".
    pub name: String,
    /// Its version.
    pub version: String,
}

/// One run.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Run {
    /// A UUID, version 7.
    pub id: String,
    /// RFC 3339, UTC.
    pub started: String,
    /// RFC 3339, UTC.
    pub finished: String,
    /// The targets as typed.
    pub targets: Vec<String>,
    /// Rows of target lists that could not be used, or not as a whole; absent where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub list_problems: Vec<ListProblem>,
    /// The command as typed, word by word; what opens doors (passwords, cookies, header values) is `***`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// The address a folder was published at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_as: Option<String>,
    /// What was said of the owner.
    pub profile: Profile,
    /// The day whose law applies.
    pub policy_as_of: Date,
    /// What "today" was.
    pub judged_on: Date,
    /// Hosts whose robots.txt was not obeyed because their owner runs this.
    #[serde(default)]
    pub my_sites: Vec<String>,
    /// True when certificates were not verified.
    #[serde(default)]
    pub insecure: bool,
    /// True when the run was stopped before its end.
    #[serde(default)]
    pub stopped: bool,
}

/// A row of a target list that could not be used, or not as a whole.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct ListProblem {
    /// The list as it was named.
    pub list: String,
    /// The line the row begins on, from 1.
    pub line: u64,
    /// What is wrong, and what became of the row.
    pub detail: String,
}

impl std::fmt::Display for ListProblem {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{}, line {}: {}", self.list, self.line, self.detail)
    }
}

/// How much was seen.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Coverage {
    /// Pages.
    pub pages: PageCoverage,
    /// Hosts.
    pub hosts: HostCoverage,
    /// The number of problems.
    pub problems: u64,
    /// judged ÷ (judged + pages with a problem), 0 when there was neither.
    pub share: f64,
    /// Whether style was measured.
    pub style: Style,
    /// How many pages were; absent where it was not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<MeasuredPages>,
}

/// How many pages were measured.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct MeasuredPages {
    /// Pages whose colours, sizes and layout are known.
    pub pages: u64,
    /// Pages that could not be measured.
    pub lost: u64,
}

/// How many pages.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PageCoverage {
    /// Addresses that were found, in scope or not.
    pub discovered: u64,
    /// Addresses that answered.
    pub fetched: u64,
    /// Pages that were judged.
    pub judged: u64,
    /// Pages among those judged that had not changed since an earlier run: what that found was carried over.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unchanged: u64,
    /// Pages there are at least, where a budget ended the crawl: those that answered and those that were left waiting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated: Option<u64>,
    /// Addresses that were left out on purpose.
    pub skipped: u64,
    /// The same by reason.
    #[serde(default)]
    pub skipped_by: BTreeMap<String, u64>,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// How many hosts.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct HostCoverage {
    /// Hosts whose endpoints were asked.
    pub probed: u64,
}

/// Whether colours, sizes and layout were measured.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// They were.
    Measured,
    /// They were not asked for.
    #[default]
    Off,
    /// They could not be.
    Unavailable,
}

/// Rules by outcome.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Tally {
    /// Passed.
    pub passed: u64,
    /// Failed.
    pub failed: u64,
    /// A machine cannot know.
    #[serde(rename = "cantTell")]
    pub cant_tell: u64,
    /// Nothing to judge.
    pub inapplicable: u64,
    /// Could not be looked at.
    pub untested: u64,
}

/// One requirement.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ScoreRow {
    /// Its key.
    pub requirement: String,
    /// What it asks.
    pub title: String,
    /// Key of the source.
    pub source: String,
    /// The source's official name.
    #[serde(default, rename = "source-title")]
    pub source_title: String,
    /// Section and paragraph.
    pub part: String,
    /// One outcome for it. A pass says that nothing was found, not that the law is met.
    pub outcome: Outcome,
    /// The rules that serve it, by outcome.
    pub rules: Tally,
    /// Rules that failed or need review, worst first.
    #[serde(default)]
    pub evidence: Vec<RuleId>,
    /// What no machine can see of it.
    pub limits: String,
    /// The rules in doubt by what people answered; absent where no review was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<ReviewTally>,
}

/// One rule of the run. Its words are shared by all reports of the run: the store makes one for each site.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RuleRow {
    /// Its permanent name.
    pub id: RuleId,
    /// True when the site passes.
    pub title: Arc<str>,
    /// How much a failure hurts people.
    pub impact: Impact,
    /// How strongly its sources ask for it on the day.
    pub obligation: Says,
    /// What it cites.
    pub cites: Arc<[CitedSource]>,
    /// The rows it serves.
    #[serde(default)]
    pub serves: Arc<[String]>,
    /// Names that other catalogues give it.
    pub standards: Arc<Standards>,
    /// What, why, fix, limits.
    pub text: Arc<Text>,
    /// Pages, and sites for site rules, by outcome.
    #[serde(default)]
    pub tally: Tally,
    /// The folder it came from, for rules that are not bundled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// What it looks at: each page, each host, or the site as a whole; absent in reports that are older than the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<RuleScope>,
    /// What an agency's own pack changed of it, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overridden: Option<Overridden>,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleScope {
    /// Each page alone.
    Page,
    /// Each host.
    Host,
    /// All pages of a site together.
    Site,
}

/// A citation with what a reader needs to find it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CitedSource {
    /// Key of the source.
    pub source: String,
    /// The name people use for it.
    pub title: String,
    /// Where its text is published.
    pub url: String,
    /// Section, paragraph or item.
    pub part: String,
    /// How strongly it is worded there.
    pub says: Says,
    /// Why it counts for less than its wording on this day, or that its wording is to be confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One site.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct SiteRow {
    /// Host, with the port where it is not the default.
    pub site: String,
    /// The agency, when known.
    pub agency: Option<String>,
    /// The bureau, when known.
    pub bureau: Option<String>,
    /// What is known of the owner.
    pub profile: Profile,
    /// The scorecard of this site alone.
    pub scorecard: Vec<ScoreRow>,
    /// One outcome for each rule, pages, hosts and site together; absent is inapplicable.
    pub outcomes: Outcomes,
    /// Questions nobody answered that softened findings, with what answers them.
    #[serde(default)]
    pub questions: Vec<String>,
    /// What is simply true of the site.
    pub facts: serde_json::Value,
}

/// One page.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct PageRow {
    /// Its final address.
    pub url: Arc<str>,
    /// Other addresses that arrived there.
    pub aliases: Vec<String>,
    /// The HTTP status; null when there was no answer.
    pub status: Option<u16>,
    /// The media type; null when there was no answer.
    #[serde(rename = "type")]
    pub media: Option<String>,
    /// Whether the rules looked at it.
    pub judged: bool,
    /// The kind of problem that kept them from it.
    pub problem: Option<String>,
    /// The file of a folder scan, relative to the folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// One outcome for each rule that found a target; absent is inapplicable where `judged` is true.
    pub outcomes: Outcomes,
}

/// Something that could not be looked at.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct ProblemRow {
    /// Its address.
    pub url: String,
    /// The kind of obstacle.
    pub kind: String,
    /// One sentence.
    pub detail: String,
}

impl Tally {
    /// Counts one.
    pub fn count(&mut self, outcome: Outcome) {
        self.add(outcome, 1);
    }

    /// Counts several of one outcome.
    pub fn add(&mut self, outcome: Outcome, number: u64) {
        *match outcome {
            Outcome::Passed => &mut self.passed,
            Outcome::Failed => &mut self.failed,
            Outcome::CantTell => &mut self.cant_tell,
            Outcome::Inapplicable => &mut self.inapplicable,
            Outcome::Untested => &mut self.untested,
        } += number;
    }
}

impl Report {
    /// Rules that something else than an unseen page kept from judging somewhere.
    pub(super) fn untested(&self) -> BTreeSet<&RuleId> {
        let judged = self.pages.iter().filter(|page| page.judged).map(|page| &page.outcomes);
        let mut seen = HashSet::new();
        let outcomes = judged.chain(self.sites.iter().map(|site| &site.outcomes));
        let each = outcomes.filter(|outcomes| seen.insert(outcomes.room())).flat_map(Outcomes::iter);
        each.filter(|(_, outcome)| *outcome == Outcome::Untested).map(|(rule, _)| rule).collect()
    }

    /// Brings rows into the order of reports: rules by id, sites by name, the rest by address, then rule, then
    /// position. Lists within rows that grew in the order of arrival are sorted too. The scorecard keeps the order of
    /// the law.
    pub fn sort(&mut self) {
        self.rules.sort_by(|a, b| a.id.cmp(&b.id));
        self.sites.sort_by(|a, b| a.site.cmp(&b.site));
        self.sites.iter_mut().for_each(|site| site.questions.sort());
        self.pages.sort_by(|a, b| a.url.cmp(&b.url));
        self.pages.iter_mut().for_each(|page| page.aliases.sort());
        finding::sort(&mut self.findings);
        self.problems.sort();
    }
}
