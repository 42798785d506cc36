//! What changed since the baseline, and the waivers and reviews of the run.
//!
//! In: a report. Out: a section for each, where there is something to say. Invariant: what was not looked at again is never
//! called fixed; an exception that expired or fits nothing says so. Tested in `tests/it/gate.rs`.

use super::phrase;
use crate::finding::{Finding, Since};
use crate::report::exceptions::idle;
use crate::report::markup::Markup;
use crate::report::wording::{count, day};
use crate::report::{BaselineRow, Report};

/// Findings listed.
const MOST_LISTED: usize = 50;

/// New, fixed and what was not looked at again.
pub(super) fn since(report: &Report, page: &mut Markup) {
    let Some(row) = &report.baseline else { return };
    phrase::section("changes", &format!("Since the run of {}", day(row.judged_on)), page);
    numbers(row, page);
    let new = |one: &&Finding| one.baseline == Some(Since::New);
    let new: Vec<&Finding> = report.findings.iter().filter(new).collect();
    list("New", &new, report, page);
    list("Fixed", &row.fixed.iter().collect::<Vec<_>>(), report, page);
    list("Not looked at again", &row.not_looked_at.iter().collect::<Vec<_>>(), report, page);
    phrase::end_section(page);
}

fn numbers(row: &BaselineRow, page: &mut Markup) {
    let counts = &row.counts;
    page.open("dl", &[]);
    for (term, number) in [
        ("New", counts.new),
        ("Unchanged", counts.unchanged),
        ("Fixed", counts.fixed),
        ("Not looked at again", counts.not_looked_at),
    ] {
        phrase::term(term, &count(number, "finding", "findings"), page);
    }
    page.close("dl");
}

fn list(title: &'static str, findings: &[&Finding], report: &Report, page: &mut Markup) {
    if findings.is_empty() {
        return;
    }
    page.leaf("h3", &[], title);
    page.open("ul", &[]);
    for finding in findings.iter().take(MOST_LISTED) {
        let row = report.rules.iter().find(|row| row.id == finding.rule);
        page.open("li", &[]);
        phrase::outcome(finding.outcome, page);
        page.words(&format!(" {}: ", row.map_or(finding.rule.as_str(), |row| &row.title)));
        page.leaf("bdi", &[], &finding.observed);
        page.words(" at ");
        phrase::spot(finding, page);
        page.close("li");
    }
    page.close("ul");
    if let more @ 1.. = findings.len().saturating_sub(MOST_LISTED) {
        let words = format!("and {} in the JSON report.", count(more as u64, "more", "more"));
        page.leaf("p", &[("class", "quiet")], &words);
    }
}

/// Every waiver and review, those to look at again first.
pub(super) fn exceptions(report: &Report, page: &mut Markup) {
    if report.waivers.is_empty() && report.reviews.is_empty() {
        return;
    }
    phrase::section("exceptions", "Waivers and reviews", page);
    let idle = idle(report);
    if !idle.is_empty() {
        page.leaf("h3", &[], "To look at again");
        page.open("ul", &[]);
        idle.iter().for_each(|words| page.leaf("li", &[], words));
        page.close("ul");
    }
    page.open("details", &[]);
    page.leaf("summary", &[], "All of them");
    page.open("ul", &[]);
    for one in &report.waivers {
        let waiver = &one.exception;
        let fits = count(one.matched, "finding", "findings");
        let issue = waiver.issue.as_ref().map(|issue| format!(" ({issue})")).unwrap_or_default();
        let words =
            format!("{}: {}{issue}. {}, until {}; {fits}.", waiver.rule, waiver.reason, waiver.owner, waiver.expires);
        page.leaf("li", &[], &words);
    }
    for one in &report.reviews {
        let review = &one.exception;
        let fits = count(one.matched, "finding", "findings");
        let answer = format!("{} on {}, until {}", review.outcome.as_str(), review.date, review.expires);
        let words = format!("{}: {} by {}. {answer}; {fits}.", review.rule, review.evidence, review.reviewer);
        page.leaf("li", &[], &words);
    }
    page.close("ul");
    page.close("details");
    phrase::end_section(page);
}
