//! The strip at the top of a page that says whose website it is.
//!
//! In: a page, and from the rule the sentences such a strip says. Out: verdicts. Invariant: a strip is known by what it says or
//! by its own element, never by a class. Tested by the rules of the identity pack.

mod disclosure;
mod host;
mod part;
mod position;
mod present;
mod says;
mod sighting;

pub(super) use disclosure::ENTRY as DISCLOSURE;
pub(super) use host::ENTRY as HOST;
pub(super) use part::ENTRY as PART;
pub(super) use position::ENTRY as POSITION;
pub(super) use present::ENTRY as GOVERNMENT_BANNER;
pub(super) use says::ENTRY as SAYS;
