//! The list of names that browsers ask by HTTPS before they ever heard of them.
//!
//! In: the slice that ships with the program, or Chromium's own file. Out: [`State`] of a host. Invariant: the slice can say
//! yes and never no, because it is a slice; only a whole list says no. Tested below.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What ships.
const SLICE: &str = include_str!("hsts_preloaded.txt");

/// A list, or a slice of one.
#[derive(Clone, Debug)]
pub struct Preloaded {
    /// Names, and whether those below them are meant too.
    names: HashMap<String, bool>,
    extent: Extent,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Extent {
    Slice,
    Whole,
}

/// Whether browsers ship a promise for a host.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// By its own entry or one above it.
    Listed,
    /// The whole list has no entry for it.
    NotListed,
    /// The list at hand is only a slice.
    #[default]
    Unknown,
}

impl Default for Preloaded {
    fn default() -> Self {
        let names = SLICE.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self { names: names.map(|name| (name.to_string(), true)).collect(), extent: Extent::Slice }
    }
}

impl Preloaded {
    /// Reads `transport_security_state_static.json` of Chromium: JSON with comments on lines of their own.
    ///
    /// # Errors
    /// One sentence about what is wrong with the file.
    pub fn read(text: &str) -> Result<Self, String> {
        let plain: String =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect();
        let list: List = serde_json::from_str(&plain).map_err(|error| format!("it is not Chromium's list: {error}"))?;
        let forced = list.entries.into_iter().filter(|entry| entry.mode.as_deref() == Some("force-https"));
        let names: HashMap<String, bool> = forced.map(|entry| (entry.name, entry.include_subdomains)).collect();
        if names.is_empty() {
            return Err("it lists no name with the mode force-https".to_string());
        }
        Ok(Self { names, extent: Extent::Whole })
    }

    /// Whether browsers ship a promise for a host.
    pub fn state(&self, host: &str) -> State {
        if self.names.contains_key(host) {
            return State::Listed;
        }
        let mut rest = host;
        while let Some((_, above)) = rest.split_once('.') {
            if self.names.get(above) == Some(&true) {
                return State::Listed;
            }
            rest = above;
        }
        match self.extent {
            Extent::Slice => State::Unknown,
            Extent::Whole => State::NotListed,
        }
    }
}

#[derive(Deserialize)]
struct List {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    mode: Option<String>,
    #[serde(default)]
    include_subdomains: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slice_says_yes_or_nothing() {
        let slice = Preloaded::default();
        assert_eq!(slice.state("www.agency.dev"), State::Listed);
        assert_eq!(slice.state("agency.gov"), State::Unknown);
    }

    #[test]
    fn the_whole_list_says_no_too() {
        let list = r#"// words
            { "pinsets": [], "entries": [
              // a comment
              { "name": "agency.gov", "policy": "bulk-1-year", "mode": "force-https", "include_subdomains": true },
              { "name": "alone.gov", "mode": "force-https" },
              { "name": "pins.gov", "include_subdomains": true, "pins": "x" } ] }"#;
        let list = Preloaded::read(list).expect("a list");
        for (host, state) in [
            ("agency.gov", State::Listed),
            ("www.agency.gov", State::Listed),
            ("alone.gov", State::Listed),
            ("www.alone.gov", State::NotListed),
            ("pins.gov", State::NotListed),
            ("other.gov", State::NotListed),
        ] {
            assert_eq!(list.state(host), state, "{host}");
        }
        assert!(Preloaded::read("{}").is_err());
        assert!(Preloaded::read("{\"entries\": []}").is_err());
    }
}
