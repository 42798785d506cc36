//! Words as they are compared: quotes, spaces, case and invisible characters folded away.
//!
//! In: any text. Out: folded text. Invariant: folding is idempotent. Tested below.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::sieve::{self, Sieve};

/// Text folded for comparison: NFC, typographic quotes and dashes to ASCII, zero-width characters dropped, white space
/// (with no-break spaces) collapsed and trimmed, lower case.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return fold_plain(text);
    }
    let mut folded = String::with_capacity(text.len());
    // No character composes with white space, so that words can be folded one by one, and most are plain.
    for word in plain_split(text) {
        if word.is_ascii() {
            separate(&mut folded);
            folded.push_str(word);
        } else {
            fold_word(word, &mut folded);
        }
    }
    folded.make_ascii_lowercase();
    folded
}

/// The same for text of ASCII alone.
fn fold_plain(text: &str) -> String {
    if is_collapsed(text) {
        return text.to_ascii_lowercase();
    }
    let mut folded = Vec::with_capacity(text.len());
    let mut gap = false;
    for byte in text.bytes() {
        if is_space(byte) {
            gap = !folded.is_empty();
        } else {
            if std::mem::take(&mut gap) {
                folded.push(b' ');
            }
            folded.push(byte.to_ascii_lowercase());
        }
    }
    String::from_utf8(folded).expect("it is ASCII")
}

/// What stands between white space of ASCII.
fn plain_split(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let mut end = 0;
    std::iter::from_fn(move || {
        let start = end + bytes[end..].iter().position(|byte| !is_space(*byte))?;
        end = bytes[start..].iter().position(|byte| is_space(*byte)).map_or(bytes.len(), |width| start + width);
        Some(&text[start..end])
    })
}

/// White space of ASCII as Unicode has it: with the vertical tab.
fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

fn separate(folded: &mut String) {
    if !folded.is_empty() {
        folded.push(' ');
    }
}

/// Folds a word, in which there may be white space that is not ASCII's.
fn fold_word(word: &str, into: &mut String) {
    let lower = word.nfc().filter(|c| !is_invisible(*c)).map(plain).flat_map(char::to_lowercase);
    // Lower-casing can undo composition (İ), so the result is composed once more: folding twice changes nothing.
    let word: String = lower.nfc().collect();
    for part in word.split_whitespace() {
        separate(into);
        into.push_str(part);
    }
}

/// Folded text without accents: the second try for languages that are often typed without them.
pub fn fold_accents(text: &str) -> String {
    if text.is_ascii() {
        return fold(text);
    }
    fold(text).nfd().filter(|c| !is_combining_mark(*c)).collect()
}

/// True when a folded phrase stands in folded text as whole words.
pub fn contains(folded: &str, phrase: &str) -> bool {
    let mut from = 0;
    while let Some(at) = folded[from..].find(phrase) {
        let (start, end) = (from + at, from + at + phrase.len());
        let before = folded[..start].chars().next_back();
        let after = folded[end..].chars().next();
        let (first, last) = (phrase.chars().next(), phrase.chars().next_back());
        if !joins(before, first) && !joins(last, after) {
            return true;
        }
        from = start + phrase.chars().next().map_or(1, char::len_utf8);
    }
    false
}

/// Which words a folded text has, so that most phrases need not be looked for in it.
#[derive(Debug)]
pub struct Vocabulary(Sieve);

impl Vocabulary {
    /// The words of a text.
    pub fn of(folded: &str) -> Self {
        let mut sieve = Sieve::of(folded.len() / 8);
        words(folded).for_each(|word| sieve.add(word));
        Self(sieve)
    }

    /// False when a phrase whose words have these hashes does not stand in the text as whole words; else it may.
    pub fn may_say(&self, phrase: &[u64]) -> bool {
        phrase.iter().all(|word| self.0.may_have(*word))
    }
}

/// The hashes of the words of a folded text, for [`Vocabulary::may_say`].
pub fn words(folded: &str) -> impl Iterator<Item = u64> {
    runs(folded, |_| false).map(|word| sieve::hash(word.as_bytes()))
}

/// The longest runs of letters and digits of a text, and of the signs of ASCII that belong to them `too`.
#[inline]
pub fn runs(text: &str, too: impl Fn(u8) -> bool) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let belongs = move |byte: u8| byte.is_ascii_alphanumeric() || byte.is_ascii() && too(byte);
    // Whether what is no ASCII belongs to a run, and its width.
    let decoded =
        move |at: usize| text[at..].chars().next().map_or((false, 1), |c| (c.is_alphanumeric(), c.len_utf8()));
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = loop {
            let found = at + bytes[at..].iter().position(|byte| !byte.is_ascii() || belongs(*byte))?;
            if bytes[found].is_ascii() {
                break found;
            }
            match decoded(found) {
                (true, _) => break found,
                (false, width) => at = found + width,
            }
        };
        let mut end = start;
        loop {
            end += bytes[end..].iter().position(|byte| !belongs(*byte)).unwrap_or(bytes.len() - end);
            match bytes.get(end).filter(|byte| !byte.is_ascii()).map(|_| decoded(end)) {
                Some((true, width)) => end += width,
                Some((false, _)) | None => break,
            }
        }
        at = end;
        Some(&text[start..end])
    })
}

/// How many words a text has, as white space parts them.
pub fn count(text: &str) -> usize {
    if !text.is_ascii() {
        return text.split_whitespace().count();
    }
    let bytes = text.as_bytes();
    let first = usize::from(bytes.first().is_some_and(|byte| !is_space(*byte)));
    let begins = |(before, byte): (&u8, &u8)| u8::from(is_space(*before) & !is_space(*byte));
    first + stretches(bytes).map(|pairs| usize::from(pairs.map(begins).sum::<u8>())).sum::<usize>()
}

/// All octets with those that come after them, in stretches that are short enough to be counted in an octet: the machine looks at many at once.
fn stretches(bytes: &[u8]) -> impl Iterator<Item = impl Iterator<Item = (&u8, &u8)>> {
    const STRETCH: usize = 128;
    let next = bytes.get(1..).unwrap_or_default();
    bytes.chunks(STRETCH).zip(next.chunks(STRETCH)).map(|(bytes, next)| bytes.iter().zip(next))
}

fn joins(a: Option<char>, b: Option<char>) -> bool {
    a.is_some_and(char::is_alphanumeric) && b.is_some_and(char::is_alphanumeric)
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{202a}'..='\u{202e}')
}

/// True for text of ASCII that has one space between words and none around them, as most text has.
pub(super) fn is_collapsed(text: &str) -> bool {
    let is_apart = |(byte, next): (&u8, &u8)| is_space(*byte) & ((*byte != b' ') | is_space(*next));
    let bytes = text.as_bytes();
    let ends = [bytes.first(), bytes.last()];
    text.is_ascii()
        && !ends.into_iter().flatten().any(|byte| is_space(*byte))
        && !stretches(bytes).any(|pairs| pairs.fold(false, |found, pair| found | is_apart(pair)))
}

/// A text with one space for each run of white space.
pub fn collapse(text: &str) -> String {
    if is_collapsed(text) {
        return text.to_string();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn plain(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{2033}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_phrase_that_stands_in_a_text_is_never_ruled_out() {
        let text = fold("Don\u{2019}t share .gov data: 1,000 caf\u{e9}s (U.S.) at https://www.agency.example/x");
        let vocabulary = Vocabulary::of(&text);
        let may_say = |phrase: &str| vocabulary.may_say(&words(phrase).collect::<Vec<_>>());
        for phrase in ["don't share", ".gov", "1,000", "cafés", "u.s.", "share .gov data:", "://", "", "agency.example"]
        {
            assert!(contains(&text, phrase) || phrase.is_empty(), "{phrase}");
            assert!(may_say(phrase), "{phrase}");
        }
        assert!(!may_say("privacy") && !may_say("share nothing") && !may_say("dat"));
    }

    #[test]
    fn quotes_spaces_case_and_invisible_characters_do_not_matter() {
        for (raw, folded) in [
            ("Here\u{2019}s  how you\u{a0}know", "here's how you know"),
            ("  No\u{200b} FEAR Act\n\tData ", "no fear act data"),
            ("Declaraci\u{f3}n", "declaraci\u{f3}n"),
            ("Declaracio\u{301}n", "declaraci\u{f3}n"),
        ] {
            assert_eq!(fold(raw), folded);
        }
        assert_eq!(fold_accents("Política"), "politica");
    }

    #[test]
    fn a_phrase_is_found_as_whole_words_only() {
        assert!(contains("read our privacy policy.", "privacy"));
        assert!(!contains("inprivacy", "privacy"));
        assert!(!contains("foiable", "foia"));
        assert!(contains("x foiable foia", "foia"));
    }

    proptest! {
        #[test]
        fn words_are_counted_as_white_space_parts_them(text in "[a \\n\u{b}\u{1c}é\u{a0}]{0,12}") {
            prop_assert_eq!(count(&text), text.split_whitespace().count());
        }

        #[test]
        fn what_is_collapsed_stays_as_it_is(text in "[a \\n\u{b}\u{a0}]{0,8}") {
            let collapsed = text.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(is_collapsed(&text), text.is_ascii() && collapsed == text);
            prop_assert_eq!(collapse(&text), collapsed);
        }

        #[test]
        fn runs_are_letters_and_digits_and_what_belongs_to_them(text in "[ab1' \u{e9}\u{2014}\u{a0}.]{0,12}") {
            let parts = text.split(|c: char| !(c.is_alphanumeric() || c == '\''));
            let wanted: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
            prop_assert_eq!(runs(&text, |byte| byte == b'\'').collect::<Vec<_>>(), wanted);
        }

        #[test]
        fn plain_text_is_folded_as_other_text_is(text in "[aB \\n\t\u{b}.-]{0,16}") {
            let longer = fold(&format!("{text} \u{e9}"));
            let rest = longer.strip_suffix('\u{e9}').expect("it stands at the end").trim_end();
            prop_assert_eq!(fold(&text), rest);
        }

        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
