//! Tables to download.
//!
//! In: a run, what is wanted. Out: CSV, the same bytes as the formats of a report where there is one. Invariant: as there, no cell begins a
//! formula. Tested in `tests/it/serve.rs`.

use super::ask::Wrong;
use super::ask::{Ask, TABLES, Table};
use super::past::Past;
use super::reply::Reply;
use super::server::Refusal;
use super::sites::fitting;
use crate::report::findings_csv;
use crate::report::rollup;

/// A table.
pub(super) async fn csv(past: &Past, ask: &Ask, table: Table) -> Result<Reply, Refusal> {
    let view = past.view(ask.run).await?;
    let run = view.sums.line.id;
    let mut body = Vec::new();
    let out = &mut body;
    let written = match table {
        Table::Rolled(sheet) => sheet.write(&view.rollup, out),
        Table::Sites => rollup::stands_csv(&view.rollup, &fitting(&view, ask), out),
        Table::Findings => {
            let Some(site) = &ask.site else {
                let told =
                    "Findings are given site by site: add ?site= and its name. /api/v1/findings has those of all.";
                return Err(Refusal::Wrong(Wrong::Unreadable(told.to_string())));
            };
            findings_csv(&past.store.site_report(run, site).await?, out)
        }
    };
    written.expect("writing into memory does not fail");
    let name = TABLES.iter().find(|(_, one)| *one == table).map_or("table", |(name, _)| name);
    let of = ask.site.as_ref().map(|site| format!("-{site}")).unwrap_or_default();
    Ok(Reply::csv(&format!("{name}{of}-run-{}.csv", run.0), body))
}
