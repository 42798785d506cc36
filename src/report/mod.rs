//! The report: what was judged, what was found, what could not be seen, and one file per format.
//!
//! In: rows that `audit` filled. Out: bytes of a format. Never: opens files, decides levels. Output is deterministic:
//! the same rows give the same bytes. Tested in `tests/it/sinks.rs`; described by `docs/report.schema.json`.

mod json;
mod jsonl;
mod rows;
mod safe;
mod scorecard;
mod text;

pub use json::json;
pub use jsonl::{Line, jsonl, last, line};
pub use rows::{
    CitedSource, Coverage, HostCoverage, PageCoverage, PageRow, ProblemRow, Report, RuleRow, Run, SCHEMA, ScoreRow,
    SiteRow, Style, Tally, Tool,
};
pub use safe::one_line;
pub use scorecard::{Standing, scorecard};
pub use text::{Paint, text};
