//! Is the same thing there twice, and does every address lead somewhere: checks on copies, canonical addresses and links.
//!
//! One file per check; the registry lists them. Tested by the examples of the rules that use them.

mod broken_links;
mod canonical;
mod distinct_pages;

pub(super) use broken_links::ENTRY as BROKEN_LINKS;
pub(super) use canonical::ENTRY as CANONICAL;
pub(super) use distinct_pages::ENTRY as DISTINCT_PAGES;
