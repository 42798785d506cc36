//! Questions about what people see: text that is large enough, links that stand out, parts that can be scrolled and hit, pages that fit.
//!
//! In: facts of a page, its looks among them. Out: verdicts. Invariant: where the looks were not measured, or a sheet could not be
//! read, the answer says so. Tested by the rules that use these checks.

mod clipped_text;
mod fits_screen;
mod focus_visible;
mod link_distinct;
mod screens;
mod scroll_focus;
mod target_size;
mod text_size;

pub(super) use clipped_text::ENTRY as CLIPPED_TEXT;
pub(super) use fits_screen::ENTRY as FITS_SCREEN;
pub(super) use focus_visible::ENTRY as FOCUS_VISIBLE;
pub(super) use link_distinct::ENTRY as LINK_DISTINCT;
pub(super) use scroll_focus::ENTRY as SCROLL_FOCUS;
pub(super) use target_size::ENTRY as TARGET_SIZE;
pub(super) use text_size::ENTRY as TEXT_SIZE;
