//! Words as they are compared: quotes, spaces, case and invisible characters folded away.
//!
//! In: any text. Out: folded text. Invariant: folding is idempotent. Tested below.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Text folded for comparison: NFC, typographic quotes and dashes to ASCII, zero-width characters dropped, white space
/// (with no-break spaces) collapsed and trimmed, lower case.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    let mut push = |c: char| {
        if c.is_whitespace() || c == '\u{a0}' {
            gap = true;
            return;
        }
        if gap && !folded.is_empty() {
            folded.push(' ');
        }
        gap = false;
        folded.push(c);
    };
    if text.is_ascii() {
        text.chars().for_each(|c| push(c.to_ascii_lowercase()));
        return folded;
    }
    for c in text.nfc().filter(|c| !is_invisible(*c)).map(plain) {
        c.to_lowercase().for_each(&mut push);
    }
    // Lower-casing can undo composition (İ), so the result is composed once more: folding twice changes nothing.
    folded.nfc().collect()
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

fn joins(a: Option<char>, b: Option<char>) -> bool {
    a.is_some_and(char::is_alphanumeric) && b.is_some_and(char::is_alphanumeric)
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{202a}'..='\u{202e}')
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
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
