//! How answers travel: checks on compression and redirects.
//!
//! One file per check; the registry lists them. Tested by the examples of the rules that use them.

mod compressed;
mod redirect_status;
mod redirects;

pub(super) use compressed::ENTRY as COMPRESSED;
pub(super) use redirect_status::ENTRY as REDIRECT_STATUS;
pub(super) use redirects::ENTRY as REDIRECTS;
