//! The list of checks: the registry is a plain list, kept honest by `tests/it/catalog.rs`.
//!
//! In: nothing. Out: [`ALL`]. Invariant: sorted by name; the parameters shown are those the check reads.

use super::{Check, Parameters, Scope, generic};

/// One check as rule files name it.
pub struct Entry {
    /// The name, kebab-case.
    pub name: &'static str,
    /// What it asks, in one sentence.
    pub asks: &'static str,
    /// What it looks at.
    pub scope: Scope,
    /// Its parameters and what they mean.
    pub parameters: &'static [(&'static str, &'static str)],
    /// Builds it.
    pub build: fn(Parameters<'_>) -> Result<Check, toml::de::Error>,
}

/// Every check, sorted by name.
pub static ALL: &[Entry] = &[
    generic::ATTRIBUTE_MATCHES,
    generic::COUNT_AT_MOST,
    generic::ELEMENT_ABSENT,
    generic::ELEMENT_PRESENT,
    generic::EVERY_PAGE,
    generic::HEADER_MATCHES,
    generic::LINK_PRESENT,
    generic::PATH_RESPONDS,
    generic::TEXT_ABSENT,
    generic::TEXT_LENGTH,
    generic::TEXT_MATCHES,
    generic::UNIQUE_ACROSS_SITE,
];

/// A check by its name.
pub fn find(name: &str) -> Option<&'static Entry> {
    ALL.iter().find(|entry| entry.name == name)
}
