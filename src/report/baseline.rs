//! What changed since an earlier report.
//!
//! In: a report and an earlier one. Out: the report with each finding marked new or unchanged, and a [`BaselineRow`]. Invariant: a
//! finding is fixed only where its rule looked at its place again; what was not looked at is told apart and carried on, so that
//! a report that was itself compared can be the next baseline. Tested below and in `tests/it/gate.rs`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

use super::{PageRow, Report, RuleScope};
use crate::finding::{Finding, Known, Outcomes, Since, host, pair};
use crate::rules::RuleId;
use crate::verdict::Outcome;

/// How a run stands to an earlier one.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct BaselineRow {
    /// The id of the earlier run.
    pub run: String,
    /// When it began.
    pub started: String,
    /// What "today" was.
    pub judged_on: Date,
    /// How many findings are what.
    pub counts: BaselineCounts,
    /// Findings of the earlier run that are gone.
    pub fixed: Vec<Finding>,
    /// Findings of the earlier run whose place or rule was not looked at in this run.
    pub not_looked_at: Vec<Finding>,
}

/// How many findings are what.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct BaselineCounts {
    /// The baseline did not have them.
    pub new: u64,
    /// The baseline had them.
    pub unchanged: u64,
    /// Only the baseline has them.
    pub fixed: u64,
    /// Only the baseline has them, and nobody looked again.
    pub not_looked_at: u64,
}

/// Marks the findings of a report, and writes down what became of those of the earlier one.
pub fn compare(report: &mut Report, earlier: &Report) {
    let carried = earlier.baseline.iter().flat_map(|row| &row.not_looked_at);
    let old: Vec<&Finding> = earlier.findings.iter().chain(carried).collect();
    let new: Vec<&Finding> = report.findings.iter().collect();
    let (before, now) = (hosts(earlier, &old), hosts(report, &new));
    let pairs = pair(&Known { findings: &old, hosts: &before }, &Known { findings: &new, hosts: &now });
    let mut gone = vec![true; old.len()];
    pairs.iter().flatten().for_each(|at| gone[*at] = false);
    let mut looked = Looked::of(report);
    looked.whole = earlier.pages.iter().filter(|page| page.judged).all(|page| looked.saw(&page.url, &before));
    let left = old.iter().zip(gone).filter(|(_, gone)| *gone).map(|(one, _)| (*one).clone());
    let bare = left.map(|one| Finding { baseline: None, ..one });
    let (fixed, not_looked_at): (Vec<Finding>, Vec<Finding>) = bare.partition(|one| looked.at(one, &before));
    let mut counts = BaselineCounts {
        fixed: fixed.len() as u64,
        not_looked_at: not_looked_at.len() as u64,
        ..BaselineCounts::default()
    };
    for (finding, pair) in report.findings.iter_mut().zip(pairs) {
        let since = match pair {
            // A doubt that became a failure is a new failure.
            Some(at) if old[at].outcome >= finding.outcome => Since::Unchanged,
            Some(_) | None => Since::New,
        };
        match since {
            Since::New => counts.new += 1,
            Since::Unchanged => counts.unchanged += 1,
        }
        finding.baseline = Some(since);
    }
    let run = &earlier.run;
    report.baseline = Some(BaselineRow {
        run: run.id.clone(),
        started: run.started.clone(),
        judged_on: run.judged_on,
        counts,
        fixed,
        not_looked_at,
    });
}

fn hosts(report: &Report, findings: &[&Finding]) -> BTreeSet<String> {
    let urls = report.pages.iter().map(|page| &*page.url).chain(findings.iter().map(|one| &*one.url));
    urls.map(host).collect()
}

/// What a run looked at, to tell what is gone from what nobody saw.
struct Looked<'a> {
    rules: BTreeMap<&'a RuleId, Option<RuleScope>>,
    /// Whether every page that the earlier run judged was looked at again: only then is what concerns several of them gone.
    whole: bool,
    /// Whether a page that is not in the report is nowhere: every file of a folder was looked at.
    complete: bool,
    hosts: BTreeSet<String>,
    pages: BTreeMap<String, Vec<&'a PageRow>>,
    /// The outcome of each rule at each site, and the path of its root.
    sites: Vec<(String, String, &'a Outcomes)>,
}

impl<'a> Looked<'a> {
    fn of(report: &'a Report) -> Self {
        let mut pages: BTreeMap<String, Vec<&PageRow>> = BTreeMap::new();
        for page in &report.pages {
            for url in std::iter::once(&*page.url).chain(page.aliases.iter().map(String::as_str)) {
                pages.entry(target(url)).or_default().push(page);
            }
        }
        let sites = report.sites.iter().map(|site| {
            let root = site.facts.get("root").and_then(|root| root.as_str()).unwrap_or_default();
            (host(root), target(root), &site.outcomes)
        });
        Self {
            rules: report.rules.iter().map(|row| (&row.id, row.scope)).collect(),
            whole: true,
            complete: is_whole_folder(report),
            hosts: report.pages.iter().map(|page| host(&page.url)).collect(),
            pages,
            sites: sites.collect(),
        }
    }

    /// True when the finding's rule looked at its place. `before` are the hosts of the earlier run.
    fn at(&self, finding: &Finding, before: &BTreeSet<String>) -> bool {
        match self.rules.get(&finding.rule) {
            None => return false,
            Some(Some(RuleScope::Site)) if !self.whole => return false,
            Some(_) => {}
        }
        let same = self.same(&finding.url, before);
        let place = target(&finding.url);
        let pages = self.pages.get(&place).map(Vec::as_slice).unwrap_or_default();
        let mut pages = pages.iter().filter(|page| same(&host(&page.url))).peekable();
        let is_root = |root: &str| place == root || place == "/";
        let site = self.sites.iter().find(|(host, root, _)| same(host) && is_root(root));
        let of_site = site.and_then(|(_, _, outcomes)| outcomes.get(&finding.rule));
        if pages.peek().is_none() {
            return self.complete || of_site.is_some_and(|outcome| outcome != Outcome::Untested);
        }
        pages.all(|page| match page.outcomes.get(&finding.rule) {
            Some(outcome) => outcome != Outcome::Untested,
            None if page.judged => of_site != Some(Outcome::Untested),
            None => is_gone(page),
        })
    }

    /// Which hosts an address of the earlier run may have now: a host of both runs stands for itself; one that only the
    /// earlier run knew may have another name.
    fn same<'s>(&'s self, url: &str, before: &'s BTreeSet<String>) -> impl Fn(&str) -> bool + use<'s, 'a> {
        let home = host(url);
        let known = self.hosts.contains(&home);
        move |other| if known { other == home } else { !before.contains(other) }
    }

    /// True when a page of the earlier run was judged again, or answered that it is no more.
    fn saw(&self, url: &str, before: &BTreeSet<String>) -> bool {
        let same = self.same(url, before);
        let pages = self.pages.get(&target(url)).map(Vec::as_slice).unwrap_or_default();
        let mut pages = pages.iter().filter(|page| same(&host(&page.url))).peekable();
        if pages.peek().is_none() { self.complete } else { pages.any(|page| page.judged || is_gone(page)) }
    }
}

/// True for folders that were read whole: nothing was left out by a pattern, and no target was a single file.
fn is_whole_folder(report: &Report) -> bool {
    let folders = report
        .sites
        .iter()
        .all(|site| site.facts.get("read-from-folder").and_then(serde_json::Value::as_bool) == Some(true));
    let files: Vec<&str> = report.pages.iter().filter_map(|page| page.file.as_deref()).collect();
    let single = report.run.targets.iter().any(|target| files.iter().any(|file| target.ends_with(file)));
    let left_out = report.coverage.pages.skipped_by.contains_key("out-of-scope");
    folders && !report.sites.is_empty() && !single && !left_out && !report.run.stopped
}

/// An answer that says there is no such page any more was looked at.
fn is_gone(page: &PageRow) -> bool {
    page.problem.is_none() && page.status.is_some_and(|status| matches!(status, 404 | 410))
}

/// The path and query of an address; what has no host is its own place.
fn target(url: &str) -> String {
    let whole = || url.to_string();
    Url::parse(url).ok().filter(Url::has_host).map_or_else(whole, |url| {
        url.query().map_or_else(|| url.path().to_string(), |query| format!("{}?{query}", url.path()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEMO: &str = include_str!("../../fixtures/reports/demo.json");

    fn demo() -> Report {
        serde_json::from_str(DEMO).expect("the demo is a report")
    }

    fn counts(report: &mut Report, earlier: &Report) -> [u64; 4] {
        compare(report, earlier);
        let counts = report.baseline.as_ref().expect("it was compared").counts;
        [counts.new, counts.unchanged, counts.fixed, counts.not_looked_at]
    }

    #[test]
    fn a_report_has_nothing_new_against_itself() {
        assert_eq!(counts(&mut demo(), &demo()), [0, 29, 0, 0]);
    }

    #[test]
    fn what_is_gone_is_fixed_only_where_somebody_looked_again() {
        let earlier = demo();
        let mut fewer = demo();
        fewer.findings.remove(0);
        assert_eq!(counts(&mut fewer, &earlier), [0, 28, 1, 0]);

        let mut unseen = demo();
        let page = unseen.findings[0].url.clone();
        let there = unseen.findings.iter().filter(|one| one.url == page).count() as u64;
        unseen.findings.retain(|one| one.url != page);
        unseen.pages.retain(|row| *row.url != *page);
        unseen.sites.iter_mut().for_each(|site| site.outcomes.retain(|_| false));
        assert_eq!(counts(&mut unseen, &earlier), [0, 29 - there, 0, there], "the page was not visited");

        let mut blocked = demo();
        blocked.findings.retain(|one| one.url != page);
        let row = blocked.pages.iter_mut().find(|row| *row.url == *page).expect("the page has a row");
        (row.judged, row.problem) = (false, Some("timeout".to_string()));
        row.outcomes.retain(|_| false);
        assert_eq!(counts(&mut blocked, &earlier), [0, 29 - there, 0, there], "the page did not answer");

        let mut gone = demo();
        gone.findings.retain(|one| one.url != page);
        let row = gone.pages.iter_mut().find(|row| *row.url == *page).expect("the page has a row");
        (row.judged, row.status) = (false, Some(404));
        row.outcomes.retain(|_| false);
        assert_eq!(counts(&mut gone, &earlier), [0, 29 - there, there, 0], "the page is no more");

        let mut skipped = demo();
        let rule = skipped.findings[0].rule.clone();
        let there = skipped.findings.iter().filter(|one| one.rule == rule).count() as u64;
        skipped.findings.retain(|one| one.rule != rule);
        skipped.rules.retain(|row| row.id != rule);
        assert_eq!(counts(&mut skipped, &earlier), [0, 29 - there, 0, there], "the rule did not run");
    }

    #[test]
    fn what_was_not_looked_at_is_carried_to_the_next_comparison() {
        let mut second = demo();
        let page = second.findings[0].url.clone();
        second.findings.retain(|one| one.url != page);
        second.pages.retain(|row| *row.url != *page);
        second.sites.iter_mut().for_each(|site| site.outcomes.retain(|_| false));
        compare(&mut second, &demo());
        assert_eq!(counts(&mut demo(), &second), [0, 29, 0, 0]);
    }

    #[test]
    fn a_doubt_that_failed_since_is_new_and_nothing_is_fixed() {
        let mut earlier = demo();
        earlier.findings[0].outcome = Outcome::CantTell;
        assert_eq!(counts(&mut demo(), &earlier), [1, 28, 0, 0]);
        let mut milder = demo();
        milder.findings[0].outcome = Outcome::CantTell;
        assert_eq!(counts(&mut milder, &demo()), [0, 29, 0, 0]);
    }
}
