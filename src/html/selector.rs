//! A compiled CSS selector.
//!
//! In: CSS text (Selectors level 4 as far as `scraper` goes: `:is`, `:where`, `:not`, `:has`, `:nth-…`; no user-action
//! or form-state pseudo-classes, no pseudo-elements). Out: [`Selector`] or [`SelectorError`]. Names, ids and classes
//! match case as no-quirks documents do. Invariant: compiled once, matches any number of documents. Tested here.

use scraper::error::SelectorErrorKind;

use super::quick::Quick;
use super::wants::{self, Wants};

/// A compiled selector list.
#[derive(Clone, Debug)]
pub struct Selector {
    pub(super) compiled: scraper::Selector,
    pub(super) text: String,
    pub(super) wants: Wants,
    /// Says yes or no to most elements.
    pub(super) quick: Quick,
    /// True when matching many elements is cheaper with a memory of siblings counted and insides seen.
    pub(super) remembers: bool,
    /// Without an element that this finds there is none that the selector finds.
    pub(super) inside: Option<Box<Selector>>,
}

/// A selector that could not be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct SelectorError {
    /// What is wrong, with the selector's text.
    pub message: String,
}

impl Selector {
    /// Compiles a selector list such as `main a[href], nav li:not(:has(a))`.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        match scraper::Selector::parse(text) {
            Ok(compiled) => Ok(Self {
                compiled,
                wants: Wants::of(text),
                quick: Quick::of(text),
                inside: wants::inside(text).and_then(|inside| Self::parse(&inside).ok()).map(Box::new),
                remembers: [":nth-", "-of-type", "-child", ":has("].iter().any(|costly| text.contains(costly)),
                text: text.to_owned(),
            }),
            Err(kind) => Err(SelectorError { message: format!("cannot read selector `{text}`: {}", said(&kind)) }),
        }
    }

    /// The text it was compiled from.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// `scraper` asks users to report some of these to its developers; a rule's author needs to know what to change
/// instead.
fn said(kind: &SelectorErrorKind) -> String {
    match kind {
        SelectorErrorKind::UnexpectedSelectorParseError(cause) => format!("{cause:?}"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rules_need_compiles() {
        for text in [
            "a",
            "main > p:nth-of-type(2)",
            "a[href^='http:' i], #x",
            "li:not(:has(> a))",
            ":is(h1, h2)",
            r"#\31 23",
            "svg|a, *|a",
        ] {
            let read = Selector::parse(text);
            assert_eq!(read.is_ok(), !text.contains("svg|"), "{text}");
        }
    }

    #[test]
    fn an_unreadable_selector_says_what_is_wrong_on_one_line() {
        for text in ["", "a[", "p::", ":hover", "a >", "::before"] {
            let error = Selector::parse(text).expect_err(text);
            assert!(error.message.contains(text) && !error.message.contains('\n'), "{error}");
        }
    }
}
