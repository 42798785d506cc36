//! `--format pshtt-csv`: the columns of pshtt, the scanner whose words the reports on HTTPS in government are written in.
//!
//! In: a report. Out: a row for each name, that of a site and one that was typed and leads there, with the 37 columns in their
//! order; `True`, `False`, or blank where nobody knows.
//! Invariant: blank is never `False`. A folder has no hosts and no row. Tested in `tests/it/probe.rs`.

use serde_json::Value;
use std::io::{self, Write};

use super::Report;
use super::table::{row, table};

/// The columns, in their order; each is a key of `sites[].facts.https` when its words are joined by hyphens.
const COLUMNS: [&str; 37] = [
    "Domain",
    "Base Domain",
    "Canonical URL",
    "Live",
    "HTTPS Live",
    "HTTPS Full Connection",
    "HTTPS Client Auth Required",
    "Redirect",
    "Redirect To",
    "Valid HTTPS",
    "HTTPS Publicly Trusted",
    "HTTPS Custom Truststore Trusted",
    "Defaults to HTTPS",
    "Downgrades HTTPS",
    "Strictly Forces HTTPS",
    "HTTPS Bad Chain",
    "HTTPS Bad Hostname",
    "HTTPS Expired Cert",
    "HTTPS Self Signed Cert",
    "HSTS",
    "HSTS Header",
    "HSTS Max Age",
    "HSTS Entire Domain",
    "HSTS Preload Ready",
    "HSTS Preload Pending",
    "HSTS Preloaded",
    "Base Domain HSTS Preloaded",
    "Domain Supports HTTPS",
    "Domain Enforces HTTPS",
    "Domain Uses Strong HSTS",
    "IP",
    "Server Header",
    "Server Version",
    "HTTPS Cert Chain Length",
    "HTTPS Probably Missing Intermediate Cert",
    "Notes",
    "Unknown Error",
];

/// Writes a row for each name of a site that has hosts.
///
/// # Errors
/// Only those of the writer.
pub fn pshtt_csv(report: &Report, out: impl Write) -> io::Result<()> {
    let mut table = table(out, &COLUMNS)?;
    for site in &report.sites {
        for https in site.facts["https"].as_array().into_iter().flatten() {
            let cells = COLUMNS.map(|column| cell(&https[key(column)]));
            row(&mut table, &cells.each_ref().map(String::as_str))?;
        }
    }
    table.flush()
}

fn key(column: &str) -> String {
    column.to_lowercase().replace(' ', "-")
}

/// As the scanner writes it.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "True".to_string(),
        Value::Bool(false) => "False".to_string(),
        Value::String(text) => text.replace(['\r', '\n'], " "),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}
