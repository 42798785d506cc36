//! What changed between two runs, by agency or bureau: what got worse, and where.
//!
//! In: a report compared with an earlier one, and that one. Out: a [`Change`] for each group, the worst first. Invariant: what was not
//! looked at again is no change for the better, and a site nobody saw this time lost nothing. Tested in `tests/it/rollup.rs`.

use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::{Answer, Level, MEASURES, Rollup, Stand};
use crate::finding::Since;
use crate::report::Report;
use crate::report::table::{row, site_of, table};
use crate::rules::RuleId;

/// Rules named for each group.
const MOST_RULES: usize = 10;

/// What changed in one agency or bureau.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Change {
    /// The agency; none where nobody knows it.
    pub agency: Option<String>,
    /// The bureau; none where none is named.
    pub bureau: Option<String>,
    /// Sites of the later run.
    pub sites: u64,
    /// Sites with a new failure.
    pub sites_worse: u64,
    /// Failures the earlier run did not have, also doubts that became failures.
    pub new_failures: u64,
    /// New doubts.
    pub new_reviews: u64,
    /// Findings that are gone.
    pub fixed: u64,
    /// Findings of the earlier run whose place or rule was not looked at again.
    pub not_looked_at: u64,
    /// Sites that were seen then and not now.
    pub no_longer_seen: Vec<String>,
    /// Sites that had something then and have it not now, by question.
    pub lost: BTreeMap<&'static str, Vec<String>>,
    /// Sites that had it not then and have it now, by question.
    pub gained: BTreeMap<&'static str, Vec<String>>,
    /// Rules with new failures, those at most sites first.
    pub worse_rules: Vec<WorseRule>,
    #[serde(skip)]
    failing: BTreeMap<RuleId, (u64, BTreeSet<String>)>,
}

/// A rule with new failures.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct WorseRule {
    /// Its name.
    pub rule: RuleId,
    /// New failures.
    pub new_failures: u64,
    /// Sites that have some.
    pub sites: u64,
}

type Key = [Option<String>; 2];

/// What changed in each group; `report` was compared with `earlier`.
pub fn changes(report: &Report, earlier: &Report, level: Level) -> Vec<Change> {
    let (then, now) = (Rollup::of(earlier), Rollup::of(report));
    let mut owners: BTreeMap<String, Key> = BTreeMap::new();
    for stand in then.sites.iter().chain(&now.sites) {
        let bureau = stand.bureau.clone().filter(|_| level == Level::Bureau);
        owners.insert(bare(&stand.site).to_string(), [stand.agency.clone(), bureau]);
    }
    let owner = |site: &str| owners.get(site).cloned().unwrap_or_default();
    let mut groups: BTreeMap<Key, Change> = BTreeMap::new();
    now.sites.iter().for_each(|stand| groups.entry(owner(bare(&stand.site))).or_default().sites += 1);
    let before: BTreeMap<&str, &Stand> = then.sites.iter().map(|stand| (bare(&stand.site), stand)).collect();
    for stand in &now.sites {
        let site = bare(&stand.site);
        before.get(site).iter().for_each(|earlier| groups.entry(owner(site)).or_default().note(earlier, stand));
    }
    for finding in report.findings.iter().filter(|one| one.baseline == Some(Since::New)) {
        let site = site_of(&finding.url);
        let change = groups.entry(owner(&site)).or_default();
        change.new_reviews += u64::from(finding.is_open_doubt());
        if finding.is_open_failure() {
            change.new_failures += 1;
            let (number, sites) = change.failing.entry(finding.rule.clone()).or_default();
            *number += 1;
            sites.insert(site);
        }
    }
    if let Some(row) = &report.baseline {
        row.fixed.iter().for_each(|one| groups.entry(owner(&site_of(&one.url))).or_default().fixed += 1);
        let unseen = row.not_looked_at.iter();
        unseen.for_each(|one| groups.entry(owner(&site_of(&one.url))).or_default().not_looked_at += 1);
    }
    let mut changes: Vec<Change> = groups.into_iter().map(|(key, change)| change.settled(key)).collect();
    changes.sort_by_key(|one| (Reverse(one.new_failures), Reverse(one.new_reviews)));
    changes
}

fn bare(site: &str) -> &str {
    site.strip_prefix("www.").unwrap_or(site)
}

impl Change {
    /// What is no longer seen, lost and gained at a site that both runs have.
    fn note(&mut self, earlier: &Stand, stand: &Stand) {
        let name = || stand.site.clone();
        if earlier.seen && !stand.seen {
            self.no_longer_seen.push(name());
        }
        for ((measure, was), is) in MEASURES.iter().zip(&earlier.answers).zip(&stand.answers) {
            match (was, is) {
                (Answer::Yes, Answer::No) => self.lost.entry(measure.key).or_default().push(name()),
                (Answer::No, Answer::Yes) => self.gained.entry(measure.key).or_default().push(name()),
                (Answer::Yes | Answer::No | Answer::Undetermined | Answer::NotAsked, _) => {}
            }
        }
    }

    fn settled(mut self, [agency, bureau]: Key) -> Self {
        (self.agency, self.bureau) = (agency, bureau);
        let sites: BTreeSet<&String> = self.failing.values().flat_map(|(_, sites)| sites).collect();
        self.sites_worse = sites.len() as u64;
        let rule = |(rule, (number, sites)): (&RuleId, &(u64, BTreeSet<String>))| WorseRule {
            rule: rule.clone(),
            new_failures: *number,
            sites: sites.len() as u64,
        };
        self.worse_rules = self.failing.iter().map(rule).collect();
        self.worse_rules.sort_by_key(|one| (Reverse(one.sites), Reverse(one.new_failures)));
        self.worse_rules.truncate(MOST_RULES);
        self
    }

    /// The group as people read it.
    pub fn name(&self) -> String {
        let agency = self.agency.as_deref().unwrap_or("Agency not known");
        self.bureau.as_ref().map_or_else(|| agency.to_string(), |bureau| format!("{agency}, {bureau}"))
    }

    /// True where nothing is to be told.
    pub fn is_empty(&self) -> bool {
        self.new_failures + self.new_reviews + self.fixed + self.not_looked_at == 0
            && self.no_longer_seen.is_empty()
            && self.lost.is_empty()
            && self.gained.is_empty()
    }
}

/// Writes a row for each group.
///
/// # Errors
/// Only those of the writer.
pub fn diff_csv(changes: &[Change], out: impl Write) -> io::Result<()> {
    let fixed =
        "agency bureau sites sites_worse new_failures new_to_review fixed not_looked_at no_longer_seen worse_rules";
    let mut header: Vec<String> = fixed.split(' ').map(str::to_string).collect();
    for measure in &MEASURES {
        header.extend(["lost", "gained"].map(|part| format!("{}_{part}", measure.key.replace('-', "_"))));
    }
    let mut table = table(out, &header.iter().map(String::as_str).collect::<Vec<_>>())?;
    for one in changes {
        let rules: Vec<&str> = one.worse_rules.iter().map(|one| one.rule.as_str()).collect();
        let numbers = [one.sites, one.sites_worse, one.new_failures, one.new_reviews, one.fixed, one.not_looked_at];
        let mut cells = vec![one.agency.clone().unwrap_or_default(), one.bureau.clone().unwrap_or_default()];
        cells.extend(numbers.map(|number| number.to_string()));
        cells.extend([one.no_longer_seen.join(" "), rules.join(" ")]);
        for measure in &MEASURES {
            cells.extend([&one.lost, &one.gained].map(|sites| sites.get(measure.key).map_or(0, Vec::len).to_string()));
        }
        row(&mut table, &cells.iter().map(String::as_str).collect::<Vec<_>>())?;
    }
    table.flush()
}
