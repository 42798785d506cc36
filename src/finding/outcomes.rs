//! One outcome for each of some rules, an octet a rule.
//!
//! In: outcomes by rule. Out: the same, in the order of the rules' names. Invariant: what is told does not depend on how it is held: rules
//! are named in a list that all pages of a run share, and pages with equal outcomes share these too. A site may have a hundred thousand
//! pages. Tested below.

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use super::{Finding, Said};
use crate::rules::RuleId;
use crate::verdict::Outcome;

/// The names of rules, sorted, each once.
#[derive(Clone, Debug, Default)]
pub struct Roll(Arc<[RuleId]>);

impl Roll {
    /// The place of a rule.
    pub fn place(&self, rule: &RuleId) -> Option<usize> {
        self.0.binary_search(rule).ok()
    }

    /// Whether two rolls are one and the same.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl FromIterator<RuleId> for Roll {
    fn from_iter<T: IntoIterator<Item = RuleId>>(rules: T) -> Self {
        let mut rules: Vec<RuleId> = rules.into_iter().collect();
        rules.sort_unstable();
        rules.dedup();
        Self(rules.into())
    }
}

/// One outcome for each rule that has one.
#[derive(Clone, Default)]
pub struct Outcomes {
    roll: Roll,
    marks: Marks,
}

/// One place for each rule of a roll.
type Marks = Arc<[Option<Outcome>]>;

impl Outcomes {
    /// Nothing yet about the rules of a roll.
    pub fn over(roll: &Roll) -> Self {
        Self { roll: roll.clone(), marks: std::iter::repeat_n(None, roll.0.len()).collect() }
    }

    /// The roll by which they are held.
    pub fn roll(&self) -> &Roll {
        &self.roll
    }

    /// The same, held by another roll, which gets the rules that it has not.
    pub fn by(self, roll: &Roll) -> Self {
        if self.roll.is(roll) {
            return self;
        }
        let mut held = Self::over(roll);
        self.iter().for_each(|(rule, outcome)| held.insert(rule, outcome));
        held
    }

    /// Where they are held: equal for outcomes that share their room, which are equal then.
    pub fn room(&self) -> (*const RuleId, *const Option<Outcome>) {
        (self.roll.0.as_ptr(), self.marks.as_ptr())
    }

    /// The outcome of a rule.
    pub fn get(&self, rule: &RuleId) -> Option<Outcome> {
        self.marks[self.roll.place(rule)?]
    }

    /// Whether a rule has one.
    pub fn contains_key(&self, rule: &RuleId) -> bool {
        self.get(rule).is_some()
    }

    /// Rules with their outcomes, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&RuleId, Outcome)> {
        self.roll.0.iter().zip(&*self.marks).filter_map(|(rule, mark)| Some((rule, (*mark)?)))
    }

    /// Rules that have an outcome, by name.
    pub fn keys(&self) -> impl Iterator<Item = &RuleId> {
        self.iter().map(|(rule, _)| rule)
    }

    /// Outcomes in the order of their rules.
    pub fn values(&self) -> impl Iterator<Item = Outcome> {
        self.marks.iter().copied().flatten()
    }

    /// How many rules have one.
    pub fn len(&self) -> usize {
        self.values().count()
    }

    /// Whether no rule has one.
    pub fn is_empty(&self) -> bool {
        self.values().next().is_none()
    }

    /// Takes the outcome of a rule in the place of any it had.
    pub fn insert(&mut self, rule: &RuleId, outcome: Outcome) {
        let place = self.make_place(rule);
        Arc::make_mut(&mut self.marks)[place] = Some(outcome);
    }

    /// Joins an outcome to what the rule had.
    pub fn fold(&mut self, rule: &RuleId, outcome: Outcome) {
        let place = self.make_place(rule);
        self.fold_at(place, outcome);
    }

    /// The same by the place in the roll.
    ///
    /// # Panics
    /// Where the roll has no such place.
    pub fn fold_at(&mut self, place: usize, outcome: Outcome) {
        // What is shared stays so where nothing changes.
        if self.marks[place] < Some(outcome) {
            Arc::make_mut(&mut self.marks)[place] = Some(outcome);
        }
    }

    /// Joins all of another to these.
    pub fn join(&mut self, other: &Self) {
        if self.roll.is(&other.roll) {
            if self.marks != other.marks {
                let marks = Arc::make_mut(&mut self.marks).iter_mut();
                marks.zip(&*other.marks).for_each(|(mark, more)| *mark = (*mark).max(*more));
            }
        } else if self.is_empty() {
            *self = other.clone();
        } else {
            other.iter().for_each(|(rule, outcome)| self.fold(rule, outcome));
        }
    }

    /// Keeps the rules that hold.
    pub fn retain(&mut self, mut holds: impl FnMut(&RuleId) -> bool) {
        let held = self.roll.0.iter().zip(&*self.marks).enumerate();
        let gone: Vec<usize> =
            held.filter(|(_, (rule, mark))| mark.is_some() && !holds(rule)).map(|(place, _)| place).collect();
        if !gone.is_empty() {
            let marks = Arc::make_mut(&mut self.marks);
            gone.into_iter().for_each(|place| marks[place] = None);
        }
    }

    /// The place of a rule, which is made where the roll has none.
    fn make_place(&mut self, rule: &RuleId) -> usize {
        match self.roll.0.binary_search(rule) {
            Ok(place) => place,
            Err(place) => {
                let (mut rules, mut marks) = (self.roll.0.to_vec(), self.marks.to_vec());
                rules.insert(place, rule.clone());
                marks.insert(place, None);
                (self.roll, self.marks) = (Roll(rules.into()), marks.into());
                place
            }
        }
    }
}

impl FromIterator<(RuleId, Outcome)> for Outcomes {
    fn from_iter<T: IntoIterator<Item = (RuleId, Outcome)>>(outcomes: T) -> Self {
        let outcomes: Vec<(RuleId, Outcome)> = outcomes.into_iter().collect();
        let mut all = Self::over(&outcomes.iter().map(|(rule, _)| rule.clone()).collect());
        outcomes.iter().for_each(|(rule, outcome)| all.insert(rule, *outcome));
        all
    }
}

impl Extend<(RuleId, Outcome)> for Outcomes {
    fn extend<T: IntoIterator<Item = (RuleId, Outcome)>>(&mut self, outcomes: T) {
        outcomes.into_iter().for_each(|(rule, outcome)| self.insert(&rule, outcome));
    }
}

impl PartialEq for Outcomes {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Outcomes {}

impl fmt::Debug for Outcomes {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for Outcomes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Outcomes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Map;
        impl<'de> Visitor<'de> for Map {
            type Value = Outcomes;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("outcomes by rule")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outcomes, A::Error> {
                let mut all: Vec<(RuleId, Outcome)> = Vec::with_capacity(map.size_hint().unwrap_or_default());
                while let Some(entry) = map.next_entry()? {
                    all.push(entry);
                }
                Ok(all.into_iter().collect())
            }
        }
        from.deserialize_map(Map)
    }
}

/// Kinds of outcomes that are kept at least.
const KINDS: usize = 1_000;

/// What pages of a site have in common, kept once: findings, their texts, and outcomes.
#[derive(Debug, Default)]
pub struct Shared {
    said: HashSet<Arc<Said>>,
    texts: HashSet<Arc<str>>,
    marks: HashSet<Marks>,
    /// So many kinds of outcomes are kept before those that no page has are looked for.
    most: usize,
    /// What outcomes came to by one more, by where they were held, and the place and outcome of a rule. Both are kept, so that a place in
    /// memory stays that of the same outcomes.
    steps: HashMap<(usize, usize, Outcome), [Marks; 2]>,
}

impl Shared {
    /// Gives a page's outcomes the room of equal ones.
    pub fn outcomes(&mut self, outcomes: &mut Outcomes) {
        if let Some(held) = self.marks.get(&outcomes.marks) {
            outcomes.marks = held.clone();
            return;
        }
        if self.marks.len() >= self.most {
            // What no page has any more is let go.
            self.steps.clear();
            self.marks.retain(|held| Arc::strong_count(held) > 1);
            self.most = KINDS.max(2 * self.marks.len());
        }
        self.marks.insert(outcomes.marks.clone());
    }

    /// Joins an outcome to those of a page, which has the room of equal ones before and after. Rules say the same of most pages of a template:
    /// what that comes to is worked out for the first of them.
    pub fn fold(&mut self, outcomes: &mut Outcomes, rule: &RuleId, outcome: Outcome) {
        let place = outcomes.make_place(rule);
        if outcomes.marks[place] >= Some(outcome) {
            return;
        }
        let step = (outcomes.marks.as_ptr().addr(), place, outcome);
        if let Some([_, held]) = self.steps.get(&step) {
            outcomes.marks = held.clone();
            return;
        }
        let before = outcomes.marks.clone();
        outcomes.fold_at(place, outcome);
        self.outcomes(outcomes);
        self.steps.insert(step, [before, outcomes.marks.clone()]);
    }

    /// Gives what findings say the room of what says the same, and the words and places of others that of equal ones. Addresses stand for
    /// one page each and are left as they are.
    pub fn findings(&mut self, findings: &mut [Finding]) {
        for finding in findings {
            if let Some(held) = self.said.get(&finding.said) {
                finding.said = held.clone();
                continue;
            }
            let said = Arc::make_mut(&mut finding.said);
            let place = &mut said.place;
            let words = [&mut said.observed, &mut said.expected].into_iter();
            let places = [&mut place.selector, &mut place.snippet, &mut place.role, &mut place.name, &mut place.anchor];
            for text in words.chain(places.into_iter().chain([&mut said.question]).flatten()) {
                match self.texts.get(text) {
                    Some(held) => *text = held.clone(),
                    None => drop(self.texts.insert(text.clone())),
                }
            }
            self.said.insert(finding.said.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Where;
    use crate::rules::{Impact, Says};

    fn of(outcomes: &[(&str, Outcome)]) -> Outcomes {
        outcomes.iter().map(|(rule, outcome)| (RuleId::of(rule), *outcome)).collect()
    }

    #[test]
    fn outcomes_are_told_by_name_whatever_roll_holds_them() {
        let roll: Roll = ["c", "a", "b", "a"].into_iter().map(RuleId::of).collect();
        let mut wide = Outcomes::over(&roll);
        assert!(wide.is_empty() && wide.get(&RuleId::of("a")).is_none());
        wide.fold(&RuleId::of("b"), Outcome::Failed);
        wide.fold(&RuleId::of("b"), Outcome::Passed);
        wide.fold(&RuleId::of("aa"), Outcome::Passed);
        let narrow = of(&[("b", Outcome::Failed), ("aa", Outcome::Passed)]);
        assert_eq!(wide, narrow);
        let json = serde_json::to_string(&wide).expect("it is plain data");
        assert_eq!(json, r#"{"aa":"passed","b":"failed"}"#);
        assert_eq!(serde_json::from_str::<Outcomes>(&json).expect("it comes back"), narrow);
        assert_eq!(wide.keys().map(RuleId::as_str).collect::<Vec<_>>(), ["aa", "b"]);
    }

    #[test]
    fn joining_takes_the_stronger_of_each_rule() {
        let (one, two) = (of(&[("a", Outcome::Passed), ("b", Outcome::CantTell)]), of(&[("b", Outcome::Failed)]));
        let mut joined = one.clone();
        joined.join(&two);
        assert_eq!(joined, of(&[("a", Outcome::Passed), ("b", Outcome::Failed)]));
        let roll: Roll = ["b", "z"].into_iter().map(RuleId::of).collect();
        assert_eq!(joined.clone().by(&roll), joined, "another roll says the same");
        let mut other_way = two;
        other_way.join(&one);
        assert_eq!(other_way, joined);
        let mut empty = Outcomes::default();
        empty.join(&joined);
        assert!(empty.roll().is(joined.roll()) && empty == joined);
        joined.retain(|rule| rule.as_str() == "a");
        assert_eq!((joined.len(), empty.len()), (1, 2), "what was shared is left as it was");
    }

    #[test]
    fn what_pages_have_in_common_is_kept_once() {
        let said = Said {
            rule: RuleId::of("pack/rule"),
            outcome: Outcome::Failed,
            impact: Impact::High,
            obligation: Says::Must,
            place: Where { selector: Some("main > a".into()), ..Where::default() },
            observed: "no name".into(),
            expected: "a name".into(),
            question: None,
        };
        let finding = |url: &str| Finding::of("f", url, said.clone());
        let mut shared = Shared::default();
        let mut all = [1, 2, 3].map(|page| finding(&format!("https://a.example/{page}")));
        all[2].place.line = Some(7);
        shared.findings(&mut all);
        assert!(Arc::ptr_eq(&all[0].said, &all[1].said));
        assert!(Arc::ptr_eq(&all[0].observed, &all[2].observed), "words of what differs elsewhere");
        let selector = |at: usize| all[at].place.selector.as_ref().expect("it has one");
        assert!(Arc::ptr_eq(selector(0), selector(2)));
        assert_eq!(all[2].place.line, Some(7));
        let [mut one, mut two] = [of(&[("a", Outcome::Passed)]), of(&[("a", Outcome::Passed)])];
        shared.outcomes(&mut one);
        shared.outcomes(&mut two);
        assert!(Arc::ptr_eq(&one.marks, &two.marks));
    }

    #[test]
    fn what_is_joined_to_shared_outcomes_is_that_of_each_page_and_what_no_page_has_is_let_go() {
        let rules: Vec<RuleId> = (0..12).map(|rule| RuleId::of(format!("pack/rule-{rule:02}"))).collect();
        let roll: Roll = rules.iter().cloned().collect();
        let mut shared = Shared::default();
        let mut pages: Vec<(Outcomes, Outcomes)> =
            (0..3_000).map(|_| (Outcomes::over(&roll), Outcomes::over(&roll))).collect();
        pages.iter_mut().for_each(|(page, _)| shared.outcomes(page));
        for (at, rule) in rules.iter().enumerate() {
            for (number, (page, plain)) in pages.iter_mut().enumerate() {
                let outcome = if number >> at & 1 == 1 { Outcome::Failed } else { Outcome::Passed };
                shared.fold(page, rule, outcome);
                shared.fold(page, rule, Outcome::Untested);
                [outcome, Outcome::Untested].iter().for_each(|outcome| plain.fold(rule, *outcome));
            }
        }
        assert!(pages.iter().all(|(page, plain)| page == plain));
        assert!(shared.marks.len() <= 2 * pages.len(), "{} kinds", shared.marks.len());
        shared.fold(&mut pages[0].0, &RuleId::of("another/rule"), Outcome::Passed);
        assert_eq!(pages[0].0.len(), 13);
        assert_eq!(pages[1].0.len(), 12);
    }
}
