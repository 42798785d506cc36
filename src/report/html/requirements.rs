//! The scorecard by paragraph.
//!
//! In: the rows of the scorecard. Out: a section with a list for each source. Invariant: a passed row is never called more
//! than "nothing found", and what no machine can see of it stands beside it. Tested in `tests/it/formats.rs`.

use std::collections::BTreeMap;

use super::phrase;
use crate::report::markup::Markup;
use crate::report::wording::grouped;
use crate::report::{Report, ReviewTally, RuleRow, ScoreRow, Tally};
use crate::rules::RuleId;

/// The section.
pub(super) fn requirements(report: &Report, page: &mut Markup) {
    if report.scorecard.is_empty() {
        return;
    }
    phrase::section("requirements", "Requirements", page);
    page.leaf(
        "p",
        &[],
        "What the rules say of each paragraph. “Passed” means that nothing was found, not that the paragraph is met.",
    );
    let rules: BTreeMap<&RuleId, &RuleRow> = report.rules.iter().map(|row| (&row.id, row)).collect();
    let (tested, rest): (Vec<&ScoreRow>, Vec<&ScoreRow>) =
        report.scorecard.iter().partition(|row| row.rules != Tally::default());
    for rows in tested.chunk_by(|a, b| a.source == b.source) {
        page.leaf("h3", &[], source(rows[0]));
        page.open("ul", &[("class", "rows")]);
        rows.iter().for_each(|row| requirement(row, &rules, page));
        page.close("ul");
        page.line();
    }
    if !rest.is_empty() {
        page.open("details", &[]);
        let words = if rest.len() == 1 {
            "row that no rule of this run looks at"
        } else {
            "rows that no rule of this run looks at"
        };
        page.leaf("summary", &[], &format!("{} {words}", grouped(rest.len() as u64)));
        page.open("ul", &[]);
        rest.iter().for_each(|row| page.leaf("li", &[], &format!("{}, {}: {}", source(row), row.part, row.title)));
        page.close("ul");
        page.close("details");
    }
    phrase::end_section(page);
}

fn source(row: &ScoreRow) -> &str {
    if row.source_title.is_empty() { &row.source } else { &row.source_title }
}

fn requirement(row: &ScoreRow, rules: &BTreeMap<&RuleId, &RuleRow>, page: &mut Markup) {
    page.open("li", &[]);
    page.open("p", &[("class", "standing")]);
    phrase::outcome(row.outcome, page);
    page.close("p");
    page.open("div", &[]);
    page.open("p", &[]);
    page.leaf("strong", &[], &row.part);
    page.words(&format!(" {}", row.title));
    page.close("p");
    page.leaf("p", &[("class", "quiet")], &tally(&row.rules));
    if let Some(people) = row.reviewed.filter(|people| people.passed + people.failed > 0) {
        let ReviewTally { passed, failed, open } = people;
        let words = format!("People: {passed} passed, {failed} failed, {open} still to review");
        page.leaf("p", &[("class", "quiet")], &words);
    }
    if !row.evidence.is_empty() {
        page.open("p", &[("class", "evidence")]);
        page.words("See ");
        for (at, rule) in row.evidence.iter().enumerate() {
            if at > 0 {
                page.words("; ");
            }
            phrase::to_rule(rule, rules.get(rule).map_or(rule.as_str(), |row| &row.title), page);
        }
        page.close("p");
    }
    if !row.limits.is_empty() {
        phrase::details("What a machine cannot see of it", page);
        page.leaf("p", &[], &row.limits);
        page.close("details");
    }
    page.close("div");
    page.close("li");
    page.line();
}

fn tally(rules: &Tally) -> String {
    let parts = [
        (rules.failed, "failed"),
        (rules.cant_tell, "to review"),
        (rules.passed, "found nothing"),
        (rules.untested, "not tested"),
        (rules.inapplicable, "had nothing to judge"),
    ];
    let said: Vec<String> =
        parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, words)| format!("{n} {words}")).collect();
    format!("Rules: {}", said.join(", "))
}
