//! `idea-audit robots check`: what a robots.txt allows an agent to fetch (RFC 9309).
//!
//! In: a file, an agent, addresses or paths. Out: one JSON line for each, in order. Tested in `tests/it/cli.rs`.

use clap::{Args as ClapArgs, Subcommand};
use serde::Serialize;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use url::Url;

use super::exit::{Exit, Failure};
use crate::config::ConfigError;
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
        /// Addresses; what begins with / is a path
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
    let rulings = urls.iter().map(|url| ruling(&robots, agent, url)).collect::<Result<Vec<Ruling>, ConfigError>>()?;
    let mut out = BufWriter::new(io::stdout().lock());
    let written = urls.iter().zip(rulings).try_for_each(|(url, ruling)| {
        let answer = Answer { url, allowed: ruling.allowed, rule: ruling.rule, line: ruling.line };
        serde_json::to_writer(&mut out, &answer)?;
        writeln!(out)
    });
    written.and_then(|()| out.flush()).map_err(Failure::io("standard output", "is somebody still reading?"))?;
    Ok(Exit::Fine)
}

fn ruling(robots: &Robots, agent: &str, word: &str) -> Result<Ruling, ConfigError> {
    if word.starts_with('/') {
        return Ok(robots.verdict_on_path(agent, word));
    }
    let url = Url::parse(word).map_err(|error| {
        ConfigError::of(format!("`{word}` is no address: {error}"), "write a URL, or a path that begins with /")
    })?;
    Ok(robots.verdict(agent, &url))
}
