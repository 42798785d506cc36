//! Sites: the list, what words find, and a page for each with its history.
//!
//! In: a run, a name, words. Out: pages. Invariant: what was not seen is told as that. Tested in `tests/it/serve.rs`.

use axum::http::StatusCode;

use super::agencies::agency_link;
use super::ask::{Ask, link};
use super::frame::{self, Tab, day};
use super::overview::rule_link;
use super::past::{Past, View};
use super::piece::{begin_table, cell, end_table, further, number, paging, part, row_end, row_head, tiles};
use super::reply::Reply;
use super::server::Refusal;
use super::trend::Trend;
use crate::report::html::phrase;
use crate::report::markup::Markup;
use crate::report::rollup::{MEASURES, Rollup, Stand};
use crate::report::wording::{count, grouped, problem};
use crate::report::{Report, html};
use crate::rules::RuleId;
use crate::store::{Filter, FindingRow, SiteHistory};
use crate::verdict::Outcome;

/// Rules and problems of a site that are shown.
const MOST_SHOWN: usize = 60;

/// The sites of a view that fit what was asked.
pub(super) fn fitting<'a>(view: &'a View, ask: &Ask) -> Vec<&'a Stand> {
    let words = ask.words.to_lowercase();
    let holds = |text: &str| text.to_lowercase().contains(&words);
    let fits = |stand: &&Stand| {
        let named = words.is_empty()
            || [Some(stand.site.as_str()), stand.agency.as_deref(), stand.bureau.as_deref()]
                .into_iter()
                .flatten()
                .any(holds);
        let of = |wanted: &Option<String>, is: &Option<String>| wanted.is_none() || wanted == is;
        named && of(&ask.agency, &stand.agency) && of(&ask.bureau, &stand.bureau)
    };
    view.rollup.sites.iter().filter(fits).collect()
}

/// Sites in a table.
pub(super) fn table(rollup: &Rollup, stands: &[&Stand], chosen: &str, page: &mut Markup) {
    if stands.is_empty() {
        page.leaf("p", &[], "None.");
        return;
    }
    let columns = ["Site", "Agency", "Standing", "Pages judged", "Failures", "To review"];
    begin_table("Sites", &columns, page);
    for stand in stands {
        row_head(&site_link(&stand.site, chosen), &stand.site, page);
        page.open("td", &[]);
        match &stand.agency {
            Some(agency) => page.leaf("a", &[("href", &agency_link(Some(agency), chosen))], agency),
            None => page.leaf("span", &[("class", "quiet")], "not known"),
        }
        page.close("td");
        page.open("td", &[]);
        badge(rollup, stand, page);
        page.close("td");
        [stand.counts.judged, stand.counts.failed, stand.counts.review].into_iter().for_each(|one| number(one, page));
        row_end(page);
    }
    end_table(page);
}

fn badge(rollup: &Rollup, stand: &Stand, page: &mut Markup) {
    match (stand.seen, rollup.fails(stand)) {
        (false, _) => page.leaf("span", &[("class", "tag quiet")], "not seen"),
        (true, true) => phrase::outcome(Outcome::Failed, page),
        (true, false) => page.leaf("span", &[("class", "tag plain")], "no must failed"),
    }
}

/// The address of a site's page.
pub(super) fn site_link(site: &str, chosen: &str) -> String {
    link(&["sites", site], &[("run", chosen)])
}

/// Every site by name, or those that words find.
pub(super) async fn list(past: &Past, ask: &Ask) -> Result<Reply, Refusal> {
    let view = past.view(ask.run).await?;
    let chosen = frame::run(ask);
    let stands = fitting(&view, ask);
    let mut page = Markup::new();
    frame::begin("Sites", "", Tab::Sites, Some((&view, ask)), &mut page);
    let narrowed = stands.len() != view.rollup.sites.len();
    let words = match narrowed {
        true => {
            format!("{} of {}.", grouped(stands.len() as u64), count(view.rollup.sites.len() as u64, "site", "sites"))
        }
        false => format!("{}, by name.", count(stands.len() as u64, "site", "sites")),
    };
    page.leaf("p", &[("class", "lead")], &words);
    table(&view.rollup, part(&stands, ask.page), &chosen, &mut page);
    let agency = ask.agency.as_deref().unwrap_or_default();
    let bureau = ask.bureau.as_deref().unwrap_or_default();
    let to = |path: &[&str], part: &str| {
        let asked =
            [("run", chosen.as_str()), ("words", &ask.words), ("agency", agency), ("bureau", bureau), ("page", part)];
        link(path, &asked)
    };
    paging(stands.len(), ask.page, |part| to(&["sites"], part), &mut page);
    further(&to(&["csv", "sites.csv"], ""), "These as a table (CSV)", &mut page);
    frame::end(&mut page);
    Ok(Reply::page(StatusCode::OK, page.into_text()))
}

/// What words find: sites, agencies, rules.
pub(super) async fn search(past: &Past, ask: &Ask) -> Result<Reply, Refusal> {
    let view = past.view(ask.run).await?;
    let chosen = frame::run(ask);
    let mut page = Markup::new();
    frame::begin("Search", &ask.words, Tab::None, Some((&view, ask)), &mut page);
    if ask.words.is_empty() {
        page.leaf(
            "p",
            &[("class", "lead")],
            "Write a part of a site's name, of an agency or of a rule into the field, and search again.",
        );
        frame::end(&mut page);
        return Ok(Reply::page(StatusCode::OK, page.into_text()));
    }
    let words = ask.words.to_lowercase();
    let holds = |text: &str| text.to_lowercase().contains(&words);
    let stands = fitting(&view, ask);
    let agencies = view.sums.agencies.iter().filter_map(|group| group.agency.as_deref()).filter(|name| holds(name));
    let agencies: Vec<(String, String)> =
        agencies.map(|name| (agency_link(Some(name), &chosen), name.to_string())).collect();
    let rules = view.rules.iter().filter(|row| holds(row.id.as_str()) || holds(&row.title));
    let rules: Vec<(String, String)> =
        rules.map(|row| (rule_link(row.id.as_str(), &chosen), format!("{} ({})", row.title, row.id))).collect();
    let found = stands.len() + agencies.len() + rules.len();
    let found = count(found as u64, "thing has", "things have");
    page.leaf("p", &[("class", "lead")], &format!("{found} “{}” in the name.", ask.words));
    listed("agencies", "Agencies", &agencies, &mut page);
    listed("rules", "Rules", &rules, &mut page);
    phrase::section("sites", "Sites", &mut page);
    table(&view.rollup, part(&stands, ask.page), &chosen, &mut page);
    let to = |part: &str| link(&["search"], &[("run", &chosen), ("words", &ask.words), ("page", part)]);
    paging(stands.len(), ask.page, to, &mut page);
    phrase::end_section(&mut page);
    frame::end(&mut page);
    Ok(Reply::page(StatusCode::OK, page.into_text()))
}

fn listed(id: &'static str, heading: &str, links: &[(String, String)], page: &mut Markup) {
    if links.is_empty() {
        return;
    }
    phrase::section(id, heading, page);
    page.open("ul", &[("class", "plain")]);
    for (href, words) in links.iter().take(MOST_SHOWN) {
        page.open("li", &[]);
        page.leaf("a", &[("href", href)], words);
        page.close("li");
    }
    page.close("ul");
    if let more @ 1.. = links.len().saturating_sub(MOST_SHOWN) {
        page.leaf("p", &[("class", "quiet")], &format!("and {} more; more words find fewer.", grouped(more as u64)));
    }
    phrase::end_section(page);
}

/// The whole HTML report of one site.
pub(super) async fn report(past: &Past, ask: &Ask, name: &str) -> Result<Reply, Refusal> {
    let view = past.view(ask.run).await?;
    let report = past.store.site_report(view.sums.line.id, name).await?;
    let mut body = Vec::new();
    html(&report, &mut body).expect("writing into memory does not fail");
    Ok(Reply::report(body))
}

/// One site.
pub(super) async fn page(past: &Past, ask: &Ask, name: &str) -> Result<Reply, Refusal> {
    let view = past.view(ask.run).await?;
    let run = view.sums.line.id;
    let history = past.store.history(name).await?;
    if history.is_empty() {
        return Err(Refusal::absent(format!("site “{name}”")));
    }
    let chosen = frame::run(ask);
    let mut page = Markup::new();
    frame::begin(name, "", Tab::Sites, Some((&view, ask)), &mut page);
    let stand = view.places.get(name).map(|at| &view.rollup.sites[*at]);
    match stand {
        None => page.leaf("p", &[("class", "note")], "This run did not look at the site; its history is below."),
        Some(stand) => {
            let report = past.store.site_report(run, name).await?;
            let filter = Filter { site: Some(name.to_string()), ..Filter::default() };
            let findings = past.store.findings(run, &filter).await?;
            standing(&view, stand, &chosen, &mut page);
            failed(&report, &findings, &chosen, &mut page);
            answers(stand, &mut page);
            problems(&report, &mut page);
        }
    }
    over_runs(&history, &mut page);
    frame::end(&mut page);
    Ok(Reply::page(StatusCode::OK, page.into_text()))
}

fn standing(view: &View, stand: &Stand, chosen: &str, page: &mut Markup) {
    phrase::section("summary", "Summary", page);
    page.open("p", &[("class", "lead")]);
    badge(&view.rollup, stand, page);
    match &stand.hindrance {
        Some(kind) if !stand.seen => page.words(&format!(" {}.", problem(kind))),
        Some(_) | None => {}
    }
    page.words(" ");
    match &stand.agency {
        Some(agency) => page.leaf("a", &[("href", &agency_link(Some(agency), chosen))], agency),
        None => page.words("Nobody knows whose it is."),
    }
    if let Some(bureau) = &stand.bureau {
        page.words(&format!(", {bureau}"));
    }
    page.close("p");
    let number = |outcome| stand.rules.iter().filter(|one| **one == outcome).count() as u64;
    tiles(
        &[
            (stand.counts.judged, "pages judged"),
            (number(Outcome::Failed), "rules failed"),
            (number(Outcome::CantTell), "rules to review"),
            (number(Outcome::Passed), "rules found nothing"),
            (stand.counts.failed, "failures"),
            (stand.counts.problems, "problems"),
        ],
        page,
    );
    page.open("p", &[]);
    page.leaf(
        "a",
        &[("href", &link(&["sites", &stand.site, "report"], &[("run", chosen)]))],
        "The whole report of the site, finding by finding",
    );
    page.words("; ");
    page.leaf(
        "a",
        &[("href", &link(&["csv", "findings.csv"], &[("run", chosen), ("site", &stand.site)]))],
        "its findings as a table (CSV)",
    );
    page.words("; ");
    page.leaf(
        "a",
        &[("href", &link(&["api", "v1", "sites", &stand.site, "report"], &[("run", chosen)]))],
        "the same as JSON",
    );
    page.words(".");
    page.close("p");
    phrase::end_section(page);
}

/// Rules with findings, failures first, and since when.
fn failed(report: &Report, findings: &[FindingRow], chosen: &str, page: &mut Markup) {
    phrase::section("rules", "Failed or to review", page);
    let mut rows: Vec<_> = report
        .rules
        .iter()
        .filter_map(|row| {
            let of_it = report.findings.iter().filter(|one| one.rule == row.id);
            let (failed, review) = of_it.fold((0, 0), |(failed, review), one| {
                (failed + u64::from(one.is_open_failure()), review + u64::from(one.is_open_doubt()))
            });
            (failed + review > 0).then_some((row, failed, review))
        })
        .collect();
    if rows.is_empty() {
        page.leaf("p", &[], "Nothing was found.");
        phrase::end_section(page);
        return;
    }
    rows.sort_by_key(|(row, failed, _)| std::cmp::Reverse((*failed > 0, row.obligation, row.impact, *failed)));
    let since =
        |rule: &RuleId| findings.iter().filter(|one| one.rule == *rule).map(|one| one.first_seen.as_str()).min();
    begin_table("Rules with findings", &["Rule", "Impact", "Binding", "Failures", "To review", "First seen"], page);
    for (row, failed, review) in rows.iter().take(MOST_SHOWN) {
        row_head(&rule_link(row.id.as_str(), chosen), &row.title, page);
        cell(row.impact.as_str(), page);
        cell(phrase::obligation(row.obligation), page);
        number(*failed, page);
        number(*review, page);
        let date = since(&row.id).and_then(|moment| moment.get(..10));
        cell(&date.map_or_else(|| "–".to_string(), day), page);
        row_end(page);
    }
    end_table(page);
    if let more @ 1.. = rows.len().saturating_sub(MOST_SHOWN) {
        page.leaf("p", &[("class", "quiet")], &format!("and {} more in the whole report.", grouped(more as u64)));
    }
    phrase::end_section(page);
}

fn answers(stand: &Stand, page: &mut Markup) {
    phrase::section("adoption", "What the home page has", page);
    begin_table("What the home page has", &["Question", "Answer"], page);
    for (measure, answer) in MEASURES.iter().zip(&stand.answers) {
        page.open("tr", &[]);
        page.leaf("th", &[("scope", "row")], measure.title);
        cell(answer.as_str(), page);
        row_end(page);
    }
    end_table(page);
    phrase::end_section(page);
}

fn problems(report: &Report, page: &mut Markup) {
    if report.problems.is_empty() {
        return;
    }
    phrase::section("problems", "Could not be looked at", page);
    begin_table("Problems", &["Address", "What stood in the way"], page);
    for row in report.problems.iter().take(MOST_SHOWN) {
        page.open("tr", &[]);
        page.open("th", &[("scope", "row"), ("class", "long")]);
        phrase::address(&row.url, &row.url, page);
        page.close("th");
        cell(&format!("{} ({})", problem(&row.kind), row.detail), page);
        row_end(page);
    }
    end_table(page);
    if let more @ 1.. = report.problems.len().saturating_sub(MOST_SHOWN) {
        page.leaf("p", &[("class", "quiet")], &format!("and {} more in the whole report.", grouped(more as u64)));
    }
    phrase::end_section(page);
}

/// The runs that looked at the site.
fn over_runs(history: &[SiteHistory], page: &mut Markup) {
    phrase::section("history", "Over runs", page);
    let number_of = |one: &SiteHistory, outcome| one.line.outcomes.values().filter(|of| *of == outcome).count() as u64;
    let earliest_first: Vec<&SiteHistory> = history.iter().rev().collect();
    let series = |outcome| {
        let value = |one: &&SiteHistory| (!one.line.is_undetermined()).then(|| number_of(one, outcome) as f64);
        earliest_first.iter().map(value).collect()
    };
    Trend {
        id: "trend-site",
        title: "Rules over runs",
        unit: "",
        labels: earliest_first.iter().map(|one| day(&one.run.judged_on)).collect(),
        series: vec![("to review", series(Outcome::CantTell)), ("failed", series(Outcome::Failed))],
    }
    .draw(page);
    let columns = ["Run", "Pages judged", "Rules failed", "To review", "Findings", "Problems"];
    begin_table("Runs that looked at the site", &columns, page);
    for one in history {
        let run = one.run.id.0.to_string();
        row_head(&site_link(&one.line.site, &run), &format!("{} ({run})", day(&one.run.judged_on)), page);
        number(one.line.judged, page);
        match one.line.is_undetermined() {
            true => ["not known", "not known"].into_iter().for_each(|words| cell(words, page)),
            false => [Outcome::Failed, Outcome::CantTell].into_iter().for_each(|of| number(number_of(one, of), page)),
        }
        number(one.line.findings, page);
        number(one.line.problems, page);
        row_end(page);
    }
    end_table(page);
    phrase::end_section(page);
}
