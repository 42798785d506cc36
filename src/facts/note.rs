//! One note of a site check on a page: as it is made, packed into octets, and as it is read again.
//!
//! In: an outcome, a text, a place. Out: [`Note`], and [`Noted`], the same read from octets without copying its text. Invariant: what comes
//! back is what was noted. Tested below and in `notes.rs`.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use url::Url;

use super::packed::{Pack, Unpack};
use crate::verdict::{Locator, Outcome};

/// What a site check noted of a page.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Note {
    /// Whether the page meets what is asked of each page, for checks that ask that.
    pub outcome: Outcome,
    /// The text that is compared between pages, for checks that compare.
    pub text: String,
    /// Where it stands on the page; a page may have dozens of notes, and few have a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<Box<Locator>>,
    /// Of all pages with this outcome the first by address is enough, and their number.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) stands_for_others: bool,
}

/// A note as it is read again.
#[derive(Clone, Copy, Debug)]
pub struct Noted<'n> {
    /// Whether the page meets what is asked of each page, for checks that ask that.
    pub outcome: Outcome,
    /// The text that is compared between pages, for checks that compare.
    pub text: &'n str,
    at: &'n [u8],
    stands_for_others: bool,
}

impl Note {
    /// A note on the page as a whole.
    pub fn of(outcome: Outcome, text: String) -> Self {
        Self { outcome, text, at: None, stands_for_others: false }
    }

    /// The same at a place.
    pub fn at(self, place: Locator) -> Self {
        Self { at: (place != Locator::whole()).then(|| Box::new(place)), ..self }
    }

    /// The same, where the check reads no more than the first page by address of each outcome, and how many pages there are.
    pub fn for_others(self) -> Self {
        Self { stands_for_others: true, ..self }
    }

    /// The note as octets.
    pub(super) fn packed(&self) -> Vec<u8> {
        let mut pack = Pack::default();
        let outcome = Outcome::ALL.iter().position(|outcome| *outcome == self.outcome).unwrap_or_default() as u8;
        pack.one(outcome | u8::from(self.stands_for_others) << 4);
        pack.text(&self.text);
        pack.octets(&self.at.as_deref().map(packed_place).unwrap_or_default());
        pack.done()
    }
}

/// A place on a page as octets: which of its parts are there, then these.
fn packed_place(place: &Locator) -> Vec<u8> {
    let mut pack = Pack::default();
    let texts = [&place.selector, &place.snippet, &place.role, &place.name, &place.anchor];
    let numbers = [place.line, place.column];
    let there = texts.iter().map(|text| text.is_some()).chain(numbers.iter().map(Option::is_some));
    pack.one(there.enumerate().fold(0, |bits, (at, is_there)| bits | u8::from(is_there) << at));
    texts.into_iter().flatten().for_each(|text| pack.text(text));
    numbers.into_iter().flatten().for_each(|number| pack.number(number));
    pack.done()
}

fn place(octets: &[u8]) -> Locator {
    let mut read = Unpack(octets);
    let there = read.one();
    let has = |at: u8| there >> at & 1 == 1;
    let [selector, snippet, role, name, anchor] = [0, 1, 2, 3, 4].map(|at| has(at).then(|| read.text().to_string()));
    let [line, column] = [5, 6].map(|at| has(at).then(|| read.number()));
    Locator { page: None, selector, line, column, snippet, role, name, anchor }
}

impl<'n> Noted<'n> {
    /// All notes of a list.
    pub(super) fn all(list: &'n [u8]) -> impl Iterator<Item = Self> {
        let mut read = Unpack(list);
        std::iter::from_fn(move || {
            if read.is_done() {
                return None;
            }
            let first = read.one();
            let outcome = Outcome::ALL.get(usize::from(first & 0xf)).copied().unwrap_or(Outcome::Inapplicable);
            Some(Self { outcome, stands_for_others: first >> 4 == 1, text: read.text(), at: read.octets() })
        })
    }

    /// Where it stands on the page of this address.
    pub fn on(&self, page: &Arc<Url>) -> Locator {
        Locator { page: Some(page.clone()), ..place(self.at) }
    }
}

impl From<Noted<'_>> for Note {
    fn from(noted: Noted<'_>) -> Self {
        let Noted { outcome, text, at, stands_for_others } = noted;
        Self { stands_for_others, ..Self::of(outcome, text.to_string()).at(place(at)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_back_is_what_was_noted() {
        let text = |text: &str| Some(text.to_string());
        let whole = Locator {
            page: None,
            selector: text("main > p"),
            line: Some(900),
            column: Some(1),
            snippet: text("<p>Año"),
            role: text(""),
            name: text("Año"),
            anchor: text("year"),
        };
        let places = [Locator::whole(), Locator { name: text(""), column: Some(3), ..Locator::default() }, whole];
        let mut notes = Vec::new();
        for (outcome, place) in Outcome::ALL.into_iter().zip(places.iter().cycle()) {
            notes.push(Note::of(outcome, "a text".to_string()).at(place.clone()));
            notes.push(Note::of(outcome, String::new()).for_others());
        }
        let list: Vec<u8> = notes.iter().flat_map(Note::packed).collect();
        assert_eq!(Noted::all(&list).map(Note::from).collect::<Vec<_>>(), notes);
    }
}
