//! The runs of the store.
//!
//! In: a store. Out: a page. Tested in `tests/it/serve.rs`.

use axum::http::StatusCode;

use super::ask::{Ask, link};
use super::frame::{self, Tab, day};
use super::past::Past;
use super::piece::{begin_table, cell, end_table, number, paging, part, row_end, row_head};
use super::reply::Reply;
use super::server::Refusal;
use crate::report::markup::Markup;
use crate::report::wording::count;

/// Every run, the latest first.
pub(super) async fn page(past: &Past, ask: &Ask) -> Result<Reply, Refusal> {
    let lines = past.lines().await?;
    let mut page = Markup::new();
    frame::begin("Runs", "", Tab::Runs, None, &mut page);
    let words = match lines.len() {
        0 => "The store has no run yet. Scan with --store and this store, then come back.".to_string(),
        runs => format!("{}, the latest first. Choose one to see it as it was.", count(runs as u64, "run", "runs")),
    };
    page.leaf("p", &[("class", "lead")], &words);
    if !lines.is_empty() {
        let columns = ["Run", "State", "Plan", "Targets", "Done", "Pages judged", "Findings"];
        begin_table("Runs", &columns, &mut page);
        for line in part(&lines, ask.page) {
            let id = line.id.0.to_string();
            row_head(&link(&[], &[("run", &id)]), &format!("{} ({id})", day(&line.judged_on)), &mut page);
            cell(line.state.as_str(), &mut page);
            cell(&line.plan, &mut page);
            [line.targets, line.done, line.pages, line.findings].into_iter().for_each(|one| number(one, &mut page));
            row_end(&mut page);
        }
        end_table(&mut page);
        paging(lines.len(), ask.page, |page| link(&["runs"], &[("page", page)]), &mut page);
    }
    frame::end(&mut page);
    Ok(Reply::page(StatusCode::OK, page.into_text()))
}
