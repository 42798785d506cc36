//! Questions about the name a site is reached by.
//!
//! In: addresses. Out: verdicts. Invariant: names reserved for tests are never judged. Tested by the rules of the identity pack.

mod host_leads;
mod host_under;
mod test_host;
mod text_is_host;
mod twin_host;

pub(super) use host_leads::ENTRY as HOST_LEADS;
pub(super) use host_under::ENTRY as HOST_UNDER;
pub(super) use test_host::ENTRY as TEST_HOST;
pub(super) use text_is_host::ENTRY as TEXT_IS_HOST;
pub(super) use twin_host::ENTRY as TWIN_HOST;
