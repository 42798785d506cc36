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
    banner::PART,
    banner::POSITION,
    banner::SAYS,
    duplication::BROKEN_LINKS,
    duplication::CANONICAL,
    content::CHARSET_DECLARED,
    delivery::COMPRESSED,
    security::COOKIE_FLAG,
    security::COOKIE_LIFETIME,
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
    consistency::HOME_LINK,
    host::HOST_LEADS,
    host::HOST_UNDER,
    security::HSTS,
    security::HTTP_REDIRECTS,
    security::HTTPS_ANSWERS,
    search::INDEXABLE,
    search::JSON_LD,
    accessibility::LANGUAGE_TAG,
    generic::LINK_LABELS,
    generic::LINK_PRESENT,
    required::LINKED_PAGE_SAYS,
    generic::LINKS_MARKED,
    generic::LINKS_ONCE,
    generic::LINKS_WITHIN,
    security::MIXED_CONTENT,
    accessibility::NAME_MATCHES,
    content::NOTICE_AGE,
    content::PAGE_DATE,
    accessibility::PAGE_REFRESH,
    content::PART_LANGUAGE,
    generic::PATH_RESPONDS,
    search::READABLE_WITHOUT_SCRIPT,
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
    required::SERVICES_DISCLOSED,
    consistency::SHARED_LINKS,
    generic::SIGNS_PRESENT,
    search::SITE_SEARCH,
    search::SITEMAP,
    accessibility::SKIP_LINK,
    content::STANDARDS_MODE,
    accessibility::TABLE_HEADERS,
    generic::TEXT_ABSENT,
    host::TEXT_IS_HOST,
    generic::TEXT_LENGTH,
    generic::TEXT_MATCHES,
    consistency::TITLE_PATTERN,
    required::TITLED_PAGE_SAYS,
    generic::UNIQUE_ACROSS_SITE,
    search::UNKNOWN_PATH,
    accessibility::ZOOM,
];

/// A check by its name.
pub fn find(name: &str) -> Option<&'static Entry> {
    ALL.iter().find(|entry| entry.name == name)
}
