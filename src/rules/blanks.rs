//! Blanks in a check's parameters: `{agency}`, `{acronym}`, `{bureau}`, which the profile of a site fills in.
//!
//! In: the parameters as written and a [`Profile`]. Out: a [`Fitted`] check for that site. In regular expressions a blank is written
//! `{acronym:pattern}`, so that its value is read as plain text. Invariant: a check never sees the profile, only values; a value
//! nobody gave leaves a question open and matches nothing. Tested below and by the rules that use it.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use toml::{Table, Value};

use super::Profile;
use crate::checks::{Check, Entry, Parameters};

/// What may stand in a blank, with the question that answers it.
const NAMES: [(&str, &str); 3] = [
    ("agency", "which agency runs this site? (--profile agency=NAME)"),
    ("acronym", "what is the agency called for short? (--profile acronym=NAME)"),
    ("bureau", "which part of the agency runs this site? (--profile bureau=NAME)"),
];

/// Stands in link shapes for the site's own host; facts of links fill it in.
const OF_LINKS: &str = "site";

/// Stands where no value is known: a private-use character that no page holds.
const UNKNOWN: &str = "\u{10fffd}";

static BLANK: LazyLock<regex::Regex> =
    LazyLock::new(|| regex::Regex::new(r"(\\[pPxuU])?\{([a-z]+)(:pattern)?\}").expect("a constant pattern"));

/// A check's parameters with blanks in them.
#[derive(Clone, Debug)]
pub struct Blanks {
    table: Table,
}

/// A check made for one profile.
#[derive(Debug)]
pub struct Fitted {
    /// The check.
    pub check: Check,
    /// What is asked where a blank stayed empty.
    pub question: Option<String>,
}

impl Blanks {
    /// The parameters, when there is a blank in them.
    ///
    /// # Errors
    /// The name in a blank that no question answers.
    pub(super) fn of(table: &Table) -> Result<Option<Self>, String> {
        let mut found = BTreeSet::new();
        table.values().for_each(|value| names(value, &mut found));
        match found.iter().find(|name| !NAMES.iter().any(|(known, _)| known == name)) {
            Some(unknown) => Err(unknown.clone()),
            None if found.is_empty() => Ok(None),
            None => Ok(Some(Self { table: table.clone() })),
        }
    }

    /// The names a blank may have.
    pub(super) fn known() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// The check for a profile.
    ///
    /// # Errors
    /// When the check refuses its parameters, which the loader has tried before.
    pub(super) fn fitted(&self, entry: &Entry, profile: &Profile) -> Result<Fitted, toml::de::Error> {
        let mut open = BTreeSet::new();
        let table = self.table.iter().map(|(key, value)| (key.clone(), filled(value, profile, &mut open))).collect();
        let question = NAMES.iter().find(|(name, _)| open.contains(name)).map(|(_, question)| (*question).to_string());
        Ok(Fitted { check: (entry.build)(Parameters::owned(table))?, question })
    }

    /// The values of a profile that decide what is fitted.
    pub fn key(profile: &Profile) -> Vec<Option<String>> {
        NAMES.iter().map(|(name, _)| profile.value(name).map(str::to_string)).collect()
    }
}

fn names(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let named =
                BLANK.captures_iter(text).filter(|blank| blank.get(1).is_none()).map(|blank| blank[2].to_string());
            found.extend(named.filter(|name| name != OF_LINKS));
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        Value::Table(table) => table.values().for_each(|value| names(value, found)),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {}
    }
}

/// A value with its blanks filled in. Of a list, items whose blanks stay empty are left out while others are there.
fn filled(value: &Value, profile: &Profile, open: &mut BTreeSet<&'static str>) -> Value {
    match value {
        Value::String(text) => Value::String(written(text, profile, open)),
        Value::Array(items) => {
            let tried: Vec<(Value, BTreeSet<&'static str>)> = items
                .iter()
                .map(|item| {
                    let mut lacks = BTreeSet::new();
                    (filled(item, profile, &mut lacks), lacks)
                })
                .collect();
            if tried.iter().any(|(_, lacks)| lacks.is_empty()) {
                let kept = tried.into_iter().filter(|(_, lacks)| lacks.is_empty());
                return Value::Array(kept.map(|(item, _)| item).collect());
            }
            open.extend(tried.iter().flat_map(|(_, lacks)| lacks));
            Value::Array(tried.into_iter().map(|(item, _)| item).collect())
        }
        Value::Table(table) => {
            Value::Table(table.iter().map(|(key, value)| (key.clone(), filled(value, profile, open))).collect())
        }
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => value.clone(),
    }
}

fn written(text: &str, profile: &Profile, open: &mut BTreeSet<&'static str>) -> String {
    let fill = |blank: &regex::Captures<'_>| {
        let Some(name) = NAMES.iter().map(|(name, _)| *name).find(|name| *name == &blank[2]) else {
            return blank[0].to_string();
        };
        if blank.get(1).is_some() {
            return blank[0].to_string();
        }
        let value = profile.value(name).unwrap_or_else(|| {
            open.insert(name);
            UNKNOWN
        });
        if blank.get(3).is_some() { regex::escape(value) } else { value.to_string() }
    };
    BLANK.replace_all(text, fill).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        text.parse().expect("a constant table")
    }

    fn filled_in(text: &str, profile: &Profile) -> (String, Vec<&'static str>) {
        let mut open = BTreeSet::new();
        let value = filled(&Value::Table(table(text)), profile, &mut open);
        (value.to_string(), open.into_iter().collect())
    }

    #[test]
    fn a_blank_takes_the_value_and_in_a_pattern_as_plain_text() {
        let profile = Profile { acronym: Some("A.B".to_string()), ..Profile::default() };
        let (text, open) = filled_in(r"p = '[?&]agency={acronym:pattern}(&|$)'", &profile);
        assert_eq!((text.contains(r"agency=A\.B(&|$)"), open.len()), (true, 0), "{text}");
        assert_eq!(filled_in("p = 'of {acronym}'", &profile).0, "{ p = \"of A.B\" }");
    }

    #[test]
    fn a_list_does_without_what_nobody_said_and_asks_when_nothing_is_left() {
        let profile = Profile { agency: Some("Department of Tides".to_string()), ..Profile::default() };
        let (text, open) = filled_in("any = ['{agency}', '{bureau}']", &profile);
        assert_eq!((text.as_str(), open.len()), ("{ any = [\"Department of Tides\"] }", 0));
        assert_eq!(filled_in("any = ['{acronym}', '{bureau}']", &profile).1, ["acronym", "bureau"]);
        assert_eq!(filled_in("p = '{acronym}'", &profile).1, ["acronym"]);
    }

    #[test]
    fn braces_of_regular_expressions_are_no_blanks_and_misspelt_names_are_refused() {
        for text in [r"p = 'a{2,3}'", r"p = '*.{site}/**'", r"p = '\p{greek}'", r"p = '\x{e9}'", "n = 3"] {
            assert!(Blanks::of(&table(text)).expect("is fine").is_none(), "{text}");
        }
        assert_eq!(Blanks::of(&table("p = 'x {agencey}'")).expect_err("is no name"), "agencey");
        assert!(Blanks::of(&table("p = ['x', '{bureau}']")).expect("is fine").is_some());
    }
}
