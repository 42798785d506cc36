//! How many of those that could be told say yes.
//!
//! In: answers, counted. Out: shares in per cent, and ranks. Invariant: undetermined and unasked sites are in no denominator; where
//! nothing was determined there is no share and no rank; ranks are made of whole numbers, so that no rounding decides one. Tested below.

use std::cmp::{Ordering, Reverse};

use super::Answer;
use crate::report::Tally;

/// Sites by what a question got for an answer.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Share {
    /// Those that say yes.
    pub yes: u64,
    /// Those that say no.
    pub no: u64,
    /// Those where nobody can tell.
    pub undetermined: u64,
    /// Those the question is not asked of.
    pub not_asked: u64,
}

impl Share {
    /// Counts one.
    pub fn count(&mut self, answer: Answer) {
        match answer {
            Answer::Yes => self.yes += 1,
            Answer::No => self.no += 1,
            Answer::Undetermined => self.undetermined += 1,
            Answer::NotAsked => self.not_asked += 1,
        }
    }

    /// Sites by how a requirement or a rule stands there: yes is that nothing was found.
    pub fn of(tally: &Tally) -> Self {
        Self {
            yes: tally.passed,
            no: tally.failed,
            undetermined: tally.cant_tell + tally.untested,
            not_asked: tally.inapplicable,
        }
    }

    /// How many could be told.
    pub fn determined(&self) -> u64 {
        self.yes + self.no
    }

    /// The share of yes among what could be told, in hundredths of a per cent; none where nothing could.
    pub fn hundredths(&self) -> Option<u64> {
        let whole = self.determined();
        (whole > 0).then(|| (self.yes * 10_000 + whole / 2) / whole)
    }

    /// The share in per cent as the incumbent writes it ("29.85", "25.0"); blank where nothing could be told.
    pub fn percent(&self) -> String {
        let Some(hundredths) = self.hundredths() else { return String::new() };
        let digits = format!("{}.{:02}", hundredths / 100, hundredths % 100);
        digits.strip_suffix('0').map_or(digits.clone(), str::to_string)
    }

    /// By the exact share.
    fn against(&self, other: &Self) -> Ordering {
        let product = |a: u64, b: u64| u128::from(a) * u128::from(b);
        product(self.yes, other.determined()).cmp(&product(other.yes, self.determined()))
    }
}

/// The place of each share, the greatest first; equal shares have the same place, and the next one counts them all. None where nothing
/// could be told.
pub fn ranks(shares: &[Share]) -> Vec<Option<u64>> {
    let mut order: Vec<usize> = (0..shares.len()).filter(|at| shares[*at].determined() > 0).collect();
    order.sort_by(|a, b| shares[*b].against(&shares[*a]).then(Reverse(*b).cmp(&Reverse(*a))));
    let mut ranks = vec![None; shares.len()];
    let mut place = 0;
    for (passed, at) in order.iter().enumerate() {
        let same = passed > 0 && shares[order[passed - 1]].against(&shares[*at]).is_eq();
        if !same {
            place = passed as u64 + 1;
        }
        ranks[*at] = Some(place);
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(yes: u64, no: u64, undetermined: u64) -> Share {
        Share { yes, no, undetermined, not_asked: 0 }
    }

    #[test]
    fn what_nobody_could_tell_is_in_no_denominator() {
        for (yes, no, undetermined, percent) in [
            (1, 3, 0, "25.0"),
            (1, 3, 96, "25.0"),
            (4_032, 9_474, 0, "29.85"),
            (2, 136, 0, "1.45"),
            (1, 2, 7, "33.33"),
            (3, 0, 1, "100.0"),
            (0, 4, 0, "0.0"),
            (0, 0, 9, ""),
        ] {
            assert_eq!(share(yes, no, undetermined).percent(), percent);
        }
    }

    #[test]
    fn equal_shares_share_a_place_and_what_is_unknown_has_none() {
        let shares = [share(1, 1, 0), share(9, 1, 0), share(0, 0, 5), share(50, 50, 3), share(0, 1, 0)];
        assert_eq!(ranks(&shares), [Some(2), Some(1), None, Some(2), Some(4)]);
        assert_eq!(ranks(&[]), []);
    }
}
