//! The blocks of a page's main text as numbers.
//!
//! In: a page's prose. Out: [`BlockMark`]s and [`HintMark`]s. Invariant: equal words make equal marks, however they are set; a page
//! of very many blocks has its last ones in one mark. Tested below.

use serde::{Deserialize, Serialize};

use crate::facts::prose::{Counts, Hinted, Prose};

/// Marks kept of a page.
const KEPT: usize = 120;
/// Hints kept of a page.
const HINTS: usize = 16;

/// A block of text.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct BlockMark {
    /// Of its words in lower case.
    pub hash: u32,
    /// The line it begins in; 0 beyond 65,535.
    pub line: u16,
    /// Its words.
    pub words: u16,
    read: u16,
    syllables: u16,
    letters: u16,
    polysyllables: u16,
    sentences: u8,
    long: [u8; 3],
    passive: u8,
    wordy: u8,
    to_reader: u8,
}

/// Something to show for a count.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct HintMark {
    /// The hash of its block.
    pub block: u32,
    /// What it is.
    pub what: Hinted,
    /// Words of a sentence, or the number of a phrase.
    pub number: u16,
    /// The line it stands in; 0 where that is not known.
    pub line: u16,
    /// As written; empty for phrases.
    pub text: Box<str>,
}

impl BlockMark {
    /// What was counted in its sentences.
    pub fn counts(&self) -> Counts {
        Counts {
            words: self.read.into(),
            sentences: self.sentences.into(),
            syllables: self.syllables.into(),
            letters: self.letters.into(),
            polysyllables: self.polysyllables.into(),
            long: self.long.map(u32::from),
            passive: self.passive.into(),
            wordy: self.wordy.into(),
            to_reader: self.to_reader.into(),
        }
    }
}

fn two(number: u32) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

fn one(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// The hash of a block's words.
pub(super) fn hash(words: &[u64]) -> u32 {
    let hash = words.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, word| {
        (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
    });
    (hash ^ hash >> 32) as u32
}

pub(super) fn blocks(prose: &Prose<'_>) -> Box<[BlockMark]> {
    let mut marks: Vec<BlockMark> = Vec::with_capacity(prose.blocks.len().min(KEPT));
    let mut rest: Option<(Vec<u64>, Counts, u32)> = None;
    for (at, (block, read)) in prose.blocks.iter().enumerate() {
        if at + 1 < KEPT {
            marks.push(mark(&read.words, &read.counts, block.element.position().line));
            continue;
        }
        let (words, counts, _) =
            rest.get_or_insert_with(|| (Vec::new(), Counts::default(), block.element.position().line));
        words.extend(&read.words);
        counts.add(&read.counts);
    }
    marks.extend(rest.map(|(words, counts, line)| mark(&words, &counts, line)));
    marks.into_boxed_slice()
}

fn mark(words: &[u64], counts: &Counts, line: u32) -> BlockMark {
    BlockMark {
        hash: hash(words),
        line: u16::try_from(line).unwrap_or(0),
        words: two(words.len() as u32),
        read: two(counts.words),
        syllables: two(counts.syllables),
        letters: two(counts.letters),
        polysyllables: two(counts.polysyllables),
        sentences: one(counts.sentences),
        long: counts.long.map(one),
        passive: one(counts.passive),
        wordy: one(counts.wordy),
        to_reader: one(counts.to_reader),
    }
}

pub(super) fn hints(prose: &Prose<'_>) -> Box<[HintMark]> {
    let marks = prose.hints.iter().take(HINTS).map(|hint| {
        let (block, read) = &prose.blocks[hint.block];
        HintMark {
            block: hash(&read.words),
            what: hint.what,
            number: hint.number,
            line: u16::try_from(block.element.position().line).unwrap_or(0),
            text: hint.text.as_str().into(),
        }
    });
    marks.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::prose;
    use crate::html::Document;

    #[test]
    fn equal_words_make_equal_marks_and_the_last_of_many_blocks_are_one() {
        let document = Document::parse("<p>The  Fees, now!<p>the <b>fees</b> now<p>the now fees");
        let marks = blocks(&Prose::of(prose::blocks(&document), None));
        assert_eq!(marks[0].hash, marks[1].hash);
        assert_ne!(marks[0].hash, marks[2].hash);
        let many = Document::parse(&"<p>One two three".repeat(300));
        let marks = blocks(&Prose::of(prose::blocks(&many), None));
        assert_eq!(marks.len(), KEPT);
        assert_eq!(marks.iter().map(|mark| usize::from(mark.words)).sum::<usize>(), 900);
    }
}
