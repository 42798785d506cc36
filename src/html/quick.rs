//! What can be said of an element and a selector without walking the tree: mostly no, sometimes yes.
//!
//! In: the text of a selector that compiles; an element. Out: [`Quick`] and its answer, by the last compound of each alternative: names,
//! ids, classes and attributes. Invariant: a yes and a no are what the selector itself would say; where the text is not understood the
//! answer is that it has to be asked. Tested here on random documents.

use super::Element;
use super::wants::{bracket, identifier, is_plain, last_compound, split};

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
enum Ask {
    Name(String),
    Id(String),
    Class(String),
    Attribute(String, Option<(Compare, String)>),
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

fn compound(complex: &str) -> Option<Compound> {
    let text = last_compound(complex)?;
    let mut found = Compound { asks: Vec::new(), is_all: text == complex };
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match first {
            '*' => rest = &rest[1..],
            '#' | '.' => {
                let (name, after) = identifier(&rest[1..]);
                let ask = if first == '#' { Ask::Id } else { Ask::Class };
                found.asks.push(ask(name.to_string()));
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
                found.asks.push(Ask::Name(name.to_string()));
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
        return Some((Ask::Attribute(name.to_string(), None), name != "xmlns"));
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
    Some((Ask::Attribute(name.to_string(), Some((compare, value.to_string()))), is_all))
}

impl Ask {
    fn is_met(&self, element: &Element<'_>) -> bool {
        match self {
            Self::Name(name) => element.name() == name,
            Self::Id(id) => element.id_attr() == Some(id),
            Self::Class(class) => element.has_class(class),
            Self::Attribute(name, None) => element.has_attr(name),
            Self::Attribute(name, Some((compare, wanted))) => {
                element.attr(name).is_some_and(|value| compare.holds(value.as_bytes(), wanted.as_bytes()))
            }
        }
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
            Self::Part => value
                .windows(wanted.len())
                .any(|part| part[0].eq_ignore_ascii_case(&wanted[0]) && part.eq_ignore_ascii_case(wanted)),
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
