//! Hosts beside the crawl, against servers and a resolver on loopback: handshakes, names, and the four endpoints of a name.

mod authority;
mod endpoints;
mod front;
mod handshakes;
mod names;
mod resolver;
