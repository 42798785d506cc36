//! Whole reports out of the store.
//!
//! In: a run, perhaps one of its sites. Out: a [`Report`], as the scan wrote it where the run ended, else summed up from the sites
//! that are done. Invariant: what comes back is what was committed, in the order of reports. Tested in `tests/it/store.rs`.

use std::collections::BTreeMap;

use super::database::{Row, Value};
use super::pack::unpack;
use super::run::Known;
use super::site::Body;
use super::{RunId, RunState, Store, StoreError};
use crate::finding::{Finding, Shared};
use crate::report::rollup::Rollup;
use crate::report::{PageRow, ProblemRow, Report, RuleRow, ScoreRow, Share, SiteRow, Sum, Tally};

const AUDITS: &str = "SELECT a.id, a.outcomes, a.body, a.missed FROM audits a JOIN sites s ON s.id = a.site_id \
    WHERE a.run_id = $1 AND a.state IN ('done', 'partly')";
const PAGES: &str = "SELECT p.audit_id, p.url, p.status, p.media, p.judged, p.problem, p.file, p.aliases, p.outcomes, p.findings \
    FROM pages p JOIN audits a ON a.id = p.audit_id";
const PROBLEMS: &str = "SELECT p.url, p.kind, p.detail FROM problems p JOIN audits a ON a.id = p.audit_id";

/// Sites that are read at once.
const SOME: i64 = 100;

/// What is read of a run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Span<'a> {
    Run,
    Site(&'a str),
}

impl Store {
    /// The report of a run.
    ///
    /// # Errors
    /// Where there is no such run, or something in it cannot be read.
    pub async fn report(&self, run: RunId) -> Result<Report, StoreError> {
        self.recreated(run, Span::Run).await
    }

    /// The report of one site of a run, with its numbers alone.
    ///
    /// # Errors
    /// As [`Store::report`], and where the run has no such site.
    pub async fn site_report(&self, run: RunId, site: &str) -> Result<Report, StoreError> {
        let report = self.recreated(run, Span::Site(site)).await?;
        if report.sites.is_empty() {
            let what = format!("site {site} in run {}", run.0);
            return Err(StoreError::Absent { what, todo: "the names of its sites are those of the report" });
        }
        Ok(report)
    }

    async fn recreated(&self, run: RunId, span: Span<'_>) -> Result<Report, StoreError> {
        let known = self.known(run).await?;
        let mut report = known.frame.clone();
        let mut sum = Sum::default();
        let (of_site, values) = match span {
            Span::Run => ("", vec![Value::from(run.0)]),
            Span::Site(site) => (" AND s.name = $2", vec![run.0.into(), site.into()]),
        };
        let mut audits = Vec::new();
        for row in self.database.rows(format!("{AUDITS}{of_site} ORDER BY s.name"), values).await? {
            audits.push(row.number(0)?);
            let body: Body = unpack("a site", &row.octets(2)?)?;
            let missed = u64::try_from(row.number(3)?).unwrap_or(0);
            report.findings.extend(body.findings.iter().cloned());
            let share = share(&body, missed, &known);
            let site = site_row(body, &row.octets(1)?, &known)?;
            sum.add(&site, &share);
            report.sites.push(site);
        }
        let (which, value) = match (span, audits.first()) {
            (Span::Site(_), Some(audit)) => ("a.id = $1", *audit),
            (Span::Site(_), None) => return Ok(report),
            (Span::Run, _) => ("a.run_id = $1", run.0),
        };
        let done = format!("WHERE {which} AND a.state IN ('done', 'partly')");
        self.read_rows(&done, value, &known, &mut report).await?;
        report.sort();
        report.problems.dedup();
        if !known.settled || span != Span::Run {
            sum.write(&mut report);
            report.coverage.problems = report.problems.len() as u64;
            self.note_end(run, &mut report).await?;
        }
        Ok(report)
    }

    /// The report of a run without its sites, pages, findings and problems: the numbers over all sites. Memory does not grow with them.
    ///
    /// # Errors
    /// As [`Store::report`].
    pub async fn summary(&self, run: RunId) -> Result<Report, StoreError> {
        let known = self.known(run).await?;
        let mut report = known.frame.clone();
        if known.settled {
            return Ok(report);
        }
        let mut sum = Sum::default();
        let mut last = 0;
        loop {
            let values = vec![run.0.into(), last.into(), SOME.into()];
            let rows = self.database.rows(format!("{AUDITS} AND a.id > $2 ORDER BY a.id LIMIT $3"), values).await?;
            let Some(row) = rows.last() else { break };
            last = row.number(0)?;
            for row in &rows {
                let body: Body = unpack("a site", &row.octets(2)?)?;
                let share = share(&body, u64::try_from(row.number(3)?).unwrap_or(0), &known);
                sum.add(&site_row(body, &row.octets(1)?, &known)?, &share);
            }
        }
        sum.write(&mut report);
        self.note_end(run, &mut report).await?;
        Ok(report)
    }

    /// The sites of a run, by name, each as a report with its rows alone (no numbers over them): memory holds one at a time.
    ///
    /// # Errors
    /// As [`Store::report`].
    pub async fn each_site(&self, run: RunId, mut take: impl FnMut(&Report)) -> Result<(), StoreError> {
        let known = self.known(run).await?;
        let mut report = known.frame.clone();
        let mut last = String::new();
        loop {
            let values = vec![run.0.into(), last.as_str().into(), SOME.into()];
            let rows = self.database.rows(format!("{AUDITS} AND s.name > $2 ORDER BY s.name LIMIT $3"), values).await?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in &rows {
                let audit = row.number(0)?;
                let body: Body = unpack("a site", &row.octets(2)?)?;
                report.findings.clone_from(&body.findings);
                report.sites = vec![site_row(body, &row.octets(1)?, &known)?];
                last.clone_from(&report.sites[0].site);
                self.read_rows("WHERE a.id = $1", audit, &known, &mut report).await?;
                take(&report);
                (report.pages, report.problems) = (Vec::new(), Vec::new());
            }
        }
    }

    /// The roll-up of a run, and its report without rows: memory does not grow with its pages.
    ///
    /// # Errors
    /// As [`Store::report`].
    pub async fn rolled_up(&self, run: RunId) -> Result<(Report, Rollup), StoreError> {
        let mut report = self.summary(run).await?;
        report.sort();
        let mut rollup = Rollup::begin(&report.rules, &report.scorecard);
        self.each_site(run, |site| rollup.add_all(site)).await?;
        // A database may have an order of its own.
        rollup.sites.sort_by(|a, b| a.site.cmp(&b.site));
        Ok((report, rollup))
    }

    /// Adds the pages with their findings, and the problems, of the audits that a condition leaves.
    async fn read_rows(&self, done: &str, value: i64, known: &Known, report: &mut Report) -> Result<(), StoreError> {
        let mut shared = Shared::default();
        for row in self.database.rows(format!("{PAGES} {done}"), vec![value.into()]).await? {
            let (mut page, mut findings) = page(&row, known)?;
            shared.outcomes(&mut page.outcomes);
            shared.findings(&mut findings);
            report.pages.push(page);
            report.findings.extend(findings);
        }
        for row in self.database.rows(format!("{PROBLEMS} {done}"), vec![value.into()]).await? {
            report.problems.push(ProblemRow { url: row.text(0)?, kind: row.text(1)?, detail: row.text(2)? });
        }
        Ok(())
    }

    /// A run without its whole report says when it ended, and that it did not end where it did not.
    async fn note_end(&self, run: RunId, report: &mut Report) -> Result<(), StoreError> {
        let sql = "SELECT finished, state FROM runs WHERE id = $1";
        let Some(row) = self.database.row(sql, vec![run.0.into()]).await? else { return Ok(()) };
        if let Some(finished) = row.text_if_any(0)? {
            report.run.finished = finished;
        }
        report.run.stopped = row.text(1)? != RunState::Finished.as_str();
        Ok(())
    }

    /// The pages of a site of a run, in the order of their addresses, each with its findings.
    ///
    /// # Errors
    /// Those of the database, and where something cannot be read.
    pub async fn pages(&self, run: RunId, site: &str) -> Result<Vec<(PageRow, Vec<Finding>)>, StoreError> {
        let known = self.known(run).await?;
        let sql = format!(
            "{PAGES} JOIN sites s ON s.id = a.site_id WHERE a.run_id = $1 AND s.name = $2 AND a.state IN ('done', 'partly') ORDER BY p.no"
        );
        let rows = self.database.rows(sql, vec![run.0.into(), site.into()]).await?;
        rows.iter().map(|row| page(row, &known)).collect()
    }
}

fn share(body: &Body, missed: u64, known: &Known) -> Share {
    let tally = |(place, tally): &(usize, Tally)| Some((known.dictionary.rule(*place)?.clone(), *tally));
    Share { coverage: body.coverage.clone(), missed, tallies: body.tallies.iter().filter_map(tally).collect() }
}

fn site_row(body: Body, outcomes: &[u8], known: &Known) -> Result<SiteRow, StoreError> {
    let frame = &known.frame.scorecard;
    if body.scorecard.len() != frame.len() {
        let reason = format!("{} rows where the run has {}", body.scorecard.len(), frame.len());
        return Err(StoreError::Broken { what: "a scorecard", reason });
    }
    let scorecard = frame
        .iter()
        .zip(body.scorecard)
        .map(|(row, slim)| ScoreRow {
            outcome: slim.outcome,
            rules: slim.rules,
            evidence: slim.evidence.iter().filter_map(|place| known.dictionary.rule(*place).cloned()).collect(),
            reviewed: slim.reviewed,
            ..row.clone()
        })
        .collect();
    Ok(SiteRow { scorecard, outcomes: known.dictionary.read(outcomes)?, ..body.site })
}

fn page(row: &Row, known: &Known) -> Result<(PageRow, Vec<Finding>), StoreError> {
    let aliases = row.text_if_any(7)?.unwrap_or_default();
    let page = PageRow {
        url: row.text(1)?.into(),
        status: row.number_if_any(2)?.and_then(|status| u16::try_from(status).ok()),
        media: row.text_if_any(3)?,
        judged: row.number(4)? == 1,
        problem: row.text_if_any(5)?,
        file: row.text_if_any(6)?,
        aliases: aliases.lines().map(str::to_string).collect(),
        outcomes: known.dictionary.read(&row.octets(8)?)?,
    };
    let findings = match row.octets_if_any(9)? {
        Some(octets) => unpack("findings", &octets)?,
        None => Vec::new(),
    };
    Ok((page, findings))
}

/// The rules of a run with their titles, as its report has them.
impl Store {
    /// The rules of a run.
    ///
    /// # Errors
    /// Where there is no such run.
    pub async fn rules(&self, run: RunId) -> Result<BTreeMap<String, RuleRow>, StoreError> {
        let known = self.known(run).await?;
        Ok(known.frame.rules.iter().map(|row| (row.id.to_string(), row.clone())).collect())
    }

    /// The scorecard's rows of a run, with the numbers over all sites where the run ended as a whole.
    ///
    /// # Errors
    /// Where there is no such run.
    pub async fn requirements(&self, run: RunId) -> Result<Vec<ScoreRow>, StoreError> {
        Ok(self.known(run).await?.frame.scorecard.clone())
    }
}
