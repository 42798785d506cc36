//! What programs read: JSON, described by `openapi.json`.
//!
//! In: a run, what is wanted. Out: JSON. Invariant: every path and parameter is in the description, and every answer is what that says. Tested in
//! `tests/it/serve.rs`.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::ask::{Ask, Resource};
use super::past::Past;
use super::reply::Reply;
use super::server::Refusal;
use super::sites::fitting;
use crate::report::rollup::{Group, MEASURES, Rollup, Share, Stand, of_run};
use crate::rules::RuleId;
use crate::store::{Filter, FindingRow, RunLine, SiteHistory};

/// The description of the API (OpenAPI 3.1.0).
pub(super) const DESCRIPTION: &str = include_str!("openapi.json");
/// Rows of one answer.
const MOST_ROWS: u64 = 500;

/// An answer.
pub(super) async fn json(past: &Past, ask: &Ask, resource: &Resource) -> Result<Reply, Refusal> {
    let value = match resource {
        Resource::Runs => json!({ "runs": past.lines().await?.iter().map(run).collect::<Vec<_>>() }),
        Resource::Site(name) => history(past, name).await?,
        Resource::SiteReport(name) => {
            let view = past.view(ask.run).await?;
            let report = past.store.site_report(view.sums.line.id, name).await?;
            let mut body = Vec::new();
            crate::report::json(&report, &mut body).expect("writing into memory does not fail");
            return Ok(Reply::of("application/json", body));
        }
        Resource::Rollup => {
            let view = past.view(ask.run).await?;
            of_run(&view.tool, &view.run, &view.rollup)
        }
        Resource::Trends => trends(past, ask).await?,
        Resource::Rules => rules(past, ask).await?,
        Resource::Findings => findings(past, ask).await?,
        Resource::Sites => sites(past, ask).await?,
    };
    Ok(Reply::json(StatusCode::OK, &value))
}

fn run(line: &RunLine) -> Value {
    json!({
        "run": line.id.0, "id": line.uuid, "state": line.state.as_str(), "plan": line.plan, "started": line.started,
        "finished": line.finished, "judged-on": line.judged_on, "targets": line.targets, "done": line.done,
        "pages": line.pages, "findings": line.findings,
    })
}

async fn sites(past: &Past, ask: &Ask) -> Result<Value, Refusal> {
    let view = past.view(ask.run).await?;
    let stands = fitting(&view, ask);
    let from = usize::try_from((ask.page - 1).saturating_mul(MOST_ROWS)).unwrap_or(usize::MAX);
    let rows = stands.iter().skip(from).take(MOST_ROWS as usize);
    Ok(json!({
        "run": view.sums.line.id.0, "page": ask.page, "pages": (stands.len() as u64).div_ceil(MOST_ROWS).max(1), "all": stands.len(),
        "sites": rows.map(|stand| site(&view.rollup, stand)).collect::<Vec<_>>(),
    }))
}

fn site(rollup: &Rollup, stand: &Stand) -> Value {
    let answers =
        MEASURES.iter().zip(&stand.answers).map(|(one, answer)| (one.key.to_string(), json!(answer.as_str())));
    json!({
        "site": stand.site, "agency": stand.agency, "bureau": stand.bureau, "branch": stand.branch.map(|branch| branch.as_str()),
        "seen": stand.seen, "not-seen-by": stand.hindrance, "fails-a-must": rollup.fails(stand),
        "pages": stand.counts.pages, "judged": stand.counts.judged, "problems": stand.counts.problems,
        "failed": stand.counts.failed, "needs-review": stand.counts.review, "adoption": answers.collect::<Map<_, _>>(),
    })
}

async fn history(past: &Past, name: &str) -> Result<Value, Refusal> {
    let history = past.store.history(name).await?;
    if history.is_empty() {
        return Err(Refusal::absent(format!("site “{name}”")));
    }
    let line = |one: &SiteHistory| {
        json!({
            "run": one.run.id.0, "judged-on": one.run.judged_on, "agency": one.line.agency, "bureau": one.line.bureau,
            "branch": one.line.branch, "judged": one.line.judged, "missed": one.line.missed, "findings": one.line.findings,
            "problems": one.line.problems, "undetermined": one.line.is_undetermined(), "outcomes": one.line.outcomes,
        })
    };
    Ok(json!({ "site": name, "runs": history.iter().map(line).collect::<Vec<_>>() }))
}

async fn findings(past: &Past, ask: &Ask) -> Result<Value, Refusal> {
    let view = past.view(ask.run).await?;
    let words = (!ask.words.is_empty()).then(|| ask.words.clone());
    let filter = Filter {
        agency: ask.agency.clone(),
        bureau: ask.bureau.clone(),
        site: ask.site.clone(),
        rule: ask.rule.as_deref().map(RuleId::of),
        words,
        // One more than is shown says whether there is a next page.
        most: Some(MOST_ROWS + 1),
        after: (ask.page - 1).saturating_mul(MOST_ROWS),
        ..Filter::default()
    };
    let rows = past.store.findings(view.sums.line.id, &filter).await?;
    let row = |one: &FindingRow| {
        json!({
            "site": one.site, "agency": one.agency, "rule": one.rule, "fingerprint": one.fingerprint, "outcome": one.outcome,
            "first-run": one.first_run.0, "first-seen": one.first_seen, "last-run": one.last_run.0,
        })
    };
    let shown = rows.iter().take(MOST_ROWS as usize).map(row);
    Ok(json!({
        "run": view.sums.line.id.0, "page": ask.page, "more": rows.len() as u64 > MOST_ROWS, "findings": shown.collect::<Vec<_>>(),
    }))
}

async fn rules(past: &Past, ask: &Ask) -> Result<Value, Refusal> {
    let view = past.view(ask.run).await?;
    let row = |(row, sites): (&crate::report::RuleRow, &crate::report::Tally)| {
        json!({
            "rule": row.id, "title": row.title, "impact": row.impact, "obligation": row.obligation, "serves": row.serves,
            "sites": sites,
        })
    };
    let rows = view.rules.iter().zip(&view.sums.total.rules).map(row);
    Ok(json!({ "run": view.sums.line.id.0, "rules": rows.collect::<Vec<_>>() }))
}

async fn trends(past: &Past, ask: &Ask) -> Result<Value, Refusal> {
    let view = past.view(ask.run).await?;
    let sums = past.trend(view.sums.line.id).await?;
    let group = |group: &Group| {
        let share = |share: &Share| {
            json!({"yes": share.yes, "no": share.no, "undetermined": share.undetermined, "not-asked": share.not_asked,
                "percent": share.hundredths().map(|hundredths| hundredths as f64 / 100.0)})
        };
        let adoption = MEASURES.iter().zip(&group.shares).map(|(one, of)| (one.key.to_string(), share(of)));
        json!({
            "sites": group.sites, "seen": group.seen, "failing-a-must": group.failing, "failed": group.counts.failed,
            "needs-review": group.counts.review, "adoption": adoption.collect::<Map<_, _>>(),
        })
    };
    let mut rows = Vec::new();
    for one in &sums {
        let of = match &ask.agency {
            None => Some(&one.total),
            Some(name) => one.agencies.iter().find(|group| group.agency.as_ref() == Some(name)),
        };
        rows.push(json!({ "run": one.line.id.0, "judged-on": one.line.judged_on, "numbers": of.map(group) }));
    }
    Ok(json!({ "agency": ask.agency, "runs": rows }))
}
