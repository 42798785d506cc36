//! Crawls government websites politely and judges every page, host and site against rules that are data.
//!
//! *Facts know the web, checks know the question, rules know the law, findings know nobody.* ARCHITECTURE.md has the map;
//! `tests/it/tidy.rs` keeps who may import whom.

// For the program, its children, tests and benches alike, so that what one of them measures holds for the others.
#[cfg(all(feature = "jemalloc", target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

pub mod audit;
pub mod checks;
pub mod cli;
pub mod config;
pub mod crawl;
pub mod document;
pub mod engine;
pub mod facts;
pub mod finding;
pub mod fleet;
pub mod html;
pub mod notify;
pub mod probe;
pub mod rehearse;
pub mod report;
pub mod rules;
pub mod serve;
pub mod store;
pub mod style;
pub mod verdict;
pub mod web;
pub mod worker;
