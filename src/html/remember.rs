//! What readers of a document worked out about its elements, kept with it.
//!
//! In: a type that says what is remembered, and how to work it out. Out: the same value each time. Invariant: worked out once for
//! each document and type; the document knows nothing of its meaning. Tested here.

use std::any::{Any, TypeId};
use std::cell::OnceCell;
use std::hash::{Hash, Hasher};

use super::Document;
use super::index::Fnv;

/// Places for values; each type has its own, which a few may share.
const PLACES: usize = 32;

/// Values of different types, in chains by a number of their type: rules ask for some of them a hundred thousand times a page.
#[derive(Debug, Default)]
pub(super) struct Remembered([Chain; PLACES]);

/// Values in the order they were first asked for.
#[derive(Debug, Default)]
struct Chain(OnceCell<Box<Link>>);

#[derive(Debug)]
struct Link {
    value: Box<dyn Any>,
    next: Chain,
}

impl Document {
    /// The value of this type, worked out when first asked for. What `make` asks of the document may be remembered too, but not
    /// this very type.
    pub fn remembered<T: Any>(&self, make: impl FnOnce(&Document) -> T) -> &T {
        let chain = self.remembered.chain::<T>();
        if let Some(value) = chain.find() {
            return value;
        }
        let value = make(self);
        let mut end = chain;
        while let Some(link) = end.0.get() {
            end = &link.next;
        }
        let link = end.0.get_or_init(|| Box::new(Link { value: Box::new(value), next: Chain::default() }));
        link.value.downcast_ref().expect("it was just made")
    }
}

impl Remembered {
    fn chain<T: Any>(&self) -> &Chain {
        let mut hasher = Fnv::default();
        TypeId::of::<T>().hash(&mut hasher);
        &self.0[hasher.finish() as usize % PLACES]
    }
}

impl Chain {
    fn find<T: Any>(&self) -> Option<&T> {
        let mut next = self.0.get();
        while let Some(link) = next {
            if let Some(value) = link.value.downcast_ref() {
                return Some(value);
            }
            next = link.next.0.get();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Elements(usize);
    struct Twice(usize);

    #[test]
    fn a_value_is_worked_out_once_and_may_ask_for_others() {
        let document = Document::parse("<p>a<p>b");
        let elements = |document: &Document| Elements(document.elements().count());
        let twice = document.remembered(|document| Twice(document.remembered(elements).0 * 2));
        assert_eq!((twice.0, document.remembered(elements).0), (10, 5));
        assert_eq!(document.remembered(|_| Elements(0)).0, 5, "it is not made again");
    }
}
