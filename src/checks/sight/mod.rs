//! Questions about what people see: text that is large enough, links that stand out, the place of the focus.
//!
//! In: facts of a page, its looks among them. Out: verdicts. Invariant: where the looks were not measured, or a sheet could not be
//! read, the answer says so. Tested by the rules that use these checks.

mod focus_visible;
mod link_distinct;
mod screens;
mod text_size;

pub(super) use focus_visible::ENTRY as FOCUS_VISIBLE;
pub(super) use link_distinct::ENTRY as LINK_DISTINCT;
pub(super) use text_size::ENTRY as TEXT_SIZE;
