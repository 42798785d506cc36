//! `idea-audit report`: show results again, without crawling.
//!
//! In: a JSON report, or a run of a store. Out: any format. Tested in `tests/it/cli.rs` and `tests/it/resume.rs`.

use clap::Args as ClapArgs;
use std::path::PathBuf;

use super::exit::{Exit, Failure};
use super::manner::Manner;
use super::output::Sinks;
use super::results;

/// Show the results of a scan again, without crawling.
#[derive(ClapArgs)]
pub(super) struct Args {
    /// A report that `scan --format json` wrote; - is standard input. With --store the name of a run: latest, a number, or the
    /// beginning of its id [default with --store: latest]
    #[arg(value_name = "RESULTS", required_unless_present = "store")]
    results: Option<PathBuf>,
    /// Take a run of this store: a file, or postgres://user@host/database
    #[arg(long, value_name = "PLACE")]
    store: Option<String>,
    /// How to write it, and where: html=report.html,sarif=out.sarif,json=- (- is standard output). One of json, jsonl, text,
    /// html, markdown, sarif, junit, github, gitlab, csv, pages-csv, sites-csv, earl, openacr, gsa-csv, gsa-json,
    /// pshtt-csv, forms-csv, rollup-json, agencies-csv, requirements-csv, adoption-csv, idea-csv, idea-bureaus-csv, standards-csv,
    /// standards-bureaus-csv
    /// [default: as the ending of the --out file says; without --out text on a terminal, else json]
    #[arg(long, value_name = "FORMAT[=FILE]", value_delimiter = ',')]
    format: Vec<String>,
    /// Write it to this file, replaced as a whole; without --format its ending chooses: .html, .sarif, .csv, .md, .txt, .jsonl,
    /// .xml (junit), .jsonld (earl), .yaml (openacr), else json
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Words only: no colour, also on a terminal
    #[arg(long)]
    plain: bool,
    /// Say nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let sinks = Sinks::of(&args.format, args.out.clone(), Manner::of(args.plain))?;
    let results = args.results.clone().unwrap_or_else(|| "latest".into());
    if let Some(store) = args.store.as_deref().filter(|_| sinks.are_rollups()) {
        results::write_rollups(&results, store, &sinks)?;
        return Ok(Exit::Fine);
    }
    let report = results::found(&results, args.store.as_deref())?;
    sinks.check()?;
    sinks.write(&report)?;
    Ok(Exit::Fine)
}
