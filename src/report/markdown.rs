//! `--format markdown`: a summary for a comment on a change.
//!
//! In: a report. Out: GitHub-flavoured Markdown, at most 60 kB, worst first. Invariant: what a page wrote stands in code spans
//! or in encoded link targets, so that it is no markup, mentions nobody and refers to nothing; what is left out is counted.
//! Tested below and in `tests/it/formats.rs`.

use std::io::{self, Write};

use super::places::{Places, WHOLE_FOLDER, is_folder, uri};
use super::ranking::{Ranked, ranked};
use super::wording::{count, day, grouped, joined, problem, sentence};
use super::{Report, ScoreRow, one_line};
use crate::finding::{Finding, Since};
use crate::verdict::Outcome;

/// Comments on code hosts end at 65,536 characters; a caller may want to add some.
const MOST_BYTES: usize = 60_000;
/// Room kept for what follows a list.
const CLOSING_BYTES: usize = 6_000;
/// Rules listed, and how many of those that failed before the reader opens more.
const MOST_RULES: usize = 30;
const OPEN_RULES: usize = 10;
/// Targets named.
const MOST_TARGETS: usize = 3;
/// Characters of page text in one code span.
const MOST_CHARACTERS: usize = 120;

/// Writes a summary.
///
/// # Errors
/// Only those of the writer.
pub fn markdown(report: &Report, mut out: impl Write) -> io::Result<()> {
    let places = Places::of(report);
    let rules = ranked(report);
    let (failed, review): (Vec<&Ranked<'_>>, Vec<&Ranked<'_>>) = rules.iter().partition(|one| !one.failed.is_empty());
    let mut text = headline(report);
    text.push_str(&since(report, &places));
    if !failed.is_empty() {
        let (open, more) = failed.split_at(failed.len().min(OPEN_RULES));
        text.push_str("\n### Worst first\n\n");
        text.push_str(FAILED_COLUMNS);
        list(open, MOST_RULES, &mut text, |one| row(one, &places));
        folded(more, "more rule that failed", "more rules that failed", FAILED_COLUMNS, &mut text, |one| {
            row(one, &places)
        });
    }
    folded(
        &review,
        "rule for a person to look at",
        "rules for a person to look at",
        REVIEW_COLUMNS,
        &mut text,
        |one| format!("| {} `{}` | {} | {} |\n", plain(one.title()), one.rule, one.spread(), begin(one, &places)),
    );
    text.push_str(&requirements(report, MOST_BYTES - CLOSING_BYTES / 2 - text.len().min(MOST_BYTES / 2)));
    text.push_str(&coverage(report));
    out.write_all(text.as_bytes())
}

const FAILED_COLUMNS: &str = "| Impact | Asked as | Rule | Found | Begin at |\n| --- | --- | --- | --- | --- |\n";
const REVIEW_COLUMNS: &str = "| Rule | Found | Begin at |\n| --- | --- | --- |\n";

/// A table behind a line that opens it, so that a comment does not bury the conversation it stands in.
fn folded(
    rules: &[&Ranked<'_>],
    one: &str,
    many: &str,
    columns: &str,
    text: &mut String,
    row: impl Fn(&Ranked<'_>) -> String,
) {
    if rules.is_empty() {
        return;
    }
    let many = count(rules.len() as u64, one, many);
    text.push_str(&format!("\n<details><summary>{many}</summary>\n\n{columns}"));
    list(rules, MOST_RULES - OPEN_RULES, text, row);
    text.push_str("\n</details>\n");
}

fn headline(report: &Report) -> String {
    let failed = report.findings.iter().filter(|one| one.is_open_failure()).count() as u64;
    let review = report.findings.iter().filter(|one| one.is_open_doubt()).count() as u64;
    let waived = report.findings.iter().filter(|one| one.waived.is_some()).count() as u64;
    let mut targets: Vec<String> = report.run.targets.iter().take(MOST_TARGETS).map(|one| code(one)).collect();
    if let more @ 1.. = report.run.targets.len().saturating_sub(MOST_TARGETS) {
        targets.push(format!("{more} more"));
    }
    let waived = if waived == 0 { String::new() } else { format!(", {} waived", grouped(waived)) };
    format!(
        "## idea-audit: {} failed, {} to review{waived}\n\n{} judged on {} of {}.\n",
        grouped(failed),
        grouped(review),
        count(report.coverage.pages.judged, "page", "pages"),
        day(report.run.judged_on),
        joined(&targets),
    )
}

/// What the change brought, and what it mended.
fn since(report: &Report, places: &Places<'_>) -> String {
    let Some(row) = &report.baseline else { return String::new() };
    let counts = &row.counts;
    let mut text = format!(
        "\nSince the run of {}: **{} new**, {} unchanged, {} fixed, {} not looked at again.\n",
        day(row.judged_on),
        grouped(counts.new),
        grouped(counts.unchanged),
        grouped(counts.fixed),
        grouped(counts.not_looked_at),
    );
    let new = |one: &&Finding| one.baseline == Some(Since::New) && one.is_open_failure();
    let new: Vec<&Finding> = report.findings.iter().filter(new).collect();
    if !new.is_empty() {
        text.push_str("\n### New and failed\n\n| Impact | Rule | Begin at |\n| --- | --- | --- |\n");
    }
    for one in new.iter().take(MOST_RULES) {
        let at = format!("{}<br>{}", place(one, places), code(&one.observed));
        text.push_str(&format!("| {} | `{}` | {at} |\n", one.impact.as_str(), one.rule));
    }
    if let more @ 1.. = new.len().saturating_sub(MOST_RULES) {
        text.push_str(&format!("\nand {more} more in the full report.\n"));
    }
    text
}

/// Rows while there is room, then how many more there are.
fn list(rules: &[&Ranked<'_>], most: usize, text: &mut String, row: impl Fn(&Ranked<'_>) -> String) {
    let mut shown = 0;
    for one in rules.iter().take(most) {
        let row = row(one);
        if text.len() + row.len() + CLOSING_BYTES * 2 > MOST_BYTES {
            break;
        }
        text.push_str(&row);
        shown += 1;
    }
    if let more @ 1.. = rules.len() - shown {
        text.push_str(&format!("\nand {more} more rules in the full report.\n"));
    }
}

fn row(one: &Ranked<'_>, places: &Places<'_>) -> String {
    let fix = one.row.map(|row| format!("<br>{}", plain(sentence(&row.text.fix)))).unwrap_or_default();
    let review = match one.review.len() {
        0 => String::new(),
        more => format!(", {more} more to review"),
    };
    format!(
        "| {} | {} | **{}** `{}`{fix} | {}{review} | {} |\n",
        one.impact().as_str(),
        one.obligation().as_str(),
        plain(one.title()),
        one.rule,
        one.spread(),
        begin(one, places),
    )
}

fn begin(one: &Ranked<'_>, places: &Places<'_>) -> String {
    let Some(finding) = one.example() else { return String::new() };
    format!("{}<br>{}", place(finding, places), code(&finding.observed))
}

/// The built file with its line, else a link to the page.
fn place(finding: &Finding, places: &Places<'_>) -> String {
    let line = finding.place.line.map(|line| format!(":{line}")).unwrap_or_default();
    if let Some(path) = places.path(&finding.url) {
        return code(&format!("{path}{line}"));
    }
    if is_folder(&finding.url) {
        return WHOLE_FOLDER.to_string();
    }
    let shown = code(&format!("{}{line}", finding.url));
    let target = uri(&finding.url).replace('&', "&amp;");
    let web = target.starts_with("https://") || target.starts_with("http://");
    if web && target.len() < 500 { format!("[{shown}](<{target}>)") } else { shown }
}

fn requirements(report: &Report, room: usize) -> String {
    let tested: Vec<&ScoreRow> = report.scorecard.iter().filter(|row| row.outcome != Outcome::Untested).collect();
    if tested.is_empty() {
        return String::new();
    }
    let rest = report.scorecard.len() - tested.len();
    let mut text = String::from(
        "\n<details><summary>Requirements</summary>\n\n| Outcome | Part | Requirement |\n| --- | --- | --- |\n",
    );
    for row in tested {
        let source = if row.source_title.is_empty() { &row.source } else { &row.source_title };
        let line =
            format!("| {} | {}, {} | {} |\n", row.outcome.words(), plain(source), plain(&row.part), plain(&row.title));
        if text.len() + line.len() + CLOSING_BYTES > room {
            text.push_str("\nThe list goes on in the full report.\n");
            break;
        }
        text.push_str(&line);
    }
    if rest > 0 {
        text.push_str(&format!("\n{rest} more were not tested.\n"));
    }
    text.push_str("\n\"Passed\" means that nothing was found.\n\n</details>\n");
    text
}

fn coverage(report: &Report) -> String {
    let mut text = String::new();
    if report.problems.is_empty() {
        text.push_str("\nNothing stood in the way of looking.\n");
    } else {
        let mut kinds = std::collections::BTreeMap::<&str, u64>::new();
        report.problems.iter().for_each(|row| *kinds.entry(&row.kind).or_default() += 1);
        let kinds: Vec<String> =
            kinds.into_iter().take(20).map(|(kind, number)| format!("{number} × {}", plain(&problem(kind)))).collect();
        text.push_str(&format!(
            "\n{} could not be looked at, which is no failure: {}.\n",
            count(report.coverage.problems, "address", "addresses"),
            joined(&kinds)
        ));
    }
    if report.run.stopped {
        text.push_str("\nThe run was stopped before its end.\n");
    }
    text.push_str(
        "\nA machine saw part of these sites on one day. Where it found nothing, a requirement may still not be met.\n",
    );
    text
}

/// Page text as code, cut to a length.
fn code(text: &str) -> String {
    let mut line = one_line(text);
    if let Some((end, _)) = line.char_indices().nth(MOST_CHARACTERS) {
        line.truncate(end);
        line.push('…');
    }
    if line.is_empty() {
        return String::new();
    }
    // A pipe would end the cell even inside a code span (GFM, example 200).
    let line = line.replace('|', "\\|");
    let longest = line.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if line.starts_with('`') || line.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{line}{pad}{fence}")
}

/// Words of rules and laws: punctuation that Markdown would read is escaped.
fn plain(text: &str) -> String {
    let mut line = one_line(text);
    if let Some((end, _)) = line.char_indices().nth(MOST_CHARACTERS * 2) {
        line.truncate(end);
        line.push('…');
    }
    let mut plain = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '<' => plain.push_str("&lt;"),
            '&' => plain.push_str("&amp;"),
            // Mentions and references are looked for after escapes are gone; a zero-width non-joiner keeps them apart.
            '@' | '#' => plain.extend([c, '\u{200c}']),
            '\\' | '`' | '*' | '_' | '[' | ']' | '>' | '|' | '~' => plain.extend(['\\', c]),
            ':' => plain.push_str("&#58;"),
            c => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_text_is_code_whatever_it_holds() {
        for (text, written) in [
            ("plain", "`plain`"),
            ("a ` b", "``a ` b``"),
            ("``", "``` `` ```"),
            ("a|b\nc", "`a\\|b c`"),
            ("@team #12 <b>", "`@team #12 <b>`"),
            ("", ""),
        ] {
            assert_eq!(code(text), written, "{text:?}");
        }
        assert_eq!(code(&"x".repeat(500)).chars().count(), MOST_CHARACTERS + 3);
    }

    #[test]
    fn words_of_rules_become_no_markup() {
        assert_eq!(plain("Use <main> & *not* [x](y)"), "Use &lt;main\\> &amp; \\*not\\* \\[x\\](y)");
    }
}
