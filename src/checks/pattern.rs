//! A regular expression of a rule file, compiled when it is first looked for.
//!
//! In: its text. Out: [`Pattern`], or why it is none. Compiling takes far longer than reading, and most runs of the program look for
//! few of the patterns. Invariant: a pattern that is none, or too large, is refused when it is read, but for those that come with the program
//! and that its tests have read ([`on_trust`]). Tested below.

use regex::{Match, Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::ast::{self, Ast, ClassPerlKind, ClassSet, ClassSetItem, GroupKind, RepetitionKind, RepetitionRange};
use regex_syntax::hir::{Class, Hir, HirKind};
use serde::{Deserialize, Deserializer, de::Error as _};
use std::cell::Cell;
use std::ops::Deref;
use std::sync::OnceLock;

use crate::facts::{Grams, PageFacts};

/// Largest compiled size of a pattern, in bytes: a user's rule may not eat the machine.
const LIMIT: usize = 1 << 20;

/// Estimated size, in bytes, up to which compiling can wait: far enough from the limit for an estimate.
const SURELY_SMALL: usize = LIMIT / 4;

/// A regular expression, without regard to case; it finds its match anywhere unless anchored.
#[derive(Clone, Debug)]
pub struct Pattern(pub Compiled);

/// Texts in lower case that every match of an expression holds.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Holds {
    /// Nothing is known.
    Anything,
    /// This text.
    Text(String),
    /// All of these.
    All(Vec<Holds>),
    /// One of these.
    OneOf(Vec<Holds>),
}

impl Holds {
    fn may_be_in(&self, grams: &Grams) -> bool {
        match self {
            Self::Anything => true,
            Self::Text(text) => grams.may_hold(text),
            Self::All(all) => all.iter().all(|holds| holds.may_be_in(grams)),
            Self::OneOf(several) => several.iter().any(|holds| holds.may_be_in(grams)),
        }
    }
}

/// The expression itself.
#[derive(Clone, Debug)]
pub struct Compiled {
    text: String,
    /// What every match holds, as far as is known.
    holds: OnceLock<Holds>,
    regex: OnceLock<Regex>,
}

thread_local! {
    /// Whether what is read here was read before.
    static ON_TRUST: Cell<bool> = const { Cell::new(false) };
}

/// Does work in which patterns are taken as they are written: half the time of reading all rules goes into looking at them.
pub fn on_trust<T>(work: impl FnOnce() -> T) -> T {
    let before = ON_TRUST.replace(true);
    let done = work();
    ON_TRUST.set(before);
    done
}

impl Pattern {
    /// True when it is found in the text.
    pub fn is_in(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// True when it is found in the text that people read on a page.
    pub fn is_on(&self, page: &PageFacts<'_>) -> bool {
        self.may_be_on(page) && self.0.is_match(page.text())
    }

    /// Where it is found in the text that people read on a page.
    pub fn find_on<'p>(&self, page: &'p PageFacts<'_>) -> Option<Match<'p>> {
        if self.may_be_on(page) { self.0.find(page.text()) } else { None }
    }

    fn may_be_on(&self, page: &PageFacts<'_>) -> bool {
        *self.0.holds() == Holds::Anything || self.0.holds().may_be_in(page.grams())
    }
}

impl Compiled {
    /// What is surely a small pattern is not translated yet: that takes most of the time of reading, and few patterns are looked for.
    fn read(text: String) -> Result<Self, String> {
        let compiled = Self { text, holds: OnceLock::new(), regex: OnceLock::new() };
        if ON_TRUST.get() {
            return Ok(compiled);
        }
        let written = ast::parse::Parser::new().parse(&compiled.text).map_err(|error| error.to_string())?;
        if most(&written).is_none_or(|most| most > SURELY_SMALL) {
            let read = compiled.translated()?;
            if size(&read) > SURELY_SMALL {
                let regex = compiled.compile(LIMIT).map_err(|error| error.to_string())?;
                compiled.regex.get_or_init(|| regex);
            }
        }
        Ok(compiled)
    }

    fn translated(&self) -> Result<Hir, String> {
        ParserBuilder::new().case_insensitive(true).build().parse(&self.text).map_err(|error| error.to_string())
    }

    fn holds(&self) -> &Holds {
        self.holds.get_or_init(|| self.translated().map_or(Holds::Anything, |read| holds(&read)))
    }

    fn compile(&self, limit: usize) -> Result<Regex, regex::Error> {
        RegexBuilder::new(&self.text).case_insensitive(true).size_limit(limit).build()
    }
}

impl Deref for Compiled {
    type Target = Regex;

    fn deref(&self) -> &Regex {
        self.regex.get_or_init(|| self.compile(usize::MAX).expect("it was read before, and found to be small"))
    }
}

/// At most the size of an expression by how it is written, in bytes, as [`size`] estimates it; `None` where only its translation can tell
/// whether it is one, and how large.
fn most(written: &Ast) -> Option<usize> {
    /// Of a class of a few ranges.
    const FEW: usize = 1_000;
    Some(match written {
        Ast::Empty(_) | Ast::Assertion(_) => 40,
        // An ASCII letter stands for three at most: "k", "K" and the sign of the kelvin.
        Ast::Literal(literal) if literal.c.is_ascii() => 3 * 2 * 40,
        Ast::Literal(_) | Ast::Dot(_) => FEW,
        Ast::ClassPerl(class) => most_of_perl(&class.kind),
        Ast::ClassBracketed(class) => match &class.kind {
            ClassSet::Item(item) => most_of_item(item)? + FEW,
            ClassSet::BinaryOp(_) => return None,
        },
        Ast::Repetition(repeated) => {
            let times = match &repeated.op.kind {
                RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore => 1,
                RepetitionKind::OneOrMore => 2,
                RepetitionKind::Range(RepetitionRange::Exactly(times) | RepetitionRange::Bounded(_, times)) => *times,
                RepetitionKind::Range(RepetitionRange::AtLeast(times)) => times.saturating_add(1),
            };
            most(&repeated.ast)?.saturating_mul(times.max(1) as usize)
        }
        Ast::Group(group) => match &group.kind {
            GroupKind::CaptureIndex(_) | GroupKind::CaptureName { .. } => most(&group.ast)?.saturating_add(FEW),
            GroupKind::NonCapturing(flags) if flags.items.is_empty() => most(&group.ast)?,
            GroupKind::NonCapturing(_) => return None,
        },
        Ast::Alternation(several) => most_of_all(&several.asts)?,
        Ast::Concat(several) => most_of_all(&several.asts)?,
        Ast::Flags(_) | Ast::ClassUnicode(_) => return None,
    })
}

fn most_of_all(asts: &[Ast]) -> Option<usize> {
    asts.iter().map(most).try_fold(40, |sum: usize, one| Some(sum.saturating_add(one?)))
}

/// Letters, the largest of them, have fewer than 800 ranges.
fn most_of_perl(kind: &ClassPerlKind) -> usize {
    match kind {
        ClassPerlKind::Digit => 8_000,
        ClassPerlKind::Space => 2_000,
        ClassPerlKind::Word => 80_000,
    }
}

fn most_of_item(item: &ClassSetItem) -> Option<usize> {
    const FEW: usize = 1_000;
    match item {
        ClassSetItem::Empty(_) | ClassSetItem::Literal(_) | ClassSetItem::Ascii(_) => Some(FEW),
        ClassSetItem::Range(range) if range.end.c.is_ascii() => Some(FEW),
        ClassSetItem::Perl(class) => Some(most_of_perl(&class.kind)),
        ClassSetItem::Union(several) => {
            several.items.iter().map(most_of_item).try_fold(0, |sum: usize, one| Some(sum.saturating_add(one?)))
        }
        ClassSetItem::Range(_) | ClassSetItem::Unicode(_) | ClassSetItem::Bracketed(_) => None,
    }
}

/// About the size of the compiled expression, in bytes.
fn size(hir: &Hir) -> usize {
    /// A state of the automaton with what leads out of it.
    const STATE: usize = 40;
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => STATE,
        HirKind::Literal(literal) => literal.0.len() * STATE,
        HirKind::Class(Class::Unicode(class)) => class.ranges().len().max(1) * 2 * STATE,
        HirKind::Class(Class::Bytes(class)) => class.ranges().len().max(1) * STATE,
        HirKind::Repetition(repeated) => {
            let times = repeated.max.unwrap_or(repeated.min + 1).max(1);
            size(&repeated.sub).saturating_mul(times as usize)
        }
        HirKind::Capture(capture) => size(&capture.sub) + 2 * STATE,
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(size).fold(STATE, usize::saturating_add)
        }
    }
}

/// What every match holds.
fn holds(hir: &Hir) -> Holds {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Holds::Anything,
        HirKind::Literal(_) | HirKind::Class(_) => letters(hir).map_or(Holds::Anything, |run| text_of(&run)),
        HirKind::Capture(capture) => holds(&capture.sub),
        HirKind::Repetition(repeated) if repeated.min > 0 => holds(&repeated.sub),
        HirKind::Repetition(_) => Holds::Anything,
        HirKind::Alternation(parts) => {
            let each: Vec<Holds> = parts.iter().map(holds).collect();
            if each.contains(&Holds::Anything) { Holds::Anything } else { Holds::OneOf(each) }
        }
        HirKind::Concat(parts) => {
            let mut found = Vec::new();
            let mut run = String::new();
            for part in parts {
                match letters(part) {
                    Some(more) => run.push_str(&more),
                    None => {
                        found.push(text_of(&std::mem::take(&mut run)));
                        found.push(holds(part));
                    }
                }
            }
            found.push(text_of(&run));
            found.retain(|part| *part != Holds::Anything);
            match found.len() {
                0 | 1 => found.pop().unwrap_or(Holds::Anything),
                _ => Holds::All(found),
            }
        }
    }
}

fn text_of(run: &str) -> Holds {
    /// Shorter texts are found everywhere.
    const SHORTEST: usize = 2;
    if run.len() < SHORTEST { Holds::Anything } else { Holds::Text(run.to_string()) }
}

/// The text that an expression stands for whatever the case, in lower case; `None` where it stands for several.
fn letters(hir: &Hir) -> Option<String> {
    /// Most letters that are one but for their case.
    const FORMS: usize = 4;
    match hir.kind() {
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).ok().map(str::to_lowercase),
        HirKind::Class(Class::Unicode(class)) => {
            let forms: Vec<char> =
                class.ranges().iter().flat_map(|range| range.start()..=range.end()).take(FORMS + 1).collect();
            let mut lower = forms.iter().map(|form| match form {
                // The long s is an "s" to a pattern, though it has its own lower case.
                '\u{17f}' => "s".to_string(),
                form => form.to_lowercase().collect(),
            });
            let first = lower.next().filter(|_| forms.len() <= FORMS)?;
            lower.all(|other| other == first).then_some(first)
        }
        _ => None,
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let compiled =
            Compiled::read(text).map_err(|error| D::Error::custom(format!("not a regular expression: {error}")))?;
        Ok(Self(compiled))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_is_none_or_too_large_is_refused_when_it_is_read() {
        for text in ["(", "a{2,1}", r"\w{2000}", r"(\w{50}){50}", "(a{1000}){1000}", r"(?:\p{L}{100}|x){9}"] {
            assert!(Compiled::read(text.to_string()).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_taken_on_trust_is_not_looked_at_until_it_is_looked_for() {
        let pattern = on_trust(|| Compiled::read("a{900}{900}".to_string())).expect("nobody looks");
        assert!(pattern.regex.get().is_none());
        assert!(Compiled::read("a{900}{900}".to_string()).is_err(), "trust ends with the work");
    }

    #[test]
    fn a_pattern_is_compiled_when_it_is_first_looked_for() {
        let pattern = Pattern(Compiled::read(r"\bpias?\b".to_string()).expect("a pattern"));
        assert!(pattern.0.regex.get().is_none());
        assert!(pattern.is_in("The PIA of 2020"));
        assert!(pattern.0.regex.get().is_some());
    }

    #[test]
    fn every_match_of_a_pattern_holds_the_texts() {
        let text = |text: &str| Holds::Text(text.to_string());
        let one_of = |texts: &[&str]| Holds::OneOf(texts.iter().map(|one| text(one)).collect());
        for (pattern, expected) in [
            ("privacy", text("privacy")),
            (r"\bprivacy impact assessments?\b|\bdatabases?\b", one_of(&["privacy impact assessment", "database"])),
            (
                "(best|optimally) (viewed|seen) (in|with)",
                Holds::All(vec![one_of(&["best", "optimally"]), one_of(&["viewed", "seen"]), one_of(&["in", "with"])]),
            ),
            ("caf[eé] (del )?mar", Holds::All(vec![text("caf"), text("mar")])),
            (r"(this|such)+ \d{4}", one_of(&["this", "such"])),
            (r"\d{3}-\d{4}", Holds::Anything),
            ("(agency)?", Holds::Anything),
            ("a|bureau", Holds::Anything),
            ("MASK", text("mask")),
        ] {
            assert_eq!(*Compiled::read(pattern.to_string()).expect(pattern).holds(), expected, "{pattern}");
        }
    }

    #[test]
    fn what_is_surely_small_as_it_is_written_is_small_when_translated() {
        for text in [
            r"\w+ \W",
            r"\d{4}-\d\d",
            "[a-z0-9_.]+@[^ ]{1,20}",
            "(a|bc)+k?s*",
            r"[\w\s]",
            "\u{e9}+",
            "[[:alpha:]\u{e9}]{2,}",
            r"\bx\b$",
            "(?:a{9}){9}",
            ".{0,200}",
            "[^\u{e9}]",
            "",
        ] {
            let written = ast::parse::Parser::new().parse(text).expect(text);
            let read = ParserBuilder::new().case_insensitive(true).build().parse(text).expect(text);
            assert!(most(&written).is_some_and(|most| most >= size(&read)), "{text}");
        }
        for text in [r"\p{L}", "(?i)a", "(?i:a)", "[a-\u{fff}]", r"[\w--a]", r"[\p{L}a]"] {
            assert_eq!(most(&ast::parse::Parser::new().parse(text).expect(text)), None, "{text}");
        }
    }

    #[test]
    fn what_is_estimated_to_be_small_compiles_within_the_limit() {
        for text in [r"\w", r"\w\W\d\s\b", r"\p{L}\p{N}", r"(\w+ ){5}", "[a-zé]{1,60}", r"\w{6}", r".{0,200}", "a{900}"]
        {
            let read = ParserBuilder::new().case_insensitive(true).build().parse(text).expect(text);
            let compiled = Compiled { text: text.to_string(), holds: OnceLock::new(), regex: OnceLock::new() };
            assert!(size(&read) > SURELY_SMALL || compiled.compile(LIMIT).is_ok(), "{text}: {}", size(&read));
        }
    }
}
