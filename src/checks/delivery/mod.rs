//! How answers travel: checks on compression, number of files and redirects.
//!
//! One file per check; the registry lists them. Tested by the examples of the rules that use them.

mod compressed;
mod loads_at_most;
mod redirect_status;
mod redirects;

pub(super) use compressed::ENTRY as COMPRESSED;
pub(super) use loads_at_most::ENTRY as LOADS_AT_MOST;
pub(super) use redirect_status::ENTRY as REDIRECT_STATUS;
pub(super) use redirects::ENTRY as REDIRECTS;
