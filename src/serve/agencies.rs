//! Agencies: the list of all, and a page for each.
//!
//! In: a run. Out: pages. Invariant: ranks are of what could be told; the sites of nobody known have a page, too. Tested in `tests/it/serve.rs`.

use axum::http::StatusCode;

use super::ask::{Ask, NOBODY, link};
use super::frame::{self, Tab};
use super::overview::{adoption, failing, first, lead, requirements, standing, taken_up, unseen};
use super::past::{Past, View};
use super::piece::{begin_table, end_table, further, number, paging, part, row_end, row_head, share};
use super::reply::Reply;
use super::server::Refusal;
use crate::report::html::phrase;
use crate::report::markup::Markup;
use crate::report::rollup::{Group, Level, MEASURES, Share, ranks};
use crate::report::wording::count;

/// Every agency by name.
pub(super) async fn list(past: &Past, ask: &Ask) -> Result<Reply, Refusal> {
    let view = past.view(ask.run).await?;
    let chosen = frame::run(ask);
    let groups = &view.sums.agencies;
    let mut page = Markup::new();
    frame::begin("Agencies", "", Tab::Agencies, Some((&view, ask)), &mut page);
    page.leaf("p", &[("class", "lead")], &format!("{}, by name.", count(groups.len() as u64, "agency", "agencies")));
    table(part(groups, ask.page).iter(), &chosen, &mut page);
    let href = |page: &str| link(&["agencies"], &[("run", &chosen), ("page", page)]);
    paging(groups.len(), ask.page, href, &mut page);
    further(&link(&["csv", "agencies.csv"], &[("run", &chosen)]), "This as a table (CSV)", &mut page);
    frame::end(&mut page);
    Ok(Reply::page(StatusCode::OK, page.into_text()))
}

/// The address of an agency's page.
pub(super) fn agency_link(name: Option<&str>, chosen: &str) -> String {
    link(&["agencies", name.unwrap_or(NOBODY)], &[("run", chosen)])
}

/// Agencies in a table.
pub(super) fn table<'a>(groups: impl Iterator<Item = &'a Group>, chosen: &str, page: &mut Markup) {
    let columns = ["Agency", "Sites", "Not seen", "Failing a must", "Failures", "Analytics program", "Banner"];
    begin_table("Agencies", &columns, page);
    let at = |key: &str| MEASURES.iter().position(|one| one.key == key).unwrap_or(0);
    for group in groups {
        row_head(&agency_link(group.agency.as_deref(), chosen), group.agency_words(), page);
        [group.sites, group.unseen(), group.failing, group.counts.failed].into_iter().for_each(|one| number(one, page));
        share(&group.shares[at("dap")], page);
        share(&group.shares[at("banner")], page);
        row_end(page);
    }
    end_table(page);
}

/// One agency.
pub(super) async fn page(past: &Past, ask: &Ask, name: Option<&str>) -> Result<Reply, Refusal> {
    let view = past.view(ask.run).await?;
    let trend = past.trend(view.sums.line.id).await?;
    let chosen = frame::run(ask);
    let is_it = |group: &&Group| group.agency.as_deref() == name;
    let Some(group) = view.sums.agencies.iter().find(is_it) else {
        return Err(Refusal::absent(format!(
            "agency “{}” in run {}",
            name.unwrap_or("of nobody known"),
            view.sums.line.id.0
        )));
    };
    let mut page = Markup::new();
    let title = group.agency.as_deref().unwrap_or("Sites whose agency nobody knows");
    frame::begin(title, "", Tab::Agencies, Some((&view, ask)), &mut page);
    phrase::section("summary", "Summary", &mut page);
    page.leaf("p", &[("class", "lead")], &lead(group));
    standing(group, &mut page);
    page.open("div", &[("class", "charts")]);
    failing(&trend, |sums| sums.agencies.iter().find(is_it), &mut page);
    taken_up(&trend, |sums| sums.agencies.iter().find(is_it), &mut page);
    page.close("div");
    phrase::end_section(&mut page);
    first(&view, group, &chosen, &mut page);
    places(&view, group, &mut page);
    bureaus(&view, group, &mut page);
    sites(&view, ask, name, &mut page);
    adoption(group, &mut page);
    requirements(&view, group, &mut page);
    unseen(group, &mut page);
    frame::end(&mut page);
    Ok(Reply::page(StatusCode::OK, page.into_text()))
}

/// Where the agency stands among the others, question by question.
fn places(view: &View, group: &Group, page: &mut Markup) {
    let all = &view.sums.agencies;
    if all.len() < 2 {
        return;
    }
    phrase::section("places", "Among the agencies", page);
    page.leaf("p", &[], "By the share of its sites; equal shares have the same place. Agencies of which nothing could be told have none.");
    let mine = all.iter().position(|one| one.agency == group.agency).unwrap_or(0);
    begin_table("Places among the agencies", &["Question", "Share", "Place", "Agencies that could be told"], page);
    for (at, measure) in MEASURES.iter().enumerate() {
        let shares: Vec<Share> = all.iter().map(|one| one.shares[at]).collect();
        let ranked = ranks(&shares);
        page.open("tr", &[]);
        page.leaf("th", &[("scope", "row")], measure.title);
        share(&shares[mine], page);
        page.leaf("td", &[], &ranked[mine].map_or_else(|| "–".to_string(), |rank| rank.to_string()));
        number(ranked.iter().flatten().count() as u64, page);
        row_end(page);
    }
    end_table(page);
    phrase::end_section(page);
}

fn bureaus(view: &View, group: &Group, page: &mut Markup) {
    let bureaus = view.rollup.groups(Level::Bureau);
    let of_it: Vec<&Group> = bureaus.iter().filter(|one| one.agency == group.agency).collect();
    if of_it.len() < 2 {
        return;
    }
    phrase::section("bureaus", "Bureaus", page);
    begin_table("Bureaus", &["Bureau", "Sites", "Not seen", "Failing a must", "Failures"], page);
    for one in of_it {
        page.open("tr", &[]);
        page.leaf("th", &[("scope", "row")], one.bureau_words());
        [one.sites, one.unseen(), one.failing, one.counts.failed].into_iter().for_each(|of| number(of, page));
        row_end(page);
    }
    end_table(page);
    phrase::end_section(page);
}

fn sites(view: &View, ask: &Ask, name: Option<&str>, page: &mut Markup) {
    let chosen = frame::run(ask);
    let stands: Vec<_> = view.rollup.sites.iter().filter(|stand| stand.agency.as_deref() == name).collect();
    phrase::section("sites", "Sites", page);
    super::sites::table(&view.rollup, part(&stands, ask.page), &chosen, page);
    let segment = name.unwrap_or(NOBODY);
    paging(
        stands.len(),
        ask.page,
        |page| link(&["agencies", segment], &[("run", &chosen), ("page", page)]) + "#sites",
        page,
    );
    if let Some(name) = name {
        further(
            &link(&["csv", "sites.csv"], &[("run", &chosen), ("agency", name)]),
            "These sites as a table (CSV)",
            page,
        );
    }
    phrase::end_section(page);
}
