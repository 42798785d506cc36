//! Parameters of a check, read once into the check's own struct.
//!
//! In: the `[check]` table of a rule file. Out: typed values that can only be right: compiled selectors, patterns, folded
//! phrases. Invariant: unknown parameters are refused. Tested in `tests/it/rules.rs`.

use serde::de::{DeserializeOwned, Error as _, Visitor};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};
use toml::Spanned;
use toml::de::DeTable;

use super::{Check, HostCheck, PageCheck, SiteCheck};
use crate::facts::{PageFacts, words};
use crate::html::Selector;

/// The parameters of a check as they stand in a rule file.
pub struct Parameters<'a>(Form<'a>);

enum Form<'a> {
    Written(Spanned<DeTable<'a>>),
    Nested(toml::Table),
}

impl<'a> Parameters<'a> {
    /// From a table with the places of its keys.
    pub fn of(table: Spanned<DeTable<'a>>) -> Self {
        Self(Form::Written(table))
    }

    /// From a table whose places are not known.
    pub fn owned(table: toml::Table) -> Self {
        Self(Form::Nested(table))
    }

    /// Reads them into a check's struct.
    ///
    /// # Errors
    /// For unknown, missing or mistyped parameters, with the place when it is known.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, toml::de::Error> {
        match self.0 {
            Form::Written(table) => T::deserialize(Whole(toml::de::Deserializer::from(table))),
            // By way of their text: each kind of reader makes code for every check, and one kind does.
            Form::Nested(table) => {
                let text = table.to_string();
                let table = DeTable::parse(&text).map_err(|error| toml::de::Error::custom(error.message()))?;
                T::deserialize(Whole(toml::de::Deserializer::from(table))).map_err(|error| by_key(&error))
            }
        }
    }
}

/// A table that is read as a struct and as nothing else. The reader of TOML looks at each struct's name first, because two names ask
/// for a place or a date, and so holds the code of every check twice; no check is either.
struct Whole<'a>(toml::de::Deserializer<'a>);

impl<'de> Deserializer<'de> for Whole<'de> {
    type Error = toml::de::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.0.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// An error without its place, which is one in a text that nobody wrote, but with the key that it is about.
fn by_key(error: &toml::de::Error) -> toml::de::Error {
    let told = error.to_string();
    let told = told.trim_end();
    toml::de::Error::custom(match told.split_once("\nin ") {
        Some((what, key)) => format!("{key}: {what}"),
        None => told.to_string(),
    })
}

/// Builds a page check from its parameters.
pub(super) fn page<C: PageCheck + DeserializeOwned + 'static>(
    parameters: Parameters<'_>,
) -> Result<Check, toml::de::Error> {
    Ok(Check::Page(Box::new(parameters.read::<C>()?)))
}

/// Builds a host check from its parameters.
pub(super) fn host<C: HostCheck + DeserializeOwned + 'static>(
    parameters: Parameters<'_>,
) -> Result<Check, toml::de::Error> {
    Ok(Check::Host(Box::new(parameters.read::<C>()?)))
}

/// Builds a site check from its parameters.
pub(super) fn site<C: SiteCheck + DeserializeOwned + 'static>(
    parameters: Parameters<'_>,
) -> Result<Check, toml::de::Error> {
    Ok(Check::Site(Box::new(parameters.read::<C>()?)))
}

/// A CSS selector.
#[derive(Clone, Debug)]
pub struct Query(pub Selector);

impl<'de> Deserialize<'de> for Query {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Selector::parse(&text).map(Self).map_err(|error| D::Error::custom(format!("not a CSS selector: {error}")))
    }
}

/// Phrases, folded as [`words::fold`] folds page text, so that quotes, spaces and case do not matter.
#[derive(Clone, Debug, Default)]
pub struct Phrases {
    phrases: Vec<String>,
    /// The words of each.
    words: Vec<Vec<u64>>,
}

impl Phrases {
    /// The first phrase found in text that is already folded.
    pub fn first_in(&self, folded: &str) -> Option<&str> {
        self.phrases.iter().map(String::as_str).find(|phrase| words::contains(folded, phrase))
    }

    /// The first phrase found in the text that people read on a page.
    pub fn first_on(&self, page: &PageFacts<'_>) -> Option<&str> {
        let vocabulary = page.vocabulary();
        let known = self.phrases.iter().zip(&self.words).filter(|(_, words)| vocabulary.may_say(words));
        known.map(|(phrase, _)| phrase.as_str()).find(|phrase| words::contains(page.text(), phrase))
    }

    /// The phrases, folded.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.phrases.iter().map(String::as_str)
    }

    /// True when folded text is one of the phrases.
    pub fn has(&self, folded: &str) -> bool {
        self.phrases.iter().any(|phrase| phrase == folded)
    }
}

impl<'de> Deserialize<'de> for Phrases {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let phrases = Vec::<String>::deserialize(deserializer)?;
        if phrases.iter().any(|phrase| phrase.trim().is_empty()) {
            return Err(D::Error::custom("an empty phrase is found in every text"));
        }
        let phrases: Vec<String> = phrases.iter().map(|phrase| words::fold(phrase)).collect();
        Ok(Self { words: phrases.iter().map(|phrase| words::words(phrase).collect()).collect(), phrases })
    }
}

/// A page check as a parameter of another check.
pub struct Nested(pub Box<dyn PageCheck>);

impl<'de> Deserialize<'de> for Nested {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut table = toml::Table::deserialize(deserializer)?;
        let name = table.remove("name").and_then(|name| name.as_str().map(str::to_string));
        let name = name.ok_or_else(|| D::Error::custom("the inner check has no `name`"))?;
        let entry = super::find(&name).ok_or_else(|| D::Error::custom(format!("there is no check `{name}`")))?;
        match (entry.build)(Parameters(Form::Nested(table))).map_err(D::Error::custom)? {
            Check::Page(check) => Ok(Self(check)),
            Check::Host(_) | Check::Site(_) => Err(D::Error::custom(format!("`{name}` does not look at pages"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "what is read is not looked at")]
    struct Asked {
        selector: String,
        most: u8,
        part: Option<Part>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "what is read is not looked at")]
    struct Part {
        depth: u8,
    }

    #[test]
    fn a_parameter_whose_place_is_not_known_is_named() {
        let cases = [
            ("selector = 3\nmost = 1", "`selector`: invalid type: integer `3`, expected a string"),
            ("selector = 'a'\nmost = 300", "`most`: invalid value: integer `300`, expected u8"),
            (
                "selector = 'a'\nmost = 1\npart = { depth = 'x' }",
                "`part.depth`: invalid type: string \"x\", expected u8",
            ),
            ("selector = 'a'", "missing field `most`"),
            (
                "selector = 'a'\nmost = 1\nleast = 1",
                "unknown field `least`, expected one of `selector`, `most`, `part`",
            ),
        ];
        for (text, told) in cases {
            let table = text.parse::<toml::Table>().expect("it is TOML");
            let error = Parameters::owned(table).read::<Asked>().expect_err(text);
            assert_eq!(error.message(), told, "{text}");
        }
    }
}
