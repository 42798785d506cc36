//! How hard a text is to read, by the formulas that are published.
//!
//! In: counts of words, sentences and syllables. Out: grades of English (Flesch-Kincaid, automated readability index, SMOG) and ease
//! (Flesch for English, Fernández Huerta for Spanish). Invariant: counts add up in any order; a text without sentences has no
//! measure. Tested below and by the labelled cases.

use serde::{Deserialize, Serialize};

/// Lengths in words above which sentences are counted.
pub const LONG: [usize; 3] = [20, 25, 40];

/// What was counted in running text.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Counts {
    /// Words of sentences.
    pub words: u32,
    /// Sentences.
    pub sentences: u32,
    /// Syllables.
    pub syllables: u32,
    /// Letters and digits.
    pub letters: u32,
    /// Words of three syllables and more.
    pub polysyllables: u32,
    /// Sentences longer than each of [`LONG`].
    pub long: [u32; 3],
    /// Sentences in the passive voice.
    pub passive: u32,
    /// Words and phrases with a simpler twin.
    pub wordy: u32,
    /// Words that speak to the reader: you, your; usted, su.
    pub to_reader: u32,
}

/// What formulas say.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// English: years of school in the United States, the median of three formulas.
    Grade(f64),
    /// Spanish: 0 (hard) to 100 (easy), by Fernández Huerta.
    Ease(f64),
}

/// Ease and grades of a text.
#[derive(Clone, Copy, Debug)]
pub struct Ease<'c>(pub &'c Counts);

impl Counts {
    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: &Self) {
        let sums: [(&mut u32, u32); 8] = [
            (&mut self.words, other.words),
            (&mut self.sentences, other.sentences),
            (&mut self.syllables, other.syllables),
            (&mut self.letters, other.letters),
            (&mut self.polysyllables, other.polysyllables),
            (&mut self.passive, other.passive),
            (&mut self.wordy, other.wordy),
            (&mut self.to_reader, other.to_reader),
        ];
        for (sum, more) in sums {
            *sum = sum.saturating_add(more);
        }
        for (sum, more) in self.long.iter_mut().zip(other.long) {
            *sum = sum.saturating_add(more);
        }
    }

    /// Sentences longer than so many words, which is one of [`LONG`].
    pub fn longer_than(&self, words: usize) -> Option<u32> {
        LONG.iter().position(|bound| *bound == words).map(|at| self.long[at])
    }

    /// How hard a text of this language is; `None` without sentences or without a formula.
    pub fn reading(&self, language: &str) -> Option<Reading> {
        if self.sentences == 0 || self.words == 0 {
            return None;
        }
        match language {
            "en" => {
                let mut grades = [Ease(self).flesch_kincaid(), Ease(self).automated(), Ease(self).smog()];
                grades.sort_by(f64::total_cmp);
                Some(Reading::Grade(grades[1]))
            }
            "es" => Some(Reading::Ease(Ease(self).fernandez_huerta())),
            _ => None,
        }
    }
}

impl Ease<'_> {
    fn sentence_length(&self) -> f64 {
        f64::from(self.0.words) / f64::from(self.0.sentences.max(1))
    }

    fn word_length(&self) -> f64 {
        f64::from(self.0.syllables) / f64::from(self.0.words.max(1))
    }

    /// Flesch reading ease (1948): 0 to 100, easy texts have more.
    pub fn flesch(&self) -> f64 {
        206.835 - 1.015 * self.sentence_length() - 84.6 * self.word_length()
    }

    /// Flesch-Kincaid grade level (Kincaid and others, 1975).
    pub fn flesch_kincaid(&self) -> f64 {
        0.39 * self.sentence_length() + 11.8 * self.word_length() - 15.59
    }

    /// Automated readability index (Smith and Senter, 1967).
    pub fn automated(&self) -> f64 {
        4.71 * f64::from(self.0.letters) / f64::from(self.0.words.max(1)) + 0.5 * self.sentence_length() - 21.43
    }

    /// SMOG grade (McLaughlin, 1969).
    pub fn smog(&self) -> f64 {
        1.043 * (f64::from(self.0.polysyllables) * 30.0 / f64::from(self.0.sentences.max(1))).sqrt() + 3.1291
    }

    /// Reading ease of Spanish (Fernández Huerta, 1959), with sentence length in words.
    pub fn fernandez_huerta(&self) -> f64 {
        206.84 - 60.0 * self.word_length() - 1.02 * self.sentence_length()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_give_what_their_authors_say_of_counts() {
        // Six words of one syllable in one sentence: the ease is published as 116.
        let cat = Counts { words: 6, sentences: 1, syllables: 6, letters: 17, ..Counts::default() };
        assert!((Ease(&cat).flesch() - 116.145).abs() < 0.001);
        // 13 words and 24 syllables: the grade is published as 11.3.
        let one = Counts { words: 13, sentences: 1, syllables: 24, ..Counts::default() };
        assert!((Ease(&one).flesch_kincaid() - 11.3).abs() < 0.05);
        assert!((Ease(&Counts { polysyllables: 30, sentences: 30, ..cat }).smog() - 8.84).abs() < 0.01);
    }

    #[test]
    fn a_text_without_sentences_or_formula_has_no_measure() {
        assert_eq!(Counts::default().reading("en"), None);
        let counts = Counts { words: 10, sentences: 1, syllables: 14, letters: 40, ..Counts::default() };
        assert_eq!(counts.reading("ko"), None);
        assert!(matches!(counts.reading("es"), Some(Reading::Ease(_))));
    }

    #[test]
    fn counts_add_up() {
        let one = Counts { words: 10, long: [1, 0, 0], ..Counts::default() };
        let mut sum = one;
        sum.add(&one);
        assert_eq!((sum.words, sum.longer_than(20), sum.longer_than(30)), (20, Some(2), None));
    }
}
