//! `--format openacr`: a draft of an accessibility report in GSA's OpenACR 0.1.0, as YAML.
//!
//! In: a report. Out: the success criteria of WCAG 2.1 A and AA with what the rules found. Invariant: it never claims that a
//! criterion is met: where rules found failures it says so with evidence, every other level stays empty for a person to fill
//! in. Waivers change nothing here. Tested in `tests/it/formats.rs` against the published schema.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::criteria::{self, Criterion, Level};
use super::wording::{count, joined};
use super::{Report, RuleRow, one_line};
use crate::finding::Finding;
use crate::rules::RuleId;
use crate::verdict::Outcome;

/// The OpenACR catalogue whose criteria these are.
const CATALOG: &str = "2.4-edition-wcag-2.1-508-en";
/// Examples in the notes of a criterion.
const MOST_EXAMPLES: usize = 3;

/// Writes a draft.
///
/// # Errors
/// Only those of the writer.
pub fn openacr(report: &Report, mut out: impl Write) -> io::Result<()> {
    let targets: Vec<String> = report.run.targets.iter().map(|target| one_line(target)).collect();
    let product = report.run.published_as.as_deref().map_or_else(|| joined(&targets), one_line);
    let mut yaml = String::new();
    pair(&mut yaml, 0, "title", "Accessibility Conformance Report (draft by a machine)");
    yaml.push_str("product:\n");
    pair(&mut yaml, 1, "name", &product);
    pair(&mut yaml, 1, "version", &report.run.judged_on.to_string());
    pair(&mut yaml, 1, "description", "");
    for who in ["author", "vendor"] {
        yaml.push_str(&format!("{who}:\n"));
        ["name", "company_name", "email"].iter().for_each(|key| pair(&mut yaml, 1, key, ""));
    }
    pair(&mut yaml, 0, "report_date", &report.run.judged_on.to_string());
    pair(&mut yaml, 0, "notes", NOTES);
    pair(&mut yaml, 0, "evaluation_methods_used", &methods(report));
    pair(&mut yaml, 0, "catalog", CATALOG);
    yaml.push_str("version: 1\nchapters:\n");
    let failed = failures(report);
    for (key, level) in [("success_criteria_level_a", Level::A), ("success_criteria_level_aa", Level::Aa)] {
        yaml.push_str(&format!("  {key}:\n    criteria:\n"));
        criteria::all()
            .filter(|criterion| criterion.level == level)
            .for_each(|criterion| adherence(criterion, report, &failed, &mut yaml));
    }
    yaml.push_str("  success_criteria_level_aaa:\n    disabled: true\n");
    for (key, about) in [
        ("functional_performance_criteria", "Needs human evaluation. No rule looks at it."),
        ("support_documentation_and_services", "Needs human evaluation. No rule looks at it."),
    ] {
        yaml.push_str(&format!("  {key}:\n"));
        pair(&mut yaml, 2, "notes", about);
    }
    yaml.push_str("  hardware:\n    disabled: true\n  software:\n    disabled: true\n");
    out.write_all(yaml.as_bytes())
}

const NOTES: &str = "A draft. A machine wrote down failures it found; every empty level is for a person to judge. Where \
    nothing was found, a criterion may still not be met.";

fn methods(report: &Report) -> String {
    format!(
        "Automatic rules of {} {} over {} on {}; {} could not be looked at.",
        report.tool.name,
        report.tool.version,
        count(report.coverage.pages.judged, "page", "pages"),
        report.run.judged_on,
        count(report.coverage.problems, "address", "addresses"),
    )
}

fn failures(report: &Report) -> BTreeMap<&RuleId, Vec<&Finding>> {
    let mut failed: BTreeMap<&RuleId, Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|one| one.outcome == Outcome::Failed) {
        failed.entry(&finding.rule).or_default().push(finding);
    }
    failed
}

fn adherence(criterion: Criterion, report: &Report, failed: &BTreeMap<&RuleId, Vec<&Finding>>, yaml: &mut String) {
    let asks = |row: &&RuleRow| row.standards.wcag.iter().any(|number| number == criterion.number);
    let rules: Vec<&RuleRow> = report.rules.iter().filter(asks).collect();
    let findings = |row: &RuleRow| failed.get(&row.id).map(Vec::as_slice).unwrap_or_default();
    // A rule that merely touches a criterion is a hint; one that test suites for accessibility know is evidence.
    let (evidence, hints): (Vec<&RuleRow>, Vec<&RuleRow>) =
        rules.iter().filter(|row| !findings(row).is_empty()).partition(|row| {
            let known = &row.standards;
            !(known.act.is_empty() && known.axe.is_empty() && known.trusted_tester.is_empty())
        });
    let found: Vec<&Finding> = evidence.iter().flat_map(|row| findings(row)).copied().collect();
    let pages = found.iter().map(|one| &*one.url).collect::<BTreeSet<_>>().len() as u64;
    // OpenACR's terms: "does not support" is the majority of the product, "partially supports" is some of it.
    let level = match pages {
        0 => "",
        pages if pages * 2 > report.coverage.pages.judged => "does-not-support",
        _ => "partially-supports",
    };
    let mut notes = vec![];
    if !found.is_empty() {
        let told = format!("{} on {}", count(found.len() as u64, "failure", "failures"), count(pages, "page", "pages"));
        notes.push(format!("{told}: {}.", titles(&evidence)));
        let examples: Vec<String> = found.iter().take(MOST_EXAMPLES).map(|one| example(one)).collect();
        notes.push(format!("For example: {}.", examples.join("; ")));
    } else {
        notes.push("Needs human evaluation.".to_string());
    }
    if !hints.is_empty() {
        notes.push(format!("To look at, failed: {}.", titles(&hints)));
    }
    let clean: Vec<&RuleRow> = rules.iter().filter(|row| findings(row).is_empty()).copied().collect();
    notes.push(looked_at(&clean, &rules));
    yaml.push_str("      -\n");
    pair(yaml, 4, "num", criterion.number);
    yaml.push_str("        components:\n          -\n");
    pair(yaml, 6, "name", "web");
    yaml.push_str("            adherence:\n");
    pair(yaml, 7, "level", level);
    pair(yaml, 7, "notes", notes.join(" ").trim());
}

fn looked_at(clean: &[&RuleRow], rules: &[&RuleRow]) -> String {
    if rules.is_empty() {
        return "No rule of this run looks at it.".to_string();
    }
    let (found, nowhere): (Vec<&RuleRow>, Vec<&RuleRow>) =
        clean.iter().partition(|row| row.tally.passed + row.tally.cant_tell > 0);
    let mut told = vec![];
    if !found.is_empty() {
        told.push(format!("Looked at without a failure: {}.", titles(&found)));
    }
    if !nowhere.is_empty() {
        told.push(format!("Found nothing to judge, or could not look: {}.", titles(&nowhere)));
    }
    told.join(" ")
}

fn titles(rules: &[&RuleRow]) -> String {
    let titles: Vec<String> = rules.iter().map(|row| format!("\"{}\" ({})", one_line(&row.title), row.id)).collect();
    joined(&titles)
}

fn example(finding: &Finding) -> String {
    let line = finding.place.line.map(|line| format!(" line {line}")).unwrap_or_default();
    format!("{}{line}: {}", one_line(&finding.url), one_line(&finding.observed))
}

/// A key with a text.
fn pair(yaml: &mut String, indent: usize, key: &str, value: &str) {
    yaml.push_str(&"  ".repeat(indent));
    yaml.push_str(key);
    yaml.push_str(": ");
    quoted(value, yaml);
    yaml.push('\n');
}

/// A double-quoted scalar (YAML 1.2, section 7.3.1): also safe for readers of YAML 1.1, to whom NEL and U+2028 break lines.
fn quoted(text: &str, yaml: &mut String) {
    yaml.push('"');
    for c in text.chars() {
        match c {
            '"' => yaml.push_str("\\\""),
            '\\' => yaml.push_str("\\\\"),
            '\n' => yaml.push_str("\\n"),
            '\r' => yaml.push_str("\\r"),
            '\t' => yaml.push_str("\\t"),
            '\u{0}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                yaml.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => yaml.push(c),
        }
    }
    yaml.push('"');
}
