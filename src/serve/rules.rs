//! Rules: the list of all that a run asked, and a page for each.
//!
//! In: a run. Out: pages. Invariant: a rule's own words about what no machine can see stand on its page. Tested in `tests/it/serve.rs`.

use axum::http::StatusCode;

use super::agencies::agency_link;
use super::ask::{Ask, link};
use super::frame::{self, Tab, day};
use super::overview::rule_link;
use super::past::{Past, View};
use super::piece::{begin_table, cell, end_table, further, paging, part, row_end, row_head, share, tally, tiles};
use super::reply::Reply;
use super::server::Refusal;
use super::trend::Trend;
use crate::report::RuleRow;
use crate::report::html::phrase;
use crate::report::markup::Markup;
use crate::report::rollup::{Share, Stand};
use crate::report::wording::count;
use crate::verdict::Outcome;

/// Every rule, those that fail at most sites first.
pub(super) async fn list(past: &Past, ask: &Ask) -> Result<Reply, Refusal> {
    let view = past.view(ask.run).await?;
    let chosen = frame::run(ask);
    let tallies = &view.sums.total.rules;
    let mut order: Vec<usize> = (0..view.rules.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse((tallies[*at].failed, tallies[*at].cant_tell)), *at));
    let mut page = Markup::new();
    frame::begin("Rules", "", Tab::Rules, Some((&view, ask)), &mut page);
    let words = count(order.len() as u64, "rule", "rules");
    page.leaf("p", &[("class", "lead")], &format!("{words}; those that fail at most sites come first."));
    let columns = ["Rule", "Impact", "Binding", "Failed at", "To review", "Nothing found", "Not tested"];
    begin_table("Rules by sites", &columns, &mut page);
    for at in part(&order, ask.page) {
        let row = &view.rules[*at];
        row_head(&rule_link(row.id.as_str(), &chosen), &row.title, &mut page);
        cell(row.impact.as_str(), &mut page);
        cell(phrase::obligation(row.obligation), &mut page);
        tally(&tallies[*at], &mut page);
        row_end(&mut page);
    }
    end_table(&mut page);
    paging(order.len(), ask.page, |page| link(&["rules"], &[("run", &chosen), ("page", page)]), &mut page);
    frame::end(&mut page);
    Ok(Reply::page(StatusCode::OK, page.into_text()))
}

/// One rule.
pub(super) async fn page(past: &Past, ask: &Ask, id: &str) -> Result<Reply, Refusal> {
    let view = past.view(ask.run).await?;
    let Some((at, row)) = view.rule(id) else {
        return Err(Refusal::absent(format!("rule “{id}” in run {}", view.sums.line.id.0)));
    };
    let trend = past.trend(view.sums.line.id).await?;
    let mut page = Markup::new();
    frame::begin(&row.title, "", Tab::Rules, Some((&view, ask)), &mut page);
    about(row, &mut page);
    phrase::section("standing", "Sites", &mut page);
    let sites = &view.sums.total.rules[at];
    let numbers = [
        (sites.failed, "failed"),
        (sites.cant_tell, "to review"),
        (sites.passed, "nothing found"),
        (sites.untested, "not tested"),
        (sites.inapplicable, "nothing to judge"),
    ];
    tiles(&numbers, &mut page);
    // Rules come and go between runs: each run knows its own place of this one.
    let mut failed = Vec::new();
    let mut review = Vec::new();
    for sums in &trend {
        let tally = sums.rules.binary_search_by(|one| one.as_str().cmp(id)).ok().map(|at| sums.total.rules[at]);
        failed.push(tally.map(|tally| tally.failed as f64));
        review.push(tally.map(|tally| tally.cant_tell as f64));
    }
    let labels = trend.iter().map(|sums| day(&sums.line.judged_on)).collect();
    let series = vec![("to review", review), ("failed", failed)];
    Trend { id: "trend-rule", title: "Sites over runs", unit: "", labels, series }.draw(&mut page);
    phrase::end_section(&mut page);
    by_agency(&view, at, &frame::run(ask), &mut page);
    where_failed(&view, ask, at, row, &mut page);
    frame::end(&mut page);
    Ok(Reply::page(StatusCode::OK, page.into_text()))
}

fn about(row: &RuleRow, page: &mut Markup) {
    phrase::section("about", "What it asks", page);
    page.open("p", &[("class", "tags")]);
    phrase::impact(row.impact, page);
    page.words(" ");
    page.leaf("span", &[("class", "tag plain")], phrase::obligation(row.obligation));
    page.words(" ");
    page.leaf("code", &[], row.id.as_str());
    page.close("p");
    page.open("dl", &[]);
    phrase::term("What is looked at", &row.text.what, page);
    phrase::term("Why", &row.text.why, page);
    phrase::term("How to mend it", &row.text.fix, page);
    phrase::term("What a machine cannot see", &row.text.limits, page);
    page.close("dl");
    if !row.cites.is_empty() {
        page.leaf("h3", &[], "Where it is written");
        page.open("ul", &[("class", "plain")]);
        for cite in row.cites.iter() {
            page.open("li", &[]);
            phrase::address(&cite.url, &cite.title, page);
            let note = cite.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            page.words(&format!(", {}: {}{note}", cite.part, phrase::obligation(cite.says)));
            page.close("li");
        }
        page.close("ul");
    }
    phrase::end_section(page);
}

fn by_agency(view: &View, at: usize, chosen: &str, page: &mut Markup) {
    let mut groups: Vec<_> = view.sums.agencies.iter().filter(|group| group.rules[at].failed > 0).collect();
    if groups.is_empty() {
        return;
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.rules[at].failed));
    phrase::section("agencies", "Agencies", page);
    let columns =
        ["Agency", "Nothing found, of what could be told", "Failed", "To review", "Nothing found", "Not tested"];
    begin_table("Agencies where it fails", &columns, page);
    for group in groups {
        row_head(&agency_link(group.agency.as_deref(), chosen), group.agency_words(), page);
        share(&Share::of(&group.rules[at]), page);
        tally(&group.rules[at], page);
        row_end(page);
    }
    end_table(page);
    phrase::end_section(page);
}

fn where_failed(view: &View, ask: &Ask, at: usize, row: &RuleRow, page: &mut Markup) {
    let chosen = frame::run(ask);
    let of = |outcome| view.rollup.sites.iter().filter(move |stand: &&Stand| stand.rules[at] == outcome);
    let stands: Vec<&Stand> = of(Outcome::Failed).chain(of(Outcome::CantTell)).collect();
    phrase::section("sites", "Where it failed, then where a person has to look", page);
    super::sites::table(&view.rollup, part(&stands, ask.page), &chosen, page);
    let (pack, name) = row.id.as_str().split_once('/').unwrap_or_default();
    let to = |part: &str| link(&["rules", pack, name], &[("run", &chosen), ("page", part)]) + "#sites";
    paging(stands.len(), ask.page, to, page);
    let api = link(&["api", "v1", "findings"], &[("run", &chosen), ("rule", row.id.as_str())]);
    further(&api, "The findings of this rule (JSON)", page);
    phrase::end_section(page);
}
