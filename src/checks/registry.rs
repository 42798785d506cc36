//! The list of checks: the registry is a plain list, kept honest by `tests/it/catalog.rs`.
//!
//! In: nothing. Out: [`ALL`]. Invariant: sorted by name; the parameters shown are those the check reads.

use super::{Check, Parameters, Scope, consistency, delivery, duplication, generic, search, security};

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
    duplication::BROKEN_LINKS,
    duplication::CANONICAL,
    delivery::COMPRESSED,
    security::COOKIE_FLAG,
    generic::COUNT_AT_MOST,
    duplication::DISTINCT_PAGES,
    generic::ELEMENT_ABSENT,
    generic::ELEMENT_PRESENT,
    generic::ELEMENT_TEXT,
    security::ENDPOINT_HEADER,
    generic::EVERY_PAGE,
    consistency::FAVICON,
    security::FRAMING,
    generic::HEADER_MATCHES,
    consistency::HOME_LINK,
    security::HSTS,
    security::HTTP_REDIRECTS,
    security::HTTPS_ANSWERS,
    search::INDEXABLE,
    search::JSON_LD,
    generic::LINK_PRESENT,
    security::MIXED_CONTENT,
    generic::PATH_RESPONDS,
    search::READABLE_WITHOUT_SCRIPT,
    delivery::REDIRECTS,
    security::RESOURCE_HOSTS,
    search::ROBOTS_ACCESS,
    search::ROBOTS_DELAY,
    search::ROBOTS_SITEMAP,
    security::SCRIPT_INTEGRITY,
    security::SECURITY_TXT,
    consistency::SHARED_LINKS,
    search::SITE_SEARCH,
    search::SITEMAP,
    generic::TEXT_ABSENT,
    generic::TEXT_LENGTH,
    generic::TEXT_MATCHES,
    consistency::TITLE_PATTERN,
    generic::UNIQUE_ACROSS_SITE,
    search::UNKNOWN_PATH,
];

/// A check by its name.
pub fn find(name: &str) -> Option<&'static Entry> {
    ALL.iter().find(|entry| entry.name == name)
}
