//! What a server said, as plain serialisable data, and the pure parsers of it.
//!
//! In: bytes and header values that somebody else fetched. Out: [`Capture`] and typed readings of addresses, headers,
//! robots.txt, sitemaps, character sets, handshakes and names.
//! Never: HTML, rules, the clock, the network. Tested beside each parser and in `tests/it/crawl.rs`.

pub mod address;
mod capture;
pub mod challenge;
pub mod charset;
pub mod cookie;
mod disposition;
pub mod dns;
mod domain;
pub mod glob;
mod headers;
pub mod hsts;
pub mod preload;
mod problem;
pub mod retry_after;
pub mod robots;
pub mod security_txt;
pub mod sitemap;
pub mod steady;
pub mod tls;

pub use capture::{Capture, Hop, MediaType, Source};
pub use disposition::file_name;
pub use domain::registered;
pub use headers::Headers;
pub use problem::{Problem, ProblemKind};
