//! Waivers and reviews that somebody should look at again, in words.
//!
//! In: a report. Out: a sentence for each that expired, is not yet given, or fits nothing. Invariant: one that holds and fits
//! is not among them. Tested below.

use super::Report;
use super::wording::count;
use crate::finding::{Review, Settled, Spot, State, Waiver};

/// A sentence for each exception that holds no longer, or holds nothing.
pub fn idle(report: &Report) -> Vec<String> {
    let waivers = report.waivers.iter().filter(|one| one.is_idle()).map(waiver);
    let reviews = report.reviews.iter().filter(|one| one.is_idle()).map(review);
    waivers.chain(reviews).collect()
}

fn waiver(one: &Settled<Waiver>) -> String {
    let waiver = &one.exception;
    let what = format!("The waiver of {} {}, owned by {},", waiver.rule, place(&waiver.spot), waiver.owner);
    told(&what, one.state, one.matched, &waiver.expires.to_string(), "")
}

fn review(one: &Settled<Review>) -> String {
    let review = &one.exception;
    let what = format!("The review of {} {} by {}", review.rule, place(&review.spot), review.reviewer);
    told(&what, one.state, one.matched, &review.expires.to_string(), &review.date.to_string())
}

fn told(what: &str, state: State, matched: u64, expires: &str, given: &str) -> String {
    let counts = match matched {
        0 => String::new(),
        number => format!("; {} again", count(number, "finding counts", "findings count")),
    };
    match state {
        State::Expired => format!("{what} expired after {expires}{counts}."),
        State::NotYet => format!("{what} is dated {given}, after the day of this run."),
        State::InForce => format!("{what} fits no finding; what it was for may be gone."),
    }
}

fn place(spot: &Spot) -> String {
    let parts = [
        spot.url.as_ref().map(|url| format!("at {url}")),
        spot.selector.as_ref().map(|selector| format!("in {selector}")),
        spot.fingerprint.as_ref().map(|name| format!("for {name}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "everywhere".to_string() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleId;
    use jiff::civil::date;

    const DEMO: &str = include_str!("../../fixtures/reports/demo.json");

    #[test]
    fn an_exception_that_expired_or_fits_nothing_is_named() {
        let waiver = |state, matched| Settled {
            exception: Waiver {
                rule: RuleId::of("pack/rule"),
                spot: Spot { url: Some("/old/**".parse().unwrap()), ..Spot::default() },
                reason: "later".to_string(),
                owner: "web@agency.example".to_string(),
                issue: None,
                expires: date(2026, 11, 1),
            },
            state,
            matched,
        };
        for (state, matched, words) in [
            (State::Expired, 2, Some("expired after 2026-11-01; 2 findings count again.")),
            (State::InForce, 0, Some("fits no finding")),
            (State::InForce, 1, None),
        ] {
            let report = Report { waivers: vec![waiver(state, matched)], ..serde_json::from_str(DEMO).unwrap() };
            let said = idle(&report).join("\n");
            assert_eq!(said.contains("The waiver of pack/rule at /old/**"), words.is_some(), "{said}");
            assert!(words.is_none_or(|words| said.contains(words)), "{said}");
        }
    }
}
