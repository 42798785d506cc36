//! Checks of running text: how plain it is, how old, in which language, and whether it stands in two places.

mod across_sites;
mod dates_agree;
mod freshness;
mod language_mixture;
mod lastmod;
mod near_copies;
mod past_deadline;
mod plain_text;
mod templates;
mod thin_site;

pub(super) use across_sites::ENTRY as ACROSS_SITES;
pub(super) use dates_agree::ENTRY as DATES_AGREE;
pub(super) use freshness::ENTRY as FRESHNESS;
pub(super) use language_mixture::ENTRY as LANGUAGE_MIXTURE;
pub(super) use lastmod::ENTRY as LASTMOD;
pub(super) use near_copies::ENTRY as NEAR_COPIES;
pub(super) use past_deadline::ENTRY as PAST_DEADLINE;
pub(super) use plain_text::ENTRY as PLAIN_TEXT;
pub(super) use templates::ENTRY as TEMPLATES;
pub(super) use thin_site::ENTRY as THIN_SITE;
