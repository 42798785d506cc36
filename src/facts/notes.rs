//! What site checks noted of the pages of a site, kept small: a site may have a hundred thousand pages, and dozens of rules note each.
//!
//! In: notes by rule and page, in any order. Out: the same, sorted by address. What a rule notes of a page is packed into octets, and octets
//! that were kept before are not kept twice: of most rules most pages say the same. The octets of a large site are put aside. Invariants:
//! equal notes are found by a number and compared by their octets, so that nothing is ever shown for something else; of notes that stand
//! for others only the first by address is kept, whatever the order of the pages. Tested below.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;
use std::ops::Range;
use std::sync::Arc;
use url::Url;

use super::aside::{Aside, Span};
use super::note::{Note, Noted};
use super::sieve::{self, Fnv};

/// No list.
const NONE: u32 = u32::MAX;

/// What site checks noted.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(from = "Plain", into = "Plain")]
pub struct Notes {
    /// The pages that were noted, with the number of each.
    pages: BTreeMap<Arc<Url>, u32>,
    /// The page that was noted last: dozens of rules note one page after the other.
    last: Option<(Arc<Url>, u32)>,
    rules: BTreeMap<Box<str>, OfRule>,
    lists: Lists,
}

/// What one rule noted.
#[derive(Clone, Debug, Default)]
struct OfRule {
    /// The list of each page, by the page's number; what lies beyond the end has none.
    of: Vec<u32>,
    /// Of notes that stand for others the first page by address, and its note, by outcome.
    first: BTreeMap<crate::verdict::Outcome, (Arc<Url>, Box<[u8]>)>,
    /// Pages with notes that stand for others.
    others: u64,
}

/// Lists of notes, each kept once.
#[derive(Clone, Debug, Default)]
struct Lists {
    aside: Aside,
    /// Where each list lies, by its number.
    spans: Vec<Span>,
    /// The number of the last list with this hash. Of two lists with one hash the later one may be kept again, but neither is taken for the other.
    known: HashMap<u32, u32, BuildHasherDefault<Fnv>>,
}

/// What one rule noted, as it is read.
#[derive(Debug)]
pub(super) struct Listed<'n> {
    octets: Vec<u8>,
    /// Pages by address, each with the place of its notes.
    pages: Vec<(&'n Arc<Url>, Range<usize>)>,
}

impl<'n> Listed<'n> {
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'n Arc<Url>, Noted<'_>)> {
        let lists = self.pages.iter().map(|(page, list)| (*page, &self.octets[list.clone()]));
        lists.flat_map(|(page, list)| Noted::all(list).map(move |note| (page, note)))
    }
}

impl Lists {
    /// The number of a list, which is kept if it was not yet.
    fn keep(&mut self, list: &[u8]) -> u32 {
        let hash = sieve::hash(list);
        let hash = (hash ^ hash >> 32) as u32;
        if let Some(number) = self.known.get(&hash)
            && self.aside.holds(self.spans[*number as usize], list)
        {
            return *number;
        }
        let number = u32::try_from(self.spans.len()).expect("a site has fewer than four billion different notes");
        self.spans.push(self.aside.put(list));
        self.known.insert(hash, number);
        number
    }

    fn at(&self, number: u32) -> Vec<u8> {
        self.aside.get(self.spans[number as usize])
    }
}

impl Notes {
    /// Keeps what a rule noted of a page.
    pub fn insert(&mut self, rule: &str, page: &Arc<Url>, notes: &[Note]) {
        let of_rule = match self.rules.get_mut(rule) {
            Some(of_rule) => of_rule,
            None => self.rules.entry(rule.into()).or_default(),
        };
        let (firsts, each): (Vec<&Note>, Vec<&Note>) = notes.iter().partition(|note| note.stands_for_others);
        of_rule.others += u64::from(!firsts.is_empty());
        for note in firsts {
            of_rule.keep_first(note.outcome, page, || note.packed());
        }
        if !each.is_empty() {
            let mut packed = Vec::new();
            each.into_iter().for_each(|note| packed.extend(note.packed()));
            let list = self.lists.keep(&packed);
            self.keep(rule, page, list);
        }
    }

    /// What a rule noted, page by page, sorted by address.
    pub(super) fn of(&self, rule: &str) -> Listed<'_> {
        let mut listed = Listed { octets: Vec::new(), pages: Vec::new() };
        let Some(of_rule) = self.rules.get(rule) else { return listed };
        let mut add = |octets: &[u8]| {
            let from = listed.octets.len();
            listed.octets.extend(octets);
            from..listed.octets.len()
        };
        for (page, note) in of_rule.first.values() {
            listed.pages.push((page, add(note)));
        }
        let stand_for_others = !listed.pages.is_empty();
        // Where a list was put, by its number: most pages have the same.
        let mut read: HashMap<u32, Range<usize>, BuildHasherDefault<Fnv>> = HashMap::default();
        for (page, number) in self.pages.iter().filter(|_| !of_rule.of.is_empty()) {
            if let Some(list) = of_rule.of.get(*number as usize).filter(|list| **list != NONE) {
                let range = read.entry(*list).or_insert_with(|| add(&self.lists.at(*list)));
                listed.pages.push((page, range.clone()));
            }
        }
        if stand_for_others {
            listed.pages.sort_by_key(|(page, _)| *page);
        }
        listed
    }

    /// How many pages a rule noted, those among them for which others stand.
    pub(super) fn pages_of(&self, rule: &str) -> u64 {
        self.rules.get(rule).map_or(0, |of| of.others + of.of.iter().filter(|list| **list != NONE).count() as u64)
    }

    /// Joins what was noted of other pages; the order does not matter.
    pub(super) fn merge(&mut self, other: Self) {
        for (rule, theirs) in other.rules {
            let mine = self.rules.entry(rule.clone()).or_default();
            mine.others += theirs.others;
            for (outcome, (page, note)) in theirs.first {
                mine.keep_first(outcome, &page, || note.into_vec());
            }
            for (page, number) in &other.pages {
                if let Some(list) = theirs.of.get(*number as usize).filter(|list| **list != NONE) {
                    let list = self.lists.keep(&other.lists.at(*list));
                    self.keep(&rule, page, list);
                }
            }
        }
    }

    fn number(&mut self, page: &Arc<Url>) -> u32 {
        if let Some((last, number)) = &self.last
            && Arc::ptr_eq(last, page)
        {
            return *number;
        }
        let next = self.pages.len() as u32;
        let number = match self.pages.get(page) {
            Some(number) => *number,
            None => *self.pages.entry(page.clone()).or_insert(next),
        };
        self.last = Some((page.clone(), number));
        number
    }

    fn keep(&mut self, rule: &str, page: &Arc<Url>, list: u32) {
        let number = self.number(page);
        let Some(of_rule) = self.rules.get_mut(rule) else { return };
        if of_rule.of.len() <= number as usize {
            of_rule.of.resize(number as usize + 1, NONE);
        }
        of_rule.of[number as usize] = list;
    }
}

impl OfRule {
    fn keep_first(&mut self, outcome: crate::verdict::Outcome, page: &Arc<Url>, note: impl FnOnce() -> Vec<u8>) {
        if self.first.get(&outcome).is_none_or(|(held, _)| page < held) {
            self.first.insert(outcome, (page.clone(), note().into_boxed_slice()));
        }
    }
}

/// The same without packing, as it is written down.
#[derive(Default, Deserialize, Serialize)]
struct Plain(BTreeMap<String, PlainRule>);

#[derive(Default, Deserialize, Serialize)]
struct PlainRule {
    notes: BTreeMap<Url, Vec<Note>>,
    others: u64,
}

impl From<Notes> for Plain {
    fn from(notes: Notes) -> Self {
        let of_rule = |rule: &str| {
            let mut plain = PlainRule { others: notes.rules[rule].others, ..PlainRule::default() };
            for (page, note) in notes.of(rule).iter() {
                plain.notes.entry((**page).clone()).or_default().push(note.into());
            }
            plain
        };
        Self(notes.rules.keys().map(|rule| (rule.to_string(), of_rule(rule))).collect())
    }
}

impl From<Plain> for Notes {
    fn from(plain: Plain) -> Self {
        let mut notes = Self::default();
        for (rule, of_rule) in plain.0 {
            for (page, list) in of_rule.notes {
                notes.insert(&rule, &Arc::new(page), &list);
            }
            if let Some(held) = notes.rules.get_mut(rule.as_str()) {
                held.others = of_rule.others;
            }
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::{Locator, Outcome};

    fn page(path: &str) -> Arc<Url> {
        let root = Url::parse("https://www.agency.example/").expect("an address");
        Arc::new(root.join(path).expect("an address"))
    }

    fn read(notes: &Notes, rule: &str) -> Vec<(String, Outcome, String)> {
        notes
            .of(rule)
            .iter()
            .map(|(page, note)| (page.path().to_string(), note.outcome, note.text.to_string()))
            .collect()
    }

    #[test]
    fn notes_come_back_by_address_and_equal_ones_are_kept_once() {
        let place = Locator { line: Some(7), snippet: Some("<title>A".to_string()), ..Locator::default() };
        let note = |text: &str| Note::of(Outcome::Passed, text.to_string()).at(place.clone());
        let mut notes = Notes::default();
        for at in ["/c", "/a", "/b"] {
            notes.insert("one", &page(at), &[note("same"), note("twice")]);
            notes.insert("two", &page(at), &[note(at)]);
        }
        let same = notes.lists.spans.len();
        notes.insert("one", &page("/d"), &[note("same"), note("twice")]);
        assert_eq!(notes.lists.spans.len(), same);
        let found = read(&notes, "two");
        assert_eq!(found.iter().map(|(path, ..)| path.as_str()).collect::<Vec<_>>(), ["/a", "/b", "/c"]);
        assert!(found.iter().all(|(path, _, text)| path == text));
        assert_eq!(
            (notes.of("one").iter().count(), notes.pages_of("one"), notes.of("three").iter().count()),
            (8, 4, 0)
        );
        let listed = notes.of("two");
        let (url, first) = listed.iter().next().expect("it has notes");
        assert_eq!(first.on(url), Locator { page: Some(url.clone()), ..place });
    }

    #[test]
    fn lists_with_one_hash_are_never_taken_for_each_other() {
        let mut lists = Lists::default();
        let at = lists.keep(b"one");
        let hash = *lists.known.keys().next().expect("one is known");
        // As if another list had the hash of the first.
        let other = lists.keep(b"other");
        lists.known.insert(hash, other);
        let again = lists.keep(b"one");
        assert_eq!([lists.at(at), lists.at(other), lists.at(again)], [&b"one"[..], b"other", b"one"]);
    }

    #[test]
    fn pages_may_come_in_any_order_and_in_parts() {
        let outcome = |at: usize| [Outcome::Failed, Outcome::CantTell][at % 2];
        let parts: Vec<Notes> = (0..9)
            .map(|at| {
                let (mut part, page) = (Notes::default(), page(&format!("/{at}")));
                part.insert("each", &page, &[Note::of(Outcome::Passed, format!("text {}", at % 4))]);
                part.insert("first", &page, &[Note::of(outcome(at), format!("on {at}")).for_others()]);
                part
            })
            .collect();
        let joined = |order: &mut dyn Iterator<Item = &Notes>| {
            let mut all = Notes::default();
            order.for_each(|part| all.merge(part.clone()));
            all
        };
        let (forward, back) = (joined(&mut parts.iter()), joined(&mut parts.iter().rev()));
        for rule in ["each", "first"] {
            assert_eq!(read(&forward, rule), read(&back, rule));
            assert_eq!((forward.pages_of(rule), back.pages_of(rule)), (9, 9));
        }
        let firsts = read(&back, "first");
        assert_eq!(firsts.iter().map(|(.., text)| text.as_str()).collect::<Vec<_>>(), ["on 0", "on 1"]);
        let written = serde_json::to_string(&back).expect("plain data");
        let again: Notes = serde_json::from_str(&written).expect("it comes back");
        assert_eq!(read(&again, "each"), read(&back, "each"));
        assert_eq!((again.pages_of("first"), read(&again, "first")), (9, firsts));
        assert_eq!(serde_json::to_string(&again).expect("plain data"), written);
    }
}
