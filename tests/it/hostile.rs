//! The web at its worst: servers that lie, stall, flood and lead astray, and what a run makes of them.
//!
//! Each trick is a site of its own with three good pages around it. In bounded time and memory the trick becomes the right
//! problem, finding or skip, the good pages are judged, and nobody is asked who was not named.

mod crowd;
mod dashboard;
mod guard;
mod injection;
mod markup;
mod pages;
mod payloads;
mod program;
mod server;
mod stage;
mod stumbles;
mod tls;
mod wire;
