//! What readers of a document worked out about its elements, kept with it.
//!
//! In: a type that says what is remembered, and how to work it out. Out: the same value each time. Invariant: worked out once for
//! each document and type; the document knows nothing of its meaning. Tested here.

use std::any::Any;
use std::cell::OnceCell;

use super::Document;

/// Values of different types, in the order they were first asked for: a handful, so that a chain is enough.
#[derive(Debug, Default)]
pub(super) struct Remembered(OnceCell<Box<Link>>);

#[derive(Debug)]
struct Link {
    value: Box<dyn Any>,
    next: Remembered,
}

impl Document {
    /// The value of this type, worked out when first asked for. What `make` asks of the document may be remembered too, but not
    /// this very type.
    pub fn remembered<T: Any>(&self, make: impl FnOnce(&Document) -> T) -> &T {
        if let Some(value) = self.remembered.find() {
            return value;
        }
        let value = make(self);
        let mut end = &self.remembered;
        while let Some(link) = end.0.get() {
            end = &link.next;
        }
        let link = end.0.get_or_init(|| Box::new(Link { value: Box::new(value), next: Remembered::default() }));
        link.value.downcast_ref().expect("it was just made")
    }
}

impl Remembered {
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
