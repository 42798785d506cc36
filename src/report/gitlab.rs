//! `--format gitlab`: a code quality report, which GitLab shows beside a merge request.
//!
//! In: a report. Out: a JSON array, one object for each open finding; the path is the built file where a folder was scanned,
//! else the address of the page. Invariant: no two objects share a fingerprint; what was waived or answered is left out. Tested in
//! `tests/it/formats.rs`.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Report;
use super::places::Places;
use crate::finding::Finding;
use crate::rules::{Impact, RuleId};

/// Writes the open findings as a code quality report.
///
/// # Errors
/// Only those of the writer.
pub fn gitlab(report: &Report, mut out: impl Write) -> io::Result<()> {
    let places = Places::of(report);
    let titles: BTreeMap<&RuleId, &str> = report.rules.iter().map(|row| (&row.id, &*row.title)).collect();
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    let mut issues = vec![];
    for finding in report.findings.iter().filter(|one| one.is_open_failure() || one.is_open_doubt()) {
        // Fingerprints know no host, so two sites of one run may share one.
        let number = seen.entry(&finding.fingerprint).or_default();
        *number += 1;
        let fingerprint = match *number {
            1 => finding.fingerprint.to_string(),
            more => format!("{}+{more}", finding.fingerprint),
        };
        let title = titles.get(&finding.rule).copied().unwrap_or(finding.rule.as_str());
        issues.push(issue(finding, title, fingerprint, &places));
    }
    serde_json::to_writer_pretty(&mut out, &issues)?;
    writeln!(out)
}

fn issue(finding: &Finding, title: &str, fingerprint: String, places: &Places<'_>) -> Value {
    let (lead, severity) =
        if finding.is_open_failure() { ("", severity(finding.impact)) } else { ("Needs review: ", "info") };
    let asked = if finding.expected.is_empty() { String::new() } else { format!(". Asked for: {}", finding.expected) };
    json!({
        "type": "issue",
        "check_name": finding.rule,
        "description": format!("{lead}{title}: {}{asked}", finding.observed),
        "severity": severity,
        "fingerprint": fingerprint,
        "location": {
            "path": bare(&places.path(&finding.url).unwrap_or_else(|| finding.url.to_string())),
            "lines": {"begin": finding.place.line.unwrap_or(1).max(1)},
        },
    })
}

fn severity(impact: Impact) -> &'static str {
    match impact {
        Impact::Critical => "blocker",
        Impact::High => "critical",
        Impact::Medium => "major",
        Impact::Low => "minor",
        Impact::Info => "info",
    }
}

/// A path as the schema wants it: not with "./" before it, which says nothing.
fn bare(path: &str) -> &str {
    match path.trim_start_matches("./") {
        "" => ".",
        path => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_begins_with_what_it_names() {
        let paths = [
            ("index.html", "index.html"),
            ("./index.html", "index.html"),
            ("././a/./index.html", "a/./index.html"),
            (".well-known/security.txt", ".well-known/security.txt"),
            ("../index.html", "../index.html"),
            ("./", "."),
        ];
        for (path, begins) in paths {
            assert_eq!(bare(path), begins, "{path:?}");
        }
    }
}
