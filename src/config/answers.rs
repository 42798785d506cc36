//! Answers about a site's owner, from words to a [`Profile`].
//!
//! In: `[profile]` of the configuration, `--profile`, cells of a target list. Out: typed answers, or what is wrong with the word.
//! Invariant: an empty word is no answer; a word that means nothing is refused, never dropped. Tested below and in
//! `tests/it/cli.rs`.

use jiff::civil::Date;

use super::{ConfigError, RawProfile};
use crate::rules::{Branch, Origin, Profile, Role};

/// The names of `--profile NAME=VALUE`.
const NAMES: &str = "branch, role, tld, agency, acronym, bureau, high-impact, launched, search-exempt or small-place";

/// What `--profile` says: a branch, or NAME=VALUE; the last word on a question counts.
///
/// # Errors
/// For a name that is no question.
pub fn typed(words: &[String]) -> Result<RawProfile, ConfigError> {
    let mut raw = RawProfile::default();
    for word in words {
        let (name, value) = word.split_once('=').unwrap_or(("branch", word));
        let value = Some(value.trim().to_string());
        let answer = match name.trim() {
            "branch" => &mut raw.branch,
            "role" => &mut raw.role,
            "tld" => &mut raw.tld,
            "agency" => &mut raw.agency,
            "acronym" => &mut raw.acronym,
            "bureau" => &mut raw.bureau,
            "launched" => &mut raw.launched,
            "high-impact" => {
                raw.high_impact = yes_or_no("high-impact", value.as_deref())?;
                continue;
            }
            "search-exempt" => {
                raw.search_exempt = yes_or_no("search-exempt", value.as_deref())?;
                continue;
            }
            "small-place" => {
                raw.small_place = yes_or_no("small-place", value.as_deref())?;
                continue;
            }
            other => {
                return Err(ConfigError::of(
                    format!("--profile {word}: `{other}` is no question about the owner"),
                    format!("write --profile executive, or --profile NAME=VALUE with NAME one of {NAMES}"),
                ));
            }
        };
        *answer = value;
    }
    Ok(raw)
}

/// The answers as given.
pub(super) fn profile(raw: &RawProfile) -> Result<Profile, ConfigError> {
    let given = Profile {
        branch: branch(raw.branch.as_deref())?,
        role: role(raw.role.as_deref())?,
        tld: raw.tld.as_ref().map(|tld| tld.trim_start_matches('.').to_ascii_lowercase()),
        agency: raw.agency.clone(),
        acronym: raw.acronym.clone(),
        bureau: raw.bureau.clone(),
        high_impact: raw.high_impact,
        launched: day("launched", raw.launched.as_deref())?,
        search_exempt: raw.search_exempt,
        small_place: raw.small_place,
        ..Profile::default()
    };
    Ok(given.from(&Origin::Given))
}

fn branch(word: Option<&str>) -> Result<Option<Branch>, ConfigError> {
    let all = [Branch::Executive, Branch::Legislative, Branch::Judicial, Branch::StateLocal, Branch::None];
    let known = "write executive, legislative, judicial, state-local or none";
    let read = |word: &str| all.into_iter().find(|branch| branch.as_str() == word);
    one_of(word, read, "branch", known)
}

/// A role as written.
pub(super) fn role(word: Option<&str>) -> Result<Option<Role>, ConfigError> {
    let known = "write principal, sub-agency, secondary, application or inspector-general";
    let read = |word: &str| Role::ALL.into_iter().find(|role| role.as_str() == word.to_ascii_lowercase());
    one_of(word, read, "role", known)
}

/// A day as written.
pub(super) fn day(name: &str, word: Option<&str>) -> Result<Option<Date>, ConfigError> {
    let parse = |word: &str| {
        word.parse().map_err(|_| ConfigError::of(format!("--{name} {word} is not a day"), "write it as 2026-11-22"))
    };
    word.map(parse).transpose()
}

/// Yes or no as configurations and spreadsheets write it.
pub(super) fn yes_or_no(name: &str, word: Option<&str>) -> Result<Option<bool>, ConfigError> {
    let read = |word: &str| match word.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "1" => Some(true),
        "false" | "no" | "n" | "0" => Some(false),
        _ => None,
    };
    one_of(word, read, &format!("answer to {name}"), "write yes or no")
}

fn one_of<T>(
    word: Option<&str>,
    read: impl Fn(&str) -> Option<T>,
    what: &str,
    known: &str,
) -> Result<Option<T>, ConfigError> {
    word.map(|word| read(word).ok_or_else(|| ConfigError::of(format!("`{word}` is no {what}"), known))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_word_is_the_branch_and_the_rest_has_names() {
        let words = ["executive", "role=principal", "agency=Department of Examples, Inc.", "high-impact=no"];
        let raw = typed(&words.map(str::to_string)).expect("is understood");
        let profile = profile(&raw).expect("is understood");
        assert_eq!((profile.branch, profile.role), (Some(Branch::Executive), Some(Role::Principal)));
        assert_eq!(profile.agency.as_deref(), Some("Department of Examples, Inc."));
        assert_eq!(profile.high_impact, Some(false));
        assert!(profile.known_from.values().all(|origin| *origin == Origin::Given));
    }

    #[test]
    fn words_that_mean_nothing_are_refused() {
        for word in ["rule=principal", "high-impact=perhaps"] {
            assert!(typed(&[word.to_string()]).is_err(), "{word}");
        }
        for word in ["federal", "role=boss", "launched=yesterday"] {
            let raw = typed(&[word.to_string()]).expect("the name is known");
            assert!(profile(&raw).is_err(), "{word}");
        }
    }
}
