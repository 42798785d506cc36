//! Acronyms, and which of them a text explains.
//!
//! In: words of a text with what stands around them. Out: whether a word is an acronym, and whether it is one that everybody knows.
//! Invariant: text set in capitals, numerals and the codes of states are no acronyms. Tested below.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Known to most readers by themselves, numerals, codes of states and territories, and words that are often set in capitals.
static KNOWN: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "US USA EU UN UK DC FAQ FAQS PDF HTML URL ID IDS TV DVD CD GPS DNA HIV AIDS NASA FBI CIA IRS AM PM EST EDT CST CDT MST MDT \
     PST PDT OK ZIP ATM PIN PO PHD MD MBA CEO RSS XML CSV API IT HR PC USB TTY TDD FAX SMS CPR ASAP RSVP AD BC NOT AND OR \
     ALL NEW NO YES TO OF IN FOR THE IF ON BY DO VS PR QR UTC GMT JPEG JPG PNG GIF MP3 ZIP DOC XLS TXT CSS WWW HTTP HTTPS \
     II III IV VI VII VIII IX XI XII XIII XIV XV XVI XX XXI \
     AL AK AZ AR CA CO CT DE FL GA HI IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA \
     RI SC SD TN TX UT VT VA WA WV WI WY PR VI GU AS MP NW NE SW SE COVID COVID-19 NATO UNICEF CEO TBD NYC MPH LGBT LGBTQ"
        .split_ascii_whitespace()
        .collect()
});

/// True for what most readers know, and for what only looks like an acronym.
pub fn is_known(word: &str) -> bool {
    KNOWN.contains(word)
}

/// The acronym a word is, without the plural's s and the possessive; `None` for other words.
pub(super) fn acronym(word: &str) -> Option<&str> {
    // Most words are none by their first letter.
    if !word.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let bare = word.trim_end_matches("'s").trim_end_matches("\u{2019}s");
    let bare = bare.strip_suffix('s').filter(|rest| rest.len() > 1).unwrap_or(bare);
    let letters = bare.bytes().filter(u8::is_ascii_uppercase).count();
    let is_one = (2..=6).contains(&bare.len())
        && letters >= 2
        && bare.bytes().all(|b| b.is_ascii_uppercase() || b == b'&')
        && !bare.ends_with('&');
    is_one.then_some(bare)
}

/// True when an acronym at this place of the text stands beside its explanation: in brackets, or before them.
pub(super) fn is_explained(text: &str, at: usize, len: usize) -> bool {
    let before = text[..at].trim_end_matches(['"', '\u{201c}', '\'', ' ']);
    let after = text[at + len..].trim_start_matches(['s', '"', '\u{201d}', '\'']);
    (before.ends_with('(') && after.starts_with([')', ',', ';', ' '])) || after.trim_start().starts_with('(')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acronym_is_a_short_word_in_capitals() {
        for (word, found) in [
            ("FEMA", Some("FEMA")),
            ("PIAs", Some("PIA")),
            ("FDA's", Some("FDA")),
            ("R&D", Some("R&D")),
            ("Fema", None),
            ("A", None),
            ("F12", None),
            ("DEPARTMENT", None),
        ] {
            assert_eq!(acronym(word), found, "{word}");
        }
        assert!(is_known("USA") && is_known("TX") && !is_known("SORN"));
    }

    #[test]
    fn what_stands_in_brackets_or_before_them_is_explained() {
        let explained = |text: &str| is_explained(text, text.find("SORN").unwrap(), 4);
        assert!(explained("the system of records notice (SORN) says"));
        assert!(explained("a SORN (system of records notice) says"));
        assert!(explained("notices (\u{201c}SORNs\u{201d}) say"));
        assert!(!explained("the SORN says"));
    }
}
