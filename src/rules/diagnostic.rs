//! What is wrong with a rule file, shown at the place where it is wrong.
//!
//! In: file text, a byte range, a message, a hint. Out: [`Diagnostic`], rendered with line, column and caret.
//! Invariant: every diagnostic says what to do. Tested in `tests/it/rules.rs`.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// One complaint about one place of one file.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The file as it was named.
    pub file: Arc<str>,
    /// Its text.
    pub source: Arc<str>,
    /// The bytes it is about; `None` is the file as a whole.
    pub span: Option<Range<usize>>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Every complaint about a set of files.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostic {
    /// What the TOML reader says of a file; `listed` says where the names it may hold are listed.
    pub fn of_toml(file: &str, source: &str, error: &toml::de::Error, listed: &str) -> Self {
        Self {
            file: Arc::from(file),
            source: Arc::from(source),
            span: error.span(),
            message: error.message().to_string(),
            hint: Some(hint_or(error.message(), listed).unwrap_or_else(|| listed.to_string())),
        }
    }

    /// Line and column of the place, both from 1, column in characters.
    pub fn place(&self) -> Option<(usize, usize)> {
        let start = self.span.as_ref()?.start.min(self.source.len());
        let before = self.source.get(..start)?;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Some((before.matches('\n').count() + 1, before[line_start..].chars().count() + 1))
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = Level::ERROR.primary_title(&*self.message);
        let mut group = match &self.span {
            Some(span) => {
                let end = span.end.clamp(span.start, self.source.len());
                title.element(
                    Snippet::source(&*self.source)
                        .path(&*self.file)
                        .annotation(AnnotationKind::Primary.span(span.start.min(end)..end)),
                )
            }
            None => title.element(Level::NOTE.message(format!("in {}", self.file))),
        };
        if let Some(hint) = &self.hint {
            group = group.element(Level::HELP.message(&**hint));
        }
        f.write_str(&Renderer::plain().render(&[group]))
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, diagnostic) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n\n")?;
            }
            diagnostic.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// Where the words of rule files are listed.
const LISTED: &str = "see `idea-audit rules checks` and rules/README.md";

/// A hint for a word that is not among the words known: the nearest one, else all of them, else where they are listed.
pub(super) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    did_you_mean_or(word, known, LISTED)
}

/// The same, with where these words are listed.
pub fn did_you_mean_or<'a>(word: &str, known: impl IntoIterator<Item = &'a str>, listed: &str) -> String {
    let mut known: Vec<&str> = known.into_iter().collect();
    known.sort_unstable();
    let nearest = known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), *candidate))
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)));
    match nearest {
        Some((likeness, candidate)) if likeness > 0.8 => format!("did you mean `{candidate}`?"),
        Some(_) if known.len() <= 24 => format!("known here: {}", known.join(", ")),
        Some(_) | None => listed.to_string(),
    }
}

/// A hint taken from serde's own list of expected names, when the message carries one.
pub(super) fn hint_from(message: &str) -> Option<String> {
    hint_or(message, LISTED)
}

fn hint_or(message: &str, listed: &str) -> Option<String> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let word = quoted.next()?;
    let (_, expected) = message.split_once("expected")?;
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    (!known.is_empty()).then(|| did_you_mean_or(word, known, listed))
}
