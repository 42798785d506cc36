//! Questions about how a page is delivered and how old it is: its dates, its character set, its rendering mode.
//!
//! In: a page. Out: verdicts on the page as a whole. Invariant: what a folder of files cannot know (header fields) is never missed
//! there. Tested by the examples of the rules.

mod charset_declared;
mod large_tables;
mod page_date;
mod stale_year;
mod standards_mode;

pub(super) use charset_declared::ENTRY as CHARSET_DECLARED;
pub(super) use large_tables::ENTRY as LARGE_TABLES;
pub(super) use page_date::ENTRY as PAGE_DATE;
pub(super) use stale_year::ENTRY as STALE_YEAR;
pub(super) use standards_mode::ENTRY as STANDARDS_MODE;
