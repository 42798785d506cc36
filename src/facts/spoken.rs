//! Which language a text is in, by the small words that every text of a language has.
//!
//! In: text. Out: the language's subtag, or that it is not sure. The words are articles, pronouns, prepositions and the like of
//! fourteen languages, and the scripts that tell a language by themselves. Invariant: a text of few such words, or of two
//! languages, is not sure. Tested below.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

use super::sieve::Fnv;
use super::words;

/// Words looked at of one text: more changes nothing.
const MOST_WORDS: usize = 1_500;

/// Small words of all languages together are fewer.
const MOST_SMALL: usize = 1_024;

/// Different small words a text has at least, those of one letter not counted.
const FEWEST_HITS: usize = 3;

/// Small words of a language, folded to lower case; words that another language has too count for both.
const SMALL_WORDS: [(&str, &str); 14] = [
    (
        "en",
        "a i an am without the of and to in is are was that it he she they with as for you your we our be this have has had not by from or \
         but what which will can all there their been would its into than when who if any about does means early these over",
    ),
    (
        "es",
        "el la los las de del y que en un una es son por para con se su sus no como más pero al lo este esta o si ya sobre \
         entre cuando muy sin fue ser hay está están usted nos",
    ),
    (
        "fr",
        "le la les de des du et que qui en un une est sont pour par avec se son sa ses ne pas plus dans sur au aux ce cette \
         ou il elle nous vous je mais été comme être leur bonne",
    ),
    (
        "de",
        "der die das und ist in zu den mit von für auf nicht ein eine einer eines dem des im sich als auch es an werden aus \
         er hat dass sie nach wird bei sind oder wir ich",
    ),
    (
        "nl",
        "de het een en van is dat op te in met zijn voor niet hij zij ze er aan ook als maar om bij dan nog naar heeft wordt \
         door uit over ging werd kan deze dit wat je ik we",
    ),
    (
        "pt",
        "o a os as de do da dos das e que em um uma é são por para com se seu sua não como mais mas ao na no nas nos ou foi \
         ser há está você pelo pela",
    ),
    (
        "it",
        "il lo la i gli le di del della dei e che in un una è sono per con si suo sua non come più ma al alla da dal nel \
         nella anche questo questa o se ha essere",
    ),
    (
        "da",
        "og i det at en den til er som på de med han af for ikke der var et har om vi min havde ham hun nu over da fra du ud \
         sin dem os op man hans hvor eller hvad skal jeg",
    ),
    (
        "sv",
        "och i det att en den till är som på de med han av för inte var ett har om vi sig så men hon nu från du ut sin dem \
         oss upp man hans där eller vad ska jag kan",
    ),
    (
        "pl",
        "i w na z że się nie jest do to o jak ale po co tak za od go już jego czy być tym przez dla są oraz ich lub może ten ta",
    ),
    ("lb", "de d' an ass en eng vun der dat mat fir op net et ech mir dir si hien sinn huet och wéi awer wat den"),
    (
        "vi",
        "và của là có cho không được các những trong với một này người để khi đã đến tại từ như về bạn hoặc theo quý vị",
    ),
    (
        "tl",
        "ang ng mga sa na ay at ito kung para hindi ka mo iyong may isang siya niya ako ko kayo inyong o upang dapat kapag",
    ),
    ("ht", "nan ak yon pou ki ou li yo se pa te nou mwen sa gen w ka lan tout moun oswa sou fè kapab si lè"),
];

/// The language a text is in; `None` where it is not sure.
pub fn language_of(text: &str) -> Option<&'static str> {
    by_script(text).or_else(|| by_words(text))
}

/// How many words of a text are small words of a language; `None` for a language that is not known by its words.
pub fn small_words(text: &str, language: &str) -> Option<usize> {
    let (_, list) = SMALL_WORDS.iter().find(|(known, _)| *known == language)?;
    let words = words::runs(text, |byte| byte == b'\'').map(str::to_lowercase);
    Some(words.filter(|word| list.split_ascii_whitespace().any(|small| small == word)).count())
}

/// True when the language is one that [`language_of`] knows.
pub fn is_known(language: &str) -> bool {
    SMALL_WORDS.iter().any(|(known, _)| *known == language) || SCRIPTS.iter().any(|(known, _, _)| *known == language)
}

/// Scripts that one language is written in, among those that pages of governments use.
const SCRIPTS: [(&str, char, char); 8] = [
    ("ko", '\u{ac00}', '\u{d7a3}'),
    ("ja", '\u{3040}', '\u{30ff}'),
    ("zh", '\u{4e00}', '\u{9fff}'),
    ("th", '\u{0e00}', '\u{0e7f}'),
    ("he", '\u{0590}', '\u{05ff}'),
    ("el", '\u{0370}', '\u{03ff}'),
    ("hy", '\u{0530}', '\u{058f}'),
    ("km", '\u{1780}', '\u{17ff}'),
];

/// Japanese holds Chinese signs, so the first script of the list that is a fifth of the letters decides.
fn by_script(text: &str) -> Option<&'static str> {
    if text.is_ascii() {
        return None;
    }
    let letters = || text.chars().filter(|c| c.is_alphabetic()).take(4 * MOST_WORDS);
    let (mut all, mut plain) = (0, 0);
    for letter in letters() {
        all += 1;
        plain += usize::from(letter.is_ascii());
    }
    let is_plain = plain * 5 >= all * 2;
    if all < 6 || is_plain {
        return None;
    }
    let share = |first: char, last: char| letters().filter(|c| (first..=last).contains(c)).count() * 5 >= all;
    SCRIPTS.iter().find(|(_, first, last)| share(*first, *last)).map(|(language, _, _)| *language)
}

/// A small word.
#[derive(Clone, Copy, Debug)]
struct Small {
    /// The languages that have it, a bit each, in the order of the list.
    languages: u16,
    number: u16,
    /// One letter is a word of many languages, an initial, or an item of a list.
    is_letter: bool,
}

static SMALL: LazyLock<HashMap<&str, Small, BuildHasherDefault<Fnv>>> = LazyLock::new(|| {
    let mut small: HashMap<&str, Small, BuildHasherDefault<Fnv>> = HashMap::default();
    for (at, (_, list)) in SMALL_WORDS.iter().enumerate() {
        for word in list.split_ascii_whitespace() {
            let number = small.len() as u16;
            let is_letter = word.chars().count() == 1;
            small.entry(word).or_insert(Small { languages: 0, number, is_letter }).languages |= 1 << at;
        }
    }
    small
});

/// The small words of plain letters, as numbers: nearly all words that are looked up are of at most eight octets.
static PLAIN: LazyLock<HashMap<u64, Small, BuildHasherDefault<Fnv>>> =
    LazyLock::new(|| SMALL.iter().filter_map(|(word, small)| Some((as_number(word)?, *small))).collect());

/// A word of up to eight letters and digits of ASCII as a number, in lower case.
fn as_number(word: &str) -> Option<u64> {
    if word.len() > 8 || !word.is_ascii() {
        return None;
    }
    let number = word.bytes().rev().fold(0, |number, byte| number << 8 | u64::from(byte));
    // The bit that makes a letter small is set in digits and in the apostrophe already.
    let small = 0x2020_2020_2020_2020_u64.checked_shr(64 - 8 * word.len() as u32).unwrap_or(0);
    Some(number | small)
}

/// Octets of the longest small word.
static LONGEST: LazyLock<usize> = LazyLock::new(|| SMALL.keys().map(|word| word.len()).max().unwrap_or(0));

/// By first and last letter, a to z, how long small words of these are, a bit a length: most words of a text are no small words.
static LENGTHS: LazyLock<[[u16; 26]; 26]> = LazyLock::new(|| {
    let mut lengths = [[0; 26]; 26];
    for word in SMALL.keys().filter(|word| word.len() < 16) {
        if let (Some(first), Some(last)) = ends(word.as_bytes()) {
            lengths[first][last] |= 1 << word.len();
        }
    }
    lengths
});

/// The places of the first and the last letter in the alphabet, whatever their case.
fn ends(word: &[u8]) -> (Option<usize>, Option<usize>) {
    let place = |byte: Option<&u8>| {
        let letter = byte?.to_ascii_lowercase();
        letter.is_ascii_lowercase().then(|| usize::from(letter - b'a'))
    };
    (place(word.first()), place(word.last()))
}

/// False for most words of ASCII that are not small.
fn may_be_small(word: &str, longest: usize, lengths: &[[u16; 26]; 26]) -> bool {
    match ends(word.as_bytes()) {
        _ if word.len() > longest => false,
        (Some(first), Some(last)) if word.len() < 16 => lengths[first][last] & 1 << word.len() != 0,
        _ => true,
    }
}

fn by_words(text: &str) -> Option<&'static str> {
    let mut met = Met::none();
    if text.is_ascii() {
        plain_words(text).take(MOST_WORDS).for_each(|word| met.take(word));
    } else {
        let has_letter =
            |word: &&str| word.as_bytes()[0].is_ascii_alphabetic() || word.chars().any(char::is_alphabetic);
        let words = words::runs(text, |byte| byte == b'\'').filter(has_letter);
        words.take(MOST_WORDS).for_each(|word| met.take(word));
    }
    met.language()
}

/// No part of a word, part of one, and a letter.
const APART: u8 = 0;
const PART: u8 = 1;
const LETTER: u8 = 2;

/// What each octet of ASCII is to words: most of judging a language is finding them.
static OCTETS: [u8; 256] = {
    let mut octets = [APART; 256];
    let mut octet = 0;
    while octet < 128 {
        let byte = octet as u8;
        octets[octet] = if byte.is_ascii_alphabetic() {
            LETTER
        } else if byte.is_ascii_digit() || byte == b'\'' {
            PART
        } else {
            APART
        };
        octet += 1;
    }
    octets
};

/// The words of a text of ASCII that have a letter, as [`words::runs`] parts them.
fn plain_words(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let octet = |at: usize| bytes.get(at).map(|byte| OCTETS[usize::from(*byte)]);
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            while octet(at)? == APART {
                at += 1;
            }
            let (start, mut all) = (at, APART);
            while let Some(one) = octet(at).filter(|one| *one != APART) {
                all |= one;
                at += 1;
            }
            if all & LETTER != 0 {
                return Some(&text[start..at]);
            }
        }
    })
}

/// The small words that a text was found to have.
struct Met {
    /// Words in whole.
    words: usize,
    /// Small words by language.
    hits: [usize; SMALL_WORDS.len()],
    /// The languages of each small word that was met, and which these are.
    different: Vec<u16>,
    seen: [u64; MOST_SMALL / 64],
    lower: String,
    longest: usize,
    lengths: &'static [[u16; 26]; 26],
    plain: &'static HashMap<u64, Small, BuildHasherDefault<Fnv>>,
}

impl Met {
    fn none() -> Self {
        Self {
            words: 0,
            hits: [0; SMALL_WORDS.len()],
            different: Vec::new(),
            seen: [0; MOST_SMALL / 64],
            lower: String::new(),
            longest: *LONGEST,
            lengths: &LENGTHS,
            plain: &PLAIN,
        }
    }

    #[inline]
    fn take(&mut self, word: &str) {
        self.words += 1;
        // Lower case may take a third of the octets (U+212A is a k).
        if word.len() > 3 * self.longest || word.is_ascii() && !may_be_small(word, self.longest, self.lengths) {
            return;
        }
        let found = match as_number(word) {
            Some(number) => self.plain.get(&number),
            None => {
                self.lower.clear();
                self.lower.extend(word.chars().flat_map(char::to_lowercase));
                SMALL.get(self.lower.as_str())
            }
        };
        let Some(small) = found else { return };
        let mut left = small.languages;
        while left != 0 {
            self.hits[left.trailing_zeros() as usize] += 1;
            left &= left - 1;
        }
        let (place, bit) = (usize::from(small.number) / 64, 1 << (small.number % 64));
        if !small.is_letter && self.seen[place] & bit == 0 {
            self.seen[place] |= bit;
            self.different.push(small.languages);
        }
    }

    /// The language that the text is in; `None` where it is not sure.
    fn language(&self) -> Option<&'static str> {
        let mut order: [usize; SMALL_WORDS.len()] = std::array::from_fn(|at| at);
        order.sort_by_key(|at| std::cmp::Reverse(self.hits[*at]));
        let (first, second) = (order[0], order[1]);
        let is_dense = self.hits[first] * 5 >= self.words;
        let different = self.different.iter().filter(|languages| *languages >> first & 1 == 1).count();
        let is_sure = different >= FEWEST_HITS && is_dense && self.hits[first] >= 2 * self.hits[second];
        is_sure.then_some(SMALL_WORDS[first].0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_small_words_of_all_languages_have_room() {
        assert!(SMALL.len() < MOST_SMALL && SMALL.len() > 400, "{}", SMALL.len());
    }

    #[test]
    fn no_small_word_is_passed_by() {
        for word in SMALL.keys().filter(|word| word.is_ascii()) {
            let loud = word.to_uppercase();
            assert!(may_be_small(&loud, *LONGEST, &LENGTHS), "{word}");
            let number = as_number(&loud);
            assert_eq!(number.map(|number| PLAIN[&number].number), number.map(|_| SMALL[word].number), "{word}");
        }
        assert!(!may_be_small("office", *LONGEST, &LENGTHS));
    }

    proptest! {
        #[test]
        fn words_of_plain_text_are_parted_as_those_of_other_text_are(text in "[aZ1' \\n.@\\[`{/:]{0,16}") {
            let has_letter = |word: &&str| word.chars().any(char::is_alphabetic);
            let wanted: Vec<&str> = words::runs(&text, |byte| byte == b'\'').filter(has_letter).collect();
            prop_assert_eq!(plain_words(&text).collect::<Vec<_>>(), wanted);
        }
    }

    #[test]
    fn a_text_of_some_length_tells_its_language() {
        for (text, wanted) in [
            ("The office is open on all days that the ferry runs to the island.", Some("en")),
            ("La oficina abre todos los días en que hay transbordador para la isla, y usted puede entrar.", Some("es")),
            ("Het kantoor is open op alle dagen dat er een veerboot naar het eiland gaat.", Some("nl")),
            ("Le bureau est ouvert tous les jours où il y a un bateau pour les îles.", Some("fr")),
            ("Kontoret er åbent på alle dage, hvor der er en færge til øen, og det er ikke langt.", Some("da")),
            ("渡し船が島に行く日は、事務所が開いています。", Some("ja")),
            ("渡轮开往岛上的所有日子办公室都开放", Some("zh")),
            ("Ferry times", None),
            ("Permits, forms, boats, tides", None),
            ("", None),
        ] {
            assert_eq!(language_of(text), wanted, "{text}");
        }
    }
}
