//! Words and sentences of running text.
//!
//! In: text as written. Out: [`Word`]s with their places, [`Sentence`]s as ranges of words. A word is a run of letters and digits, with
//! apostrophes, hyphens and points inside it. Invariant: an abbreviation, an initial or a number with a point ends no sentence.
//! Tested below and by the labelled cases.

use std::ops::Range;

use crate::facts::sieve::hash;

/// A word and where it stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Word<'t> {
    /// As written.
    pub text: &'t str,
    /// Its first octet in the text.
    pub at: usize,
}

/// A word in lower case, with its hash, by which lists are asked: each word is asked for in several.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Lowered<'t> {
    /// In lower case.
    pub text: &'t str,
    hash: u64,
}

impl<'t> Lowered<'t> {
    /// A word that is in lower case already.
    pub fn of(text: &'t str) -> Self {
        Self { text, hash: hash(text.as_bytes()) }
    }

    pub(super) fn hash(&self) -> u64 {
        self.hash
    }
}

/// A sentence.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sentence {
    /// Which words of the text it has.
    pub words: Range<usize>,
}

/// What ends with a point without ending a sentence, in lower case, without the last point.
const ABBREVIATIONS: [&str; 62] = [
    "mr", "mrs", "ms", "dr", "prof", "rev", "hon", "st", "mt", "ft", "no", "nos", "vs", "v", "e.g", "i.e", "etc", "al",
    "cf", "u.s", "u.s.a", "u.n", "d.c", "a.m", "p.m", "inc", "co", "corp", "ltd", "dept", "gov", "sen", "rep", "reps",
    "gen", "col", "lt", "sgt", "capt", "adm", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct",
    "nov", "dec", "fig", "sec", "par", "ave", "blvd", "ext", "approx", "núm", "sra", "uds",
];

/// The words of a text.
pub fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let bytes = text.as_bytes();
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = first_of_a_word(text, rest)?;
        let mut end = start;
        loop {
            // Most of a text is plain letters, which need not be decoded.
            end += bytes[end..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            if bytes.get(end).is_none_or(|next| *next == b' ') {
                break;
            }
            let before = if end > start { bytes[end - 1] } else { b' ' };
            let mut following = text[end..].chars();
            let Some(c) = following.next() else { break };
            let after = following.next().unwrap_or(' ');
            let joins = match c {
                '\'' | '\u{2019}' | '-' | '\u{2010}' | '\u{2011}' | '&' => after.is_alphanumeric(),
                '.' | ',' if before.is_ascii_digit() && after.is_ascii_digit() => true,
                '.' => end - start <= 3 && after.is_alphabetic() && is_initials(&text[start..end]),
                _ => false,
            };
            if !(c.is_alphanumeric() || is_mark(c) || joins) {
                break;
            }
            end += c.len_utf8();
        }
        rest = end;
        Some(Word { text: &text[start..end], at: start })
    })
}

/// Where the next letter or digit stands.
fn first_of_a_word(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let at = from + bytes[from..].iter().position(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())?;
    if bytes[at].is_ascii() { Some(at) } else { Some(at + text[at..].find(char::is_alphanumeric)?) }
}

/// A mark that belongs to the letter before it, as decomposed accents do.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}')
}

/// Single letters with points between them.
fn is_initials(text: &str) -> bool {
    text.split('.').all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic))
}

/// The sentences that these words of a text make.
pub fn sentences(text: &str, words: &[Word<'_>]) -> Vec<Sentence> {
    let mut found = Vec::new();
    let mut start = 0;
    for at in 0..words.len() {
        if at + 1 == words.len() || ends(text, words[at], words[at + 1]) {
            found.push(Sentence { words: start..at + 1 });
            start = at + 1;
        }
    }
    found
}

/// True when a sentence ends between two neighbouring words.
fn ends(text: &str, word: Word<'_>, next: Word<'_>) -> bool {
    let gap = &text[word.at + word.text.len()..next.at];
    if gap == " " {
        return false;
    }
    let Some(at) = gap.find(['.', '!', '?', '\u{2026}']) else { return false };
    if !gap[at..].contains(char::is_whitespace) {
        return false;
    }
    let begins = next.text.starts_with(|c: char| !c.is_lowercase()) || gap.contains(['\u{bf}', '\u{a1}']);
    let by_point = gap[at..].starts_with('.');
    begins && !(by_point && at == 0 && is_abbreviation(word.text))
}

fn is_abbreviation(word: &str) -> bool {
    let is_initial = word.len() == 1 && word.starts_with(|c: char| c.is_ascii_uppercase()) && word != "I";
    is_initial || (word.len() <= 6 && ABBREVIATIONS.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apostrophes_hyphens_and_points_stand_inside_words() {
        let said: Vec<&str> = words("Don\u{2019}t pay $1,200.50 \u{2014} the U.S. well-known co-op's, e.g. at 5.")
            .map(|word| word.text)
            .collect();
        assert_eq!(said, ["Don\u{2019}t", "pay", "1,200.50", "the", "U.S", "well-known", "co-op's", "e.g", "at", "5"]);
    }

    #[test]
    fn sentences_end_where_people_end_them() {
        for (text, count) in [
            ("One ends. Another begins.", 2),
            ("Ask Dr. Smith at 5 p.m. on Monday.", 1),
            ("It costs 4.50 dollars. Pay now!", 2),
            ("The U.S. Government pays. J. Doe signs.", 2),
            ("What is it? \u{bf}Qu\u{e9} es? Nada.", 3),
            ("no capital. follows here", 1),
            ("He said \"Stop.\" Then he left.", 2),
            ("See fig. 3 and No. 7 below", 1),
            ("Write to agency.example. We answer.", 2),
            ("Wait\u{2026} Then go", 2),
            ("", 0),
        ] {
            let words: Vec<Word<'_>> = words(text).collect();
            assert_eq!(sentences(text, &words).len(), count, "{text}");
        }
    }
}
