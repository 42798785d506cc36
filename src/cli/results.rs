//! A report that an earlier scan wrote, read back.
//!
//! In: a file, or standard input. Out: a [`Report`], or what the file is instead. Invariant: what cannot be read is called by its
//! name, with what to do. Tested in `tests/it/results.rs` and `tests/it/cli.rs`.

use serde::Deserialize;
use serde::de::IgnoredAny;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use super::exit::Failure;
use super::output::Sinks;
use crate::config::ConfigError;
use crate::report::{self, Report, SCHEMA};
use crate::store::{Place, Store};

/// What to do about most of it.
const REMEDY: &str = "name a file that `scan --format json --out FILE` wrote";

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

/// Another format of this program that is JSON, too.
#[derive(Deserialize)]
struct SarifLog {
    #[serde(rename = "runs")]
    _runs: IgnoredAny,
}

/// Reads the JSON report of a file; `-` is standard input.
pub(super) fn read(path: &Path) -> Result<Report, Failure> {
    let (name, bytes) = if path == Path::new("-") {
        ("standard input".to_string(), standard_input()?)
    } else {
        let name = path.display().to_string();
        let todo = "name a report that `scan --format json` wrote, or - for standard input";
        let bytes = std::fs::read(path).map_err(Failure::io(format!("cannot read {name}"), todo))?;
        (name, bytes)
    };
    refuse_others(&name, &bytes)?;
    Ok(report::read(bytes).map_err(|error| broken(&name, &error))?)
}

/// Writes a run of a store where only roll-ups are wanted.
pub(super) fn write_rollups(name: &Path, store: &str, sinks: &Sinks) -> Result<(), Failure> {
    let place = Place::parse(store)?;
    let (report, rollup) = waiting()?.block_on(async {
        let store = Store::open_existing(&place).await?;
        let run = store.run(&name.to_string_lossy()).await?;
        let rolled = store.rolled_up(run.id).await?;
        store.close().await;
        Ok::<_, Failure>(rolled)
    })?;
    sinks.check()?;
    sinks.write_rollup(&report.tool, &report.run, &rollup)
}

fn waiting() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::io("the runtime", "are there threads and file handles left?"))
}

/// The report that a file holds, or a run of a store by its name.
pub(super) fn found(name: &Path, store: Option<&str>) -> Result<Report, Failure> {
    let Some(store) = store else { return read(name) };
    let place = Place::parse(store)?;
    waiting()?.block_on(async {
        let store = Store::open_existing(&place).await?;
        let run = store.run(&name.to_string_lossy()).await?;
        let report = store.report(run.id).await?;
        store.close().await;
        Ok(report)
    })
}

fn standard_input() -> Result<Vec<u8>, Failure> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        let told = "no report comes from standard input: it is the keyboard";
        return Err(ConfigError::of(told, "pipe one in: idea-audit scan … --format json | idea-audit report -").into());
    }
    let mut bytes = vec![];
    stdin.lock().read_to_end(&mut bytes).map_err(Failure::io("cannot read standard input", REMEDY))?;
    Ok(bytes)
}

fn broken(name: &str, error: &serde_json::Error) -> ConfigError {
    let told = match error.classify() {
        serde_json::error::Category::Eof => format!("{name} ends in the middle of a report ({error})"),
        serde_json::error::Category::Syntax => format!("{name} is no JSON: {error}"),
        serde_json::error::Category::Data | serde_json::error::Category::Io => {
            format!("{name} is no report of this program: {error}")
        }
    };
    ConfigError::of(told, REMEDY)
}

/// Says what a file is that this version cannot read, where that can be told.
fn refuse_others(name: &str, bytes: &[u8]) -> Result<(), ConfigError> {
    let start = bytes.trim_ascii_start();
    if start.is_empty() {
        return Err(ConfigError::of(format!("{name} is empty"), REMEDY));
    }
    if start.starts_with(b"<") {
        return Err(ConfigError::of(format!("{name} is HTML or XML, which cannot be read back"), REMEDY));
    }
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if serde_json::from_slice::<KindOfLine>(first).is_ok() {
        return Err(ConfigError::of(
            format!("{name} is JSON Lines, which cannot be read back"),
            "name a file that `scan --format json --out FILE` wrote; --format jsonl=FILE,json=FILE writes both",
        ));
    }
    let Ok(Stamp { schema, tool }) = serde_json::from_slice::<Stamp>(bytes) else {
        return match serde_json::from_slice::<SarifLog>(bytes) {
            Ok(_) => Err(ConfigError::of(format!("{name} is a SARIF log, which cannot be read back"), REMEDY)),
            Err(_) => Ok(()),
        };
    };
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
