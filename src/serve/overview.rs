//! The first page: how the run stands, what changed over runs, what to begin with.
//!
//! In: a run and those before it. Out: a page. Invariant: no number stands for the whole; sites that nobody saw are told apart. Tested in
//! `tests/it/serve.rs`.

use axum::http::StatusCode;
use std::sync::Arc;

use super::ask::{Ask, TABLES, Table, link};
use super::frame::{self, Tab, day};
use super::past::{Past, Sums, View};
use super::piece::{begin_table, cell, end_table, further, number, row_end, row_head, share, tally, tiles};
use super::reply::Reply;
use super::server::Refusal;
use super::trend::Trend;
use crate::report::Tally;
use crate::report::html::phrase;
use crate::report::markup::Markup;
use crate::report::rollup::{Group, MEASURES, Sheet};
use crate::report::wording::{count, grouped, problem, sentence};

/// Rules and agencies on the first page.
const MOST_RULES: usize = 8;
const MOST_AGENCIES: usize = 10;

/// The page.
pub(super) async fn page(past: &Past, ask: &Ask) -> Result<Reply, Refusal> {
    let view = past.view(ask.run).await?;
    let trend = past.trend(view.sums.line.id).await?;
    let chosen = frame::run(ask);
    let mut page = Markup::new();
    frame::begin("Overview", "", Tab::Overview, Some((&view, ask)), &mut page);
    summary(&view, &trend, &mut page);
    first(&view, &view.sums.total, &chosen, &mut page);
    adoption(&view.sums.total, &mut page);
    agencies(&view, &chosen, &mut page);
    requirements(&view, &view.sums.total, &mut page);
    unseen(&view.sums.total, &mut page);
    downloads(&chosen, &mut page);
    frame::end(&mut page);
    Ok(Reply::page(StatusCode::OK, page.into_text()))
}

fn summary(view: &View, trend: &[Arc<Sums>], page: &mut Markup) {
    phrase::section("summary", "Summary", page);
    let total = &view.sums.total;
    page.leaf("p", &[("class", "lead")], &lead(total));
    standing(total, page);
    page.open("div", &[("class", "charts")]);
    failing(trend, |sums| Some(&sums.total), page);
    taken_up(trend, |sums| Some(&sums.total), page);
    page.close("div");
    phrase::end_section(page);
}

/// What a group comes to, in a sentence or two.
pub(super) fn lead(group: &Group) -> String {
    let (seen, unseen) = (group.seen, group.unseen());
    let rest = match unseen {
        0 => String::new(),
        one => format!(
            " {} could not be seen and {} against nobody.",
            count(one, "site", "sites"),
            if one == 1 { "counts" } else { "count" }
        ),
    };
    if seen == 0 {
        return format!("No site could be seen, so nothing was found.{rest}");
    }
    let sites = count(seen, "site", "sites");
    format!("{} of {sites} seen fail something that is a must.{rest}", grouped(group.failing.min(seen)))
}

/// The tiles of a group.
pub(super) fn standing(group: &Group, page: &mut Markup) {
    tiles(
        &[
            (group.sites, "sites"),
            (group.seen, "seen"),
            (group.unseen(), "not seen"),
            (group.counts.judged, "pages judged"),
            (group.counts.failed, "failures"),
            (group.counts.review, "to review"),
        ],
        page,
    );
}

fn labels(trend: &[Arc<Sums>]) -> Vec<String> {
    trend.iter().map(|sums| day(&sums.line.judged_on)).collect()
}

/// Sites seen, and those that fail a must, over runs.
pub(super) fn failing(trend: &[Arc<Sums>], group: impl Fn(&Sums) -> Option<&Group>, page: &mut Markup) {
    let series = |of: fn(&Group) -> u64| trend.iter().map(|sums| group(sums).map(|one| of(one) as f64)).collect();
    Trend {
        id: "trend-failing",
        title: "Sites over runs",
        unit: "",
        labels: labels(trend),
        series: vec![("seen", series(|one| one.seen)), ("failing a must", series(|one| one.failing))],
    }
    .draw(page);
}

/// Shares of what people notice first, over runs.
pub(super) fn taken_up(trend: &[Arc<Sums>], group: impl Fn(&Sums) -> Option<&Group>, page: &mut Markup) {
    let series = |at: usize| {
        let value = |sums: &Arc<Sums>| group(sums)?.shares[at].hundredths().map(|hundredths| hundredths as f64 / 100.0);
        trend.iter().map(value).collect()
    };
    let shown = MEASURES.iter().enumerate().filter(|(_, one)| ["dap", "banner", "search"].contains(&one.key));
    Trend {
        id: "trend-adoption",
        title: "Taken up, of the sites that could be told",
        unit: "%",
        labels: labels(trend),
        series: shown.map(|(at, one)| (one.title, series(at))).collect(),
    }
    .draw(page);
}

/// The rules that fail at most sites, each with its fix.
pub(super) fn first(view: &View, group: &Group, chosen: &str, page: &mut Markup) {
    phrase::section("fix-first", "Failing at most sites", page);
    let worst = group.worst(MOST_RULES);
    if worst.is_empty() {
        page.leaf("p", &[], "No rule failed.");
        phrase::end_section(page);
        return;
    }
    page.open("ol", &[("class", "first")]);
    for (at, failed) in worst {
        let (row, tally) = (&view.rules[at], &group.rules[at]);
        page.open("li", &[]);
        page.open("h3", &[]);
        page.leaf("a", &[("href", &rule_link(row.id.as_str(), chosen))], &row.title);
        page.close("h3");
        page.open("p", &[("class", "tags")]);
        phrase::impact(row.impact, page);
        page.words(" ");
        page.leaf("span", &[("class", "tag plain")], phrase::obligation(row.obligation));
        let judged = tally.failed + tally.cant_tell + tally.passed;
        let spread = format!(" fails at {} of {}", grouped(failed), count(judged, "site judged", "sites judged"));
        page.leaf("span", &[("class", "spread")], &spread);
        page.close("p");
        page.leaf("p", &[], sentence(&row.text.fix));
        page.close("li");
        page.line();
    }
    page.close("ol");
    further(&link(&["rules"], &[("run", chosen)]), "All rules", page);
    phrase::end_section(page);
}

/// The address of a rule's page.
pub(super) fn rule_link(id: &str, chosen: &str) -> String {
    let (pack, name) = id.split_once('/').unwrap_or((id, ""));
    link(&["rules", pack, name], &[("run", chosen)])
}

/// What has been taken up.
pub(super) fn adoption(group: &Group, page: &mut Markup) {
    phrase::section("adoption", "Taken up", page);
    page.leaf(
        "p",
        &[],
        "What home pages have. Sites where nobody could tell, and those a question is not asked of, are in no percentage.",
    );
    begin_table("What home pages have", &["Question", "Share", "Yes", "No", "Not known", "Not asked"], page);
    for (measure, one) in MEASURES.iter().zip(&group.shares) {
        page.open("tr", &[]);
        page.leaf("th", &[("scope", "row")], measure.title);
        share(one, page);
        [one.yes, one.no, one.undetermined, one.not_asked].into_iter().for_each(|of| number(of, page));
        row_end(page);
    }
    end_table(page);
    phrase::end_section(page);
}

fn agencies(view: &View, chosen: &str, page: &mut Markup) {
    phrase::section("agencies", "Agencies", page);
    let mut groups: Vec<&Group> = view.sums.agencies.iter().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.failing));
    page.leaf("p", &[], "Those with most sites that fail a must come first.");
    super::agencies::table(groups.iter().take(MOST_AGENCIES).copied(), chosen, page);
    let words = count(groups.len() as u64, "agency, and how each stands", "agencies, and how each stands");
    further(&link(&["agencies"], &[("run", chosen)]), &format!("All {words}"), page);
    phrase::end_section(page);
}

/// The scorecard over the sites of a group.
pub(super) fn requirements(view: &View, group: &Group, page: &mut Markup) {
    phrase::section("requirements", "Requirements", page);
    page.leaf(
        "p",
        &[],
        "Sites by how each paragraph stands. “Nothing found” is what the rules say, not that the paragraph is met.",
    );
    let is_idle = |sites: &Tally| sites.failed + sites.cant_tell + sites.passed == 0;
    if group.requirements.iter().all(is_idle) {
        page.leaf("p", &[], "Nothing could be judged.");
        phrase::end_section(page);
        return;
    }
    let columns = ["Requirement", "Failed", "To review", "Nothing found", "Not tested"];
    begin_table("Sites by requirement", &columns, page);
    let mut idle = 0;
    for (row, sites) in view.scorecard.iter().zip(&group.requirements) {
        if is_idle(sites) {
            idle += 1;
            continue;
        }
        page.open("tr", &[]);
        page.open("th", &[("scope", "row"), ("class", "long")]);
        page.words(&row.title);
        let source = if row.source_title.is_empty() { &row.source } else { &row.source_title };
        page.leaf("span", &[("class", "quiet")], &format!(" {source}, {}", row.part));
        page.close("th");
        tally(sites, page);
        row_end(page);
    }
    end_table(page);
    if idle > 0 {
        let words = count(
            idle,
            "requirement is one that no rule could judge",
            "requirements are such that no rule could judge them",
        );
        page.leaf("p", &[("class", "quiet")], &format!("{words} here."));
    }
    phrase::end_section(page);
}

/// Why sites were not seen.
pub(super) fn unseen(group: &Group, page: &mut Markup) {
    if group.unseen() == 0 {
        return;
    }
    phrase::section("unseen", "Not seen", page);
    page.leaf(
        "p",
        &[],
        "What stood in the way of home pages. That is no failure of a site, and such a site is in no percentage.",
    );
    begin_table("Sites not seen", &["What stood in the way", "Sites"], page);
    for (kind, sites) in &group.hindered {
        page.open("tr", &[]);
        page.leaf("th", &[("scope", "row")], &problem(kind));
        number(*sites, page);
        row_end(page);
    }
    end_table(page);
    phrase::end_section(page);
}

fn downloads(chosen: &str, page: &mut Markup) {
    phrase::section("downloads", "Tables", page);
    begin_table("Tables to download", &["File", "What it holds"], page);
    for (name, table) in TABLES {
        let words = match table {
            Table::Rolled(Sheet::Agencies) => {
                "a row for each agency and bureau: what was seen, what failed, what has been taken up"
            }
            Table::Rolled(Sheet::Requirements) => "a row for each requirement and agency or bureau, ranked",
            Table::Rolled(Sheet::Adoption) => "a row for each question and agency or bureau, ranked",
            Table::Rolled(Sheet::Idea) => "the layout of GSA's IDEA report, by agency",
            Table::Rolled(Sheet::IdeaBureaus) => "the same by bureau",
            Table::Rolled(Sheet::Standards) => "the layout of GSA's Standards report, by agency",
            Table::Rolled(Sheet::StandardsBureaus) => "the same by bureau",
            Table::Sites => "a row for each site",
            Table::Findings => continue,
        };
        let file = format!("{name}.csv");
        row_head(&link(&["csv", &file], &[("run", chosen)]), &file, page);
        cell(words, page);
        row_end(page);
    }
    end_table(page);
    phrase::end_section(page);
}
