//! What people concluded beside the machine, row by row of the scorecard, and what is still open.
//!
//! In: a report whose findings carry reviews. Out: a [`ReviewTally`] on each row, and the open list as CSV. Invariant: the
//! machine's tally and outcome stay as they are; a rule is answered only when each of its doubts is. Tested below.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::places::Places;
use super::table::{row, table};
use super::{Report, RuleRow, ScoreRow};
use crate::finding::{Answer, Finding, host};
use crate::rules::RuleId;
use crate::verdict::Outcome;

/// Rules in doubt by what people answered.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct ReviewTally {
    /// Every doubt was answered: it is as the rule asks.
    pub passed: u64,
    /// A person found it is not.
    pub failed: u64,
    /// Somebody still has to look.
    pub open: u64,
}

/// Writes the tallies on every row, where a review was given for the run.
pub fn tally_reviews(report: &mut Report) {
    if report.reviews.is_empty() {
        return;
    }
    let Report { scorecard, sites, findings, rules, .. } = report;
    let all = answers(findings.iter());
    scorecard.iter_mut().for_each(|row| row.reviewed = Some(of_row(row, rules, &all)));
    for site in sites {
        let root = site.facts.get("root").and_then(|root| root.as_str()).unwrap_or_default();
        let here = answers(findings.iter().filter(|one| host(&one.url) == host(root)));
        site.scorecard.iter_mut().for_each(|row| row.reviewed = Some(of_row(row, rules, &here)));
    }
}

/// What is known of each rule with doubts: the answers so far, `None` for one that is missing.
fn answers<'a>(findings: impl Iterator<Item = &'a Finding>) -> BTreeMap<&'a RuleId, Vec<Option<Answer>>> {
    let mut answers: BTreeMap<&RuleId, Vec<Option<Answer>>> = BTreeMap::new();
    for finding in findings.filter(|one| one.outcome == Outcome::CantTell) {
        answers.entry(&finding.rule).or_default().push(finding.review.as_ref().map(|review| review.outcome));
    }
    answers
}

fn of_row(row: &ScoreRow, rules: &[RuleRow], answers: &BTreeMap<&RuleId, Vec<Option<Answer>>>) -> ReviewTally {
    let mut tally = ReviewTally::default();
    for answers in
        rules.iter().filter(|rule| rule.serves.contains(&row.requirement)).filter_map(|rule| answers.get(&rule.id))
    {
        if answers.contains(&Some(Answer::Failed)) {
            tally.failed += 1;
        } else if answers.contains(&None) {
            tally.open += 1;
        } else {
            tally.passed += 1;
        }
    }
    tally
}

/// What a reviewer is told, then what a `[[review]]` has to hold.
const OPEN: [&str; 17] = [
    "rule",
    "title",
    "url",
    "file",
    "line",
    "selector",
    "snippet",
    "observed",
    "expected",
    "question",
    "look_for",
    "fingerprint",
    "outcome",
    "reviewer",
    "date",
    "expires",
    "evidence",
];

/// Writes the doubts nobody answered, with empty cells for the answer.
///
/// # Errors
/// Only those of the writer.
pub fn open_reviews_csv(report: &Report, out: impl Write) -> io::Result<()> {
    let places = Places::of(report);
    let rules: BTreeMap<&RuleId, &RuleRow> = report.rules.iter().map(|row| (&row.id, row)).collect();
    let mut table = table(out, &OPEN)?;
    for finding in report.findings.iter().filter(|one| one.is_open_doubt()) {
        let (rule, place) = (rules.get(&finding.rule), &finding.place);
        row(
            &mut table,
            &[
                finding.rule.as_str(),
                rule.map_or("", |rule| &rule.title),
                &finding.url,
                places.file(&finding.url).unwrap_or_default(),
                &place.line.map(|line| line.to_string()).unwrap_or_default(),
                place.selector.as_deref().unwrap_or_default(),
                place.snippet.as_deref().unwrap_or_default(),
                &finding.observed,
                &finding.expected,
                finding.question.as_deref().unwrap_or_default(),
                rule.map_or("", |rule| &rule.text.limits),
                &finding.fingerprint,
                "",
                "",
                "",
                "",
                "",
            ],
        )?;
    }
    table.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Review, Reviewed, Settled, Spot, State};
    use jiff::civil::date;

    const DEMO: &str = include_str!("../../fixtures/reports/demo.json");

    /// The demo, where the doubts of one rule got these answers, in order.
    fn answered(rule: &str, answers: &[Option<Answer>]) -> Report {
        let mut report: Report = serde_json::from_str(DEMO).expect("the demo is a report");
        let doubts = report.findings.iter_mut().filter(|one| one.rule.as_str() == rule);
        for (finding, answer) in doubts.zip(answers) {
            finding.review = answer.map(|outcome| {
                Box::new(Reviewed {
                    outcome,
                    reviewer: "A. Person".to_string(),
                    date: date(2026, 11, 1),
                    expires: date(2027, 11, 1),
                    evidence: "looked".to_string(),
                })
            });
        }
        report.reviews.push(Settled {
            exception: Review {
                rule: RuleId::of(rule),
                spot: Spot::default(),
                outcome: Answer::Passed,
                reviewer: "A. Person".to_string(),
                date: date(2026, 11, 1),
                expires: date(2027, 11, 1),
                evidence: "looked".to_string(),
            },
            state: State::InForce,
            matched: 1,
        });
        tally_reviews(&mut report);
        report
    }

    #[test]
    fn people_are_counted_apart_from_the_machine() {
        const BANNER: &str = "identity/banner";
        let (yes, no) = (Some(Answer::Passed), Some(Answer::Failed));
        for (answers, want) in [
            ([yes, yes, yes, yes], ReviewTally { passed: 1, ..ReviewTally::default() }),
            ([yes, None, yes, yes], ReviewTally { open: 1, ..ReviewTally::default() }),
            ([yes, None, no, yes], ReviewTally { failed: 1, ..ReviewTally::default() }),
        ] {
            let report = answered(BANNER, &answers);
            let serves = &report.rules.iter().find(|row| row.id.as_str() == BANNER).expect("it ran").serves;
            let row = report.scorecard.iter().find(|row| serves.contains(&row.requirement)).expect("it serves a row");
            assert_eq!(row.reviewed, Some(want), "{answers:?}");
            let before: Report = serde_json::from_str(DEMO).expect("the demo is a report");
            let same =
                before.scorecard.iter().find(|old| old.requirement == row.requirement).expect("the row was there");
            assert_eq!((row.outcome, row.rules), (same.outcome, same.rules), "the machine's word stays");
        }
    }

    #[test]
    fn the_open_list_has_every_doubt_without_an_answer_and_no_formula() {
        let yes = Some(Answer::Passed);
        let mut report = answered("identity/banner", &[yes, None, yes, None]);
        let doubts = report.findings.iter().filter(|one| one.outcome == Outcome::CantTell).count();
        for one in &mut report.findings {
            one.observed = "=cmd()".into();
        }
        let mut csv = vec![];
        open_reviews_csv(&report, &mut csv).expect("memory takes everything");
        let mut rows = csv::Reader::from_reader(&csv[..]);
        let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().expect("it is CSV");
        assert_eq!(rows.len(), doubts - 2);
        assert!(rows.iter().all(|row| &row[7] == "'=cmd()" && row[12].is_empty()));
    }
}
