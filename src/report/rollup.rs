//! Roll-ups: what a run says of agencies and bureaus, for those who look after many sites.
//!
//! In: the rows of a report, or of a store, one site at a time. Out: [`Rollup`], from which groups, rankings and tables are made. Invariant:
//! what nobody saw counts for nobody and against nobody: it is in no denominator, and how many that are stands beside every
//! share. No number stands for the whole. Tested below and in `tests/it/rollup.rs`.

mod group;
mod json;
mod layout;
mod measure;
mod share;
mod sheet;
mod table;
mod worse;

pub use group::{Group, Level};
pub use json::{of_run, rollup_json};
pub use layout::{idea_bureaus_csv, idea_csv, standards_bureaus_csv, standards_csv};
pub use measure::{Answer, MEASURES, Measure};
pub use share::{Share, ranks};
pub use sheet::Sheet;
pub use table::{adoption_csv, agencies_csv, requirements_csv, stands_csv};
pub use worse::{Change, changes, diff_csv};

use std::collections::BTreeMap;

use super::home::Homes;
use super::table::site_of;
use super::{PageRow, Report, RuleRow, ScoreRow, SiteRow};
use crate::rules::{Branch, Impact, RuleId, Says};
use crate::verdict::Outcome;

/// What one run says of many sites.
#[derive(Clone, Debug, Default)]
pub struct Rollup {
    /// The rows of the scorecard, in the order of the law.
    pub requirements: Vec<RequirementHead>,
    /// The rules of the run, sorted.
    pub rules: Vec<RuleHead>,
    /// The sites, in the order they were added.
    pub sites: Vec<Stand>,
    columns: measure::Columns,
}

/// One row of the scorecard.
#[derive(Clone, Debug)]
pub struct RequirementHead {
    /// Its key.
    pub requirement: String,
    /// What it asks.
    pub title: String,
    /// Key of the source.
    pub source: String,
    /// Section and paragraph.
    pub part: String,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct RuleHead {
    /// Its name.
    pub id: RuleId,
    /// True when the site passes.
    pub title: String,
    /// How much a failure hurts people.
    pub impact: Impact,
    /// How strongly its sources ask for it on the day.
    pub obligation: Says,
}

/// How one site stands.
#[derive(Clone, Debug)]
pub struct Stand {
    /// Host, with the port where it is not the default.
    pub site: String,
    /// The agency, when known.
    pub agency: Option<String>,
    /// The bureau, when known.
    pub bureau: Option<String>,
    /// The branch, when known.
    pub branch: Option<Branch>,
    /// Whether the home page was judged.
    pub seen: bool,
    /// The kind of problem that kept us from the home page.
    pub hindrance: Option<String>,
    /// Pages and findings.
    pub counts: Counts,
    /// What each of [`MEASURES`] says, in their order.
    pub answers: Vec<Answer>,
    /// The version of the design system that most of its pages tell; none where none does.
    pub design_version: Option<String>,
    /// The outcome of each row of the scorecard, in their order.
    pub requirements: Vec<Outcome>,
    /// The outcome of each rule, in their order.
    pub rules: Vec<Outcome>,
}

/// Pages and findings of a site.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Pages that are in the report.
    pub pages: u64,
    /// Those that were judged.
    pub judged: u64,
    /// What could not be looked at.
    pub problems: u64,
    /// Findings that failed and are not waived.
    pub failed: u64,
    /// Doubts that nobody answered or waived.
    pub review: u64,
}

impl Rollup {
    /// A run without sites.
    pub fn begin(rules: &[RuleRow], scorecard: &[ScoreRow]) -> Self {
        let head = |row: &RuleRow| RuleHead {
            id: row.id.clone(),
            title: row.title.to_string(),
            impact: row.impact,
            obligation: row.obligation,
        };
        let requirement = |row: &ScoreRow| RequirementHead {
            requirement: row.requirement.clone(),
            title: row.title.clone(),
            source: row.source.clone(),
            part: row.part.clone(),
        };
        Self {
            requirements: scorecard.iter().map(requirement).collect(),
            rules: rules.iter().map(head).collect(),
            sites: vec![],
            columns: measure::Columns::of(rules),
        }
    }

    /// The sites of a report.
    pub fn of(report: &Report) -> Self {
        let mut rollup = Self::begin(&report.rules, &report.scorecard);
        rollup.add_all(report);
        rollup
    }

    /// Adds the sites of a report of the same run, or of a part of it.
    pub fn add_all(&mut self, report: &Report) {
        let homes = Homes::of(report);
        let counts = counts(report);
        for site in &report.sites {
            let name = site.site.strip_prefix("www.").unwrap_or(&site.site);
            let hindrance = homes.problem(site).map(|row| row.kind.as_str());
            self.add(site, homes.page(site), hindrance, counts.get(name).copied().unwrap_or_default());
        }
    }

    /// Adds a site with its home page, where there was one, and what kept us from it, where something did.
    pub fn add(&mut self, site: &SiteRow, home: Option<&PageRow>, hindrance: Option<&str>, counts: Counts) {
        let judged = home.filter(|home| home.judged);
        let hindrance = hindrance.or_else(|| home.and_then(|home| home.problem.as_deref()));
        let by_row: BTreeMap<&str, Outcome> =
            site.scorecard.iter().map(|row| (row.requirement.as_str(), row.outcome)).collect();
        let of_row = |head: &RequirementHead| by_row.get(head.requirement.as_str()).copied();
        let of_rule = |head: &RuleHead| site.outcomes.get(&head.id).unwrap_or(Outcome::Inapplicable);
        self.sites.push(Stand {
            site: site.site.clone(),
            agency: site.agency.clone(),
            bureau: site.bureau.clone(),
            branch: site.profile.branch,
            seen: judged.is_some(),
            hindrance: hindrance.filter(|_| judged.is_none()).map(str::to_string),
            counts,
            answers: self.columns.answers(site, judged),
            design_version: measure::design_version(site),
            requirements: self.requirements.iter().map(|head| of_row(head).unwrap_or(Outcome::Untested)).collect(),
            rules: self.rules.iter().map(of_rule).collect(),
        });
    }
}

/// What belongs to each site, by its name without `www.`.
fn counts(report: &Report) -> BTreeMap<String, Counts> {
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    for page in &report.pages {
        let of = counts.entry(site_of(&page.url)).or_default();
        of.pages += 1;
        of.judged += u64::from(page.judged);
    }
    report.problems.iter().for_each(|row| counts.entry(site_of(&row.url)).or_default().problems += 1);
    for finding in &report.findings {
        let of = counts.entry(site_of(&finding.url)).or_default();
        of.failed += u64::from(finding.is_open_failure());
        of.review += u64::from(finding.is_open_doubt());
    }
    counts
}
