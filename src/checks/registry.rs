//! The list of checks: the registry is a plain list, kept honest by `tests/it/catalog.rs`.
//!
//! In: nothing. Out: [`ALL`]. Invariant: sorted by name; the parameters shown are those the check reads.

use super::{
    Check, Parameters, Scope, accessibility, banner, consistency, content, delivery, duplication, forms, generic, host,
    required, search, security,
};

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
    generic::ADDRESS_ABSENT,
    generic::ANY_PAGE,
    accessibility::ARIA_ATTRIBUTES,
    accessibility::ARIA_ROLE,
    accessibility::ARIA_VALUES,
    generic::ATTRIBUTE_MATCHES,
    accessibility::AUTOCOMPLETE,
    banner::DISCLOSURE,
    banner::HOST,
    banner::POSITION,
    banner::SAYS,
    duplication::BROKEN_LINKS,
    duplication::CANONICAL,
    content::CHARSET_DECLARED,
    delivery::COMPRESSED,
    security::COOKIE_FLAG,
    generic::COUNT_AT_MOST,
    forms::DATE_NOT_PAST,
    accessibility::DECORATION,
    duplication::DISTINCT_PAGES,
    accessibility::DOCUMENT_TITLE,
    generic::ELEMENT_ABSENT,
    generic::ELEMENT_MATCHES,
    generic::ELEMENT_PRESENT,
    generic::ELEMENT_TEXT,
    security::ENDPOINT_HEADER,
    required::ERROR_PAGE_SAYS,
    generic::EVERY_PAGE,
    consistency::FAVICON,
    forms::FIELD_ABSENT,
    accessibility::FLAT_CONTENT,
    security::FRAMING,
    banner::GOVERNMENT_BANNER,
    accessibility::HEADER_CELLS,
    generic::HEADER_MATCHES,
    accessibility::HEADING_LEVELS,
    accessibility::HIDDEN_FOCUS,
    search::HOME_ANSWERS,
    consistency::HOME_LINK,
    host::HOST_UNDER,
    security::HSTS,
    security::HTTP_REDIRECTS,
    security::HTTPS_ANSWERS,
    security::HTTPS_FIRST,
    search::INDEXABLE,
    search::JSON_LD,
    accessibility::LANGUAGE_TAG,
    content::LARGE_TABLES,
    generic::LINK_PRESENT,
    required::LINKED_PAGE_SAYS,
    generic::LINKS_WITHIN,
    search::LOGIN_WALL,
    security::MIXED_CONTENT,
    accessibility::NAME_MATCHES,
    generic::PAGE_ADDRESS,
    content::PAGE_DATE,
    accessibility::PAGE_REFRESH,
    generic::PATH_RESPONDS,
    security::POLICY_ALLOWS,
    search::READABLE_WITHOUT_SCRIPT,
    delivery::REDIRECT_STATUS,
    delivery::REDIRECTS,
    accessibility::REFERENCED_IDS,
    required::REQUIRED_LINK,
    accessibility::REQUIRED_STATES,
    security::RESOURCE_HOSTS,
    search::ROBOTS_ACCESS,
    search::ROBOTS_DELAY,
    search::ROBOTS_SITEMAP,
    security::SCRIPT_INTEGRITY,
    security::SECURITY_TXT,
    consistency::SHARED_LINKS,
    generic::SIGNS_PRESENT,
    search::SITE_SEARCH,
    search::SITEMAP,
    search::SITEMAP_PAGES,
    accessibility::SKIP_LINK,
    content::STALE_YEAR,
    content::STANDARDS_MODE,
    accessibility::TABLE_HEADERS,
    host::TEST_HOST,
    generic::TEXT_ABSENT,
    generic::TEXT_DIFFERS,
    generic::TEXT_INSIDE,
    host::TEXT_IS_HOST,
    generic::TEXT_LENGTH,
    generic::TEXT_MATCHES,
    consistency::TITLE_PATTERN,
    host::TWIN_HOST,
    generic::UNIQUE_ACROSS_SITE,
    search::UNKNOWN_PATH,
    accessibility::ZOOM,
];

/// A check by its name.
pub fn find(name: &str) -> Option<&'static Entry> {
    ALL.iter().find(|entry| entry.name == name)
}
