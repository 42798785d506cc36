//! `idea-audit diff`: what changed between two results.
//!
//! In: two JSON reports, or two runs of a store. Out: text, JSON or a table; 1 when something new fails by `--fail-on`. Tested in
//! `tests/it/gate.rs` and `tests/it/resume.rs`.

use clap::Args as ClapArgs;
use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use super::exit::{Exit, Failure};
use super::manner::Manner;
use super::output::{self, Look, unless_closed};
use super::results;
use crate::config::{ConfigError, conditions};
use crate::finding::{Condition, Gate, Since};
use crate::report::rollup::{Change, Level, changes, diff_csv};
use crate::report::{Report, compare, diff_json, diff_text};
use crate::rules::RuleId;

/// Say what changed between two results of a scan.
///
/// A finding that only moved, whose attributes changed places or whose host has another name, did not change.
#[derive(ClapArgs)]
pub(super) struct Args {
    /// The earlier report that `scan --format json` wrote; with --store the name of a run: a number, or the beginning of its id
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The later one; with --store also latest
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Take runs of this store: a file, or postgres://user@host/database
    #[arg(long, value_name = "PLACE")]
    store: Option<String>,
    /// How to write it: text, json, or csv (a row for each agency or bureau) [default: text]
    #[arg(long, value_name = "FORMAT", value_parser = ["text", "json", "csv"], default_value = "text", hide_default_value = true)]
    format: String,
    /// Say also what changed in each agency or bureau, worst first
    #[arg(long, value_name = "LEVEL", value_parser = ["agency", "bureau"])]
    by: Option<String>,
    /// Write it to this file, replaced as a whole
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Exit with 1 for what is new and fails by these words (see scan --help), or never [default: high]
    #[arg(long, value_name = "WORDS")]
    fail_on: Vec<String>,
    /// Words only: no colour, also on a terminal
    #[arg(long)]
    plain: bool,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let old = results::found(&args.old, args.store.as_deref())?;
    let mut new = results::found(&args.new, args.store.as_deref())?;
    let gate = gate(&args.fail_on, &new)?;
    compare(&mut new, &old);
    let groups = level(args).map(|level| changes(&new, &old, level));
    let compared = Compared { report: &new, groups: groups.as_deref() };
    match &args.out {
        Some(file) => output::replace(file, |out| write(args, &compared, Look::of_file(), out))?,
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            let written =
                write(args, &compared, Look::of_stdout(Manner::of(args.plain)), &mut out).and_then(|()| out.flush());
            unless_closed(written).map_err(Failure::io("standard output", "is the disk full?"))?;
        }
    }
    Ok(if gate.failing(&new.findings).is_empty() { Exit::Fine } else { Exit::Findings })
}

/// A comparison, and what changed by agency or bureau where that was asked for.
struct Compared<'a> {
    report: &'a Report,
    groups: Option<&'a [Change]>,
}

/// How finely changes are told apart; a table has nothing but groups.
fn level(args: &Args) -> Option<Level> {
    match args.by.as_deref() {
        Some("bureau") => Some(Level::Bureau),
        Some(_agency) => Some(Level::Agency),
        None => (args.format == "csv").then_some(Level::Agency),
    }
}

fn write(args: &Args, new: &Compared<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    match args.format.as_str() {
        "json" => diff_json(new.report, new.groups, out),
        "csv" => diff_csv(new.groups.unwrap_or_default(), out),
        _text => diff_text(new.report, new.groups, look.paint, look.width, out),
    }
}

/// Only what is new can fail a comparison; names of rules are those of the later report.
fn gate(typed: &[String], report: &Report) -> Result<Gate, ConfigError> {
    let named = |word: &str| {
        let pack = word.trim_end_matches("/*").trim_end_matches('/');
        let rules: BTreeSet<RuleId> = report
            .rules
            .iter()
            .filter(|row| {
                let of_rows = row.serves.iter().chain(&row.standards.wcag).any(|name| name == word);
                row.id.as_str() == word || row.id.pack() == pack || of_rows
            })
            .map(|row| row.id.clone())
            .collect();
        if rules.is_empty() { Err(format!("`{word}` names no rule of the later report")) } else { Ok(rules) }
    };
    let conditions = conditions(typed, &named)?;
    let new = |one| Condition { since: Some(Since::New), ..one };
    Ok(Gate { conditions: conditions.into_iter().map(new).collect(), ..Gate::default() })
}
