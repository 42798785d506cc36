//! What was looked at: sites, rules that found nothing, coverage, problems, pages.
//!
//! In: a report. Out: sections and tables. Invariant: "nothing found" is said for every rule that passed and of nothing else;
//! a problem is told apart from a failure. Tested in `tests/it/formats.rs`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::overview::is_clean;
use super::phrase;
use crate::report::markup::Markup;
use crate::report::wording::{count, grouped, problem, skipped};
use crate::report::{PageRow, Report, RuleRow, SiteRow, Style};
use crate::verdict::Outcome;

/// Rows shown in a table.
const MOST_ROWS: usize = 200;
/// Addresses shown of one kind of problem.
const MOST_ADDRESSES: usize = 50;

/// One row for each site of a larger run, worst first.
pub(super) fn sites(report: &Report, page: &mut Markup) {
    if report.sites.len() < 2 {
        return;
    }
    phrase::section("sites", "Sites", page);
    let number = |site: &SiteRow, outcome| site.outcomes.values().filter(|one| *one == outcome).count();
    let mut sites: Vec<&SiteRow> = report.sites.iter().collect();
    sites.sort_by_key(|site| (Reverse(number(site, Outcome::Failed)), site.site.as_str()));
    begin_table("Sites by rules that failed", &["Site", "Agency", "Failed", "To review", "Found nothing"], page);
    for site in sites.iter().take(MOST_ROWS) {
        page.open("tr", &[]);
        page.leaf("th", &[("scope", "row")], &site.site);
        page.leaf("td", &[], site.agency.as_deref().unwrap_or("–"));
        for outcome in [Outcome::Failed, Outcome::CantTell, Outcome::Passed] {
            page.leaf("td", &[("class", "n")], &number(site, outcome).to_string());
        }
        page.close("tr");
        page.line();
    }
    end_table(page);
    rest(sites.len(), page);
    phrase::end_section(page);
}

/// Every rule that passed, and after them those that had nothing to judge or could not.
pub(super) fn nothing_found(report: &Report, page: &mut Markup) {
    phrase::section("nothing-found", "Nothing found", page);
    let clean: Vec<&RuleRow> = report.rules.iter().filter(|row| is_clean(&row.tally)).collect();
    if clean.is_empty() {
        page.leaf("p", &[], "No rule passed everywhere it looked.");
    } else {
        page.leaf("p", &[], "These rules looked and found nothing. That is all a pass says.");
        page.open("ul", &[("class", "clean")]);
        for row in clean {
            page.open("li", &[]);
            page.leaf("span", &[("class", "check"), ("aria-hidden", "true")], "✓");
            page.words(&format!(" {} ", row.title));
            page.leaf(
                "span",
                &[("class", "quiet whole")],
                &format!("({})", count(row.tally.passed, "place", "places")),
            );
            page.close("li");
        }
        page.close("ul");
    }
    let idle: Vec<&RuleRow> =
        report.rules.iter().filter(|row| row.tally.passed + row.tally.failed + row.tally.cant_tell == 0).collect();
    let hindered = report.untested();
    let (hindered, idle): (Vec<&RuleRow>, Vec<&RuleRow>) = idle.into_iter().partition(|row| hindered.contains(&row.id));
    listed("that could not be tested", &hindered, page);
    listed("that had nothing to judge", &idle, page);
    phrase::end_section(page);
}

fn listed(which: &str, rules: &[&RuleRow], page: &mut Markup) {
    if rules.is_empty() {
        return;
    }
    phrase::details(&format!("{} {which}", count(rules.len() as u64, "rule", "rules")), page);
    page.open("ul", &[]);
    rules.iter().for_each(|row| page.leaf("li", &[], &row.title));
    page.close("ul");
    page.close("details");
}

/// How much was seen, and what stood in the way.
pub(super) fn coverage(report: &Report, page: &mut Markup) {
    phrase::section("coverage", "Coverage and problems", page);
    let (seen, pages) = (&report.coverage, &report.coverage.pages);
    page.open("dl", &[]);
    phrase::term("Addresses found", &grouped(pages.discovered), page);
    phrase::term("Answered", &grouped(pages.fetched), page);
    phrase::term("Judged", &grouped(pages.judged), page);
    phrase::term("Left out on purpose", &left_out(report), page);
    phrase::term("Hosts probed", &grouped(seen.hosts.probed), page);
    let counted = seen.measured.map(|measured| match measured.lost {
        0 => format!("measured on {} pages", grouped(measured.pages)),
        lost => format!("measured on {} pages, not possible on {}", grouped(measured.pages), grouped(lost)),
    });
    let style = match seen.style {
        Style::Measured => counted.unwrap_or_else(|| "measured".to_string()),
        Style::Off => "not asked for (--render off)".to_string(),
        Style::Unavailable => "not possible on this machine".to_string(),
    };
    phrase::term("Colours, sizes, layout", &style, page);
    page.close("dl");
    problems(report, page);
    questions(report, page);
    phrase::end_section(page);
}

fn left_out(report: &Report) -> String {
    let pages = &report.coverage.pages;
    let reasons: Vec<String> =
        pages.skipped_by.iter().map(|(reason, number)| format!("{} {}", grouped(*number), skipped(reason))).collect();
    if reasons.is_empty() {
        grouped(pages.skipped)
    } else {
        format!("{} ({})", grouped(pages.skipped), reasons.join(", "))
    }
}

fn problems(report: &Report, page: &mut Markup) {
    if report.problems.is_empty() {
        page.leaf("p", &[], "Nothing stood in the way of looking.");
        return;
    }
    page.leaf("h3", &[], "What could not be looked at");
    page.leaf("p", &[], "A problem is no failure: it is something nobody saw.");
    let mut kinds: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for row in &report.problems {
        kinds.entry(&row.kind).or_default().push((&row.url, &row.detail));
    }
    for (kind, rows) in kinds {
        phrase::details(&format!("{}: {}", count(rows.len() as u64, "address", "addresses"), problem(kind)), page);
        page.open("ul", &[("class", "places")]);
        for (url, detail) in rows.iter().take(MOST_ADDRESSES) {
            page.open("li", &[]);
            phrase::address(url, url, page);
            page.leaf("span", &[("class", "quiet")], &format!(" {detail}"));
            page.close("li");
        }
        page.close("ul");
        if let more @ 1.. = rows.len().saturating_sub(MOST_ADDRESSES) {
            page.leaf("p", &[], &format!("{more} more are in the JSON report."));
        }
        page.close("details");
    }
}

fn questions(report: &Report, page: &mut Markup) {
    let asked = report.sites.iter().flat_map(|site| &site.questions).map(String::as_str);
    let asked = asked.chain(report.findings.iter().filter_map(|finding| finding.question.as_deref()));
    let asked: BTreeSet<&str> = asked.collect();
    if asked.is_empty() {
        return;
    }
    page.leaf("h3", &[], "Unanswered questions");
    page.leaf("p", &[], "Some findings need review only because nobody has answered:");
    page.open("ul", &[]);
    asked.iter().take(20).for_each(|question| page.leaf("li", &[], question));
    page.close("ul");
}

/// The pages with most failures.
pub(super) fn pages(report: &Report, page: &mut Markup) {
    let number = |row: &PageRow, outcome| row.outcomes.values().filter(|one| *one == outcome).count();
    let mut rows: Vec<&PageRow> = report.pages.iter().filter(|row| row.judged).collect();
    if rows.is_empty() {
        return;
    }
    rows.sort_by_cached_key(|row| {
        (Reverse(number(row, Outcome::Failed)), Reverse(number(row, Outcome::CantTell)), &row.url)
    });
    phrase::section("pages", "Pages", page);
    begin_table("Pages by rules that failed", &["Page", "Failed", "To review", "Found nothing"], page);
    for row in rows.iter().take(MOST_ROWS) {
        page.open("tr", &[]);
        page.open("th", &[("scope", "row")]);
        phrase::address(&row.url, &row.url, page);
        phrase::in_file(&row.url, row.file.as_deref(), page);
        page.close("th");
        for outcome in [Outcome::Failed, Outcome::CantTell, Outcome::Passed] {
            page.leaf("td", &[("class", "n")], &number(row, outcome).to_string());
        }
        page.close("tr");
        page.line();
    }
    end_table(page);
    rest(rows.len(), page);
    phrase::end_section(page);
}

/// A table that scrolls by itself where the screen is narrow, also by keyboard.
pub(super) fn begin_table(caption: &str, columns: &[&str], page: &mut Markup) {
    page.open("div", &[("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption)]);
    page.open("table", &[]);
    page.leaf("caption", &[("class", "unseen")], caption);
    page.raw("<thead><tr>");
    columns.iter().for_each(|column| page.leaf("th", &[("scope", "col")], column));
    page.raw("</tr></thead><tbody>\n");
}

/// The end of a table.
pub(super) fn end_table(page: &mut Markup) {
    page.raw("</tbody></table></div>\n");
}

fn rest(rows: usize, page: &mut Markup) {
    if let more @ 1.. = rows.saturating_sub(MOST_ROWS) {
        page.leaf("p", &[], &format!("{} more are in the JSON report.", grouped(more as u64)));
    }
}
