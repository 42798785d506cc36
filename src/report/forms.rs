//! `--format forms-csv`: the forms of the sites, for whoever keeps a list of services.
//!
//! In: a report. Out: a row for each form of a page and each form among the documents that were read. Invariant: blank is never "no";
//! no cell begins a formula. Tested in `tests/it/formats.rs`.

use serde_json::Value;
use std::io::{self, Write};

use super::Report;
use super::table::{row, table};

/// The columns with the keys of `sites[].facts.forms` behind them.
const COLUMNS: [(&str, &str); 20] = [
    ("site", ""),
    ("kind", "kind"),
    ("name", "name"),
    ("url", "url"),
    ("line", "line"),
    ("linked_from", "linked-from"),
    ("links", "links"),
    ("form_number", "form-number"),
    ("control_number", "control-number"),
    ("expires", "expires"),
    ("drawn_by", "drawn-by"),
    ("fields", "fields"),
    ("signature", "signature"),
    ("method", "method"),
    ("action", "action"),
    ("asks", "asks"),
    ("sends_to", "sends-to"),
    ("burden_statement", "burden-statement"),
    ("privacy_statement", "privacy-statement"),
    ("privacy_link", "privacy-link"),
];

/// Writes a row for each form.
///
/// # Errors
/// Only those of the writer.
pub fn forms_csv(report: &Report, out: impl Write) -> io::Result<()> {
    let mut table = table(out, &COLUMNS.map(|(column, _)| column))?;
    for site in &report.sites {
        for form in site.facts["forms"].as_array().into_iter().flatten() {
            let cells = COLUMNS.map(|(_, key)| if key.is_empty() { site.site.clone() } else { cell(&form[key]) });
            row(&mut table, &cells.each_ref().map(String::as_str))?;
        }
    }
    table.flush()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.replace(['\r', '\n'], " "),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("; "),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}
