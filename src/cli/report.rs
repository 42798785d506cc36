//! `idea-audit report`: show results again, without crawling.
//!
//! In: a JSON report. Out: any format. Tested in `tests/it/cli.rs`.

use clap::Args as ClapArgs;
use std::path::PathBuf;

use super::exit::{Exit, Failure};
use super::output::Sinks;
use crate::config::ConfigError;
use crate::report::{Report, SCHEMA};

/// Show the results of a scan again, without crawling.
#[derive(ClapArgs)]
pub(super) struct Args {
    /// A report that `scan --format json` wrote
    #[arg(value_name = "RESULTS")]
    results: PathBuf,
    /// How to write it, and where: html=report.html,sarif=out.sarif,json=- (- is standard output). One of json, jsonl, text,
    /// html, markdown, sarif, junit, github, gitlab, csv, pages-csv, sites-csv, earl, openacr, gsa-csv, gsa-json
    /// [default: text on a terminal, else json]
    #[arg(long, value_name = "FORMAT[=FILE]", value_delimiter = ',')]
    format: Vec<String>,
    /// Write it to this file, replaced as a whole; its name says the format where --format does not
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let sinks = Sinks::of(&args.format, args.out.clone())?;
    let name = args.results.display();
    let bytes = std::fs::read(&args.results)
        .map_err(Failure::io(format!("cannot read {name}"), "name a report that `scan --format json` wrote"))?;
    let report: Report = serde_json::from_slice(&bytes).map_err(|error| {
        ConfigError::of(
            format!("{name} is no report of this program: {error}"),
            "name a file that `scan --format json --out FILE` wrote",
        )
    })?;
    if report.schema != SCHEMA {
        let todo = format!("this version reads {SCHEMA}; use the version that wrote it");
        return Err(ConfigError::of(format!("{name} is a {} report", report.schema), todo).into());
    }
    sinks.check()?;
    sinks.write(&report)?;
    Ok(Exit::Fine)
}
