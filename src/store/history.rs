//! What a store knows over runs: lines about sites, findings with their first and last run, trends.
//!
//! In: a run, a filter. Out: plain rows. Invariant: a site at which no page could be judged is undetermined: it is counted, and never
//! among the failed. Tested in `tests/it/store.rs`.

use std::collections::BTreeMap;

use super::database::{Row, Value};
use super::outcomes::outcome;
use super::{RunId, RunLine, Store, StoreError};
use crate::finding::Outcomes;
use crate::report::Tally;
use crate::rules::RuleId;
use crate::verdict::Outcome;

/// Which sites or findings are wanted; what is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The agency.
    pub agency: Option<String>,
    /// The bureau.
    pub bureau: Option<String>,
    /// The branch.
    pub branch: Option<String>,
    /// The name of the site.
    pub site: Option<String>,
    /// The rule; of findings only.
    pub rule: Option<RuleId>,
    /// Words that the name of the site, the agency or the bureau holds.
    pub words: Option<String>,
    /// At most so many rows.
    pub most: Option<u64>,
    /// Rows that are passed over first.
    pub after: u64,
}

/// A site in a run, in a line.
#[derive(Clone, Debug)]
pub struct SiteLine {
    /// Its name; of a target that led nowhere yet, the target.
    pub site: String,
    /// What was asked for.
    pub target: String,
    /// waiting, running, done, partly (the run was stopped) or same (another target led to the site).
    pub state: String,
    /// Whose it is.
    pub agency: Option<String>,
    /// Whose of them.
    pub bureau: Option<String>,
    /// executive, legislative, judicial, state-local, none.
    pub branch: Option<String>,
    /// Pages judged; a site that is done with none is undetermined.
    pub judged: u64,
    /// Pages with a problem.
    pub missed: u64,
    /// Findings.
    pub findings: u64,
    /// Problems.
    pub problems: u64,
    /// One outcome a rule; absent is inapplicable.
    pub outcomes: Outcomes,
}

impl SiteLine {
    /// True for a site that was looked at, wholly or until the run was stopped.
    pub fn is_seen(&self) -> bool {
        matches!(self.state.as_str(), "done" | "partly")
    }

    /// True for a site that was looked at and of which nothing could be judged.
    pub fn is_undetermined(&self) -> bool {
        self.is_seen() && self.judged == 0
    }
}

/// A site in one of its runs.
#[derive(Clone, Debug)]
pub struct SiteHistory {
    /// The run.
    pub run: RunLine,
    /// The site in it.
    pub line: SiteLine,
}

/// A page in one of the runs of its site.
#[derive(Clone, Debug)]
pub struct PageHistory {
    /// The run.
    pub run: RunId,
    /// The status, where it answered.
    pub status: Option<u16>,
    /// Whether it was judged.
    pub judged: bool,
    /// A digest of what it said, where that was kept.
    pub digest: Option<Vec<u8>>,
    /// When it says that it changed.
    pub modified: Option<String>,
}

/// A finding of a run with its history.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FindingRow {
    /// The site.
    pub site: String,
    /// Whose it is.
    pub agency: Option<String>,
    /// The rule.
    pub rule: RuleId,
    /// What recognises it over runs.
    pub fingerprint: String,
    /// As the last run that had it says.
    pub outcome: Outcome,
    /// The first run that had it.
    pub first_run: RunId,
    /// When that began.
    pub first_seen: String,
    /// The last run that had it.
    pub last_run: RunId,
}

/// The numbers of a run beside those of the others.
#[derive(Clone, Debug)]
pub struct Trend {
    /// The run.
    pub run: RunLine,
    /// Sites that were looked at.
    pub sites: u64,
    /// Those of which nothing could be judged; they are in no tally.
    pub undetermined: u64,
    /// Pages judged.
    pub pages: u64,
    /// Findings.
    pub findings: u64,
    /// Sites by outcome, for each rule.
    pub rules: BTreeMap<RuleId, Tally>,
}

const SITES: &str = "SELECT COALESCE(s.name, a.target), a.target, a.state, a.agency, a.bureau, a.branch, a.judged, a.missed, \
    a.findings, a.problems, a.outcomes, a.run_id FROM audits a LEFT JOIN sites s ON s.id = a.site_id";

/// Conditions of a statement and their values.
struct Conditions {
    words: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    fn of(run: RunId) -> Self {
        Self { words: vec!["a.run_id = $1".to_string()], values: vec![run.0.into()] }
    }

    /// One more: `{}` in it stands for the value.
    fn and(&mut self, condition: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        self.words.push(condition.replace("{}", &format!("${}", self.values.len())));
    }

    fn filter(mut self, filter: &Filter) -> Self {
        for (column, wanted) in [
            ("a.agency = {}", &filter.agency),
            ("a.bureau = {}", &filter.bureau),
            ("a.branch = {}", &filter.branch),
            ("s.name = {}", &filter.site),
        ] {
            if let Some(wanted) = wanted {
                self.and(column, wanted.as_str());
            }
        }
        if let Some(words) = &filter.words {
            let literal = words.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let like = "LOWER(COALESCE(s.name, a.target) || ' ' || COALESCE(a.agency, '') || ' ' || COALESCE(a.bureau, '')) \
                        LIKE {} ESCAPE '\\'";
            self.and(like, format!("%{literal}%").as_str());
        }
        self
    }

    fn page(self, filter: &Filter) -> (String, Vec<Value>) {
        let (mut words, mut values) = (self.words.join(" AND "), self.values);
        words.push_str(" ORDER BY 1, 2");
        let most = filter.most.and_then(|most| i64::try_from(most).ok()).unwrap_or(i64::MAX);
        values.extend([most.into(), i64::try_from(filter.after).unwrap_or(i64::MAX).into()]);
        words.push_str(&format!(" LIMIT ${} OFFSET ${}", values.len() - 1, values.len()));
        (words, values)
    }
}

impl Store {
    /// The sites of a run, by name.
    ///
    /// # Errors
    /// Those of the database, and where something cannot be read.
    pub async fn sites(&self, run: RunId, filter: &Filter) -> Result<Vec<SiteLine>, StoreError> {
        let (words, values) = Conditions::of(run).filter(filter).page(filter);
        let mut lines = Vec::new();
        for row in self.database.rows(format!("{SITES} WHERE {words}"), values).await? {
            lines.push(self.site_line(&row).await?);
        }
        Ok(lines)
    }

    /// A site in all its runs, the latest first.
    ///
    /// # Errors
    /// Those of the database, and where something cannot be read.
    pub async fn history(&self, site: &str) -> Result<Vec<SiteHistory>, StoreError> {
        let runs = self.runs().await?;
        let sql = format!("{SITES} WHERE s.name = $1 AND a.state IN ('done', 'partly')");
        let mut lines = BTreeMap::new();
        for row in self.database.rows(sql, vec![site.into()]).await? {
            lines.insert(RunId(row.number(11)?), self.site_line(&row).await?);
        }
        let with_line = |run: RunLine| lines.remove(&run.id).map(|line| SiteHistory { run, line });
        Ok(runs.into_iter().filter_map(with_line).collect())
    }

    /// A page in the runs of its site, the earliest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn page_history(&self, site: &str, url: &str) -> Result<Vec<PageHistory>, StoreError> {
        let sql = "SELECT a.run_id, p.status, p.judged, p.digest, p.modified FROM pages p JOIN audits a ON a.id = p.audit_id \
                   JOIN sites s ON s.id = a.site_id WHERE s.name = $1 AND p.url = $2 AND a.state IN ('done', 'partly') ORDER BY a.run_id";
        let line = |row: &Row| {
            Ok(PageHistory {
                run: RunId(row.number(0)?),
                status: row.number_if_any(1)?.and_then(|status| u16::try_from(status).ok()),
                judged: row.number(2)? == 1,
                digest: row.octets_if_any(3)?,
                modified: row.text_if_any(4)?,
            })
        };
        self.database.rows(sql, vec![site.into(), url.into()]).await?.iter().map(line).collect()
    }

    /// The findings that a run had, by site: of a finding that went and came back, also the runs between.
    ///
    /// # Errors
    /// Those of the database, and where something cannot be read.
    pub async fn findings(&self, run: RunId, filter: &Filter) -> Result<Vec<FindingRow>, StoreError> {
        let mut conditions = Conditions::of(run).filter(filter);
        conditions.and("f.first_run <= {}", run.0);
        conditions.and("f.last_run >= {}", run.0);
        if let Some(rule) = &filter.rule {
            conditions.and("r.name = {}", rule.as_str());
        }
        let (words, values) = conditions.page(filter);
        let sql = format!(
            "SELECT s.name, f.fingerprint, r.name, f.outcome, f.first_run, b.started, f.last_run, a.agency \
             FROM findings f JOIN sites s ON s.id = f.site_id JOIN audits a ON a.site_id = s.id AND a.state IN ('done', 'partly') \
             JOIN rules r ON r.id = f.rule_id LEFT JOIN runs b ON b.id = f.first_run WHERE {words}"
        );
        let line = |row: &Row| {
            let reason = || StoreError::Broken { what: "a finding", reason: "its outcome is none".to_string() };
            Ok(FindingRow {
                site: row.text(0)?,
                fingerprint: row.text(1)?,
                rule: RuleId::of(row.text(2)?),
                outcome: u8::try_from(row.number(3)?).ok().and_then(outcome).ok_or_else(reason)?,
                first_run: RunId(row.number(4)?),
                first_seen: row.text_if_any(5)?.unwrap_or_default(),
                last_run: RunId(row.number(6)?),
                agency: row.text_if_any(7)?,
            })
        };
        self.database.rows(sql, values).await?.iter().map(line).collect()
    }

    /// The numbers of every run, the earliest first, over the sites that the filter leaves.
    ///
    /// # Errors
    /// Those of the database, and where something cannot be read.
    pub async fn trends(&self, filter: &Filter) -> Result<Vec<Trend>, StoreError> {
        let mut trends = Vec::new();
        for run in self.runs().await?.into_iter().rev() {
            let lines = self.sites(run.id, filter).await?;
            let done: Vec<SiteLine> = lines.into_iter().filter(|line| line.is_seen()).collect();
            let known = self.known(run.id).await?;
            let mut rules: BTreeMap<RuleId, Tally> = BTreeMap::new();
            for line in done.iter().filter(|line| !line.is_undetermined()) {
                for rule in known.dictionary.rules() {
                    let outcome = line.outcomes.get(rule).unwrap_or(Outcome::Inapplicable);
                    rules.entry(rule.clone()).or_default().count(outcome);
                }
            }
            trends.push(Trend {
                sites: done.len() as u64,
                undetermined: done.iter().filter(|line| line.is_undetermined()).count() as u64,
                pages: done.iter().map(|line| line.judged).sum(),
                findings: done.iter().map(|line| line.findings).sum(),
                rules,
                run,
            });
        }
        Ok(trends)
    }

    async fn site_line(&self, row: &Row) -> Result<SiteLine, StoreError> {
        let count = |at| row.number(at).map(|number| u64::try_from(number).unwrap_or(0));
        let outcomes = match row.octets_if_any(10)? {
            Some(octets) => self.known(RunId(row.number(11)?)).await?.dictionary.read(&octets)?,
            None => Outcomes::default(),
        };
        Ok(SiteLine {
            site: row.text(0)?,
            target: row.text(1)?,
            state: row.text(2)?,
            agency: row.text_if_any(3)?,
            bureau: row.text_if_any(4)?,
            branch: row.text_if_any(5)?,
            judged: count(6)?,
            missed: count(7)?,
            findings: count(8)?,
            problems: count(9)?,
            outcomes,
        })
    }
}
