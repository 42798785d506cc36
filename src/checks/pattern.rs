//! A regular expression of a rule file, compiled when it is first looked for.
//!
//! In: its text. Out: [`Pattern`], or why it is none. Compiling takes far longer than reading, and most runs of the program look for
//! few of the patterns. Invariant: a pattern that is none, or too large, is refused when it is read. Tested below.

use regex::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde::{Deserialize, Deserializer, de::Error as _};
use std::ops::Deref;
use std::sync::OnceLock;

/// Largest compiled size of a pattern, in bytes: a user's rule may not eat the machine.
const LIMIT: usize = 1 << 20;

/// Estimated size, in bytes, up to which compiling can wait: far enough from the limit for an estimate.
const SURELY_SMALL: usize = LIMIT / 4;

/// A regular expression, without regard to case; it finds its match anywhere unless anchored.
#[derive(Clone, Debug)]
pub struct Pattern(pub Compiled);

/// The expression itself.
#[derive(Clone, Debug)]
pub struct Compiled {
    text: String,
    regex: OnceLock<Regex>,
}

impl Pattern {
    /// True when it is found in the text.
    pub fn is_in(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl Compiled {
    fn read(text: String) -> Result<Self, String> {
        let read =
            ParserBuilder::new().case_insensitive(true).build().parse(&text).map_err(|error| error.to_string())?;
        let compiled = Self { text, regex: OnceLock::new() };
        if size(&read) > SURELY_SMALL {
            let regex = compiled.compile(LIMIT).map_err(|error| error.to_string())?;
            compiled.regex.get_or_init(|| regex);
        }
        Ok(compiled)
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
    fn a_pattern_is_compiled_when_it_is_first_looked_for() {
        let pattern = Pattern(Compiled::read(r"\bpias?\b".to_string()).expect("a pattern"));
        assert!(pattern.0.regex.get().is_none());
        assert!(pattern.is_in("The PIA of 2020"));
        assert!(pattern.0.regex.get().is_some());
    }

    #[test]
    fn what_is_estimated_to_be_small_compiles_within_the_limit() {
        for text in [r"\w", r"\w\W\d\s\b", r"\p{L}\p{N}", r"(\w+ ){5}", "[a-zé]{1,60}", r"\w{6}", r".{0,200}", "a{900}"]
        {
            let read = ParserBuilder::new().case_insensitive(true).build().parse(text).expect(text);
            let compiled = Compiled { text: text.to_string(), regex: OnceLock::new() };
            assert!(size(&read) > SURELY_SMALL || compiled.compile(LIMIT).is_ok(), "{text}: {}", size(&read));
        }
    }
}
