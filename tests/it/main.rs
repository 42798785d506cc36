//! The one integration binary: a second one links everything again.

mod act;
mod audit;
mod catalog;
mod chromium;
mod ci;
mod cli;
mod config;
mod conformance;
mod crawl;
mod formats;
mod fuzz;
mod gate;
mod hostile;
mod html_report;
mod known_faults;
mod names;
mod own_rules;
mod probe;
mod profile;
mod results;
mod robots_conformance;
mod rules;
mod server;
mod sinks;
mod supply;
mod tidy;
