//! What site checks noted of the pages of a site, kept small: a site may have a hundred thousand pages, and dozens of rules note each.
//!
//! In: notes by rule and page, in any order. Out: the same, sorted by address. What a rule notes of a page is packed into octets, and octets
//! that were kept before are not kept twice: of most rules most pages say the same. The octets of a large site are put aside. Invariants:
//! equal notes are found by a number and compared by their octets, so that nothing is ever shown for something else; of notes that stand
//! for others only the first by address is kept, whatever the order of the pages. Tested below.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::BuildHasherDefault;
use std::ops::Range;
use std::sync::Arc;
use url::Url;

use super::aside::{Aside, Span};
use super::note::{Note, Noted};
use super::sieve::{self, Fnv};

/// No list.
const NONE: u32 = u32::MAX;
/// Lists that are looked for among those kept before.
const KNOWN: usize = 50_000;

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
    /// The list of each page, by the page's number.
    of: Runs,
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
    /// After very many it begins anew: what pages have in common is met again at once.
    known: HashMap<u32, u32, BuildHasherDefault<Fnv>>,
}

/// What one rule noted, as it is read.
#[derive(Debug)]
pub(super) struct Listed<'n> {
    octets: Vec<u8>,
    /// Pages by address, each with the place of its notes.
    pages: Vec<(&'n Arc<Url>, Range<usize>)>,
}

/// Where notes of a page are.
enum Kept<'n> {
    /// The first page of an outcome keeps its own.
    First(&'n [u8]),
    /// The number of a list.
    List(u32),
}

impl<'n> Kept<'n> {
    fn first(&self) -> Option<&'n [u8]> {
        match self {
            Self::First(note) => Some(note),
            Self::List(_) => None,
        }
    }

    fn list(&self) -> Option<u32> {
        match self {
            Self::First(_) => None,
            Self::List(list) => Some(*list),
        }
    }
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
        if self.known.len() >= KNOWN {
            self.known.clear();
        }
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
        let kept = self.kept(rule);
        let lists: BTreeSet<u32> = kept.iter().filter_map(|(_, kept)| kept.list()).collect();
        let firsts: usize = kept.iter().filter_map(|(_, kept)| kept.first()).map(<[u8]>::len).sum();
        let room = firsts + lists.iter().map(|list| self.lists.spans[*list as usize].octets()).sum::<usize>();
        let mut listed = Listed { octets: Vec::with_capacity(room), pages: Vec::with_capacity(kept.len()) };
        let mut add = |octets: &[u8]| {
            let from = listed.octets.len();
            listed.octets.extend(octets);
            from..listed.octets.len()
        };
        // Where a list was put, by its number: most pages have the same.
        let mut read: HashMap<u32, Range<usize>, BuildHasherDefault<Fnv>> = HashMap::default();
        for (page, kept) in kept {
            let range = match kept {
                Kept::First(note) => add(note),
                Kept::List(list) => read.entry(list).or_insert_with(|| add(&self.lists.at(list))).clone(),
            };
            listed.pages.push((page, range));
        }
        listed
    }

    /// The same one by one, so that the notes of one page at a time are in memory.
    pub(super) fn each<'n>(&'n self, rule: &str, tell: &mut dyn FnMut(&'n Arc<Url>, Noted<'_>)) {
        let mut last = (NONE, Vec::new());
        for (page, kept) in self.kept(rule) {
            let octets = match kept {
                Kept::First(note) => note,
                Kept::List(list) => {
                    if last.0 != list {
                        last = (list, self.lists.at(list));
                    }
                    &last.1
                }
            };
            Noted::all(octets).for_each(|note| tell(page, note));
        }
    }

    /// Where the notes of a rule are, page by page, sorted by address.
    fn kept(&self, rule: &str) -> Vec<(&Arc<Url>, Kept<'_>)> {
        let Some(of_rule) = self.rules.get(rule) else { return Vec::new() };
        let firsts = of_rule.first.values().map(|(page, note)| (page, Kept::First(note)));
        let list = |number: u32| of_rule.of.get(number);
        let pages = self.pages.iter().filter(|_| !of_rule.of.is_empty());
        let lists = pages.filter_map(|(page, number)| Some((page, Kept::List(list(*number)?))));
        let mut kept: Vec<_> = firsts.chain(lists).collect();
        if !of_rule.first.is_empty() {
            kept.sort_by_key(|(page, _)| *page);
        }
        kept
    }

    /// How many pages a rule noted, those among them for which others stand.
    pub(super) fn pages_of(&self, rule: &str) -> u64 {
        self.rules.get(rule).map_or(0, |of| of.others + of.of.pages())
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
                if let Some(list) = theirs.of.get(*number) {
                    let list = self.lists.keep(&other.lists.at(list));
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
        if let Some(of_rule) = self.rules.get_mut(rule) {
            of_rule.of.set(number, list);
        }
    }
}

/// A list for each of some numbered pages. Pages that follow each other and have one list are one run: of most rules most pages say the
/// same.
#[derive(Clone, Debug, Default)]
struct Runs {
    /// The first page of each run and its list, or none; a run ends where the next begins.
    runs: Vec<(u32, u32)>,
    /// The first page beyond the last run.
    end: u32,
}

impl Runs {
    fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The run that a page before the end lies in.
    fn at(&self, page: u32) -> Option<usize> {
        self.runs.partition_point(|(first, _)| *first <= page).checked_sub(1).filter(|_| page < self.end)
    }

    fn get(&self, page: u32) -> Option<u32> {
        let (_, list) = self.runs[self.at(page)?];
        (list != NONE).then_some(list)
    }

    fn set(&mut self, page: u32, list: u32) {
        let Some(at) = self.at(page) else {
            if page > self.end {
                self.push(self.end, NONE);
            }
            self.push(page, list);
            self.end = page + 1;
            return;
        };
        // Pages come in the order of their numbers; for one that comes late a run is parted.
        let (first, before) = self.runs[at];
        let next = self.runs.get(at + 1).map_or(self.end, |(next, _)| *next);
        let head = (first < page).then_some((first, before));
        let tail = (page + 1 < next).then_some((page + 1, before));
        if before != list {
            self.runs.splice(at..=at, head.into_iter().chain([(page, list)]).chain(tail));
        }
    }

    fn push(&mut self, page: u32, list: u32) {
        if self.runs.last().is_none_or(|(_, last)| *last != list) {
            self.runs.push((page, list));
        }
    }

    /// How many pages have a list.
    fn pages(&self) -> u64 {
        let ends = self.runs.iter().skip(1).map(|(first, _)| *first).chain([self.end]);
        let runs = self.runs.iter().zip(ends).filter(|((_, list), _)| *list != NONE);
        runs.map(|((first, _), end)| u64::from(end - first)).sum()
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
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn every_page_has_the_list_that_it_was_given_last(given in prop::collection::vec((0..12_u32, 0..3_u32), 0..40)) {
            let (mut runs, mut plain) = (Runs::default(), BTreeMap::new());
            for (page, list) in given {
                runs.set(page, list);
                plain.insert(page, list);
            }
            for page in 0..14 {
                prop_assert_eq!(runs.get(page), plain.get(&page).copied(), "page {} of {:?}", page, runs);
            }
            prop_assert_eq!(runs.pages(), plain.len() as u64);
        }
    }

    #[test]
    fn pages_that_say_the_same_take_no_room() {
        let mut runs = Runs::default();
        (0..1_000).for_each(|page| runs.set(page, 7));
        (1_500..2_000).for_each(|page| runs.set(page, 7));
        assert_eq!(runs.runs, [(0, 7), (1_000, NONE), (1_500, 7)]);
    }

    #[test]
    fn after_very_many_lists_the_next_are_still_told_apart() {
        let mut lists = Lists::default();
        let list = |number: usize| format!("list {}", number % (KNOWN + 1_000));
        let numbers: Vec<u32> = (0..2 * KNOWN).map(|number| lists.keep(list(number).as_bytes())).collect();
        assert!(numbers.iter().enumerate().all(|(at, number)| lists.at(*number) == list(at).as_bytes()));
        assert!(lists.known.len() <= KNOWN);
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
