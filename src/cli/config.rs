//! `idea-audit config`: what counts and where it came from, and the schema for editors.
//!
//! In: the options of `scan`. Out: TOML that can be saved, each line with its origin; or the JSON Schema of the file. Tested in
//! `tests/it/config.rs`.

use clap::{Args as ClapArgs, Subcommand};
use std::io::{self, Write};

use super::exit::{Exit, Failure};
use super::output::unless_closed;
use super::scan;
use crate::config::Layers;

/// The schema of `idea-audit.toml`.
const SCHEMA: &str = include_str!("../../docs/config.schema.json");
/// The column where origins begin, where values leave room for it.
const ORIGINS: usize = 44;

/// Show the configuration.
#[derive(ClapArgs)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show every setting with its value and where it came from
    Show(Box<scan::Args>),
    /// Show the JSON Schema of idea-audit.toml, for editors
    Schema,
}

pub(super) fn run(args: Args) -> Result<Exit, Failure> {
    let text = match args.command {
        Command::Show(args) => shown(&scan::layers(*args)?),
        Command::Schema => SCHEMA.to_string(),
    };
    let mut out = io::stdout().lock();
    unless_closed(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
        .map_err(Failure::io("standard output", "is the disk full?"))?;
    Ok(Exit::Fine)
}

fn shown(layers: &Layers) -> String {
    let mut text = String::new();
    let mut section = "";
    for one in layers.shown() {
        let (table, key) = one.key.split_once('.').unwrap_or(("", one.key));
        if table != section && !table.is_empty() {
            text.push_str(&format!("\n[{table}]\n"));
        }
        section = table;
        let line = match &one.value {
            Some(value) => format!("{key} = {value}"),
            None => format!("# {key} is not set"),
        };
        text.push_str(&format!("{line:<ORIGINS$} # {}\n", one.origin));
    }
    text
}
