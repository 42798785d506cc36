//! Pages that a site has to link to, and what they say.
//!
//! In: the home page and the pages behind its links. Out: verdicts. Invariant: a page that could not be fetched is never held
//! against the site. Tested by the rules of the packs required-links, privacy and feedback.

mod error_page_says;
mod hosts_disclosed;
mod item;
mod linked_page;
mod linked_page_plain;
mod linked_page_says;
mod required_link;
mod services_disclosed;
mod titled_page_says;

pub(super) use error_page_says::ENTRY as ERROR_PAGE_SAYS;
pub(super) use hosts_disclosed::ENTRY as HOSTS_DISCLOSED;
pub(super) use linked_page_plain::ENTRY as LINKED_PAGE_PLAIN;
pub(super) use linked_page_says::ENTRY as LINKED_PAGE_SAYS;
pub(super) use required_link::ENTRY as REQUIRED_LINK;
pub(super) use services_disclosed::ENTRY as SERVICES_DISCLOSED;
pub(super) use titled_page_says::ENTRY as TITLED_PAGE_SAYS;
