//! Small checks that many rules share: presence, absence, attributes, text, headers, links, paths, counts, uniqueness.
//!
//! In: selectors, patterns and words from a rule file. Out: verdicts. Invariant: they know no subject; the words a reader sees
//! come from the rule's `looks-for`. Tested by the examples of the rules.

mod address_absent;
mod any_page;
mod attribute_matches;
mod count_at_most;
mod element_absent;
mod element_matches;
mod element_present;
mod element_text;
mod every_page;
mod header_matches;
mod link_labels;
mod link_present;
mod links_marked;
mod links_once;
mod links_within;
mod page_address;
mod path_responds;
mod script_text_absent;
mod signs_present;
mod text_absent;
mod text_differs;
mod text_inside;
mod text_length;
mod text_matches;
mod unique_across_site;

pub(super) use address_absent::ENTRY as ADDRESS_ABSENT;
pub(super) use any_page::ENTRY as ANY_PAGE;
pub(super) use attribute_matches::ENTRY as ATTRIBUTE_MATCHES;
pub(super) use count_at_most::ENTRY as COUNT_AT_MOST;
pub(super) use element_absent::ENTRY as ELEMENT_ABSENT;
pub(super) use element_matches::ENTRY as ELEMENT_MATCHES;
pub(super) use element_present::ENTRY as ELEMENT_PRESENT;
pub(super) use element_text::ENTRY as ELEMENT_TEXT;
pub(super) use every_page::ENTRY as EVERY_PAGE;
pub(super) use header_matches::ENTRY as HEADER_MATCHES;
pub(super) use link_labels::ENTRY as LINK_LABELS;
pub(super) use link_present::ENTRY as LINK_PRESENT;
pub(super) use links_marked::ENTRY as LINKS_MARKED;
pub(super) use links_once::ENTRY as LINKS_ONCE;
pub(super) use links_within::ENTRY as LINKS_WITHIN;
pub(super) use page_address::ENTRY as PAGE_ADDRESS;
pub(super) use path_responds::ENTRY as PATH_RESPONDS;
pub(super) use script_text_absent::ENTRY as SCRIPT_TEXT_ABSENT;
pub(super) use signs_present::ENTRY as SIGNS_PRESENT;
pub(super) use text_absent::ENTRY as TEXT_ABSENT;
pub(super) use text_differs::ENTRY as TEXT_DIFFERS;
pub(super) use text_inside::ENTRY as TEXT_INSIDE;
pub(super) use text_length::ENTRY as TEXT_LENGTH;
pub(super) use text_matches::ENTRY as TEXT_MATCHES;
pub(super) use unique_across_site::ENTRY as UNIQUE_ACROSS_SITE;
