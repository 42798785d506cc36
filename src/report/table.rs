//! `--format csv`, `pages-csv`, `sites-csv`: tables for spreadsheets (RFC 4180).
//!
//! In: a report. Out: a header and a row for each finding, page or site; lists are joined by a space. Invariant: no cell begins
//! a formula: one that would carries an apostrophe first; and none a control character, which a terminal would obey: its picture
//! stands there (U+2400 and on). Apart from these every cell is what was seen. Tested in `tests/it/formats.rs`.

use csv::{Terminator, Writer, WriterBuilder};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::places::Places;
use super::{Report, SiteRow, Tally};
use crate::finding::Outcomes;
use crate::rules::{RuleId, Says};
use crate::verdict::Outcome;

const FINDINGS: [&str; 33] = [
    "fingerprint",
    "rule",
    "title",
    "outcome",
    "impact",
    "obligation",
    "site",
    "url",
    "file",
    "line",
    "column",
    "selector",
    "snippet",
    "observed",
    "expected",
    "question",
    "fix",
    "serves",
    "wcag",
    "cites",
    "waived_until",
    "waived_by",
    "waived_because",
    "waived_issue",
    "reviewed",
    "reviewed_by",
    "reviewed_on",
    "reviewed_until",
    "reviewed_evidence",
    "baseline",
    "agency",
    "bureau",
    "branch",
];
const PAGES: [&str; 16] = [
    "url",
    "file",
    "status",
    "type",
    "judged",
    "problem",
    "passed",
    "failed",
    "needs_review",
    "not_tested",
    "findings",
    "failed_rules",
    "aliases",
    "agency",
    "bureau",
    "branch",
];
const SITES: [&str; 14] = [
    "site",
    "agency",
    "bureau",
    "branch",
    "pages",
    "pages_judged",
    "problems",
    "findings",
    "passed",
    "failed",
    "failed_must",
    "needs_review",
    "not_tested",
    "failed_rules",
];

/// Writes a row for each finding.
///
/// # Errors
/// Only those of the writer.
pub fn findings_csv(report: &Report, out: impl Write) -> io::Result<()> {
    let places = Places::of(report);
    let rules: BTreeMap<&RuleId, _> = report.rules.iter().map(|row| (&row.id, row)).collect();
    let owners = Owners::of(report);
    let mut table = table(out, &FINDINGS)?;
    for finding in &report.findings {
        let (rule, place, waived) = (rules.get(&finding.rule), &finding.place, finding.waived.as_ref());
        let review = finding.review.as_ref();
        let [agency, bureau, branch] = owners.of_address(&finding.url);
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        row(
            &mut table,
            &[
                &finding.fingerprint,
                finding.rule.as_str(),
                rule.map_or("", |rule| &rule.title),
                finding.outcome.as_str(),
                finding.impact.as_str(),
                finding.obligation.as_str(),
                &site_of(&finding.url),
                &finding.url,
                places.file(&finding.url).unwrap_or_default(),
                &number(place.line),
                &number(place.column),
                place.selector.as_deref().unwrap_or_default(),
                place.snippet.as_deref().unwrap_or_default(),
                &finding.observed,
                &finding.expected,
                finding.question.as_deref().unwrap_or_default(),
                rule.map_or("", |rule| &rule.text.fix),
                &rule.map(|rule| rule.serves.join(" ")).unwrap_or_default(),
                &rule.map(|rule| rule.standards.wcag.join(" ")).unwrap_or_default(),
                &rule.map(|rule| cites(&rule.cites)).unwrap_or_default(),
                waived.map_or("", |waived| &waived.expires),
                waived.map_or("", |waived| &waived.owner),
                waived.map_or("", |waived| &waived.reason),
                waived.and_then(|waived| waived.issue.as_deref()).unwrap_or_default(),
                review.map_or("", |review| review.outcome.as_str()),
                review.map_or("", |review| &review.reviewer),
                &review.map(|review| review.date.to_string()).unwrap_or_default(),
                &review.map(|review| review.expires.to_string()).unwrap_or_default(),
                review.map_or("", |review| &review.evidence),
                finding.baseline.map_or("", |since| since.as_str()),
                agency,
                bureau,
                branch,
            ],
        )?;
    }
    table.flush()
}

fn cites(cites: &[super::CitedSource]) -> String {
    let cites: Vec<String> = cites.iter().map(|cite| format!("{} {}", cite.source, cite.part)).collect();
    cites.join("; ")
}

/// Writes a row for each page.
///
/// # Errors
/// Only those of the writer.
pub fn pages_csv(report: &Report, out: impl Write) -> io::Result<()> {
    let mut findings: BTreeMap<&str, u64> = BTreeMap::new();
    report.findings.iter().for_each(|finding| *findings.entry(&finding.url).or_default() += 1);
    let owners = Owners::of(report);
    let mut table = table(out, &PAGES)?;
    for page in &report.pages {
        let tally = tally(&page.outcomes);
        let [agency, bureau, branch] = owners.of_address(&page.url);
        row(
            &mut table,
            &[
                &page.url,
                page.file.as_deref().unwrap_or_default(),
                &page.status.map(|status| status.to_string()).unwrap_or_default(),
                page.media.as_deref().unwrap_or_default(),
                if page.judged { "true" } else { "false" },
                page.problem.as_deref().unwrap_or_default(),
                &tally.passed.to_string(),
                &tally.failed.to_string(),
                &tally.cant_tell.to_string(),
                &tally.untested.to_string(),
                &findings.get(&*page.url).copied().unwrap_or_default().to_string(),
                &failed(&page.outcomes),
                &page.aliases.join(" "),
                agency,
                bureau,
                branch,
            ],
        )?;
    }
    table.flush()
}

/// Writes a row for each site.
///
/// # Errors
/// Only those of the writer.
pub fn sites_csv(report: &Report, out: impl Write) -> io::Result<()> {
    let musts: BTreeMap<&RuleId, Says> = report.rules.iter().map(|row| (&row.id, row.obligation)).collect();
    let mut counts: BTreeMap<String, [u64; 4]> = BTreeMap::new();
    for page in &report.pages {
        let [pages, judged, ..] = counts.entry(site_of(&page.url)).or_default();
        *pages += 1;
        *judged += u64::from(page.judged);
    }
    report.problems.iter().for_each(|row| counts.entry(site_of(&row.url)).or_default()[2] += 1);
    report.findings.iter().for_each(|finding| counts.entry(site_of(&finding.url)).or_default()[3] += 1);
    let mut table = table(out, &SITES)?;
    for site in &report.sites {
        let tally = tally(&site.outcomes);
        let name = site.site.strip_prefix("www.").unwrap_or(&site.site);
        let [pages, judged, problems, findings] = counts.get(name).copied().unwrap_or_default().map(|n| n.to_string());
        let must =
            |(rule, outcome): &(&RuleId, Outcome)| *outcome == Outcome::Failed && musts.get(rule) == Some(&Says::Must);
        row(
            &mut table,
            &[
                &site.site,
                site.agency.as_deref().unwrap_or_default(),
                site.bureau.as_deref().unwrap_or_default(),
                site.profile.branch.map_or("", |branch| branch.as_str()),
                &pages,
                &judged,
                &problems,
                &findings,
                &tally.passed.to_string(),
                &tally.failed.to_string(),
                &site.outcomes.iter().filter(must).count().to_string(),
                &tally.cant_tell.to_string(),
                &tally.untested.to_string(),
                &failed(&site.outcomes),
            ],
        )?;
    }
    table.flush()
}

/// Whose the sites of a report are.
struct Owners<'r>(BTreeMap<&'r str, [&'r str; 3]>);

impl<'r> Owners<'r> {
    fn of(report: &'r Report) -> Self {
        let owner = |site: &'r SiteRow| {
            let word = |word: &'r Option<String>| word.as_deref().unwrap_or_default();
            let branch = site.profile.branch.map_or("", |branch| branch.as_str());
            let name = site.site.strip_prefix("www.").unwrap_or(&site.site);
            (name, [word(&site.agency), word(&site.bureau), branch])
        };
        Self(report.sites.iter().map(owner).collect())
    }

    /// Agency, bureau and branch of the site that an address belongs to; where there is one site, all do.
    fn of_address(&self, address: &str) -> [&'r str; 3] {
        let only = || self.0.values().next().filter(|_| self.0.len() == 1);
        self.0.get(site_of(address).as_str()).or_else(only).copied().unwrap_or_default()
    }
}

/// The host of an address, with the port where it is not the default and without `www.`: how rows are matched to sites.
pub(super) fn site_of(address: &str) -> String {
    let Ok(url) = url::Url::parse(address) else { return String::new() };
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    url.port().map_or_else(|| host.to_string(), |port| format!("{host}:{port}"))
}

fn tally(outcomes: &Outcomes) -> Tally {
    let mut tally = Tally::default();
    outcomes.values().for_each(|outcome| tally.count(outcome));
    tally
}

fn failed(outcomes: &Outcomes) -> String {
    let failed = outcomes.iter().filter(|(_, outcome)| *outcome == Outcome::Failed);
    failed.map(|(rule, _)| rule.as_str()).collect::<Vec<_>>().join(" ")
}

/// A table that begins with its header.
pub(super) fn table<W: Write>(out: W, header: &[&str]) -> io::Result<Writer<W>> {
    let mut table = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
    row(&mut table, header)?;
    Ok(table)
}

/// One row of cells that are no formulas.
pub(super) fn row<W: Write>(table: &mut Writer<W>, cells: &[&str]) -> io::Result<()> {
    table.write_record(cells.iter().map(|cell| pictured(&tame(cell)))).map_err(io::Error::from)
}

/// Spreadsheets take a cell that begins so for a formula, also after white space.
fn tame(cell: &str) -> Cow<'_, str> {
    let first = cell.trim_start_matches(|c: char| c.is_whitespace() || c.is_control()).chars().next();
    let starts = cell.starts_with(['\t', '\r', '\n', '\0']);
    match first {
        Some('=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠') => Cow::Owned(format!("'{cell}")),
        Some(_) | None if starts => Cow::Owned(format!("'{cell}")),
        Some(_) | None => Cow::Borrowed(cell),
    }
}

/// Control characters but tabulators and line ends as their pictures; those of the second set, which have none, as a mark.
fn pictured(cell: &str) -> String {
    let picture = |c: char| match c {
        '\t' | '\n' | '\r' => c,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}' => char::REPLACEMENT_CHARACTER,
        _ => c,
    };
    cell.chars().map(picture).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_a_formula() {
        for (cell, written) in [
            ("=cmd()", "'=cmd()"),
            ("  +1", "'  +1"),
            ("\t=1", "'\t=1"),
            ("@SUM(1)", "'@SUM(1)"),
            ("-", "'-"),
            ("\u{0}=1", "'\u{0}=1"),
            ("a=1", "a=1"),
            ("", ""),
            ("'quoted", "'quoted"),
        ] {
            assert_eq!(tame(cell), written, "{cell:?}");
        }
    }

    #[test]
    fn no_cell_holds_what_a_terminal_obeys() {
        for (cell, written) in [
            ("\u{1b}[31mred\u{7}", "\u{241b}[31mred\u{2407}"),
            ("\u{9b}2J\u{7f}", "\u{fffd}2J\u{2421}"),
            ("two\nlines\t", "two\nlines\t"),
        ] {
            assert_eq!(pictured(cell), written, "{cell:?}");
        }
    }

    #[test]
    fn rows_are_matched_to_sites_with_and_without_www() {
        assert_eq!(site_of("https://www.agency.example:8443/a"), "agency.example:8443");
        assert_eq!(site_of("http://agency.example/"), "agency.example");
        assert_eq!(site_of("no address"), "");
    }
}
