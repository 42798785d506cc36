//! Days by which people are asked to do something.
//!
//! In: a page's folded text. Out: [`Deadline`]s in order, with the words around them. Known by words such as "apply by", "deadline",
//! "register before", "presente antes del" and a date close behind. Invariant: a text that says that it is over, or that tells of the
//! past, is no deadline. Tested below and by the labelled cases.

use jiff::civil::Date;
use regex::Regex;
use std::sync::LazyLock;

use super::written::{Order, first_written};

/// A day by which something has to be done.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Deadline {
    /// The day.
    pub day: Date,
    /// The words, from the asking to the date.
    pub text: String,
}

/// Octets between the asking and the day.
const NEAR: usize = 60;
/// Octets around it that may say that it is over.
const AROUND: usize = 160;

static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(?:(?:apply|register|rsvp|respond|reply|submit (?:your|the|all|an?) [a-z ]{1,30}?|enroll|sign up|comments? (?:are|is) due|comment|nominations? (?:are|is) due|applications? (?:are|is|will be|must be) (?:due|accepted|received|submitted|postmarked)|proposals? (?:are|is) due|entries (?:are|is) due|return (?:the|your|this) [a-z ]{1,20}?|must be (?:received|submitted|postmarked|filed)|file) (?:(?:on or )?(?:by|before|until|through|no later than|not later than)|on or before)|due (?:by|on|date:?)|deadlines?(?: (?:to|for) [a-z ]{1,40}? (?:is|are)| is| are|:| of)?|closing date:?|(?:registration|application|comment|enrollment) (?:period )?(?:closes|ends)(?: on)?|fecha l[ií]mite(?: para [a-zñáéíóú ]{1,40}?)?(?: es|:)?|(?:presente|env[ií]e|solicite|inscr[ií]base|reg[ií]strese)[a-zñáéíóú ]{0,40}? (?:antes del?|hasta el|a m[aá]s tardar el)|plazo (?:vence|termina|finaliza)(?: el)?)[ :,-]",
    )
    .expect("a constant pattern")
});

static OVER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(?:has (?:passed|ended|closed|expired)|have (?:passed|ended|closed)|(?:is|are|was|were) (?:now )?(?:closed|over|extended)|no longer|was|were|had|past|archived?|closed|expired|previous|ya (?:pas[oó]|termin[oó]|venci[oó])|vencid[oa]|cerrad[oa]|fue|extended)\b",
    )
    .expect("a constant pattern")
});

/// The deadlines of a folded text; `language` decides how dates of numbers are read.
pub fn deadlines(folded: &str, language: Option<&str>) -> Vec<Deadline> {
    let order = if language == Some("es") { Order::Unknown } else { Order::MonthFirst };
    let mut found: Vec<Deadline> = Vec::new();
    let mut after = 0;
    for asks in ASKS.find_iter(folded) {
        if asks.start() < after {
            continue;
        }
        let end = floor(folded, asks.end() + NEAR + 20);
        let rest = &folded[asks.end()..end];
        let Some(date) = first_written(rest, order).filter(|date| date.at.start <= NEAR && date.is_exact) else {
            continue;
        };
        if rest[..date.at.start].contains(". ") {
            continue;
        }
        let end = asks.end() + date.at.end;
        after = end;
        let around = &folded[floor(folded, asks.start().saturating_sub(AROUND / 2))..floor(folded, end + AROUND / 2)];
        if !OVER.is_match(around) {
            found.push(Deadline { day: date.day, text: folded[asks.start()..end].to_string() });
        }
    }
    found
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_by_a_day_is_a_deadline_unless_it_is_over() {
        for (text, days) in [
            ("apply by march 3, 2026 at noon.", vec!["2026-03-03"]),
            ("the deadline to send your photos is june 1, 2025.", vec!["2025-06-01"]),
            ("fecha límite para inscribirse: 3 de mayo de 2026", vec!["2026-05-03"]),
            ("the deadline was march 3, 2020", vec![]),
            ("apply by march 3, 2020. the application period has ended.", vec![]),
            ("published march 3, 2020", vec![]),
            ("apply by mail. office opened march 3, 2020", vec![]),
        ] {
            let found: Vec<String> = deadlines(text, Some("en")).iter().map(|found| found.day.to_string()).collect();
            assert_eq!(found, days, "{text}");
        }
    }
}
