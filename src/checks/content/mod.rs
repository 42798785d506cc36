//! Questions about how a page is delivered and how old it is: its dates, its character set, its rendering mode.
//!
//! In: a page. Out: verdicts on the page as a whole. Invariant: what a folder of files cannot know (header fields) is never missed
//! there. Tested by the examples of the rules.

mod charset_declared;
mod notice_age;
mod page_date;
mod part_language;
mod standards_mode;

pub(super) use charset_declared::ENTRY as CHARSET_DECLARED;
pub(super) use notice_age::ENTRY as NOTICE_AGE;
pub(super) use page_date::ENTRY as PAGE_DATE;
pub(super) use part_language::ENTRY as PART_LANGUAGE;
pub(super) use standards_mode::ENTRY as STANDARDS_MODE;
