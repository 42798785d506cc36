//! `idea-audit review export`: what is left for people to judge, as a table they can fill in.
//!
//! In: a JSON report. Out: CSV of the doubts that nobody waived or answered, with empty cells for the answer. Tested in
//! `tests/it/gate.rs`.

use clap::{Args as ClapArgs, Subcommand};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::exit::{Exit, Failure};
use super::output::{self, unless_closed};
use super::results;
use crate::report::open_reviews_csv;

/// List what is left for people to judge.
#[derive(ClapArgs)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the doubts nobody answered as CSV
    Export {
        /// A report that `scan --format json` wrote
        #[arg(value_name = "RESULTS")]
        results: PathBuf,
        /// Write them to this file, replaced as a whole
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    match &args.command {
        Command::Export { results, out } => export(results, out.as_deref()),
    }
}

fn export(results: &Path, file: Option<&Path>) -> Result<Exit, Failure> {
    let report = results::read(results)?;
    match file {
        Some(file) => output::replace(file, |out| open_reviews_csv(&report, out))?,
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            let written = open_reviews_csv(&report, &mut out).and_then(|()| out.flush());
            unless_closed(written).map_err(Failure::io("standard output", "is the disk full?"))?;
        }
    }
    Ok(Exit::Fine)
}
