//! Questions about what forms ask people for.
//!
//! In: pages. Out: verdicts. Invariant: hidden fields and buttons ask nobody anything. Tested by the rules of the forms pack.

mod date_not_past;
mod field_absent;
mod required_marked;
mod signs_on_screen;

pub(super) use date_not_past::ENTRY as DATE_NOT_PAST;
pub(super) use date_not_past::last_day;
pub(super) use field_absent::ENTRY as FIELD_ABSENT;
pub(super) use required_marked::ENTRY as REQUIRED_MARKED;
pub(super) use signs_on_screen::ENTRY as SIGNS_ON_SCREEN;
