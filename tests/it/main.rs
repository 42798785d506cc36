//! The one integration binary: a second one links everything again.

mod act;
mod audit;
mod catalog;
mod cli;
mod conformance;
mod crawl;
mod formats;
mod fuzz;
mod hostile;
mod robots_conformance;
mod rules;
mod server;
mod sinks;
mod supply;
mod tidy;
