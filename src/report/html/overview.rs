//! The first screen: what was found in one sentence, numbers, charts, and what to fix first.
//!
//! In: a report and its ranked rules. Out: two sections. Invariant: no number stands for the whole; problems are never counted
//! as failures. Tested in `tests/it/formats.rs`.

use super::chart::Chart;
use super::phrase;
use crate::finding::Finding;
use crate::report::markup::Markup;
use crate::report::places::Places;
use crate::report::ranking::Ranked;
use crate::report::wording::{count, grouped, joined, sentence, unused_rows};
use crate::report::{Report, Tally};
use crate::rules::Impact;

/// Rules in the list of what to fix first.
const MOST_RULES: usize = 10;

/// What was found.
pub(super) fn summary(report: &Report, rules: &[Ranked<'_>], page: &mut Markup) {
    phrase::section("summary", "Summary", page);
    page.leaf("p", &[("class", "lead")], &lead(report, rules));
    warnings(report, page);
    page.open("ul", &[("class", "tiles")]);
    let failed = report.findings.iter().filter(|one| one.is_open_failure()).count() as u64;
    let review = report.findings.iter().filter(|one| one.is_open_doubt()).count() as u64;
    let waived = report.findings.iter().filter(|one| one.waived.is_some()).count() as u64;
    for (number, words) in [
        (failed, "failed"),
        (review, "to review"),
        (waived, "waived"),
        (report.coverage.pages.judged, "pages judged"),
        (report.rules.len() as u64, "rules"),
        (report.coverage.problems, "problems"),
    ] {
        page.open("li", &[]);
        page.leaf("strong", &[], &grouped(number));
        page.leaf("span", &[], words);
        page.close("li");
    }
    page.close("ul");
    page.open("div", &[("class", "charts")]);
    by_impact(report).draw(page);
    by_outcome(report).draw(page);
    page.close("div");
    phrase::end_section(page);
}

fn lead(report: &Report, rules: &[Ranked<'_>]) -> String {
    let seen = &report.coverage;
    let failed = rules.iter().filter(|one| !one.failed.is_empty()).count() as u64;
    let review = rules.iter().filter(|one| one.failed.is_empty()).count() as u64;
    let clean = report.rules.iter().filter(|row| is_clean(&row.tally)).count() as u64;
    let problems = match seen.problems {
        0 => String::new(),
        number => format!(
            " {} could not be looked at, so {} % of what should have been judged was; that is no failure.",
            count(number, "address", "addresses"),
            (seen.share * 100.0).floor()
        ),
    };
    if seen.pages.judged == 0 {
        return format!("Nothing could be judged, so nothing was found.{problems}");
    }
    let parts = [
        format!("{} failed", count(failed, "rule", "rules")),
        format!("{} {} a person to look", grouped(review), if review == 1 { "needs" } else { "need" }),
        format!("{} found nothing", grouped(clean)),
    ];
    format!("{}.{problems}", joined(&parts))
}

/// True for a rule that judged something and found nothing.
pub(super) fn is_clean(tally: &Tally) -> bool {
    tally.passed > 0 && tally.failed == 0 && tally.cant_tell == 0
}

fn warnings(report: &Report, page: &mut Markup) {
    let run = &report.run;
    let mut said = vec![];
    if run.stopped {
        said.push("The run was stopped before its end; this is what it had seen by then.".to_string());
    }
    if run.insecure {
        said.push("Certificates were not verified (--insecure).".to_string());
    }
    said.extend(unused_rows(run));
    if !run.my_sites.is_empty() {
        said.push(format!("robots.txt was read but not obeyed on {}.", joined(&run.my_sites)));
    }
    said.iter().for_each(|words| page.leaf("p", &[("class", "note")], words));
}

fn by_impact(report: &Report) -> Chart<'static> {
    let number = |impact, is_open: fn(&Finding) -> bool| {
        report.findings.iter().filter(|one| one.impact == impact && is_open(one)).count() as u64
    };
    let bars = Impact::ALL.into_iter();
    Chart {
        id: "chart-impact",
        title: "Open findings by impact",
        parts: ["failed", "needs review"],
        bars: bars
            .map(|impact| {
                let numbers = [number(impact, Finding::is_open_failure), number(impact, Finding::is_open_doubt)];
                (impact.as_str(), numbers)
            })
            .collect(),
    }
}

fn by_outcome(report: &Report) -> Chart<'static> {
    let mut numbers = [0; 4];
    for row in &report.rules {
        let tally = &row.tally;
        let at = match (tally.failed, tally.cant_tell, tally.passed) {
            (1.., _, _) => 0,
            (0, 1.., _) => 1,
            (0, 0, 1..) => 2,
            (0, 0, 0) => 3,
        };
        numbers[at] += 1;
    }
    let labels = ["failed", "to review", "no finding", "not judged"];
    Chart {
        id: "chart-outcome",
        title: "Rules by what they found",
        parts: ["rules", ""],
        bars: labels.into_iter().zip(numbers).map(|(label, number)| (label, [number, 0])).collect(),
    }
}

/// The rules that hurt most, each with its fix and one place to begin.
pub(super) fn fix_first(report: &Report, rules: &[Ranked<'_>], page: &mut Markup) {
    phrase::section("fix-first", "Fix first", page);
    let failed: Vec<&Ranked<'_>> = rules.iter().filter(|one| !one.failed.is_empty()).collect();
    if failed.is_empty() {
        page.leaf("p", &[], "No rule failed.");
        phrase::end_section(page);
        return;
    }
    page.leaf(
        "p",
        &[],
        "Ordered by how strongly it is asked for, how much it hurts people, and how many pages it touches.",
    );
    let places = Places::of(report);
    page.open("ol", &[("class", "first")]);
    failed.iter().take(MOST_RULES).for_each(|one| fix(one, &places, page));
    page.close("ol");
    if let more @ 1.. = failed.len().saturating_sub(MOST_RULES) {
        page.leaf("p", &[], &format!("{} more failed; all are under Findings.", count(more as u64, "rule", "rules")));
    }
    phrase::end_section(page);
}

fn fix(one: &Ranked<'_>, places: &Places<'_>, page: &mut Markup) {
    page.open("li", &[]);
    page.open("h3", &[]);
    phrase::to_rule(one.rule, one.title(), page);
    page.close("h3");
    page.open("p", &[("class", "tags")]);
    phrase::impact(one.impact(), page);
    page.words(" ");
    page.leaf("span", &[("class", "tag plain")], phrase::obligation(one.obligation()));
    page.leaf("span", &[("class", "spread")], &format!(" {}", one.spread()));
    page.close("p");
    if let Some(row) = one.row {
        page.leaf("p", &[], sentence(&row.text.fix));
    }
    if let Some(example) = one.example() {
        page.open("p", &[("class", "begin")]);
        page.words("Begin at ");
        match places.path(&example.url) {
            Some(path) => {
                page.leaf("code", &[], &path);
                if let Some(line) = example.place.line {
                    page.words(&format!(", line {line}"));
                }
            }
            None => phrase::spot(example, page),
        }
        page.close("p");
    }
    page.close("li");
    page.line();
}
