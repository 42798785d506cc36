//! `idea-audit report`: show results again, without crawling.
//!
//! In: a JSON report. Out: any format. Tested in `tests/it/cli.rs`.

use clap::Args as ClapArgs;
use serde::Deserialize;
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
    /// html, markdown, sarif, junit, github, gitlab, csv, pages-csv, sites-csv, earl, openacr, gsa-csv, gsa-json,
    /// pshtt-csv
    /// [default: as the ending of the --out file says; without --out text on a terminal, else json]
    #[arg(long, value_name = "FORMAT[=FILE]", value_delimiter = ',')]
    format: Vec<String>,
    /// Write it to this file, replaced as a whole; without --format its ending chooses: .html, .sarif, .csv, .md, .txt, .jsonl,
    /// .xml (junit), .jsonld (earl), .yaml (openacr), else json
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// What every version of the report has.
#[derive(Deserialize)]
struct Stamp {
    schema: String,
    tool: Option<StampTool>,
}

#[derive(Deserialize)]
struct StampTool {
    version: Option<String>,
}

/// One line of JSON Lines.
#[derive(Deserialize)]
struct KindOfLine {
    #[serde(rename = "kind")]
    _kind: String,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let sinks = Sinks::of(&args.format, args.out.clone())?;
    let name = args.results.display();
    let bytes = std::fs::read(&args.results)
        .map_err(Failure::io(format!("cannot read {name}"), "name a report that `scan --format json` wrote"))?;
    refuse_others(&name.to_string(), &bytes)?;
    let report: Report = serde_json::from_slice(&bytes).map_err(|error| {
        ConfigError::of(
            format!("{name} is no report of this program: {error}"),
            "name a file that `scan --format json --out FILE` wrote",
        )
    })?;
    sinks.check()?;
    sinks.write(&report)?;
    Ok(Exit::Fine)
}

/// Says what a file is that this version cannot read, where that can be told.
fn refuse_others(name: &str, bytes: &[u8]) -> Result<(), ConfigError> {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if serde_json::from_slice::<KindOfLine>(first).is_ok() {
        return Err(ConfigError::of(
            format!("{name} is JSON Lines, which cannot be read back"),
            "name a file that `scan --format json --out FILE` wrote; --format jsonl=FILE,json=FILE writes both",
        ));
    }
    let Ok(Stamp { schema, tool }) = serde_json::from_slice::<Stamp>(bytes) else { return Ok(()) };
    if schema == SCHEMA {
        return Ok(());
    }
    let writer = match tool.and_then(|tool| tool.version) {
        Some(version) => format!("idea-audit {version}"),
        None => "another version".to_string(),
    };
    Err(ConfigError::of(
        format!("{name} is a {schema} report, written by {writer}"),
        format!(
            "this is idea-audit {}, which reads {SCHEMA}; use the version that wrote it",
            env!("CARGO_PKG_VERSION")
        ),
    ))
}
