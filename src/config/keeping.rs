//! Where a run is written down, and which of its pages are looked at.
//!
//! In: [`Raw`] values. Out: the place of a store, a [`Span`]. Invariant: a list gets a store also where nobody names one, and whoever
//! typed it is told where. Tested below and in `tests/it/resume.rs`.

use super::target::{self, Named};
use super::{ConfigError, Raw};
use crate::crawl::Span;
use crate::store::Place;

/// The store of a list where nobody names another.
const DEFAULT_STORE: &str = "idea-audit.db";

/// Where a run is written down.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Keeping {
    /// Nowhere: it lives in memory.
    Nowhere,
    /// Where somebody said.
    Typed(Place),
    /// Where lists are written down, unless somebody says otherwise.
    ByDefault(Place),
}

/// Where the run is to be written down.
///
/// # Errors
/// For a place that is none, and for a run to go on with that nobody wrote down.
pub fn keeping(raw: &Raw) -> Result<Keeping, ConfigError> {
    if let Some(word) = &raw.store {
        let refused = |error: crate::store::StoreError| {
            let told = error.to_string();
            let (what, todo) = told.split_once("\n  ").unwrap_or((&told, "name a file"));
            ConfigError::of(what, todo)
        };
        return Place::parse(word).map(Keeping::Typed).map_err(refused);
    }
    if names_a_list(raw) {
        return Ok(Keeping::ByDefault(Place::File(DEFAULT_STORE.into())));
    }
    if raw.changed_only == Some(true) {
        return Err(ConfigError::of(
            "--changed-only needs a store that holds what was read before",
            "add --store FILE; the first run with it judges every page, and the next ones what changed",
        ));
    }
    if raw.resume == Some(true) {
        return Err(ConfigError::of(
            "--resume needs the store of the run to go on with",
            "add --store FILE, as the run was begun with; runs without a store leave nothing to resume",
        ));
    }
    Ok(Keeping::Nowhere)
}

/// True where a target is a list of targets.
pub(super) fn names_a_list(raw: &Raw) -> bool {
    raw.targets.iter().any(|word| matches!(target::named(word), Ok(Named::Lines(_) | Named::Csv(_))))
}

/// Which pages of a site are looked at.
pub(super) fn span(raw: &Raw) -> Result<Span, ConfigError> {
    let Some(word) = raw.plan.as_deref().map(str::trim) else { return Ok(Span::Full) };
    let wrong = || {
        ConfigError::of(
            format!("--plan {word} is no plan"),
            "write home (the front page and what stands beside it), sample=20 (so many pages of different shapes), or full",
        )
    };
    match word {
        "full" => Ok(Span::Full),
        "home" => Ok(Span::Home),
        sample => {
            let number = sample.strip_prefix("sample").map(|rest| rest.trim_start_matches(['=', ':', ' ']));
            let number = number.and_then(|number| number.parse().ok()).filter(|number| *number > 0);
            number.map(Span::Sample).ok_or_else(wrong)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_read_and_what_is_none_is_refused() {
        let of = |word: &str| span(&Raw { plan: Some(word.to_string()), ..Raw::default() });
        for (word, expect) in
            [("full", Span::Full), ("home", Span::Home), ("sample=20", Span::Sample(20)), ("sample 7", Span::Sample(7))]
        {
            assert_eq!(of(word).expect(word), expect);
        }
        for word in ["", "sample", "sample=0", "sample=-1", "all", "samples=3"] {
            assert!(of(word).expect_err("is refused").to_string().contains("sample=20"), "{word}");
        }
    }

    #[test]
    fn a_run_is_written_down_where_somebody_says_and_not_resumed_from_nowhere() {
        let typed = Raw { store: Some("x.db".to_string()), ..Raw::default() };
        assert_eq!(keeping(&typed).expect("is a place"), Keeping::Typed(Place::File("x.db".into())));
        assert_eq!(keeping(&Raw::default()).expect("is none"), Keeping::Nowhere);
        let lost = Raw { resume: Some(true), ..Raw::default() };
        assert!(keeping(&lost).expect_err("is refused").to_string().contains("--store FILE"));
        let lost = Raw { changed_only: Some(true), ..Raw::default() };
        assert!(keeping(&lost).expect_err("is refused").to_string().contains("add --store FILE"));
        let wrong = Raw { store: Some("mysql://x".to_string()), ..Raw::default() };
        assert!(keeping(&wrong).expect_err("is refused").to_string().contains("postgres://"));
    }
}
