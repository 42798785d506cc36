//! `idea-audit robots check`: what a robots.txt allows an agent to fetch (RFC 9309).
//!
//! In: a file, an agent, addresses or paths. Out: one JSON line for each, in order. Tested in `tests/it/cli.rs`.

use clap::{Args as ClapArgs, Subcommand};
use serde::Serialize;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use url::Url;

use super::exit::{Exit, Failure};
use crate::web::robots::{Robots, Ruling};

/// Ask what a robots.txt allows.
#[derive(ClapArgs)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print one JSON line for each address: {"url","allowed","rule","line"}
    Check {
        /// The robots.txt
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        /// The crawler's name; empty is a crawler without one
        #[arg(long, value_name = "NAME")]
        agent: String,
        /// Addresses; what is no http or https URL is a path from the root
        #[arg(value_name = "URL", required = true)]
        urls: Vec<String>,
    },
}

#[derive(Serialize)]
struct Answer<'a> {
    url: &'a str,
    allowed: bool,
    rule: Option<String>,
    line: Option<u32>,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let Command::Check { file, agent, urls } = &args.command;
    check(file, agent, urls)
}

fn check(file: &Path, agent: &str, urls: &[String]) -> Result<Exit, Failure> {
    let body = std::fs::read(file)
        .map_err(Failure::io(format!("cannot read {}", file.display()), "name a robots.txt with --file"))?;
    let robots = Robots::parse(&body);
    let mut out = BufWriter::new(io::stdout().lock());
    let written = urls.iter().try_for_each(|url| {
        let ruling = ruling(&robots, agent, url);
        let answer = Answer { url, allowed: ruling.allowed, rule: ruling.rule, line: ruling.line };
        serde_json::to_writer(&mut out, &answer)?;
        writeln!(out)
    });
    written.and_then(|()| out.flush()).map_err(Failure::io("standard output", "is somebody still reading?"))?;
    Ok(Exit::Fine)
}

/// Each argument has an answer: what is no absolute http or https URL is a path from the root, as in robots.txt itself.
fn ruling(robots: &Robots, agent: &str, word: &str) -> Ruling {
    match Url::parse(word) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => robots.verdict(agent, &url),
        Ok(_) | Err(_) if word.starts_with('/') => robots.verdict_on_path(agent, word),
        Ok(_) | Err(_) => robots.verdict_on_path(agent, &format!("/{word}")),
    }
}
