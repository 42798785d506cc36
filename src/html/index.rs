//! Which elements a selector can find at all: by id, class, attribute and name, without looking at the others.
//!
//! In: a document; what a compound selector asks of an element ([`Key`]). Out: the elements that have it, in document order, or a
//! few more: keys are compared by a hash, and whoever asks has the selector decide. Invariant: no element that a selector
//! matches is left out. Tested here and on random documents.

use std::collections::HashMap;

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

    /// FNV-1a; the kind tells a class from a name that is spelled the same.
    fn of(kind: u64, text: &str) -> Self {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(text.bytes().fold(0xcbf2_9ce4_8422_2325 ^ kind, step))
    }
}

/// The elements of a document by what they have.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Hashed once more, with a secret: a page may choose its keys, and must not make them collide here.
    numbers: HashMap<u64, u32>,
    /// Where the elements of each number begin in `elements`; one more at the end.
    starts: Vec<u32>,
    elements: Vec<u32>,
}

impl Index {
    pub(super) fn of(document: &Document) -> Self {
        let mut numbers: HashMap<u64, u32> = HashMap::new();
        let mut had: Vec<(u32, u32)> = Vec::with_capacity(document.places.len() * 3);
        for element in document.elements() {
            let mut add = |key: Key| {
                let next = numbers.len() as u32;
                had.push((*numbers.entry(key.0).or_insert(next), element.order()));
            };
            add(Key::name(element.name()));
            for (name, value) in element.tree_attributes() {
                add(Key::attribute(name));
                match name {
                    "id" => add(Key::id(value)),
                    "class" => value.split_ascii_whitespace().for_each(|class| add(Key::class(class))),
                    _ => {}
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
        Self { numbers, starts, elements }
    }

    /// The elements that have it, in document order; one that has it twice may be there twice.
    pub(super) fn having(&self, key: Key) -> &[u32] {
        let Some(number) = self.numbers.get(&key.0) else { return &[] };
        let number = *number as usize;
        &self.elements[self.starts[number] as usize..self.starts[number + 1] as usize]
    }
}
