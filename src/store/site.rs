//! A site's audit as it is written.
//!
//! In: the report of one site, and what its answers said of their age. Out: rows. Invariants: an audit is committed whole or not at all;
//! a second target that led to a site which the run has already leaves a mark and no second set of rows. Tested in
//! `tests/it/store.rs`, also for its size.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::claim::{Claim, hold};
use super::database::{Value, Work};
use super::outcomes::{Dictionary, octet};
use super::pack::pack;
use super::run::{Known, lost_row};
use super::{RunId, Store, StoreError};
use crate::finding::{Finding, Outcomes};
use crate::report::{Coverage, PageRow, Report, ReviewTally, SiteRow, Tally};
use crate::rules::RuleId;
use crate::verdict::Outcome;

/// What an answer says of its age: for a later scan that asks only for what changed.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Mark {
    /// A digest of the body.
    pub digest: Vec<u8>,
    /// The field `ETag`.
    pub etag: Option<String>,
    /// The field `Last-Modified`.
    pub modified: Option<String>,
}

/// How the audit of a site ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ended {
    /// Nothing is left to do.
    Whole,
    /// The run was stopped before: what was seen is shown, and a resumed run goes on with the site.
    Partly,
}

/// What the report says of a site besides outcomes and pages.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Body {
    /// The row without outcomes and scorecard.
    pub(super) site: SiteRow,
    /// The rows of the scorecard in the order of the frame's.
    pub(super) scorecard: Vec<Slim>,
    pub(super) coverage: Coverage,
    /// Tallies that are not all zero, by the place of their rule.
    pub(super) tallies: Vec<(usize, Tally)>,
    /// Findings of no page.
    pub(super) findings: Vec<Finding>,
}

/// A row of a site's scorecard without the words that the frame has.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Slim {
    pub(super) outcome: Outcome,
    pub(super) rules: Tally,
    /// Places of rules.
    pub(super) evidence: Vec<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reviewed: Option<ReviewTally>,
}

impl Store {
    /// Writes the audit of one site: `report` is a report with exactly one site, `marks` says of its pages how old they are, by
    /// address.
    ///
    /// # Errors
    /// [`StoreError::Lost`] where the claim is not the last; those of the database. Nothing is written then.
    pub async fn commit(
        &self,
        claim: &Claim,
        report: &Report,
        marks: &BTreeMap<String, Mark>,
        ended: Ended,
    ) -> Result<(), StoreError> {
        let [site] = &report.sites[..] else {
            let reason = format!("it has {} sites", report.sites.len());
            return Err(StoreError::Broken { what: "the report of a site", reason });
        };
        let known = self.known(claim.run).await?;
        let mut work = self.database.begin().await?;
        let state = match ended {
            Ended::Whole => "done",
            Ended::Partly => "partly",
        };
        hold(&mut work, claim, state).await?;
        let number = site_number(&mut work, &site.site).await?;
        let sql = "SELECT id FROM audits WHERE run_id = $1 AND site_id = $2 AND id <> $3 AND state = 'done'";
        let values = vec![claim.run.0.into(), number.into(), claim.audit.into()];
        let finished: Value = report.run.finished.as_str().into();
        if work.row(sql, values).await?.is_some() {
            let sql = "UPDATE audits SET state = 'same', site_id = $1, finished = $2 WHERE id = $3";
            work.run(sql, vec![number.into(), finished, claim.audit.into()]).await?;
            return work.commit().await;
        }
        let astray = write_pages(&mut work, claim, &known.dictionary, report, marks).await?;
        write_audit(&mut work, claim, &known, number, report, astray).await?;
        write_findings(&mut work, claim.run, &known, number, report.findings.iter()).await?;
        write_problems(&mut work, claim, report).await?;
        work.commit().await
    }

    /// Writes anew what became clear of a site after it was written down: its outcomes, its scorecard, its findings and facts, and outcomes
    /// and findings of the pages named. `report` is that of the site, as [`Store::site_report`] gives it, with the changes, all of which are by
    /// `rules`.
    ///
    /// # Errors
    /// Those of the database; nothing is written then, nor where the run has no such site.
    pub async fn amend(
        &self,
        run: RunId,
        report: &Report,
        pages: &BTreeSet<Arc<str>>,
        rules: &BTreeSet<&RuleId>,
    ) -> Result<(), StoreError> {
        let Some(site) = report.sites.first() else { return Ok(()) };
        let known = self.known(run).await?;
        let mut work = self.database.begin().await?;
        let sql = "SELECT a.id, a.site_id FROM audits a JOIN sites s ON s.id = a.site_id \
                   WHERE a.run_id = $1 AND s.name = $2 AND a.state IN ('done', 'partly')";
        let Some(row) = work.row(sql, vec![run.0.into(), site.site.as_str().into()]).await? else { return Ok(()) };
        let (audit, number) = (row.number(0)?, row.number(1)?);
        let mut by_page: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for finding in &report.findings {
            by_page.entry(&finding.url).or_default().push(finding);
        }
        for page in &report.pages {
            let findings = by_page.remove(&*page.url);
            if pages.contains(&page.url) {
                let sql = "UPDATE pages SET outcomes = $1, findings = $2 WHERE audit_id = $3 AND url = $4";
                let findings: Value = findings.map(|findings| pack(&findings)).into();
                let outcomes = known.dictionary.write(&page.outcomes);
                work.run(sql, vec![outcomes.into(), findings, audit.into(), (&*page.url).into()]).await?;
            }
        }
        let astray = by_page.into_values().flatten().cloned().collect();
        let body = body(site, report, astray, &known.dictionary);
        let findings = i64::try_from(report.findings.len()).expect("fewer rows than 2^63");
        let outcomes = known.dictionary.write(&site.outcomes);
        let sql = "UPDATE audits SET findings = $1, outcomes = $2, body = $3 WHERE id = $4";
        work.run(sql, vec![findings.into(), outcomes.into(), pack(&body).into(), audit.into()]).await?;
        let fresh = report.findings.iter().filter(|finding| rules.contains(&finding.rule));
        write_findings(&mut work, run, &known, number, fresh).await?;
        work.commit().await
    }

    /// Writes down that targets led to a site that the run has by another target.
    ///
    /// # Errors
    /// Those of the database; nothing is written then.
    pub async fn same(&self, run: RunId, targets: &[String], site: &str) -> Result<(), StoreError> {
        let mut work = self.database.begin().await?;
        for target in targets {
            let sql = "UPDATE audits SET state = 'same', site_id = (SELECT id FROM sites WHERE name = $1) \
                       WHERE run_id = $2 AND target = $3 AND state NOT IN ('done', 'partly')";
            work.run(sql, vec![site.into(), run.0.into(), target.as_str().into()]).await?;
        }
        work.commit().await
    }
}

/// The number of a site over all runs. Its row stays locked until the transaction ends, so that two targets which lead to one site
/// are written one after the other.
async fn site_number(work: &mut Work, name: &str) -> Result<i64, StoreError> {
    let sql = "INSERT INTO sites (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id";
    work.row(sql, vec![name.into()]).await?.ok_or_else(lost_row)?.number(0)
}

/// Writes pages with their findings; gives back the findings that are of no page.
async fn write_pages(
    work: &mut Work,
    claim: &Claim,
    dictionary: &Dictionary,
    report: &Report,
    marks: &BTreeMap<String, Mark>,
) -> Result<Vec<Finding>, StoreError> {
    for sql in ["DELETE FROM pages WHERE audit_id = $1", "DELETE FROM problems WHERE audit_id = $1"] {
        work.run(sql, vec![claim.audit.into()]).await?;
    }
    let mut by_page: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        by_page.entry(&finding.url).or_default().push(finding);
    }
    let mut rows = Vec::new();
    for (no, page) in report.pages.iter().enumerate() {
        let findings = by_page.remove(&*page.url);
        let no = i64::try_from(no).expect("fewer pages than 2^63");
        rows.push(page_row(claim.audit, no, page, dictionary, findings, marks.get(&*page.url)));
    }
    let head = "INSERT INTO pages (audit_id, no, url, status, media, judged, problem, file, aliases, outcomes, findings, \
                digest, etag, modified)";
    work.insert(head, rows, "").await?;
    Ok(by_page.into_values().flatten().cloned().collect())
}

fn page_row(
    audit: i64,
    no: i64,
    page: &PageRow,
    dictionary: &Dictionary,
    findings: Option<Vec<&Finding>>,
    mark: Option<&Mark>,
) -> Vec<Value> {
    let aliases = (!page.aliases.is_empty()).then(|| page.aliases.join("\n"));
    vec![
        audit.into(),
        no.into(),
        (&*page.url).into(),
        page.status.map(i64::from).into(),
        page.media.as_deref().into(),
        i64::from(page.judged).into(),
        page.problem.as_deref().into(),
        page.file.as_deref().into(),
        aliases.as_deref().into(),
        dictionary.write(&page.outcomes).into(),
        findings.map(|findings| pack(&findings)).into(),
        mark.map(|mark| mark.digest.clone()).into(),
        mark.and_then(|mark| mark.etag.as_deref()).into(),
        mark.and_then(|mark| mark.modified.as_deref()).into(),
    ]
}

async fn write_audit(
    work: &mut Work,
    claim: &Claim,
    known: &Known,
    number: i64,
    report: &Report,
    astray: Vec<Finding>,
) -> Result<(), StoreError> {
    let site = &report.sites[0];
    let body = body(site, report, astray, &known.dictionary);
    let missed = report.pages.iter().filter(|page| page.problem.is_some()).count();
    let count = |number: usize| i64::try_from(number).expect("fewer rows than 2^63");
    let branch = site.profile.branch.map(|branch| branch.as_str());
    work.run(
        "UPDATE audits SET site_id = $1, agency = COALESCE($2, agency), bureau = COALESCE($3, bureau), \
         branch = COALESCE($4, branch), finished = $5, judged = $6, missed = $7, findings = $8, problems = $9, \
         outcomes = $10, body = $11 WHERE id = $12",
        vec![
            number.into(),
            site.agency.as_deref().into(),
            site.bureau.as_deref().into(),
            branch.into(),
            report.run.finished.as_str().into(),
            i64::try_from(report.coverage.pages.judged).unwrap_or(i64::MAX).into(),
            count(missed).into(),
            count(report.findings.len()).into(),
            count(report.problems.len()).into(),
            known.dictionary.write(&site.outcomes).into(),
            pack(&body).into(),
            claim.audit.into(),
        ],
    )
    .await?;
    Ok(())
}

fn body(site: &SiteRow, report: &Report, astray: Vec<Finding>, dictionary: &Dictionary) -> Body {
    let slim = site.scorecard.iter().map(|row| Slim {
        outcome: row.outcome,
        rules: row.rules,
        evidence: row.evidence.iter().filter_map(|rule| dictionary.place(rule)).collect(),
        reviewed: row.reviewed,
    });
    let tallies = report.rules.iter().filter(|row| row.tally != Tally::default());
    Body {
        scorecard: slim.collect(),
        coverage: report.coverage.clone(),
        tallies: tallies.filter_map(|row| Some((dictionary.place(&row.id)?, row.tally))).collect(),
        findings: astray,
        site: SiteRow {
            site: site.site.clone(),
            agency: site.agency.clone(),
            bureau: site.bureau.clone(),
            profile: site.profile.clone(),
            scorecard: Vec::new(),
            outcomes: Outcomes::default(),
            questions: site.questions.clone(),
            facts: site.facts.clone(),
        },
    }
}

async fn write_findings(
    work: &mut Work,
    run: RunId,
    known: &Known,
    site: i64,
    findings: impl Iterator<Item = &Finding>,
) -> Result<(), StoreError> {
    // In one order everywhere, so that two writers cannot wait for each other in a circle.
    let mut rows: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for finding in findings {
        let Some(rule) = known.numbers.get(&finding.rule) else { continue };
        let outcome = i64::from(octet(finding.outcome));
        let row = vec![
            site.into(),
            (&*finding.fingerprint).into(),
            (*rule).into(),
            run.0.into(),
            run.0.into(),
            outcome.into(),
        ];
        rows.insert(&finding.fingerprint, row);
    }
    let tail = "ON CONFLICT (site_id, fingerprint) DO UPDATE SET rule_id = excluded.rule_id, outcome = excluded.outcome, \
                last_run = CASE WHEN excluded.last_run > findings.last_run THEN excluded.last_run ELSE findings.last_run END, \
                first_run = CASE WHEN excluded.first_run < findings.first_run THEN excluded.first_run ELSE findings.first_run END";
    let head = "INSERT INTO findings (site_id, fingerprint, rule_id, first_run, last_run, outcome)";
    work.insert(head, rows.into_values().collect(), tail).await
}

async fn write_problems(work: &mut Work, claim: &Claim, report: &Report) -> Result<(), StoreError> {
    let rows = report
        .problems
        .iter()
        .zip(0_i64..)
        .map(|(row, no)| {
            vec![
                claim.audit.into(),
                no.into(),
                row.url.as_str().into(),
                row.kind.as_str().into(),
                row.detail.as_str().into(),
            ]
        })
        .collect();
    work.insert("INSERT INTO problems (audit_id, no, url, kind, detail)", rows, "").await
}
