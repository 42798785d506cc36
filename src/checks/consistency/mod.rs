//! Do the pages of a site look like one site: checks on shared navigation, titles, the way home, other languages and the icon.
//!
//! One file per check; the registry lists them. Tested by the examples of the rules that use them.

mod favicon;
mod home_link;
mod language_switch;
mod same_region;
mod shared_links;
mod title_pattern;

pub(super) use favicon::ENTRY as FAVICON;
pub(super) use home_link::ENTRY as HOME_LINK;
pub(super) use language_switch::ENTRY as LANGUAGE_SWITCH;
pub(super) use same_region::ENTRY as SAME_REGION;
pub(super) use shared_links::ENTRY as SHARED_LINKS;
pub(super) use title_pattern::ENTRY as TITLE_PATTERN;
