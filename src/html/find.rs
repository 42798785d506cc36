//! The elements that a selector finds.
//!
//! In: a document or an element of it, a selector. Out: [`Found`], elements in document order. Only those that have what the
//! selector wants are looked at. Invariant: finds what looking at every element would find. Tested here on random documents.

use std::ops::Range;

use scraper::ElementRef;

use super::index::{Index, Key};
use super::quick::Memo;
use super::wants::Wants;
use super::{Document, Element, Selector};

/// From so many candidates on a selector that counts siblings or looks into elements is matched by one walk over the tree,
/// which remembers what it counted.
const MANY: usize = 48;

/// Elements that a selector finds, in document order.
pub struct Found<'a, 's> {
    document: &'a Document,
    selector: &'s Selector,
    /// What `:scope` is; the root where nothing is said.
    scope: Option<ElementRef<'a>>,
    candidates: Candidates<'a, 's>,
    /// What was said of values of `class` that come again.
    memo: Memo,
}

enum Candidates<'a, 's> {
    All(Range<u32>),
    Listed(std::slice::Iter<'a, u32>, Option<u32>),
    Joined(std::vec::IntoIter<u32>),
    Walk(Box<scraper::element_ref::Select<'a, 's>>),
}

impl<'a, 's> Found<'a, 's> {
    /// Below an element, which is the `:scope`.
    pub(super) fn below(element: Element<'a>, selector: &'s Selector) -> Self {
        let scope = Some(element.document.element_ref(element.index));
        Self::within(element.document, element.range(), selector, scope)
    }

    fn within(
        document: &'a Document,
        range: Range<u32>,
        selector: &'s Selector,
        scope: Option<ElementRef<'a>>,
    ) -> Self {
        let lacks = |inside: &Selector| document.select(inside).next().is_none();
        let is_in_vain =
            selector.inside.as_deref().is_some_and(lacks) || range.len() >= MANY && !selector.quick.may_match(document);
        let range = if is_in_vain { 0..0 } else { range };
        let mut candidates = candidates(document, range, &selector.wants);
        if selector.remembers
            && candidates.most() > MANY
            && let Some(scope) = scope
        {
            let may = |index: &u32| selector.quick.answer(&document.element(*index)) != Some(false);
            let left: Vec<u32> = candidates.numbers().filter(may).collect();
            candidates = if left.len() > MANY {
                Candidates::Walk(Box::new(scope.select(&selector.compiled)))
            } else {
                Candidates::Joined(left.into_iter())
            };
        }
        let memo = Memo::of(document, &selector.quick, candidates.most());
        Self { document, selector, scope, candidates, memo }
    }
}

/// What stands in the elements that a selector finds, these among it: asked for many elements of a page.
pub struct Inside(Vec<Range<u32>>);

impl Document {
    /// What stands in the elements that a selector finds.
    pub fn inside(&self, selector: &Selector) -> Inside {
        let mut ranges: Vec<Range<u32>> = Vec::new();
        for found in self.select(selector) {
            // They come in document order: one inside another adds nothing.
            if ranges.last().is_none_or(|last| last.end <= found.index) {
                ranges.push(found.index..found.end());
            }
        }
        Inside(ranges)
    }
}

impl Inside {
    /// True when the element, of the same document, is one of those found or stands in one.
    pub fn holds(&self, element: &Element<'_>) -> bool {
        let after = self.0.partition_point(|range| range.start <= element.index);
        after > 0 && self.0[after - 1].contains(&element.index)
    }
}

fn candidates<'a, 's>(document: &'a Document, range: Range<u32>, wants: &Wants) -> Candidates<'a, 's> {
    // In a small part looking is quicker than looking up.
    let Wants::OneOf(alternatives) = wants else { return Candidates::All(range) };
    if range.len() < 4 {
        return Candidates::All(range);
    }
    let index = document.index();
    match alternatives.as_slice() {
        [keys] => Candidates::Listed(rarest(index, keys, &range).iter(), None),
        _ => {
            let mut all: Vec<u32> = Vec::new();
            for keys in alternatives {
                all.extend(rarest(index, keys, &range));
            }
            // Lists that are sorted, one after the other: the stable sort knows them.
            all.sort();
            all.dedup();
            Candidates::Joined(all.into_iter())
        }
    }
}

/// The shortest list of elements that have one of the keys, as far as they are in the range.
fn rarest<'a>(index: &'a Index, keys: &[Key], range: &Range<u32>) -> &'a [u32] {
    let shortest = keys.iter().map(|key| index.having(*key)).min_by_key(|elements| elements.len()).unwrap_or_default();
    let start = shortest.partition_point(|element| *element < range.start);
    let end = start + shortest[start..].partition_point(|element| *element < range.end);
    &shortest[start..end]
}

impl<'a> Candidates<'a, '_> {
    /// The numbers of the candidates, in order; none where the tree is walked.
    fn numbers(self) -> Box<dyn Iterator<Item = u32> + 'a> {
        match self {
            Self::All(range) => Box::new(range),
            Self::Listed(listed, _) => {
                let mut listed: Vec<u32> = listed.copied().collect();
                listed.dedup();
                Box::new(listed.into_iter())
            }
            Self::Joined(joined) => Box::new(joined),
            Self::Walk(_) => Box::new(std::iter::empty()),
        }
    }

    fn most(&self) -> usize {
        match self {
            Self::All(range) => range.len(),
            Self::Listed(listed, _) => listed.len(),
            Self::Joined(joined) => joined.len(),
            Self::Walk(_) => 0,
        }
    }
}

impl<'a> Iterator for Found<'a, '_> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        loop {
            let index = match &mut self.candidates {
                Candidates::All(range) => range.next()?,
                Candidates::Listed(listed, last) => {
                    let next = *listed.next()?;
                    // An element with the same class twice is listed twice.
                    if last.replace(next) == Some(next) {
                        continue;
                    }
                    next
                }
                Candidates::Joined(joined) => joined.next()?,
                Candidates::Walk(walk) => match self.document.index_of(*walk.next()?) {
                    Some(index) => return Some(self.document.element(index)),
                    None => continue,
                },
            };
            let element = self.document.element(index);
            let asked = || self.selector.compiled.matches_with_scope(&self.document.element_ref(index), self.scope);
            if self.selector.quick.answer_again(&element, &mut self.memo).unwrap_or_else(asked) {
                return Some(element);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::quick::Quick;
    use super::super::samples;
    use super::*;
    use proptest::prelude::*;

    const SELECTORS: [&str; 23] = [
        ".x, [class*=a i], [class~=b], [id^=s i]",
        "*",
        "a",
        "p, b",
        "div *",
        "[id]",
        "[class~=x]",
        "#a, #b, .x",
        "table :is(td, th)",
        "li:nth-child(2)",
        "p:not(:has(b))",
        ":is(a, i) > b",
        "svg title",
        "foreignObject",
        "input[type]",
        "tr > td:first-of-type",
        ":root body",
        ":empty",
        "select option, :scope > b",
        "[href], [xlink\\:href]",
        "template *",
        "b ~ i",
        "ul:has(> li)",
    ];

    proptest! {
        #![proptest_config(samples::config(64))]
        #[test]
        fn what_is_found_is_what_looking_at_every_element_finds(source in samples::page()) {
            let document = Document::parse(&source);
            for text in SELECTORS {
                let selector = Selector::parse(text).expect(text);
                let quick = Quick::of("\\");
                let plain = Selector { wants: Wants::Anything, quick, remembers: false, inside: None, ..selector.clone() };
                for element in document.elements() {
                    let found: Vec<u32> = element.select(&selector).map(|found| found.order()).collect();
                    let walked: Vec<u32> = element.select(&plain).map(|found| found.order()).collect();
                    prop_assert_eq!(&found, &walked, "{}", text);
                }
            }
        }
    }

    #[test]
    fn a_class_that_an_element_has_twice_finds_it_once() {
        let document = Document::parse("<p class='x x'>a<p><p><p class=x>");
        let selector = Selector::parse(".x").expect("a constant selector");
        assert_eq!(document.select(&selector).count(), 2);
    }

    #[test]
    fn many_candidates_of_a_selector_that_counts_are_found_by_one_walk() {
        let document = Document::parse(&"<ul><li><li><li></ul>".repeat(100));
        let selector = Selector::parse("li:nth-child(2)").expect("a constant selector");
        assert_eq!(document.select(&selector).count(), 100);
    }
}
