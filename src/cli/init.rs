//! `idea-audit init`: writes a commented configuration file.
//!
//! In: nothing. Out: `idea-audit.toml` in the working directory, never over one that is there. Tested in `tests/it/cli.rs`.

use clap::Args as ClapArgs;
use std::io::{self, Write};
use std::path::PathBuf;

use super::exit::{Exit, Failure};
use super::output;
use crate::config::{ConfigError, FILE_NAME, TEMPLATE};

/// Write a commented idea-audit.toml.
#[derive(ClapArgs)]
pub(super) struct Args {
    /// The file to write
    #[arg(long, value_name = "FILE", default_value = FILE_NAME)]
    out: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    if args.out.exists() {
        return Err(ConfigError::of(
            format!("{} is there already", args.out.display()),
            "edit it, or name another file with --out",
        )
        .into());
    }
    output::replace(&args.out, |out| out.write_all(TEMPLATE.as_bytes()))?;
    let words = format!("wrote {}; take the # from what you need, then run `idea-audit scan`", args.out.display());
    writeln!(io::stdout(), "{words}").map_err(Failure::io("standard output", "is somebody still reading?"))?;
    Ok(Exit::Fine)
}
