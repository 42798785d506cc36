//! The blocks of a page's main text as numbers.
//!
//! In: a page's prose. Out: [`BlockMark`]s and [`HintMark`]s. Invariant: equal words make equal marks, however they are set; a page
//! of very many blocks has its last ones in one mark. Tested below.

use crate::facts::packed::{Pack, Unpack};
use crate::facts::prose::{Counts, Hinted, Prose};

/// Marks kept of a page.
const KEPT: usize = 120;
/// Hints kept of a page.
const HINTS: usize = 16;

/// The kinds of hints, as they are numbered.
const KINDS: [Hinted; 4] = [Hinted::Longest, Hinted::Passive, Hinted::Wordy, Hinted::Acronym];

/// A block of text.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
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
#[derive(Clone, Debug, Eq, PartialEq)]
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
    pub text: String,
}

impl BlockMark {
    /// Counts that most blocks have none of.
    fn rare(&self) -> [u8; 6] {
        let [first, second, third] = self.long;
        [first, second, third, self.passive, self.wordy, self.to_reader]
    }

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

pub(super) fn blocks(prose: &Prose<'_>) -> Vec<BlockMark> {
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
    marks
}

/// Most blocks are headings and cells, in which no sentence was counted, and lines go up by a few.
pub(super) fn packed_blocks(blocks: &[BlockMark]) -> Vec<u8> {
    let mut pack = Pack::default();
    let mut above = 0;
    for block in blocks {
        let is_read = block.counts() != Counts::default();
        pack.four(block.hash);
        pack.number(u32::from(block.words) << 1 | u32::from(is_read));
        pack.number(block.line.wrapping_sub(above).into());
        above = block.line;
        if !is_read {
            continue;
        }
        [block.read, block.syllables, block.letters, block.polysyllables]
            .into_iter()
            .for_each(|number| pack.number(number.into()));
        pack.one(block.sentences);
        let rare = block.rare();
        pack.one(rare.iter().enumerate().fold(0, |bits, (at, count)| bits | u8::from(*count > 0) << at));
        rare.into_iter().filter(|count| *count > 0).for_each(|count| pack.one(count));
    }
    pack.done()
}

pub(super) fn unpacked_blocks(mut read: Unpack<'_>) -> impl Iterator<Item = BlockMark> {
    let mut above = 0;
    std::iter::from_fn(move || {
        if read.is_done() {
            return None;
        }
        let (hash, words) = (read.four(), read.number());
        let line = (read.number() as u16).wrapping_add(above);
        above = line;
        let mut block = BlockMark { hash, line, words: (words >> 1) as u16, ..BlockMark::default() };
        if words & 1 == 1 {
            let numbers = [&mut block.read, &mut block.syllables, &mut block.letters, &mut block.polysyllables];
            numbers.into_iter().for_each(|number| *number = read.number() as u16);
            block.sentences = read.one();
            let there = read.one();
            let [long @ .., passive, wordy, to_reader] =
                [0, 1, 2, 3, 4, 5].map(|at| if there >> at & 1 == 1 { read.one() } else { 0 });
            block = BlockMark { long, passive, wordy, to_reader, ..block };
        }
        Some(block)
    })
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

pub(super) fn packed_hints(prose: &Prose<'_>) -> Vec<u8> {
    let mut pack = Pack::default();
    for hint in prose.hints.iter().take(HINTS) {
        let (block, read) = &prose.blocks[hint.block];
        pack.four(hash(&read.words));
        pack.one(KINDS.iter().position(|kind| *kind == hint.what).unwrap_or_default() as u8);
        pack.number(hint.number.into());
        pack.number(u16::try_from(block.element.position().line).unwrap_or(0).into());
        pack.text(&hint.text);
    }
    pack.done()
}

pub(super) fn unpacked_hints(mut read: Unpack<'_>) -> impl Iterator<Item = HintMark> {
    std::iter::from_fn(move || {
        if read.is_done() {
            return None;
        }
        let (block, what) = (read.four(), KINDS.get(usize::from(read.one())).copied()?);
        let (number, line) = (read.number() as u16, read.number() as u16);
        Some(HintMark { block, what, number, line, text: read.text().to_string() })
    })
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

    #[test]
    fn marks_come_back_from_their_octets() {
        let full = BlockMark {
            hash: u32::MAX,
            line: 40_000,
            words: u16::MAX,
            read: 300,
            syllables: 4,
            letters: u16::MAX,
            polysyllables: 0,
            sentences: 255,
            long: [0, 255, 1],
            passive: 0,
            wordy: 2,
            to_reader: 9,
        };
        let heading = BlockMark { hash: 1, line: 40_002, words: 3, ..BlockMark::default() };
        let marks = [full, heading, BlockMark { line: 0, ..full }, heading];
        let octets = packed_blocks(&marks);
        assert_eq!(unpacked_blocks(Unpack(&octets)).collect::<Vec<_>>(), marks);
        let text = "You were asked by the office to bring a card. Ask the SORN desk.";
        let document = Document::parse(&format!("\n<p>{text}"));
        let prose = Prose::of(prose::blocks(&document), Some("en"));
        let octets = packed_hints(&prose);
        let hints: Vec<HintMark> = unpacked_hints(Unpack(&octets)).collect();
        let block = hash(&prose.blocks[0].1.words);
        assert!(!hints.is_empty() && hints.iter().all(|hint| (hint.block, hint.line) == (block, 2)));
        assert!(hints.iter().zip(&prose.hints).all(|(kept, hint)| (kept.what, &kept.text) == (hint.what, &hint.text)));
    }
}
