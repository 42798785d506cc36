//! Can people and search engines find what the site has: checks on search boxes, robots.txt, sitemaps and indexing.
//!
//! One file per check; the registry lists them. Tested by the examples of the rules that use them.

mod browser_answer;
mod home_answers;
mod indexable;
mod json_ld;
mod login_wall;
mod readable_without_script;
mod robots_access;
mod robots_delay;
mod robots_sitemap;
mod site_search;
mod sitemap;
mod sitemap_pages;
mod unknown_path;

pub(super) use browser_answer::ENTRY as BROWSER_ANSWER;
pub(super) use home_answers::ENTRY as HOME_ANSWERS;
pub(super) use indexable::ENTRY as INDEXABLE;
pub(super) use json_ld::ENTRY as JSON_LD;
pub(super) use login_wall::ENTRY as LOGIN_WALL;
pub(super) use readable_without_script::ENTRY as READABLE_WITHOUT_SCRIPT;
pub(super) use robots_access::ENTRY as ROBOTS_ACCESS;
pub(super) use robots_delay::ENTRY as ROBOTS_DELAY;
pub(super) use robots_sitemap::ENTRY as ROBOTS_SITEMAP;
pub(super) use site_search::ENTRY as SITE_SEARCH;
pub(super) use sitemap::ENTRY as SITEMAP;
pub(super) use sitemap_pages::ENTRY as SITEMAP_PAGES;
pub(super) use unknown_path::ENTRY as UNKNOWN_PATH;
