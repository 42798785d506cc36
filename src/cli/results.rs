//! A report that an earlier scan wrote, read back.
//!
//! In: a file. Out: a [`Report`], or what the file is instead. Tested in `tests/it/cli.rs`.

use serde::Deserialize;
use std::path::Path;

use super::exit::Failure;
use crate::config::ConfigError;
use crate::report::{Report, SCHEMA};

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

/// Reads the JSON report of a file.
pub(super) fn read(path: &Path) -> Result<Report, Failure> {
    let name = path.display();
    let bytes = std::fs::read(path)
        .map_err(Failure::io(format!("cannot read {name}"), "name a report that `scan --format json` wrote"))?;
    refuse_others(&name.to_string(), &bytes)?;
    let report = serde_json::from_slice(&bytes).map_err(|error| {
        ConfigError::of(
            format!("{name} is no report of this program: {error}"),
            "name a file that `scan --format json --out FILE` wrote",
        )
    })?;
    Ok(report)
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
