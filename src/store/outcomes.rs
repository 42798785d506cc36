//! Outcomes as one octet a rule.
//!
//! In: outcomes by rule, the rules of a run. Out: octets, deflated. Invariant: a rule that is absent comes back absent; the meaning
//! of an octet never changes. Tested below.

use std::collections::BTreeMap;

use super::StoreError;
use super::pack::{deflate, inflate};
use crate::finding::{Outcomes, Roll};
use crate::rules::RuleId;
use crate::verdict::Outcome;

/// The rules of a run; their places are those of the octets.
#[derive(Clone, Debug, Default)]
pub(super) struct Dictionary {
    rules: Vec<RuleId>,
    places: BTreeMap<RuleId, usize>,
    /// The same rules by name, and where each stands among these: outcomes that are read share it.
    roll: Roll,
    by_name: Vec<usize>,
}

impl Dictionary {
    /// The dictionary of these rules, in this order.
    pub(super) fn of(rules: Vec<RuleId>) -> Self {
        let places = rules.iter().cloned().enumerate().map(|(at, rule)| (rule, at)).collect();
        let roll: Roll = rules.iter().cloned().collect();
        let by_name = rules.iter().map(|rule| roll.place(rule).expect("the roll is made of them")).collect();
        Self { rules, places, roll, by_name }
    }

    /// The rules.
    pub(super) fn rules(&self) -> &[RuleId] {
        &self.rules
    }

    /// The place of a rule.
    pub(super) fn place(&self, rule: &RuleId) -> Option<usize> {
        self.places.get(rule).copied()
    }

    /// The rule at a place.
    pub(super) fn rule(&self, place: usize) -> Option<&RuleId> {
        self.rules.get(place)
    }

    /// Outcomes as octets. Those of rules that the run does not have are left out.
    pub(super) fn write(&self, outcomes: &Outcomes) -> Vec<u8> {
        let mut octets = vec![0; self.rules.len()];
        for (rule, outcome) in outcomes.iter() {
            if let Some(at) = self.place(rule) {
                octets[at] = octet(outcome);
            }
        }
        deflate(&octets)
    }

    /// The outcomes of octets.
    pub(super) fn read(&self, octets: &[u8]) -> Result<Outcomes, StoreError> {
        let broken = |reason: String| StoreError::Broken { what: "outcomes", reason };
        let octets = inflate(octets).map_err(broken)?;
        if octets.len() != self.rules.len() {
            return Err(broken(format!("{} octets for {} rules", octets.len(), self.rules.len())));
        }
        let mut outcomes = Outcomes::over(&self.roll);
        for (place, octet) in self.by_name.iter().zip(octets) {
            if octet != 0 {
                let outcome = outcome(octet).ok_or_else(|| broken(format!("{octet} is no outcome")))?;
                outcomes.fold_at(*place, outcome);
            }
        }
        Ok(outcomes)
    }
}

/// The octet of an outcome; 0 is none.
pub(super) fn octet(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Passed => 1,
        Outcome::Failed => 2,
        Outcome::CantTell => 3,
        Outcome::Inapplicable => 4,
        Outcome::Untested => 5,
    }
}

/// The outcome of an octet.
pub(super) fn outcome(found: u8) -> Option<Outcome> {
    Outcome::ALL.into_iter().find(|outcome| octet(*outcome) == found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_comes_back_and_absence_stays_absence() {
        let rules: Vec<RuleId> = (0..6).map(|n| RuleId::of(format!("pack/rule-{n}"))).collect();
        let outcomes: Outcomes = rules.iter().cloned().zip(Outcome::ALL).collect();
        let dictionary = Dictionary::of(rules);
        let written = dictionary.write(&outcomes);
        assert_eq!(dictionary.read(&written).expect("comes back"), outcomes);
        assert!(Dictionary::of(Vec::new()).read(&written).is_err(), "another dictionary");
    }
}
