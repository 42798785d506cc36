//! Which elements a selector can find at all: by id, class, attribute and name, without looking at the others.
//!
//! In: a document; what a compound selector asks of an element ([`Key`]). Out: the elements that have it, in document order, or a
//! few more: keys are compared by a hash, and whoever asks has the selector decide. Invariant: no element that a selector
//! matches is left out. Tested here and on random documents.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;

use super::Document;

/// Something that an element has and a selector may ask for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Key(u64);

impl Key {
    pub(super) fn name(name: &str) -> Self {
        Self::of(1, name)
    }

    pub(super) fn attribute(name: &str) -> Self {
        Self::of(2, name)
    }

    pub(super) fn class(class: &str) -> Self {
        Self::of(3, class)
    }

    pub(super) fn id(id: &str) -> Self {
        Self::of(4, id)
    }

    /// An attribute with a value that no element before has there.
    pub(super) fn value(attribute: &str) -> Self {
        Self::of(5, attribute)
    }

    /// FNV-1a; the kind tells a class from a name that is spelled the same.
    fn of(kind: u64, text: &str) -> Self {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(text.bytes().fold(0xcbf2_9ce4_8422_2325 ^ kind, step))
    }
}

/// FNV-1a, for tables whose keys are ours.
#[derive(Debug)]
pub(super) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x0100_0000_01b3);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Two numbers that nobody outside this process knows.
static SECRETS: LazyLock<[u64; 2]> = LazyLock::new(|| {
    let state = RandomState::new();
    [state.hash_one(1), state.hash_one(2) | 1]
});

/// Hashes numbers with a secret of this process, by one multiplication.
#[derive(Clone, Copy, Debug)]
pub(super) struct Secret([u64; 2]);

/// The number so far, and what it is multiplied with.
pub(super) struct Mixed(u64, u64);

impl Default for Secret {
    fn default() -> Self {
        Self(*SECRETS)
    }
}

impl BuildHasher for Secret {
    type Hasher = Mixed;

    fn build_hasher(&self) -> Mixed {
        Mixed(self.0[0], self.0[1])
    }
}

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut octets = [0; 8];
            octets[..part.len()].copy_from_slice(part);
            self.write_u64(u64::from_le_bytes(octets));
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(u64::from(number));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        let product = u128::from(self.0 ^ number) * u128::from(self.1);
        self.0 = (product >> 64) as u64 ^ product as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The elements of a document by what they have.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Hashed once more, with a secret: a page may choose its keys, and must not make them collide here.
    numbers: HashMap<u64, u32, Secret>,
    /// Where the elements of each number begin in `elements`; one more at the end.
    starts: Vec<u32>,
    elements: Vec<u32>,
    /// By element the number of its value of `class`, from 1; elements with the same value have the same, and 0 is none.
    class_values: Vec<u32>,
    /// How many different values there are.
    different_classes: u32,
}

impl Index {
    pub(super) fn of(document: &Document) -> Self {
        let mut numbers: HashMap<u64, u32, Secret> = HashMap::default();
        let mut had: Vec<(u32, u32)> = Vec::with_capacity(document.places.len() * 3);
        let mut met: HashSet<(&str, &str), Secret> = HashSet::default();
        let mut classes: HashMap<&str, u32, Secret> = HashMap::default();
        let mut class_values = vec![0u32; document.places.len()];
        for element in document.elements() {
            let mut add = |key: Key| {
                let next = numbers.len() as u32;
                had.push((*numbers.entry(key.0).or_insert(next), element.order()));
            };
            add(Key::name(element.name()));
            for (name, value) in element.tree_attributes() {
                add(Key::attribute(name));
                if name == "class" {
                    let next = classes.len() as u32 + 1;
                    let number = *classes.entry(value).or_insert(next);
                    class_values[element.order() as usize] = number;
                    if number == next {
                        add(Key::value(name));
                    }
                    value.split_ascii_whitespace().for_each(|class| add(Key::class(class)));
                    continue;
                }
                if met.insert((name, value)) {
                    add(Key::value(name));
                }
                if name == "id" {
                    add(Key::id(value));
                }
            }
        }
        let mut starts = vec![0u32; numbers.len() + 1];
        for (number, _) in &had {
            starts[*number as usize + 1] += 1;
        }
        for number in 1..starts.len() {
            starts[number] += starts[number - 1];
        }
        let mut free = starts.clone();
        let mut elements = vec![0u32; had.len()];
        for (number, element) in had {
            let at = &mut free[number as usize];
            elements[*at as usize] = element;
            *at += 1;
        }
        Self { numbers, starts, elements, class_values, different_classes: classes.len() as u32 }
    }

    /// The number of an element's value of `class`, from 1; 0 for an element without.
    pub(super) fn class_value(&self, element: u32) -> usize {
        self.class_values[element as usize] as usize
    }

    /// How many different values of `class` there are.
    pub(super) fn different_classes(&self) -> usize {
        self.different_classes as usize
    }

    /// The elements that have it, in document order; one that has it twice may be there twice.
    pub(super) fn having(&self, key: Key) -> &[u32] {
        let Some(number) = self.numbers.get(&key.0) else { return &[] };
        let number = *number as usize;
        &self.elements[self.starts[number] as usize..self.starts[number + 1] as usize]
    }
}
