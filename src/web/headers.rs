//! The header fields of an answer.
//!
//! In: name and value pairs in the order they came. Out: look-ups that ignore the case of names (RFC 9110, 5.1).
//! Invariant: repeated fields are kept apart, because "sent twice" is itself a fact. Tested below.

use serde::{Deserialize, Serialize};

/// Header fields in the order they came; names lower case, values as ISO 8859-1 text.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// Header fields from pairs; names are folded to lower case, surrounding white space of values is trimmed.
    pub fn of(pairs: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(name, value)| (name.as_ref().to_ascii_lowercase(), value.as_ref().trim().to_string()))
                .collect(),
        )
    }

    /// The first value of a field.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(held, _)| held.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Every value of a field, in order.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let name = name.to_ascii_lowercase();
        self.0.iter().filter(move |(held, _)| *held == name).map(|(_, value)| value.as_str())
    }

    /// Every field, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_ignore_case_and_repeated_fields_stay_apart() {
        let headers = Headers::of([("Set-Cookie", "a=1"), ("set-cookie", " b=2 ")]);
        assert_eq!(headers.all("SET-COOKIE").collect::<Vec<_>>(), ["a=1", "b=2"]);
    }
}
