//! The command line: one file for each subcommand.
//!
//! In: arguments. Out: results on standard output or in files, talk on standard error, an exit code. Never: logic worth a
//! test of its own. Tested in `tests/it/cli.rs`.

mod command;
mod config;
mod diff;
mod exit;
mod explain;
mod fleet;
mod fleet_status;
mod format;
mod init;
mod manner;
mod number;
mod output;
mod progress;
mod render_worker;
mod report;
mod results;
mod review;
mod robots;
mod rules;
mod scan;
mod serve;
mod stop;
mod stream;
mod stumble;
mod verdict;
mod webhook;

use clap::{Parser, Subcommand};
use std::io::Write;
use std::process::ExitCode;

use exit::Failure;

pub use exit::Exit;

/// Audit government websites against 21st Century IDEA and the policy around it.
///
/// Crawls politely, judges every page, host and site with rules that name the paragraph they serve, and writes findings. A
/// pass means that nothing was found, not that the law is met.
#[derive(Parser)]
#[command(name = "idea-audit", version, max_term_width = 100, propagate_version = true, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Look at sites and judge them
    Scan(Box<scan::Args>),
    /// Say what a rule asks, why, by which law, and how to mend it
    Explain(explain::Args),
    /// List, rehearse or begin rules
    Rules(rules::Args),
    /// Ask what a robots.txt allows
    Robots(robots::Args),
    /// Say what changed between two results of a scan
    Diff(diff::Args),
    /// Show the results of a scan again, without crawling
    Report(report::Args),
    /// Show what a store holds: trends, agencies, sites and rules, in a browser
    Serve(serve::Args),
    /// List what is left for people to judge
    Review(review::Args),
    /// Share the sites of a run among many workers, through one PostgreSQL database
    Fleet(fleet::Args),
    /// Show every setting and where it came from, or the schema of the file
    Config(config::Args),
    /// Write a commented idea-audit.toml
    Init(init::Args),
    /// Measure pages for another process of this program
    #[command(hide = true)]
    RenderWorker,
    /// Read documents from standard input, for this program itself
    #[command(name = crate::audit::WORKER, hide = true)]
    DocumentWorker,
}

/// Runs the program.
pub fn main() -> ExitCode {
    stumble::tell_safely();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers, everything else is a usage error.
            let code = if error.use_stderr() { Exit::Usage } else { Exit::Fine };
            let _ = error.print();
            return code.into();
        }
    };
    let done = match cli.command {
        Command::Scan(args) => scan::run(*args),
        Command::Explain(args) => explain::run(&args),
        Command::Rules(args) => rules::run(&args),
        Command::Robots(args) => robots::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Review(args) => review::run(&args),
        Command::Fleet(args) => fleet::run(args),
        Command::Config(args) => config::run(args),
        Command::Init(args) => init::run(&args),
        Command::RenderWorker => render_worker::run(),
        Command::DocumentWorker => crate::audit::document_worker()
            .map(|()| Exit::Fine)
            .map_err(Failure::io("standard input", "this subcommand is for the program itself")),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(failure) => {
            // A closed pipe is how `| head` says "enough".
            if !failure.is_closed_pipe() {
                let _ = writeln!(std::io::stderr(), "idea-audit: {failure}");
            }
            failure.exit().into()
        }
    }
}
