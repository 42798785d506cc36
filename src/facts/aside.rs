//! Octets put aside: of a large site most of what is kept of a page is asked for once, when all were read, and lies in a file until then.
//!
//! In: octets. Out: [`Piece`]s, which give them back. The first [`HELD`] octets stay in memory, so that small sites have no file. The file
//! has no name, and ends with the site: in `TMPDIR` where that is set, else in `/var/tmp`, because `/tmp` is often memory itself. Invariant:
//! where no file can be written all stays in memory; nobody gets other octets than were put. Tested below.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, MutexGuard};

use super::sieve;

/// Octets of a site that stay in memory.
const HELD: usize = 1 << 20;
/// Octets that are written at once.
const WRITTEN: usize = 64 << 10;

/// A place for octets; its clones are the same place.
#[derive(Clone, Debug, Default)]
pub struct Aside(Arc<Mutex<Pile>>);

/// Octets one after the other: held, then in the file, then waiting to be written there.
#[derive(Debug, Default)]
struct Pile {
    held: Vec<u8>,
    file: Option<File>,
    /// Octets that the file may have.
    most: u64,
    written: u64,
    waiting: Vec<u8>,
    /// No file could be made or written: what comes waits for ever.
    is_stuck: bool,
}

/// Octets that are in memory or were put aside.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// In memory.
    Held(Box<[u8]>),
    /// Put aside.
    Aside(Aside, Span),
}

/// Where octets were put.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span {
    at: u64,
    octets: u32,
    /// A number for the octets.
    check: u32,
}

impl Span {
    fn of(at: u64, octets: &[u8]) -> Self {
        let length = u32::try_from(octets.len()).expect("what is kept of a page is far below 4 GB");
        Self { at, octets: length, check: check(octets) }
    }

    /// How many octets lie there.
    pub(super) fn octets(self) -> usize {
        self.octets as usize
    }
}

fn check(octets: &[u8]) -> u32 {
    let hash = sieve::hash(octets);
    (hash ^ hash >> 32) as u32
}

impl Aside {
    /// Puts octets aside.
    pub(super) fn put(&self, octets: &[u8]) -> Span {
        let mut pile = self.pile();
        let at = pile.end();
        if pile.held.len() + octets.len() <= HELD && at == pile.held.len() as u64 {
            pile.held.extend(octets);
        } else {
            pile.waiting.extend(octets);
            if pile.waiting.len() >= WRITTEN {
                pile.write();
            }
        }
        Span::of(at, octets)
    }

    /// What was put there.
    ///
    /// # Panics
    /// Where the file cannot be read any more: whoever judges a site then says that it was not judged.
    pub(super) fn get(&self, span: Span) -> Vec<u8> {
        let found = self.pile().get(span);
        found.expect("a file that was written a while ago can be read, and has what was written")
    }

    /// Whether these octets were put there.
    pub(super) fn holds(&self, span: Span, octets: &[u8]) -> bool {
        let as_if = Span::of(span.at, octets);
        (as_if.octets, as_if.check) == (span.octets, span.check)
            && self.pile().get(span).is_some_and(|held| held == octets)
    }

    fn pile(&self) -> MutexGuard<'_, Pile> {
        self.0.lock().expect("no holder of this lock panics")
    }
}

impl Pile {
    fn end(&self) -> u64 {
        self.held.len() as u64 + self.written + self.waiting.len() as u64
    }

    fn write(&mut self) {
        if self.is_stuck {
            return;
        }
        if self.file.is_none() {
            (self.file, self.most) = (nameless().ok(), longest());
        }
        let end = self.written + self.waiting.len() as u64;
        let Some(file) = self.file.as_mut().filter(|_| end <= self.most) else {
            self.is_stuck = true;
            return;
        };
        match file.seek(SeekFrom::Start(self.written)).and_then(|_| file.write_all(&self.waiting)) {
            Ok(()) => {
                self.written += self.waiting.len() as u64;
                self.waiting.clear();
            }
            // What was written before can be read as it was.
            Err(_) => self.is_stuck = true,
        }
    }

    /// None where it cannot be read, or something else is there by now.
    fn get(&self, span: Span) -> Option<Vec<u8>> {
        self.read(span).filter(|octets| check(octets) == span.check)
    }

    fn read(&self, Span { at, octets, .. }: Span) -> Option<Vec<u8>> {
        let (octets, held) = (octets as usize, self.held.len() as u64);
        let part = |all: &[u8], from: u64| {
            let from = usize::try_from(from).ok()?;
            Some(all.get(from..from.checked_add(octets)?)?.to_vec())
        };
        if at < held {
            return part(&self.held, at);
        }
        let at = at - held;
        if at >= self.written {
            return part(&self.waiting, at - self.written);
        }
        let mut file = self.file.as_ref()?;
        let mut read = vec![0; octets];
        file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut read)).ok()?;
        Some(read)
    }
}

/// A file that nobody else sees.
fn nameless() -> std::io::Result<File> {
    match std::env::var_os("TMPDIR").filter(|folder| !folder.is_empty()) {
        Some(folder) => tempfile::tempfile_in(folder),
        None => tempfile::tempfile_in("/var/tmp").or_else(|_| tempfile::tempfile_in("/tmp")),
    }
}

/// How long a file of this process may become; a write beyond it would not fail but end the process.
fn longest() -> u64 {
    rlimit::Resource::FSIZE.get().map_or(u64::MAX, |(soft, _)| soft)
}

impl Piece {
    /// The octets.
    pub(super) fn octets(&self) -> Cow<'_, [u8]> {
        match self {
            Self::Held(octets) => Cow::Borrowed(octets),
            Self::Aside(aside, span) => Cow::Owned(aside.get(*span)),
        }
    }

    /// Puts them aside where they are in memory.
    pub(super) fn put_aside(&mut self, aside: &Aside) {
        if let Self::Held(octets) = self {
            *self = Self::Aside(aside.clone(), aside.put(octets));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets(number: usize) -> Vec<u8> {
        (0..1_000 + number % 500).map(|at| (at * 7 + number) as u8).collect()
    }

    #[test]
    fn what_was_put_aside_comes_back_from_memory_and_from_the_file() {
        let aside = Aside::default();
        let pieces: Vec<Piece> = (0..20_000)
            .map(|number| {
                let mut piece = Piece::Held(octets(number).into());
                piece.put_aside(&aside);
                piece
            })
            .collect();
        let pile = aside.pile();
        assert!(pile.held.len() <= HELD && pile.written > 18 << 20 && pile.waiting.len() < WRITTEN);
        drop(pile);
        for (number, piece) in pieces.iter().enumerate().rev() {
            assert_eq!(*piece.octets(), octets(number), "{number}");
        }
    }

    #[test]
    fn a_file_does_not_become_longer_than_it_may_and_other_octets_are_not_taken_for_what_was_put() {
        let aside = Aside::default();
        let put = |from: usize, to: usize| (from..to).map(|number| aside.put(&octets(number))).collect::<Vec<_>>();
        let before = put(0, 9_000);
        let most = aside.pile().written + WRITTEN as u64;
        aside.pile().most = most;
        let after = put(9_000, 12_000);
        assert!(aside.pile().is_stuck && aside.pile().written <= most);
        let all = || before.iter().chain(&after).enumerate();
        assert!(all().all(|(number, span)| aside.holds(*span, &octets(number))));
        let file = aside.pile().file.as_ref().expect("it was made").try_clone().expect("it can be had twice");
        file.set_len(0).and_then(|()| file.set_len(most)).expect("it can be emptied");
        assert!(!aside.holds(before[8_500], &octets(8_500)), "zeros are there now");
        let lost = std::panic::catch_unwind(|| aside.get(before[8_500]));
        assert!(lost.is_err());
    }

    #[test]
    fn where_nothing_can_be_written_all_stays_in_memory() {
        let aside = Aside::default();
        let before = (0..9_000).map(|number| aside.put(&octets(number))).collect::<Vec<_>>();
        // A file that is open for reading only takes nothing more.
        let there = aside.pile().written;
        assert!(there > 0 && aside.holds(before[8_000], &octets(8_000)));
        let lost = tempfile::NamedTempFile::new().expect("a file");
        aside.pile().file = File::open(lost.path()).ok();
        let after = (9_000..12_000).map(|number| aside.put(&octets(number))).collect::<Vec<_>>();
        let is_stuck = aside.pile().is_stuck;
        assert!(is_stuck && aside.pile().written == there);
        assert!(!aside.holds(before[8_000], &octets(8_000)), "the file that was written is gone here");
        assert!(aside.holds(before[10], &octets(10)));
        assert!((9_000..12_000).all(|number| aside.holds(after[number - 9_000], &octets(number))));
    }
}
