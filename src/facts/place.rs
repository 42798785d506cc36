//! The place of an element, as verdicts name it.
//!
//! In: an element. Out: [`At`], and when somebody is to be shown it [`Locator`] with selector, line, column, snippet and an
//! anchor that survives edits elsewhere. Invariant: the same element of the same source gives the same locator. Tested by the examples of the rules.

use std::fmt;

use super::{Region, names, roles};
use crate::html::Element;
use crate::verdict::{Locator, Verdict};

/// Gives an element a place in a verdict: `element.at().fail(…)`.
pub trait Place<'a> {
    /// Where it is.
    fn at(&self) -> At<'a>;

    /// Where it is, with what assistive technology is told of it: for verdicts on what people hear.
    fn heard(&self) -> Heard<'a>;
}

/// Characters of a name that are shown as evidence.
const MOST_NAME: usize = 200;

impl<'a> Place<'a> for Element<'a> {
    fn at(&self) -> At<'a> {
        At(*self)
    }

    fn heard(&self) -> Heard<'a> {
        Heard(*self)
    }
}

/// The place of an element with its role and name, before a verdict needs them.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a>(Element<'a>);

impl Heard<'_> {
    fn place(self) -> Locator {
        let name = names::name(&self.0).chars().take(MOST_NAME).collect();
        Locator { role: Some(roles::role(&self.0).as_str().to_string()), name: Some(name), ..self.0.at().place() }
    }

    /// The element does not meet what was asked.
    pub fn fail(self, observed: impl Into<String>, expected: impl Into<String>) -> Verdict {
        self.place().fail(observed, expected)
    }

    /// A machine cannot know; a person has to look.
    pub fn cannot_tell(self, observed: impl Into<String>, expected: impl Into<String>) -> Verdict {
        self.place().cannot_tell(observed, expected)
    }
}

/// The place of an element before a verdict needs it: nobody is shown where what is right stands, and that is most elements.
#[derive(Clone, Copy, Debug)]
pub struct At<'a>(Element<'a>);

impl At<'_> {
    /// The place itself.
    pub fn place(self) -> Locator {
        let position = self.0.position();
        Locator {
            page: None,
            selector: Some(self.0.selector()),
            line: Some(position.line),
            column: Some(position.column),
            snippet: Some(self.0.snippet()),
            role: None,
            name: None,
            anchor: Some(anchor(&self.0)),
        }
    }

    /// The element meets what was asked; the verdict says neither where it is nor what was seen.
    pub fn pass(self, seen: impl fmt::Display) -> Verdict {
        Locator::whole().pass(seen)
    }

    /// The element does not meet what was asked.
    pub fn fail(self, observed: impl Into<String>, expected: impl Into<String>) -> Verdict {
        self.place().fail(observed, expected)
    }

    /// A machine cannot know; a person has to look.
    pub fn cannot_tell(self, observed: impl Into<String>, expected: impl Into<String>) -> Verdict {
        self.place().cannot_tell(observed, expected)
    }

    /// What would have been judged could not be looked at; the verdict does not say where it is.
    pub fn untested(self, reason: impl Into<String>) -> Verdict {
        Locator::whole().untested(reason)
    }
}

/// The nearest id, else the landmark: a name of the place that does not count siblings or lines.
fn anchor(element: &Element<'_>) -> String {
    let id = element.id_attr().or_else(|| element.ancestors().find_map(|ancestor| ancestor.id_attr()));
    match id {
        Some(id) if !id.chars().any(|c| c.is_ascii_digit()) => format!("#{id}"),
        // An id with digits is likely made by a program and changes with every build.
        Some(_) | None => format!("{:?}", Region::of(element)).to_lowercase(),
    }
}
