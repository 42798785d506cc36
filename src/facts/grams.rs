//! Which runs of three bytes a text has: a quick no to longer texts that are looked for in it.
//!
//! In: a folded text; a text that may stand in it. Out: no, or perhaps. Invariant: what stands in the text is never denied. Tested
//! below.

/// Places of the table: a page of 12,000 bytes marks about a tenth of them. An octet each, because marking is quicker so than in bits.
const PLACES: usize = 1 << 15;

/// All pairs of bytes.
const PAIRS: usize = 1 << 16;

/// The runs of three bytes of a text, and of two.
#[derive(Debug)]
pub struct Grams {
    runs: Vec<bool>,
    /// One for each run of two bytes.
    pairs: Vec<bool>,
    /// The text has a letter that a pattern takes for another one: U+017F is an "s" to it.
    is_odd: bool,
}

impl Grams {
    /// Of a folded text.
    pub fn of(folded: &str) -> Self {
        let mut runs = vec![false; PLACES];
        let mut pairs = vec![false; PAIRS];
        for pair in folded.as_bytes().windows(2) {
            pairs[place_of_pair(pair)] = true;
        }
        for gram in folded.as_bytes().windows(3) {
            runs[place(gram)] = true;
        }
        Self { runs, pairs, is_odd: folded.contains(['\u{17f}', '\u{212a}']) }
    }

    /// False when a text in lower case does not stand in this one; true when it may.
    pub fn may_hold(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        self.is_odd
            || bytes.windows(2).all(|pair| self.pairs[place_of_pair(pair)])
                && bytes.windows(3).all(|gram| self.runs[place(gram)])
    }
}

fn place_of_pair(pair: &[u8]) -> usize {
    usize::from(pair[0]) << 8 | usize::from(pair[1])
}

fn place(gram: &[u8]) -> usize {
    let number = gram.iter().fold(0u32, |number, byte| number << 8 | u32::from(*byte));
    // The highest bits are the best mixed ones, and as many as name a place.
    number.wrapping_mul(0x9e37_79b1) as usize >> (u32::BITS - PLACES.trailing_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_text_is_never_denied_and_most_of_the_rest_is() {
        let text = "the bureau of benchmarks, caf\u{e9} and 1 example street";
        let grams = Grams::of(text);
        for (start, _) in text.char_indices() {
            for (end, _) in text.char_indices().filter(|(end, _)| *end > start) {
                assert!(grams.may_hold(&text[start..end]));
            }
        }
        assert!(!grams.may_hold("{{") && grams.may_hold("1 "));
        assert!(!grams.may_hold("department") && !grams.may_hold("netscape"));
        assert!(Grams::of("mi\u{17f}t").may_hold("mist"));
    }
}
