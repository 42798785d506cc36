//! The dashboard: what a store holds, for people in a browser and for programs.
//!
//! In: an open store, a listening socket. Out: pages that work without script, tables, a JSON API with its description. Invariants: nothing is
//! ever written; only GET and HEAD are answered; what a page or a list said is data and becomes no markup; what nobody saw
//! is counted and held against nobody. Described by `docs/dashboard.md`; tested in `tests/it/serve.rs`.

mod agencies;
mod api;
mod ask;
mod frame;
mod missing;
mod overview;
mod past;
mod piece;
mod reply;
mod rules;
mod runs;
mod server;
mod sites;
mod tables;
mod trend;

pub use server::{Settings, serve};
