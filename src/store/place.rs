//! Where a store is.
//!
//! In: a word somebody typed. Out: a file or a PostgreSQL address. Invariant: shown to people, it holds no password. Tested below.

use std::fmt;
use std::path::PathBuf;
use url::Url;

use super::StoreError;

/// Where a store is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Place {
    /// An SQLite file.
    File(PathBuf),
    /// A database of a PostgreSQL server.
    Postgres(Url),
}

impl Place {
    /// Reads `postgres://user:password@host/database` or the name of a file.
    ///
    /// # Errors
    /// Another scheme, or an address that cannot be read.
    pub fn parse(word: &str) -> Result<Self, StoreError> {
        let wrong = |reason: String| StoreError::Place {
            place: without_password(word),
            reason,
            todo: "write the name of a file, or postgres://user@host/database",
        };
        match word.split_once("://") {
            Some(("postgres" | "postgresql", _)) => {
                Url::parse(word).map(Self::Postgres).map_err(|error| wrong(error.to_string()))
            }
            Some((scheme, _)) => Err(wrong(format!("`{scheme}` is no kind of store"))),
            None if word.trim().is_empty() => Err(wrong("it names nothing".to_string())),
            None => Ok(Self::File(PathBuf::from(word))),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(to, "{}", path.display()),
            Self::Postgres(url) => to.write_str(&without_password(url.as_str())),
        }
    }
}

/// An address without what opens it: the password before its "@", and one among its parameters.
fn without_password(word: &str) -> String {
    let Some(start) = word.find("://").map(|at| at + 3) else { return word.to_string() };
    let end = word[start..].find(['/', '?', '#']).map_or(word.len(), |at| start + at);
    let bare = match (word[start..end].find(':'), word[start..end].rfind('@')) {
        (Some(colon), Some(at)) if colon < at => format!("{}{}", &word[..start + colon], &word[start + at..]),
        (_, _) => word.to_string(),
    };
    match bare.split_once('?') {
        Some((address, parameters)) => {
            let harmless: Vec<&str> =
                parameters.split('&').filter(|one| !one.to_ascii_lowercase().starts_with("password=")).collect();
            if harmless.is_empty() { address.to_string() } else { format!("{address}?{}", harmless.join("&")) }
        }
        None => bare,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_file_or_a_database_and_shows_no_password() {
        for (word, shown) in [
            ("results.db", "results.db"),
            ("postgres://me:secret@db.example:5432/audits", "postgres://me@db.example:5432/audits"),
            ("postgresql:///audits?host=/run/pg&password=secret", "postgresql:///audits?host=/run/pg"),
        ] {
            assert_eq!(Place::parse(word).expect(word).to_string(), shown);
        }
        for (word, says) in
            [("mysql://me:secret@db.example/x", "`mysql` is no kind of store"), ("", "it names nothing")]
        {
            let told = Place::parse(word).expect_err("is refused").to_string();
            assert!(told.contains(says) && !told.contains("secret"), "{told}");
        }
    }
}
