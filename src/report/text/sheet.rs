//! A page of text: paragraphs under a lead, wrapped or cut by display width.
//!
//! In: words, most of them written by strangers. Out: lines no wider than the sheet. Invariant: every word passes
//! [`one_line`] here, so no section can forget it; colour never says anything that the words do not. Tested below.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Paint;
use crate::report::safe::one_line;
use crate::verdict::Outcome;

/// Narrower than this nothing reads well: the widest lead takes 28 columns.
const LEAST_WIDTH: usize = 50;

/// What a stretch of text is, in the terminal's own colours.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ink {
    /// As the terminal writes.
    Body,
    /// A heading or title.
    Strong,
    /// Bad news.
    Bad,
    /// A doubt.
    Doubt,
    /// Good news.
    Good,
    /// An aside.
    Faint,
}

impl Ink {
    /// The parameters of "select graphic rendition" (ECMA-48, 8.3.117).
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Body => None,
            Self::Strong => Some("1"),
            Self::Bad => Some("1;31"),
            Self::Doubt => Some("33"),
            Self::Good => Some("32"),
            Self::Faint => Some("2"),
        }
    }
}

/// How an outcome looks.
pub(super) fn ink(outcome: Outcome) -> Ink {
    match outcome {
        Outcome::Failed => Ink::Bad,
        Outcome::CantTell => Ink::Doubt,
        Outcome::Passed => Ink::Good,
        Outcome::Untested | Outcome::Inapplicable => Ink::Faint,
    }
}

/// The page being written.
pub(super) struct Sheet {
    text: String,
    paint: Paint,
    width: usize,
}

impl Sheet {
    /// An empty page of so many columns.
    pub(super) fn of(paint: Paint, width: usize) -> Self {
        Self { text: String::new(), paint, width: width.max(LEAST_WIDTH) }
    }

    /// The whole page.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// A blank line, unless one stands there already.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// The title of a section.
    pub(super) fn heading(&mut self, text: &str) {
        self.gap();
        self.put(("", Ink::Body), (text, Ink::Strong), usize::MAX);
    }

    /// A paragraph; lines after the first hang under the words, not under the lead.
    pub(super) fn entry(&mut self, lead: &str, text: &str) {
        self.put((lead, Ink::Body), (text, Ink::Body), usize::MAX);
    }

    /// A paragraph whose lead carries a colour.
    pub(super) fn tagged(&mut self, lead: &str, ink: Ink, text: &str) {
        self.put((lead, ink), (text, Ink::Body), usize::MAX);
    }

    /// A paragraph whose words carry a colour.
    pub(super) fn inked(&mut self, lead: &str, ink: Ink, text: &str) {
        self.put((lead, Ink::Body), (text, ink), usize::MAX);
    }

    /// A paragraph cut to so many lines.
    pub(super) fn cut(&mut self, lead: &str, text: &str, most_lines: usize) {
        self.put((lead, Ink::Body), (text, Ink::Body), most_lines);
    }

    /// The lead is ours and short; the words may be anybody's.
    fn put(&mut self, lead: (&str, Ink), words: (&str, Ink), most_lines: usize) {
        let hang = lead.0.width();
        let room = self.width.saturating_sub(hang).max(LEAST_WIDTH - 30);
        for (at, line) in wrapped(&one_line(words.0), room, most_lines).iter().enumerate() {
            match at {
                0 => self.colour(lead.0, lead.1),
                _later => self.text.push_str(&" ".repeat(hang)),
            }
            self.colour(line, words.1);
            self.text.truncate(self.text.trim_end_matches(' ').len());
            self.text.push('\n');
        }
    }

    fn colour(&mut self, text: &str, ink: Ink) {
        let (Paint::Colour, Some(code), false) = (self.paint, ink.code(), text.trim().is_empty()) else {
            self.text.push_str(text);
            return;
        };
        let (start, words) = text.split_at(text.len() - text.trim_start().len());
        let (words, end) = words.split_at(words.trim_end().len());
        self.text.push_str(&format!("{start}\u{1b}[{code}m{words}\u{1b}[0m{end}"));
    }
}

/// Lines of at most `room` columns. Words too long for a line are broken; what is over `most_lines` ends in "…".
fn wrapped(text: &str, room: usize, most_lines: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut word = word;
        loop {
            let line = lines.last_mut().expect("there is always a line being written");
            let space = if line.is_empty() { "" } else { " " };
            if line.width() + space.len() + word.width() <= room {
                line.push_str(space);
                line.push_str(word);
                break;
            }
            // A word that fits no line fills the rest of this one when it is long enough to be worth it.
            let left = room.saturating_sub(line.width() + space.len());
            if word.width() > room && left >= room / 2 {
                let at = fitting(word, left);
                line.push_str(space);
                line.push_str(&word[..at]);
                word = &word[at..];
            }
            if lines.len() == most_lines {
                let line = lines.last_mut().expect("there is always a line being written");
                line.truncate(fitting(line, room - 1));
                line.push('…');
                return lines;
            }
            lines.push(String::new());
        }
    }
    lines
}

/// How many bytes of the text fit; at least one character, so that a loop over it ends.
fn fitting(text: &str, room: usize) -> usize {
    let mut width = 0;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        // A variation selector can widen the character before it; counting it as a column errs on the narrow side.
        width += if c == '\u{fe0f}' { 1 } else { c.width().unwrap_or(0) };
        if width > room && end > 0 {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_wrap_at_the_width_and_what_does_not_fit_is_broken_or_cut() {
        for (text, room, most, lines) in [
            ("one two three", 7, 9, vec!["one two", "three"]),
            ("https://a.example/a/long/address", 12, 9, vec!["https://a.ex", "ample/a/long", "/address"]),
            ("at https://a.example/", 14, 9, vec!["at https://a.e", "xample/"]),
            ("日本語日本語", 5, 9, vec!["日本", "語日", "本語"]),
            ("one two three four", 7, 2, vec!["one two", "three…"]),
            ("onetwothreefour", 5, 2, vec!["onetw", "othr…"]),
            ("", 5, 2, vec![""]),
        ] {
            assert_eq!(wrapped(text, room, most), lines, "{text:?} in {room}");
        }
    }

    #[test]
    fn colour_surrounds_words_and_not_the_space_around_them() {
        let mut sheet = Sheet::of(Paint::Colour, 80);
        sheet.tagged("  failed  ", Ink::Bad, "a\u{1b}[0mb");
        assert_eq!(sheet.into_text(), "  \u{1b}[1;31mfailed\u{1b}[0m  ab\n");
    }
}
