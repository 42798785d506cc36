//! The report: what was judged, what was found, what could not be seen, and one file per format.
//!
//! In: rows that `audit` filled. Out: bytes of a format. Never: opens files, decides levels. Output is deterministic:
//! the same rows give the same bytes. Tested in `tests/it/sinks.rs`; described by `docs/report.schema.json`.

mod baseline;
mod criteria;
mod diff;
mod earl;
mod exceptions;
mod forms;
mod github;
mod gitlab;
mod gsa;
mod home;
pub mod html;
mod json;
mod jsonl;
mod junit;
mod markdown;
pub mod markup;
mod openacr;
mod places;
mod pshtt;
mod ranking;
mod reviewed;
pub mod rollup;
mod rows;
mod safe;
mod sarif;
mod scorecard;
mod summing;
mod table;
mod text;
pub mod wording;
mod words;

pub use baseline::{BaselineCounts, BaselineRow, compare};
pub use diff::diff_json;
pub use earl::earl;
pub use exceptions::idle as idle_exceptions;
pub use forms::forms_csv;
pub use github::github;
pub use gitlab::gitlab;
pub use gsa::{gsa_csv, gsa_json};
pub use html::html;
pub use json::{json, read};
pub use jsonl::{Line, jsonl, last, line};
pub use junit::junit;
pub use markdown::markdown;
pub use openacr::openacr;
pub use pshtt::pshtt_csv;
pub use reviewed::{ReviewTally, open_reviews_csv, tally_reviews};
pub use rows::{
    CitedSource, Coverage, HostCoverage, ListProblem, MeasuredPages, PageCoverage, PageRow, ProblemRow, Report,
    RuleRow, RuleScope, Run, SCHEMA, ScoreRow, SiteRow, Style, Tally, Tool,
};
pub use safe::one_line;
pub use sarif::sarif;
pub use scorecard::{Standing, scorecard};
pub use summing::{Share, Sum};
pub use table::{findings_csv, pages_csv, sites_csv};
pub use text::{Paint, diff_text, text};
