//! Sites by agency and by bureau.
//!
//! In: a roll-up. Out: [`Group`]s with sums. Invariant: every site is in one group of a level, also when nobody knows whose it is; sums of a
//! level are those of the whole. Tested below.

use std::collections::BTreeMap;

use super::{Answer, Counts, MEASURES, Rollup, Share, Stand, measure};
use crate::report::Tally;
use crate::rules::Says;
use crate::verdict::Outcome;

/// What people read where nobody knows whose a site is.
const NO_AGENCY: &str = "(agency not known)";
/// What people read where no bureau is named.
const NO_BUREAU: &str = "(no bureau named)";

/// How finely sites are told apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Level {
    /// A group for each agency.
    Agency,
    /// A group for each bureau of each agency.
    Bureau,
}

/// Sites taken together.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// The agency; none where nobody knows it, and for the whole.
    pub agency: Option<String>,
    /// The bureau; none where none is named, and for whole agencies.
    pub bureau: Option<String>,
    /// How many sites.
    pub sites: u64,
    /// Those whose home page was judged.
    pub seen: u64,
    /// The others, by the kind of problem; "unknown" where no problem was written down.
    pub hindered: BTreeMap<String, u64>,
    /// Their pages and findings.
    pub counts: Counts,
    /// Sites where a rule failed that their sources say "must" of.
    pub failing: u64,
    /// What each of [`MEASURES`] says, in their order.
    pub shares: Vec<Share>,
    /// Sites by the version of the design system they tell.
    pub design_versions: BTreeMap<String, u64>,
    /// Whether sites tell the version of the design system: one that has it and tells none is undetermined.
    pub versions: Share,
    /// Sites by the outcome of each row of the scorecard, in their order.
    pub requirements: Vec<Tally>,
    /// Sites by the outcome of each rule, in their order.
    pub rules: Vec<Tally>,
}

impl Rollup {
    /// All sites together.
    pub fn total(&self) -> Group {
        let mut group = self.group(None, None);
        self.sites.iter().for_each(|stand| self.put(stand, &mut group));
        group
    }

    /// The groups of a level by name; those without a name come last.
    pub fn groups(&self, level: Level) -> Vec<Group> {
        let mut groups: BTreeMap<[(bool, &str); 2], Group> = BTreeMap::new();
        for stand in &self.sites {
            let bureau = match level {
                Level::Agency => None,
                Level::Bureau => stand.bureau.as_deref(),
            };
            let names = [stand.agency.as_deref(), bureau];
            let key = names.map(|name| (name.is_none(), name.unwrap_or_default()));
            let group = groups.entry(key).or_insert_with(|| self.group(names[0], names[1]));
            self.put(stand, group);
        }
        groups.into_values().collect()
    }

    fn group(&self, agency: Option<&str>, bureau: Option<&str>) -> Group {
        Group {
            agency: agency.map(str::to_string),
            bureau: bureau.map(str::to_string),
            shares: vec![Share::default(); MEASURES.len()],
            requirements: vec![Tally::default(); self.requirements.len()],
            rules: vec![Tally::default(); self.rules.len()],
            ..Group::default()
        }
    }

    fn put(&self, stand: &Stand, group: &mut Group) {
        group.sites += 1;
        if stand.seen {
            group.seen += 1;
        } else {
            let kind = stand.hindrance.as_deref().unwrap_or("unknown");
            *group.hindered.entry(kind.to_string()).or_default() += 1;
        }
        group.counts.add(stand.counts);
        group.failing += u64::from(self.fails(stand));
        group.shares.iter_mut().zip(&stand.answers).for_each(|(share, answer)| share.count(*answer));
        group.versions.count(match (&stand.design_version, stand.answers[measure::at("design-system")]) {
            (Some(_), _) => Answer::Yes,
            (None, Answer::Yes) => Answer::Undetermined,
            (None, answer @ (Answer::No | Answer::Undetermined | Answer::NotAsked)) => answer,
        });
        if let Some(version) = &stand.design_version {
            *group.design_versions.entry(version.clone()).or_default() += 1;
        }
        group.requirements.iter_mut().zip(&stand.requirements).for_each(|(tally, outcome)| tally.count(*outcome));
        group.rules.iter_mut().zip(&stand.rules).for_each(|(tally, outcome)| tally.count(*outcome));
    }

    /// True where a rule failed that its sources say "must" of.
    pub fn fails(&self, stand: &Stand) -> bool {
        let failed = |(head, outcome): (&super::RuleHead, &Outcome)| {
            *outcome == Outcome::Failed && head.obligation == Says::Must
        };
        self.rules.iter().zip(&stand.rules).any(failed)
    }
}

impl Counts {
    /// Adds those of another site.
    pub fn add(&mut self, other: Self) {
        self.pages += other.pages;
        self.judged += other.judged;
        self.problems += other.problems;
        self.failed += other.failed;
        self.review += other.review;
    }
}

impl Group {
    /// The agency as people read it.
    pub fn agency_words(&self) -> &str {
        self.agency.as_deref().unwrap_or(NO_AGENCY)
    }

    /// The bureau as people read it.
    pub fn bureau_words(&self) -> &str {
        self.bureau.as_deref().unwrap_or(NO_BUREAU)
    }

    /// Versions of the design system with the number of sites, as tables write them: `2.13.0:1 3.8.0:4`.
    pub fn design_version_words(&self) -> String {
        let words: Vec<String> =
            self.design_versions.iter().map(|(version, sites)| format!("{version}:{sites}")).collect();
        words.join(" ")
    }

    /// How many home pages nobody saw.
    pub fn unseen(&self) -> u64 {
        self.sites - self.seen
    }

    /// The rules that fail at most sites, with how many: `most` of them at the most.
    pub fn worst(&self, most: usize) -> Vec<(usize, u64)> {
        let failed = |(at, tally): (usize, &Tally)| (tally.failed > 0).then_some((at, tally.failed));
        let mut rules: Vec<(usize, u64)> = self.rules.iter().enumerate().filter_map(failed).collect();
        rules.sort_by_key(|(at, number)| (std::cmp::Reverse(*number), *at));
        rules.truncate(most);
        rules
    }
}
