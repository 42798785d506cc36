//! A target as typed: a URL, a folder, a page file, a list.
//!
//! In: a word of the command line. Out: [`Named`]. Invariant: what is neither on disk nor a web address is refused with a hint,
//! never guessed. Tested below.

use std::path::{Path, PathBuf};
use url::Url;

use super::ConfigError;

/// What a word names.
#[derive(Debug, PartialEq)]
pub(super) enum Named {
    Web(Url),
    Folder(PathBuf),
    Lines(PathBuf),
    Csv(PathBuf),
}

/// What a word of the command line names.
pub(super) fn named(word: &str) -> Result<Named, ConfigError> {
    if let Some(list) = word.strip_prefix('@') {
        let path = PathBuf::from(list);
        return if is_csv(&path) { Ok(Named::Csv(path)) } else { Ok(Named::Lines(path)) };
    }
    let path = Path::new(word);
    if path.is_dir() {
        return Ok(Named::Folder(path.to_path_buf()));
    }
    if path.is_file() {
        return match path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("csv" | "tsv") => Ok(Named::Csv(path.to_path_buf())),
            Some("txt" | "lst") => Err(ConfigError::of(
                format!("`{word}` is a text file"),
                format!("write @{word} to use it as a list of targets"),
            )),
            Some(_) | None => Ok(Named::Folder(path.to_path_buf())),
        };
    }
    web(word).map(Named::Web)
}

/// A web address: with a scheme, or a bare host name, which stands for https.
pub(super) fn web(word: &str) -> Result<Url, ConfigError> {
    let trimmed = word.trim();
    let lower = trimmed.to_ascii_lowercase();
    let address = if lower.starts_with("http://") || lower.starts_with("https://") {
        trimmed.to_string()
    } else if trimmed.contains("://") {
        return Err(ConfigError::of(format!("`{word}` is not a web address"), "only http and https can be crawled"));
    } else if is_host(trimmed) {
        format!("https://{trimmed}")
    } else {
        return Err(ConfigError::of(
            format!("`{word}` is no file or folder here, and no web address"),
            "name a URL (https://www.agency.example/), a folder of a built site, a page file, @list.txt or a CSV file",
        ));
    };
    Url::parse(&address).map_err(|error| {
        ConfigError::of(format!("`{word}` is not a web address: {error}"), "write it as https://www.agency.example/")
    })
}

/// A bare host name, perhaps with port and path: `www.agency.example`, `localhost:8000/x`.
fn is_host(word: &str) -> bool {
    let host = word.split(['/', '?', '#']).next().unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    let written = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    written && (name.contains('.') && !name.starts_with('.') && !name.contains("..") || name == "localhost")
}

fn is_csv(path: &Path) -> bool {
    let ends_in = |word: &str| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(word));
    ends_in("csv") || ends_in("tsv")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_host_is_https_and_a_path_that_is_not_there_is_refused() {
        for (word, url) in [
            ("www.agency.example", "https://www.agency.example/"),
            ("agency.example/a?b", "https://agency.example/a?b"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
            ("localhost:8000", "https://localhost:8000/"),
        ] {
            assert_eq!(named(word).unwrap(), Named::Web(Url::parse(url).unwrap()));
        }
        for word in ["./nowhere", "nowhere", "ftp://agency.example/", "", "a..b"] {
            assert!(named(word).is_err(), "{word}");
        }
    }
}
