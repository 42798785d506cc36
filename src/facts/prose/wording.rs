//! Words and phrases with a simpler twin, by lists that come with the program.
//!
//! In: words of a text in lower case. Out: which phrase begins at a word and what may stand instead. Sources: `simple_words.txt` and
//! `palabras_sencillas.txt` beside this file. Invariant: the longest phrase that fits is the one that is found. Tested below and by
//! the labelled cases.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

use super::sentences::Lowered;
use crate::facts::sieve::{Fnv, hash};

/// A phrase with a simpler twin.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Simpler {
    /// Its number in its list.
    pub number: u16,
    /// Words that it has.
    pub words: usize,
}

struct List {
    phrases: Vec<(Vec<&'static str>, &'static str)>,
    /// The phrases that begin with a word of this hash, longest first.
    by_first: HashMap<u64, Vec<u16>, BuildHasherDefault<Fnv>>,
}

static ENGLISH: LazyLock<List> = LazyLock::new(|| List::of(include_str!("simple_words.txt")));
static SPANISH: LazyLock<List> = LazyLock::new(|| List::of(include_str!("palabras_sencillas.txt")));

impl List {
    fn of(text: &'static str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let pairs = lines.filter_map(|line| line.split_once(" = "));
        let phrases: Vec<(Vec<&str>, &str)> = pairs
            .flat_map(|(simpler, said)| said.split(", ").map(move |phrase| (words_of(phrase), simpler.trim())))
            .collect();
        let mut by_first: HashMap<u64, Vec<u16>, BuildHasherDefault<Fnv>> = HashMap::default();
        for (number, (words, _)) in phrases.iter().enumerate() {
            by_first.entry(hash(words[0].as_bytes())).or_default().push(number as u16);
        }
        for numbers in by_first.values_mut() {
            numbers.sort_by_key(|number| std::cmp::Reverse(phrases[usize::from(*number)].0.len()));
        }
        Self { phrases, by_first }
    }
}

/// As sentences are cut into words: "and/or" is two.
fn words_of(phrase: &'static str) -> Vec<&'static str> {
    phrase.split([' ', '/']).filter(|word| !word.is_empty()).collect()
}

fn list(language: &str) -> Option<&'static List> {
    match language {
        "en" => Some(&ENGLISH),
        "es" => Some(&SPANISH),
        _ => None,
    }
}

/// The phrase that begins with the first of these words.
pub fn simpler(language: &str, words: &[Lowered<'_>]) -> Option<Simpler> {
    let list = list(language)?;
    let numbers = list.by_first.get(&words.first()?.hash())?;
    let fits = |number: &&u16| {
        let phrase = &list.phrases[usize::from(**number)].0;
        phrase.len() <= words.len() && phrase.iter().zip(words).all(|(wanted, word)| *wanted == word.text)
    };
    let number = *numbers.iter().find(fits)?;
    Some(Simpler { number, words: list.phrases[usize::from(number)].0.len() })
}

/// A phrase by its number, and what may stand instead.
pub fn suggestion(language: &str, number: u16) -> Option<(String, &'static str)> {
    let (words, simpler) = list(language)?.phrases.get(usize::from(number))?;
    Some((words.join(" "), simpler))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(language: &str, text: &str) -> Vec<(String, &'static str)> {
        let words: Vec<Lowered<'_>> = text.split(' ').map(Lowered::of).collect();
        let hits = (0..words.len()).filter_map(|at| simpler(language, &words[at..]));
        hits.filter_map(|hit| suggestion(language, hit.number)).collect()
    }

    #[test]
    fn the_longest_phrase_that_fits_is_found() {
        let said = found("en", "you must commence prior to noon in accordance with the rules");
        let said: Vec<(&str, &str)> = said.iter().map(|(phrase, simpler)| (phrase.as_str(), *simpler)).collect();
        let wanted =
            [("commence", "begin, start"), ("prior to", "before"), ("in accordance with", "by, under, following")];
        assert_eq!(said, wanted);
        assert_eq!(found("es", "presente la solicitud con el fin de pagar").len(), 1);
        assert!(found("en", "pay here by noon").is_empty() && found("ko", "prior to").is_empty());
    }

    #[test]
    fn the_lists_hold_no_phrase_twice_and_no_empty_twin() {
        for list in [&*ENGLISH, &*SPANISH] {
            let mut phrases: Vec<String> = list.phrases.iter().map(|(words, _)| words.join(" ")).collect();
            phrases.sort();
            let all = phrases.len();
            phrases.dedup();
            assert_eq!(phrases.len(), all);
            assert!(list.phrases.iter().all(|(_, simpler)| !simpler.is_empty()));
        }
        assert!(ENGLISH.phrases.len() > 200 && SPANISH.phrases.len() > 60);
    }
}
