//! Questions about what a page holds and how old it is: dates, headings, documents, languages, character set, rendering mode.
//!
//! In: a page. Out: verdicts. Invariant: what a folder of files cannot know (header fields) is never missed
//! there. Tested by the examples of the rules.

mod alternate_languages;
mod charset_declared;
mod document_page;
mod document_share;
mod large_tables;
mod notice_age;
mod page_date;
mod part_language;
mod stale_year;
mod standards_mode;
mod words_between_headings;

pub(super) use alternate_languages::ENTRY as ALTERNATE_LANGUAGES;
pub(super) use charset_declared::ENTRY as CHARSET_DECLARED;
pub(super) use document_page::ENTRY as DOCUMENT_PAGE;
pub(super) use document_share::ENTRY as DOCUMENT_SHARE;
pub(super) use large_tables::ENTRY as LARGE_TABLES;
pub(super) use notice_age::ENTRY as NOTICE_AGE;
pub(super) use page_date::ENTRY as PAGE_DATE;
pub(super) use part_language::ENTRY as PART_LANGUAGE;
pub(super) use stale_year::ENTRY as STALE_YEAR;
pub(super) use standards_mode::ENTRY as STANDARDS_MODE;
pub(super) use words_between_headings::ENTRY as WORDS_BETWEEN_HEADINGS;
