//! One integration binary: a second one links everything again.

mod crawl;
mod server;
