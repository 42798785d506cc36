//! Plain values one after the other in octets, for what is kept of very many pages.
//!
//! In: numbers and texts. Out: octets, and the same values again in the same order. Small numbers and short texts take one octet more than
//! themselves at most. Invariant: octets that nobody packed here are read as zeros and empty texts, never as a panic. Tested below.

/// Octets that are written.
#[derive(Debug, Default)]
pub(super) struct Pack(Vec<u8>);

impl Pack {
    /// A number, seven bits to an octet, the lowest first (LEB128).
    pub(super) fn number(&mut self, mut number: u32) {
        while number > 0x7f {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// Two octets, for what has no small values.
    pub(super) fn two(&mut self, number: u16) {
        self.0.extend(number.to_le_bytes());
    }

    /// Four octets, for what has no small values.
    pub(super) fn four(&mut self, number: u32) {
        self.0.extend(number.to_le_bytes());
    }

    /// One octet.
    pub(super) fn one(&mut self, number: u8) {
        self.0.push(number);
    }

    /// A text with its length.
    pub(super) fn text(&mut self, text: &str) {
        self.octets(text.as_bytes());
    }

    /// Octets with their length.
    pub(super) fn octets(&mut self, octets: &[u8]) {
        self.number(u32::try_from(octets.len()).expect("what is kept of a page is far below 4 GB"));
        self.0.extend(octets);
    }

    /// All that was written.
    pub(super) fn done(self) -> Vec<u8> {
        self.0
    }
}

/// Octets that are read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Unpack<'o>(pub(super) &'o [u8]);

impl<'o> Unpack<'o> {
    pub(super) fn is_done(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn number(&mut self) -> u32 {
        let mut number = 0;
        for shift in (0..u32::BITS).step_by(7) {
            let octet = self.one();
            number |= u32::from(octet & 0x7f) << shift;
            if octet & 0x80 == 0 {
                break;
            }
        }
        number
    }

    pub(super) fn two(&mut self) -> u16 {
        self.0.split_first_chunk().map_or(0, |(octets, rest)| {
            self.0 = rest;
            u16::from_le_bytes(*octets)
        })
    }

    pub(super) fn four(&mut self) -> u32 {
        self.0.split_first_chunk().map_or(0, |(octets, rest)| {
            self.0 = rest;
            u32::from_le_bytes(*octets)
        })
    }

    pub(super) fn one(&mut self) -> u8 {
        self.0.split_first().map_or(0, |(octet, rest)| {
            self.0 = rest;
            *octet
        })
    }

    pub(super) fn text(&mut self) -> &'o str {
        std::str::from_utf8(self.octets()).unwrap_or_default()
    }

    pub(super) fn octets(&mut self) -> &'o [u8] {
        let length = self.number() as usize;
        let (octets, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        octets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_back_in_its_order() {
        let mut pack = Pack::default();
        for number in [0, 1, 127, 128, 16_383, 16_384, u32::MAX] {
            pack.number(number);
        }
        pack.text("año");
        pack.two(65_535);
        pack.four(7);
        pack.one(200);
        let octets = pack.done();
        let mut read = Unpack(&octets);
        for number in [0, 1, 127, 128, 16_383, 16_384, u32::MAX] {
            assert_eq!(read.number(), number);
        }
        assert_eq!((read.text(), read.two(), read.four(), read.one()), ("año", 65_535, 7, 200));
        assert!(read.is_done());
    }

    #[test]
    fn octets_of_anybody_are_read_to_their_end() {
        for octets in [&[0xff; 9][..], &[200, 200, 200], &[3, 0xc3], &[]] {
            let mut read = Unpack(octets);
            for _ in 0..9 {
                read.octets();
                read.number();
                read.two();
                read.four();
                read.one();
            }
            assert!(read.is_done());
        }
    }
}
