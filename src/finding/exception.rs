//! What people decided about findings: waivers of failures and answers to doubts, both with an end.
//!
//! In: exceptions, the day, findings. Out: the findings marked, and what became of each exception. Invariant: the machine's outcome
//! stays what it is; an exception holds up to and on the day it expires; the first that fits is taken; what is expired or fits
//! nothing is told. Tested below.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Finding, Reviewed, Spot, Waived};
use crate::rules::RuleId;
use crate::verdict::Outcome;

/// A dated, reasoned exception with an owner.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Waiver {
    /// The rule that is waived.
    pub rule: RuleId,
    /// Where; everywhere when nothing is said.
    #[serde(default, rename = "where")]
    pub spot: Spot,
    /// Why it is accepted for now.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Where the work is followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
    /// The last day it holds.
    pub expires: Date,
}

/// A person's answer to what a machine could not tell.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Review {
    /// The rule whose doubt is answered.
    pub rule: RuleId,
    /// Where; everywhere when nothing is said.
    #[serde(default, rename = "where")]
    pub spot: Spot,
    /// The answer.
    pub outcome: Answer,
    /// Who gave it.
    pub reviewer: String,
    /// The day it was given.
    pub date: Date,
    /// The last day it holds.
    pub expires: Date,
    /// What was looked at.
    pub evidence: String,
}

/// What a person can answer.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It is as the rule asks.
    Passed,
    /// It is not.
    Failed,
}

impl Answer {
    /// The word used in files and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
        }
    }
}

/// Whether an exception holds on the day.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It does.
    InForce,
    /// Its day has passed.
    Expired,
    /// It was given on a later day.
    NotYet,
}

/// An exception and what became of it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Settled<T> {
    /// The exception.
    #[serde(flatten)]
    pub exception: T,
    /// Whether it holds on the day.
    pub state: State,
    /// The findings it fits, also where it no longer holds.
    pub matched: u64,
}

impl<T> Settled<T> {
    /// True when somebody should look at it again.
    pub fn is_idle(&self) -> bool {
        self.state != State::InForce || self.matched == 0
    }
}

/// Every exception of a run.
#[derive(Clone, Debug, Default)]
pub struct Exceptions {
    /// In the order written.
    pub waivers: Vec<Waiver>,
    /// In the order written.
    pub reviews: Vec<Review>,
}

impl Exceptions {
    /// Marks findings, and tells what became of each exception.
    pub fn settle(self, findings: &mut [Finding], today: Date) -> (Vec<Settled<Waiver>>, Vec<Settled<Review>>) {
        let waivers = self.waivers.into_iter().map(|waiver| waive(waiver, findings, today)).collect();
        let reviews = self.reviews.into_iter().map(|review| answer(review, findings, today)).collect();
        (waivers, reviews)
    }
}

fn waive(waiver: Waiver, findings: &mut [Finding], today: Date) -> Settled<Waiver> {
    let state = if today > waiver.expires { State::Expired } else { State::InForce };
    let mut matched = 0;
    for finding in findings.iter_mut().filter(|one| one.rule == waiver.rule && waiver.spot.holds(one)) {
        matched += 1;
        if state == State::InForce && finding.waived.is_none() {
            finding.waived = Some(Box::new(Waived {
                reason: waiver.reason.clone(),
                owner: waiver.owner.clone(),
                expires: waiver.expires.to_string(),
                issue: waiver.issue.clone(),
            }));
        }
    }
    Settled { exception: waiver, state, matched }
}

fn answer(review: Review, findings: &mut [Finding], today: Date) -> Settled<Review> {
    let state = match () {
        () if today > review.expires => State::Expired,
        () if today < review.date => State::NotYet,
        () => State::InForce,
    };
    let mut matched = 0;
    // What the machine says failed is waived or mended, not answered.
    let doubts = findings.iter_mut().filter(|one| one.outcome == Outcome::CantTell);
    for finding in doubts.filter(|one| one.rule == review.rule && review.spot.holds(one)) {
        matched += 1;
        if state == State::InForce && finding.review.is_none() {
            finding.review = Some(Box::new(Reviewed {
                outcome: review.outcome,
                reviewer: review.reviewer.clone(),
                date: review.date,
                expires: review.expires,
                evidence: review.evidence.clone(),
            }));
        }
    }
    Settled { exception: review, state, matched }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Said, Where};
    use crate::rules::{Impact, Says};
    use jiff::civil::date;

    fn finding(url: &str, outcome: Outcome) -> Finding {
        Finding::of(
            "0123456789abcdef",
            url,
            Said {
                rule: RuleId::of("pack/rule"),
                outcome,
                impact: Impact::High,
                obligation: Says::Must,
                place: Where::default(),
                observed: "".into(),
                expected: "".into(),
                question: None,
            },
        )
    }

    fn spot(glob: &str) -> Spot {
        Spot { url: Some(glob.parse().unwrap()), ..Spot::default() }
    }

    fn waiver(glob: &str, reason: &str) -> Waiver {
        Waiver {
            rule: RuleId::of("pack/rule"),
            spot: spot(glob),
            reason: reason.to_string(),
            owner: "web@agency.example".to_string(),
            issue: None,
            expires: date(2027, 1, 31),
        }
    }

    fn review(glob: &str) -> Review {
        Review {
            rule: RuleId::of("pack/rule"),
            spot: spot(glob),
            outcome: Answer::Passed,
            reviewer: "A. Person".to_string(),
            date: date(2026, 11, 1),
            expires: date(2027, 1, 31),
            evidence: "read it".to_string(),
        }
    }

    #[test]
    fn an_exception_holds_up_to_and_on_its_last_day() {
        for (today, waived, answered, states) in [
            (date(2026, 10, 31), true, false, (State::InForce, State::NotYet)),
            (date(2026, 11, 1), true, true, (State::InForce, State::InForce)),
            (date(2027, 1, 30), true, true, (State::InForce, State::InForce)),
            (date(2027, 1, 31), true, true, (State::InForce, State::InForce)),
            (date(2027, 2, 1), false, false, (State::Expired, State::Expired)),
        ] {
            let mut findings =
                [finding("https://a.example/", Outcome::Failed), finding("https://a.example/", Outcome::CantTell)];
            let exceptions = Exceptions { waivers: vec![waiver("/**", "later")], reviews: vec![review("/**")] };
            let (waivers, reviews) = exceptions.settle(&mut findings, today);
            assert_eq!((findings[0].waived.is_some(), findings[1].review.is_some()), (waived, answered), "{today}");
            assert_eq!((waivers[0].state, reviews[0].state), states, "{today}");
            assert_eq!((waivers[0].matched, reviews[0].matched), (2, 1), "{today}");
            assert_eq!(
                findings.map(|one| one.outcome),
                [Outcome::Failed, Outcome::CantTell],
                "the machine's word stays"
            );
        }
    }

    #[test]
    fn the_first_that_fits_is_taken_and_what_fits_nothing_is_told() {
        let mut findings = [finding("https://a.example/old/", Outcome::Failed)];
        let waivers = vec![waiver("/new/**", "no"), waiver("/old/**", "first"), waiver("/**", "second")];
        let exceptions = Exceptions { waivers, reviews: vec![review("/**")] };
        let (waivers, reviews) = exceptions.settle(&mut findings, date(2026, 12, 1));
        assert_eq!(findings[0].waived.as_ref().map(|waived| waived.reason.as_str()), Some("first"));
        assert_eq!(waivers.iter().map(Settled::is_idle).collect::<Vec<_>>(), [true, false, false]);
        assert!(reviews[0].is_idle() && findings[0].review.is_none(), "a failure is not answered away");
    }

    #[test]
    fn another_rule_is_not_touched() {
        let mut findings = [finding("https://a.example/", Outcome::Failed)];
        findings[0].rule = RuleId::of("pack/other");
        let exceptions = Exceptions { waivers: vec![waiver("/**", "later")], reviews: vec![] };
        assert_eq!(exceptions.settle(&mut findings, date(2026, 12, 1)).0[0].matched, 0);
    }
}
