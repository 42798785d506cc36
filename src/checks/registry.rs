//! The list of checks: the registry is a plain list, kept honest by `tests/it/catalog.rs`.
//!
//! In: nothing. Out: [`ALL`]. Invariant: sorted by name; the parameters shown are those the check reads.

use super::{Check, Parameters, Scope, accessibility, content, generic};

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
    accessibility::ACCESSIBLE_NAME,
    accessibility::ARIA_ATTRIBUTES,
    accessibility::ARIA_ROLE,
    accessibility::ARIA_VALUES,
    generic::ATTRIBUTE_MATCHES,
    accessibility::AUTOCOMPLETE,
    content::CHARSET_DECLARED,
    generic::COUNT_AT_MOST,
    accessibility::DECORATION,
    accessibility::DOCUMENT_TITLE,
    generic::ELEMENT_ABSENT,
    generic::ELEMENT_MATCHES,
    generic::ELEMENT_PRESENT,
    generic::EVERY_PAGE,
    accessibility::FLAT_CONTENT,
    accessibility::HEADER_CELLS,
    generic::HEADER_MATCHES,
    accessibility::HEADING_LEVELS,
    accessibility::HIDDEN_FOCUS,
    accessibility::LANGUAGE_TAG,
    generic::LINK_PRESENT,
    accessibility::NAME_MATCHES,
    content::PAGE_DATE,
    accessibility::PAGE_REFRESH,
    generic::PATH_RESPONDS,
    accessibility::REFERENCED_IDS,
    accessibility::REQUIRED_STATES,
    accessibility::SKIP_LINK,
    content::STANDARDS_MODE,
    accessibility::TABLE_HEADERS,
    generic::TEXT_ABSENT,
    generic::TEXT_LENGTH,
    generic::TEXT_MATCHES,
    generic::UNIQUE_ACROSS_SITE,
    accessibility::ZOOM,
];

/// A check by its name.
pub fn find(name: &str) -> Option<&'static Entry> {
    ALL.iter().find(|entry| entry.name == name)
}
