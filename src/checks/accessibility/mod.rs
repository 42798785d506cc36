//! Questions about names, roles, focus, languages and structure, as WCAG and WAI-ARIA put them.
//!
//! In: a page. Out: verdicts on elements that assistive technology is told of. Invariant: what the markup hides is not judged,
//! save where hiding is the question. Tested by the examples of the rules and, where the data is there, by the W3C's ACT cases
//! (`tests/it/act.rs`).

mod accessible_name;
mod aria_attributes;
mod aria_role;
mod aria_values;
mod autocomplete;
mod decoration;
mod document_title;
mod flat_content;
mod header_cells;
mod heading_levels;
mod hidden_focus;
mod language_tag;
mod name_matches;
mod page_refresh;
mod referenced_ids;
mod required_states;
mod skip_link;
mod table_headers;
mod zoom;

pub(super) use accessible_name::ENTRY as ACCESSIBLE_NAME;
pub(super) use aria_attributes::ENTRY as ARIA_ATTRIBUTES;
pub(super) use aria_role::ENTRY as ARIA_ROLE;
pub(super) use aria_values::ENTRY as ARIA_VALUES;
pub(super) use autocomplete::ENTRY as AUTOCOMPLETE;
pub(super) use decoration::ENTRY as DECORATION;
pub(super) use document_title::ENTRY as DOCUMENT_TITLE;
pub(super) use flat_content::ENTRY as FLAT_CONTENT;
pub(super) use header_cells::ENTRY as HEADER_CELLS;
pub(super) use heading_levels::ENTRY as HEADING_LEVELS;
pub(super) use hidden_focus::ENTRY as HIDDEN_FOCUS;
pub(super) use language_tag::ENTRY as LANGUAGE_TAG;
pub(super) use name_matches::ENTRY as NAME_MATCHES;
pub(super) use page_refresh::ENTRY as PAGE_REFRESH;
pub(super) use referenced_ids::ENTRY as REFERENCED_IDS;
pub(super) use required_states::ENTRY as REQUIRED_STATES;
pub(super) use skip_link::ENTRY as SKIP_LINK;
pub(super) use table_headers::ENTRY as TABLE_HEADERS;
pub(super) use zoom::ENTRY as ZOOM;
