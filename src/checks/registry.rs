//! The list of checks: the registry is a plain list, kept honest by `tests/it/catalog.rs`.
//!
//! In: nothing. Out: [`ALL`]. Invariant: sorted by name; the parameters shown are those the check reads.

use super::{Check, Parameters, Scope, banner, forms, generic, host, required};

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
    generic::ADDRESS_ABSENT,
    generic::ANY_PAGE,
    generic::ATTRIBUTE_MATCHES,
    banner::DISCLOSURE,
    banner::HOST,
    banner::POSITION,
    banner::SAYS,
    generic::COUNT_AT_MOST,
    forms::DATE_NOT_PAST,
    generic::ELEMENT_ABSENT,
    generic::ELEMENT_PRESENT,
    generic::EVERY_PAGE,
    forms::FIELD_ABSENT,
    banner::GOVERNMENT_BANNER,
    generic::HEADER_MATCHES,
    host::HOST_UNDER,
    generic::LINK_PRESENT,
    required::LINKED_PAGE_SAYS,
    generic::LINKS_WITHIN,
    generic::PATH_RESPONDS,
    required::REQUIRED_LINK,
    generic::SIGNS_PRESENT,
    generic::TEXT_ABSENT,
    host::TEXT_IS_HOST,
    generic::TEXT_LENGTH,
    generic::TEXT_MATCHES,
    generic::UNIQUE_ACROSS_SITE,
];

/// A check by its name.
pub fn find(name: &str) -> Option<&'static Entry> {
    ALL.iter().find(|entry| entry.name == name)
}
