//! Crawls government websites politely and judges every page, host and site against rules that are data.
//!
//! *Facts know the web, checks know the question, rules know the law, findings know nobody.* ARCHITECTURE.md has the map;
//! `tests/it/tidy.rs` keeps who may import whom.

pub mod crawl;
pub mod verdict;
pub mod web;
