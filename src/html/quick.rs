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
pub(super) struct Quick(Option<Alternatives>);

#[derive(Clone, Debug)]
struct Alternatives {
    all: Vec<Compound>,
    /// Those that ask for one attribute and nothing else, by its name: its value is looked up once for all.
    of_one_attribute: Vec<OfOneAttribute>,
    /// The others.
    rest: Vec<Compound>,
}

/// Compounds that ask the same attribute, each with whether it is all that is asked.
#[derive(Clone, Debug)]
struct OfOneAttribute {
    name: String,
    asked: Vec<(What, bool)>,
}

/// Up to so many candidates nothing is remembered of them.
const FEW: usize = 8;

/// What alternatives say of an element: nothing of them can match, one may, one does.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Said {
    No,
    May,
    Yes,
}

/// What was said of the values of `class` that a document has, by their numbers: pages say the same few a hundred times.
#[derive(Debug, Default)]
pub(super) struct Memo(Vec<Option<Said>>);

impl Memo {
    /// Room for what is said of many candidates, where a selector asks for classes and fewer of them differ: else looking is as quick.
    pub(super) fn of(document: &Document, quick: &Quick, candidates: usize) -> Self {
        let asks = |all: &Alternatives| all.of_one_attribute.iter().any(|one| one.name == "class");
        if candidates <= FEW || !quick.0.as_ref().is_some_and(asks) {
            return Self::default();
        }
        let different = document.index().different_classes();
        if different > candidates { Self::default() } else { Self(vec![None; different + 1]) }
    }
}

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
        let all: Option<Vec<Compound>> = list.into_iter().map(|complex| compound(complex.trim())).collect();
        Self(all.map(Alternatives::of))
    }

    /// Whether the selector matches; `None` where it has to be asked.
    pub(super) fn answer(&self, element: &Element<'_>) -> Option<bool> {
        self.answer_again(element, &mut Memo::default())
    }

    /// The same for one of many elements of a document.
    pub(super) fn answer_again(&self, element: &Element<'_>, memo: &mut Memo) -> Option<bool> {
        let alternatives = self.0.as_ref()?;
        let mut may = false;
        for one in &alternatives.of_one_attribute {
            match one.says(element, memo) {
                Said::Yes => return Some(true),
                said => may |= said == Said::May,
            }
        }
        let name = element.name();
        for compound in &alternatives.rest {
            if compound.asks.iter().all(|ask| ask.what.is_met(element, name)) {
                if compound.is_all {
                    return Some(true);
                }
                may = true;
            }
        }
        if may { None } else { Some(false) }
    }

    /// False when no element of the document has what the selector asks for. Values are compared once each: most pages say the same few classes
    /// a hundred times.
    pub(super) fn may_match(&self, document: &Document) -> bool {
        let Some(alternatives) = &self.0 else { return true };
        alternatives.all.iter().any(|compound| compound.asks.iter().all(|ask| ask.may_be_met(document)))
    }
}

impl Alternatives {
    fn of(all: Vec<Compound>) -> Self {
        let mut of_one_attribute: Vec<OfOneAttribute> = Vec::new();
        let mut rest = Vec::new();
        for compound in &all {
            let [Ask { what, .. }] = compound.asks.as_slice() else {
                rest.push(compound.clone());
                continue;
            };
            let Some(name) = what.attribute() else {
                rest.push(compound.clone());
                continue;
            };
            let asked = (what.clone(), compound.is_all);
            match of_one_attribute.iter_mut().find(|one| one.name == name) {
                Some(one) => one.asked.push(asked),
                None => of_one_attribute.push(OfOneAttribute { name: name.to_string(), asked: vec![asked] }),
            }
        }
        Self { all, of_one_attribute, rest }
    }
}

impl OfOneAttribute {
    fn says(&self, element: &Element<'_>, memo: &mut Memo) -> Said {
        if self.name == "class" && !memo.0.is_empty() {
            let number = element.document().index().class_value(element.order());
            if number == 0 {
                return Said::No;
            }
            let held = &mut memo.0[number];
            return *held.get_or_insert_with(|| element.attr("class").map_or(Said::No, |value| self.says_of(value)));
        }
        element.attr(&self.name).map_or(Said::No, |value| self.says_of(value))
    }

    fn says_of(&self, value: &str) -> Said {
        let met = self.asked.iter().filter(|(what, _)| what.is_met_by(value));
        met.map(|(_, is_all)| if *is_all { Said::Yes } else { Said::May }).max().unwrap_or(Said::No)
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

impl What {
    /// Whether an element of this name meets it.
    fn is_met(&self, element: &Element<'_>, named: &str) -> bool {
        match (self, self.attribute()) {
            (Self::Name(name), _) => named == name,
            (_, Some(attribute)) => element.attr(attribute).is_some_and(|value| self.is_met_by(value)),
            (_, None) => false,
        }
    }

    /// The attribute that it asks for.
    fn attribute(&self) -> Option<&str> {
        match self {
            Self::Name(_) => None,
            Self::Id(_) => Some("id"),
            Self::Class(_) => Some("class"),
            Self::Attribute(name, _) => Some(name),
        }
    }

    /// Whether a value of that attribute meets it.
    fn is_met_by(&self, value: &str) -> bool {
        match self {
            Self::Name(_) => false,
            Self::Id(id) => value == id,
            Self::Class(class) => value.split_ascii_whitespace().any(|found| found == class),
            Self::Attribute(_, None) => true,
            Self::Attribute(_, Some(wanted)) => wanted.is(value),
        }
    }
}

impl Ask {
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
