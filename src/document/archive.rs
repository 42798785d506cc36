//! Archives of parts (ZIP, APPNOTE 6.3): just enough to read office files, and to make small ones.
//!
//! In: octets, the name of a part. Out: the part. Invariants: nothing is believed of sizes but what fits the file; what is unpacked is
//! counted while it comes, one part and all parts together; a part is never written anywhere. Own and small, because the crates for it
//! bring a dozen others for what is not wanted here. Tested below.

use flate2::Crc;
use flate2::read::DeflateDecoder;
use std::io::Read;

/// The most octets of one part, and of all parts that are read.
const PART: u64 = 16 << 20;
const ALL: u64 = 48 << 20;
/// The most parts.
const PARTS: usize = 20_000;

/// Signatures of the records (APPNOTE 4.3).
const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
/// Octets of the fixed parts of these records.
const LOCAL_LENGTH: usize = 30;
const CENTRAL_LENGTH: usize = 46;
const END_LENGTH: usize = 22;

/// An archive that is read.
#[derive(Debug)]
pub(super) struct Archive<'b> {
    body: &'b [u8],
    parts: Vec<Entry>,
    left: u64,
}

#[derive(Debug)]
struct Entry {
    name: String,
    method: u16,
    packed: usize,
    at: usize,
}

impl<'b> Archive<'b> {
    /// Reads the list of parts; `None` where there is none.
    pub(super) fn open(body: &'b [u8]) -> Option<Self> {
        let from = body.len().checked_sub(END_LENGTH)?;
        let lowest = from.saturating_sub(usize::from(u16::MAX));
        let end = (lowest..=from).rev().find(|at| body[*at..].starts_with(&END))?;
        let count = usize::from(short(body, end + 10)?);
        let mut at = long(body, end + 16)?;
        let mut parts = Vec::new();
        for _ in 0..count.min(PARTS) {
            let record = body.get(at..at.checked_add(CENTRAL_LENGTH)?)?;
            if !record.starts_with(&CENTRAL) {
                return None;
            }
            let lengths = [short(record, 28)?, short(record, 30)?, short(record, 32)?].map(usize::from);
            let name = body.get(at + CENTRAL_LENGTH..at + CENTRAL_LENGTH + lengths[0])?;
            parts.push(Entry {
                name: String::from_utf8_lossy(name).into_owned(),
                method: short(record, 10)?,
                packed: long(record, 20)?,
                at: long(record, 42)?,
            });
            at += CENTRAL_LENGTH + lengths.iter().sum::<usize>();
        }
        Some(Self { body, parts, left: ALL })
    }

    /// The names of the parts, in the order of the list.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| part.name.as_str())
    }

    /// Whether there is a part of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }

    /// A part, unpacked; `None` where there is none, it is broken, packed in another way than these files are, or too large.
    pub(super) fn part(&mut self, name: &str) -> Option<Vec<u8>> {
        let entry = self.parts.iter().find(|part| part.name == name)?;
        let head = self.body.get(entry.at..entry.at.checked_add(LOCAL_LENGTH)?)?;
        if !head.starts_with(&LOCAL) {
            return None;
        }
        let start = entry.at + LOCAL_LENGTH + usize::from(short(head, 26)?) + usize::from(short(head, 28)?);
        let packed = self.body.get(start..start.checked_add(entry.packed)?)?;
        let most = PART.min(self.left);
        let mut octets = Vec::new();
        match entry.method {
            0 => packed.take(most + 1).read_to_end(&mut octets).ok()?,
            8 => DeflateDecoder::new(packed).take(most + 1).read_to_end(&mut octets).ok()?,
            _ => return None,
        };
        self.left -= (octets.len() as u64).min(self.left);
        (octets.len() as u64 <= most).then_some(octets)
    }
}

fn short(body: &[u8], at: usize) -> Option<u16> {
    body.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn long(body: &[u8], at: usize) -> Option<usize> {
    body.get(at..at + 4)?.try_into().ok().map(|octets| u32::from_le_bytes(octets) as usize)
}

/// An archive of these parts, not compressed.
pub(super) fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file: Vec<u8> = Vec::new();
    let mut list: Vec<u8> = Vec::new();
    for (name, data) in parts {
        let at = file.len() as u32;
        let mut crc = Crc::new();
        crc.update(data);
        let size = (data.len() as u32).to_le_bytes();
        // Version, flags, method, time and day (1 January 1980), then what both records have.
        let about: Vec<u8> = [
            &[20, 0, 0, 0, 0, 0, 0, 0, 33, 0][..],
            &crc.sum().to_le_bytes(),
            &size,
            &size,
            &(name.len() as u16).to_le_bytes(),
            &[0, 0],
        ]
        .concat();
        file.extend([&LOCAL[..], &about, name.as_bytes(), data].concat());
        list.extend([&CENTRAL[..], &[20, 0], &about, &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
    }
    let (count, start) = ((parts.len() as u16).to_le_bytes(), (file.len() as u32).to_le_bytes());
    let size = (list.len() as u32).to_le_bytes();
    file.extend(&list);
    file.extend([&END[..], &[0; 4], &count, &count, &size, &start, &[0, 0]].concat());
    file
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::DeflateEncoder;
    use std::io::Write;

    #[test]
    fn parts_come_out_as_they_went_in_and_a_broken_list_is_none() {
        let file = packed(&[("a.xml", b"<a/>"), ("b/c.xml", b"")]);
        let mut archive = Archive::open(&file).expect("a whole archive");
        assert_eq!(archive.names().collect::<Vec<_>>(), ["a.xml", "b/c.xml"]);
        assert_eq!(
            [archive.part("a.xml"), archive.part("b/c.xml"), archive.part("x")],
            [Some(b"<a/>".to_vec()), Some(vec![]), None]
        );
        for length in 0..file.len() {
            assert!(Archive::open(&file[..length]).is_none(), "{length}");
        }
    }

    #[test]
    fn a_part_that_unpacks_without_end_is_left_alone_at_a_bound() {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        let chunk = vec![0; 1 << 20];
        for _ in 0..20 {
            encoder.write_all(&chunk).expect("a vector takes everything");
        }
        let bomb = encoder.finish().expect("a vector takes everything");
        let mut file = packed(&[("bomb", &bomb), ("small", b"1")]);
        let at = file.len() - END_LENGTH - 2 * CENTRAL_LENGTH - "bombsmall".len();
        assert!(file[at..].starts_with(&CENTRAL));
        file[at + 10] = 8;
        let mut archive = Archive::open(&file).expect("the list is whole");
        assert_eq!((archive.part("bomb"), archive.part("small")), (None, Some(b"1".to_vec())));
        let asked = (0..5).filter(|_| archive.part("bomb").is_none()).count();
        assert_eq!((asked, archive.left, archive.part("small")), (5, 0, None), "all parts together are bounded, too");
    }
}
