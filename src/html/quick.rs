//! What can be said of an element and a selector without walking the tree: mostly no, sometimes yes.
//!
//! In: the text of a selector that compiles; an element. Out: [`Quick`] and its answer, by the last compound of each alternative: names,
//! ids, classes and attributes. Invariant: a yes and a no are what the selector itself would say; where the text is not understood the
//! answer is that it has to be asked. Tested here on random documents.

use super::index::Key;
use super::wants::{bracket, identifier, is_plain, last_compound, split};
use super::{Document, Element};

/// What the alternatives of a selector list ask of an element itself; `None` where one is not understood.
#[derive(Clone, Debug)]
pub(super) struct Quick(Option<Vec<Compound>>);

/// What one compound asks.
#[derive(Clone, Debug, Default)]
struct Compound {
    asks: Vec<Ask>,
    /// It asks nothing else, and the selector is this compound alone.
    is_all: bool,
}

#[derive(Clone, Debug)]
struct Ask {
    what: What,
    /// Finds the elements that may meet it.
    some: Key,
}

#[derive(Clone, Debug)]
enum What {
    Name(String),
    Id(String),
    Class(String),
    Attribute(String, Option<Value>),
}

/// What the value of an attribute is compared with.
#[derive(Clone, Debug)]
struct Value {
    compare: Compare,
    wanted: String,
    /// Finds an element for each value of the attribute.
    different: Key,
}

/// How the value of an attribute is compared, always without regard to case: what has to mind it is asked of the selector.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Compare {
    Equal,
    Word,
    Language,
    Start,
    End,
    Part,
}

impl Quick {
    pub(super) fn of(text: &str) -> Self {
        if text.contains('\\') || text.contains("/*") {
            return Self(None);
        }
        let list = split(text, |byte| byte == b',');
        Self(list.into_iter().map(|complex| compound(complex.trim())).collect())
    }

    /// Whether the selector matches; `None` where it has to be asked.
    pub(super) fn answer(&self, element: &Element<'_>) -> Option<bool> {
        let compounds = self.0.as_deref()?;
        let mut may = false;
        for compound in compounds {
            if compound.asks.iter().all(|ask| ask.is_met(element)) {
                if compound.is_all {
                    return Some(true);
                }
                may = true;
            }
        }
        if may { None } else { Some(false) }
    }
}

impl Quick {
    /// False when no element of the document has what the selector asks for. Values are compared once each: most pages say the same few classes
    /// a hundred times.
    pub(super) fn may_match(&self, document: &Document) -> bool {
        let Some(compounds) = self.0.as_deref() else { return true };
        compounds.iter().any(|compound| compound.asks.iter().all(|ask| ask.may_be_met(document)))
    }
}

fn compound(complex: &str) -> Option<Compound> {
    let text = last_compound(complex)?;
    let mut found = Compound { asks: Vec::new(), is_all: text == complex };
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match first {
            '*' => rest = &rest[1..],
            '#' | '.' => {
                let (name, after) = identifier(&rest[1..]);
                found.asks.push(if first == '#' {
                    Ask { what: What::Id(name.to_string()), some: Key::id(name) }
                } else {
                    Ask { what: What::Class(name.to_string()), some: Key::class(name) }
                });
                rest = after;
            }
            '[' => {
                let (inside, after) = bracket(rest)?;
                let (ask, is_all) = attribute(inside)?;
                found.asks.push(ask);
                found.is_all &= is_all;
                rest = after;
            }
            ':' => {
                let (_, after) = identifier(rest[1..].trim_start_matches(':'));
                rest = if after.starts_with('(') { bracket(after)?.1 } else { after };
                found.is_all = false;
            }
            _ => {
                let (name, after) = identifier(rest);
                if !is_plain(name) || after.starts_with('|') {
                    return None;
                }
                found.asks.push(Ask { what: What::Name(name.to_string()), some: Key::name(name) });
                rest = after;
            }
        }
    }
    Some(found)
}

/// What stands between the brackets, and whether nothing more is asked than can be said here.
fn attribute(inside: &str) -> Option<(Ask, bool)> {
    let (name, after) = identifier(inside.trim());
    let after = after.trim_start();
    if !is_plain(name) {
        return None;
    }
    if after.is_empty() {
        let ask = Ask { what: What::Attribute(name.to_string(), None), some: Key::attribute(name) };
        return Some((ask, name != "xmlns"));
    }
    let marks = [
        ("~=", Compare::Word),
        ("|=", Compare::Language),
        ("^=", Compare::Start),
        ("$=", Compare::End),
        ("*=", Compare::Part),
        ("=", Compare::Equal),
    ];
    let (mark, compare) = marks.into_iter().find(|(mark, _)| after.starts_with(mark))?;
    let value = after[mark.len()..].trim_start();
    let (value, flag) = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split_once(quote)?,
        _ => identifier(value),
    };
    let is_all = match flag.trim() {
        "i" => name != "xmlns",
        "" => false,
        _ => return None,
    };
    let value = Value { compare, wanted: value.to_string(), different: Key::value(name) };
    Some((Ask { what: What::Attribute(name.to_string(), Some(value)), some: Key::attribute(name) }, is_all))
}

impl Ask {
    fn is_met(&self, element: &Element<'_>) -> bool {
        match &self.what {
            What::Name(name) => element.name() == name,
            What::Id(id) => element.id_attr() == Some(id),
            What::Class(class) => element.has_class(class),
            What::Attribute(name, None) => element.has_attr(name),
            What::Attribute(name, Some(value)) => element.attr(name).is_some_and(|said| value.is(said)),
        }
    }

    fn may_be_met(&self, document: &Document) -> bool {
        let some = document.index().having(self.some);
        let What::Attribute(name, Some(value)) = &self.what else { return !some.is_empty() };
        let different = document.index().having(value.different);
        // Where most values differ, looking at the elements themselves is as quick.
        if different.len() * 4 > some.len() {
            return !some.is_empty();
        }
        different.iter().any(|element| {
            let mut attributes = document.element(*element).tree_attributes();
            attributes.any(|(named, said)| named == name && value.is(said))
        })
    }
}

impl Value {
    fn is(&self, said: &str) -> bool {
        self.compare.holds(said.as_bytes(), self.wanted.as_bytes())
    }
}

impl Compare {
    fn holds(self, value: &[u8], wanted: &[u8]) -> bool {
        if self != Self::Equal && self != Self::Language && wanted.is_empty() {
            return false;
        }
        let begins = |value: &[u8]| value.get(..wanted.len()).is_some_and(|start| start.eq_ignore_ascii_case(wanted));
        match self {
            Self::Equal => value.eq_ignore_ascii_case(wanted),
            Self::Word => value.split(u8::is_ascii_whitespace).any(|word| word.eq_ignore_ascii_case(wanted)),
            Self::Language => begins(value) && value.get(wanted.len()).is_none_or(|next| *next == b'-'),
            Self::Start => begins(value),
            Self::End => value.len().checked_sub(wanted.len()).is_some_and(|start| begins(&value[start..])),
            Self::Part => {
                let Some(last) = value.len().checked_sub(wanted.len()) else { return false };
                let (low, high) = (wanted[0].to_ascii_lowercase(), wanted[0].to_ascii_uppercase());
                memchr::memchr2_iter(low, high, &value[..=last]).any(|at| begins(&value[at..]))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{Document, Selector, samples};
    use proptest::prelude::*;

    const SELECTORS: [&str; 22] = [
        "a",
        "a[href]",
        "A",
        "p, b, .x",
        "#same",
        ".a.b",
        "[class*='a' i]",
        "[class~=b]",
        "[class^='' i]",
        "div > p[id]",
        "input[type=text]",
        "input[type='TEXT' i]",
        "td:not([id]), tr",
        ":is(a, b)",
        "*",
        "[id$=e]",
        "html[lang|=en]",
        "[lang|='en' i]",
        "li:first-child",
        "svg a[href]",
        "table *",
        "[title=\"a, b\" i]",
    ];

    proptest! {
        #![proptest_config(samples::config(200))]
        #[test]
        fn a_quick_answer_is_that_of_the_selector(source in samples::page()) {
            let document = Document::parse(&source);
            for text in SELECTORS {
                let selector = Selector::parse(text).expect(text);
                for element in document.elements() {
                    let slow = selector.compiled.matches(&document.element_ref(element.order()));
                    if let Some(quick) = Quick::of(text).answer(&element) {
                        prop_assert_eq!(quick, slow, "{} on {}", text, element.snippet());
                    }
                }
            }
        }
    }

    #[test]
    fn values_are_compared_as_the_standard_says() {
        let html = "<p class='Ab cd' lang=en-US title='x y' id=q data-x=''>";
        let document = Document::parse(html);
        let p = document.by_id("q").expect("it is there");
        for (text, expected) in [
            ("[class*='AB' i]", Some(true)),
            ("[class~='CD' i]", Some(true)),
            ("[class~='ab cd' i]", Some(false)),
            ("[class^=x i]", Some(false)),
            ("[lang|='EN' i]", Some(true)),
            ("[lang|='EN-u' i]", Some(false)),
            ("[title$='Y' i]", Some(true)),
            ("[title='x y']", None),
            ("[title='x']", Some(false)),
            ("[data-x*='' i]", Some(false)),
            ("[data-x='' i]", Some(true)),
            ("p.cd#q", Some(true)),
            ("p.CD", Some(false)),
            ("body p", None),
            ("body b", Some(false)),
            ("p:empty", None),
            ("b:empty, i", Some(false)),
            ("P", None),
        ] {
            assert_eq!(Quick::of(text).answer(&p), expected, "{text}");
        }
    }
}
