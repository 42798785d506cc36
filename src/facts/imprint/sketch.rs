//! A sketch of a text, by which near copies are found: one-permutation MinHash over runs of five words.
//!
//! In: a page's prose. Out: [`Sketch`]: for each of 128 bins the least hash of a run that falls into it, and the block it comes from, so that
//! runs of blocks that every page repeats can be left out later. Invariant: the same text gives the same sketch in every run. Source:
//! Li, Owen and Zhang, "One Permutation Hashing" (2012). Tested below.

use serde::{Deserialize, Serialize};

use super::marks::{self, BlockMark};
use crate::facts::packed::{Pack, Unpack};
use crate::facts::prose::Prose;

/// Bins of a sketch: the error of a likeness of 0.9 is about 0.03.
pub const BINS: usize = 128;
/// Words of a run.
const RUN: usize = 5;

/// A sketch.
#[derive(Clone, Debug, PartialEq)]
pub struct Sketch {
    /// The least hash of each bin; 0 in an empty one.
    least: Box<[u16]>,
    /// The block that each comes from, as a short hash.
    from: Box<[u16]>,
}

/// A sketch without what is shared: 0 stands for bins that say nothing.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Likeness(Box<[u16]>);

impl Sketch {
    /// Of a main text; `None` where it has no word.
    pub fn of(prose: &Prose<'_>) -> Option<Self> {
        let mut least = vec![u64::MAX; BINS];
        let mut from = vec![0; BINS];
        for (_, read) in &prose.blocks {
            let block = short(marks::hash(&read.words));
            // A block of fewer words than a run is a run by itself.
            for run in read.words.windows(RUN.min(read.words.len().max(1))) {
                let hash = run.iter().fold(0x51_7c_c1_b7_27_22_0a_95_u64, |hash, word| {
                    (hash.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
                });
                let hash = hash ^ hash >> 29;
                let bin = (hash % BINS as u64) as usize;
                if hash < least[bin] {
                    least[bin] = hash;
                    from[bin] = block;
                }
            }
        }
        let short = |hash: &u64| if *hash == u64::MAX { 0 } else { ((hash >> 16) as u16).max(1) };
        let least: Box<[u16]> = least.iter().map(short).collect();
        least.iter().any(|hash| *hash != 0).then(|| Self { least, from: from.into_boxed_slice() })
    }

    /// As octets: the hashes, then for each the number of the block it comes from. Blocks that have no mark of their own come after the
    /// blocks that do, with their short hashes; there are at most as many as bins.
    pub(super) fn packed(&self, blocks: &[BlockMark]) -> Vec<u8> {
        let mut pack = Pack::default();
        let mut known: Vec<u16> = blocks.iter().map(|block| short(block.hash)).collect();
        let mut from = Vec::with_capacity(BINS);
        for (least, block) in self.least.iter().zip(&self.from) {
            pack.two(*least);
            let at = known.iter().position(|short| *least == 0 || short == block).unwrap_or_else(|| {
                known.push(*block);
                known.len() - 1
            });
            from.push(u8::try_from(at).expect("120 blocks and 128 bins are fewer than 256"));
        }
        pack.octets(&from);
        known[blocks.len()..].iter().for_each(|more| pack.two(*more));
        pack.done()
    }

    /// From octets; `blocks` are those that have marks.
    pub(super) fn unpacked<B: Iterator<Item = BlockMark>>(
        mut read: Unpack<'_>,
        blocks: impl FnOnce() -> B,
    ) -> Option<Self> {
        if read.is_done() {
            return None;
        }
        let least: Box<[u16]> = (0..BINS).map(|_| read.two()).collect();
        let from = read.octets();
        let mut known: Vec<u16> = blocks().map(|block| short(block.hash)).collect();
        while !read.is_done() {
            known.push(read.two());
        }
        let from = from.iter().map(|at| known.get(usize::from(*at)).copied().unwrap_or_default()).collect();
        Some(Self { least, from })
    }

    /// The sketch without the runs of shared blocks; `is_shared` is asked by the short hash of a block.
    pub fn without(&self, is_shared: impl Fn(u16) -> bool) -> Likeness {
        let bins = self.least.iter().zip(&self.from);
        Likeness(bins.map(|(least, from)| if is_shared(*from) { 0 } else { *least }).collect())
    }
}

/// The short hash of a block, by which a sketch knows it.
pub(super) fn short(hash: u32) -> u16 {
    (hash ^ hash >> 16) as u16
}

impl Likeness {
    /// The share of runs that two texts have in common, 0 to 1 (Jaccard), estimated from the bins that say something.
    pub fn to(&self, other: &Self) -> f64 {
        let (mut same, mut told) = (0_u32, 0_u32);
        for (mine, theirs) in self.0.iter().zip(&other.0) {
            told += u32::from(*mine != 0 || *theirs != 0);
            same += u32::from(*mine != 0 && mine == theirs);
        }
        if told == 0 { 0.0 } else { f64::from(same) / f64::from(told) }
    }

    /// Bins that say something.
    pub fn told(&self) -> usize {
        self.0.iter().filter(|bin| **bin != 0).count()
    }

    /// The key of a run of so many bins, counted from 0: texts that are much alike share one almost surely; none where the run says nothing.
    pub fn band(&self, nth: usize, of: usize) -> Option<u64> {
        let bins = self.0.get(nth * of..(nth + 1) * of)?;
        let key = |key: u64, bin: &u16| (key.rotate_left(16) ^ u64::from(*bin)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        bins.iter().any(|bin| *bin != 0).then(|| bins.iter().fold(nth as u64 + 1, key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::prose;
    use crate::html::Document;

    fn sketch(text: &str) -> Likeness {
        let document = Document::parse(text);
        Sketch::of(&Prose::of(prose::blocks(&document), None)).expect("it has words").without(|_| false)
    }

    fn words(from: usize, to: usize) -> String {
        (from..to).map(|n| format!("word{n} ")).collect()
    }

    #[test]
    fn the_likeness_is_near_the_share_of_runs_in_common() {
        let one = sketch(&words(0, 1_000));
        for (other, share) in
            [(words(0, 1_000), 1.0), (words(50, 1_000), 0.95), (words(200, 1_200), 0.67), (words(2_000, 3_000), 0.0)]
        {
            let likeness = one.to(&sketch(&other));
            assert!((likeness - share).abs() < 0.1, "{likeness} instead of {share}");
        }
    }

    #[test]
    fn a_sketch_comes_back_from_its_octets_whatever_the_number_of_blocks() {
        for blocks in [1, 30, 119, 120, 121, 400] {
            let text: String = (0..blocks).map(|at| format!("<p>{}", words(at * 9, at * 9 + 7))).collect();
            let document = Document::parse(&text);
            let prose = Prose::of(prose::blocks(&document), None);
            let (sketch, marks) = (Sketch::of(&prose).expect("it has words"), marks::blocks(&prose));
            let octets = sketch.packed(&marks);
            let again = Sketch::unpacked(Unpack(&octets), || marks.iter().copied()).expect("it comes back");
            for hides in [0, 1, 2, 3] {
                let is_shared = |block: u16| block % 4 == hides;
                assert_eq!(again.without(is_shared), sketch.without(is_shared), "{blocks} blocks");
            }
        }
    }

    #[test]
    fn shared_blocks_can_be_left_out_afterwards() {
        let read = |own: String| {
            let document = Document::parse(&format!("<p>{}<p>{own}", words(5_000, 5_400)));
            let prose = Prose::of(prose::blocks(&document), None);
            let shared = short(marks::hash(&prose.blocks[0].1.words));
            let sketch = Sketch::of(&prose).expect("it has words");
            (sketch.without(|_| false), sketch.without(|block| block == shared))
        };
        let ((whole, own), (other_whole, other_own)) = (read(words(0, 300)), read(words(1_000, 1_300)));
        assert!(whole.to(&other_whole) > 0.3);
        assert!(own.to(&other_own) < 0.05);
    }
}
