//! A page's markup as a browser's parser understands it, with the place of every element in the source.
//!
//! In: decoded text. Out: [`Document`], [`Element`], [`Selector`], [`Position`]. The only room that knows the HTML
//! parser (`html5ever` and `scraper`); the rest of the program never sees their types. Invariant: no input makes it
//! fail; what a limit stopped it from reading is remembered in [`Document::cut`]. Tested at the end of each file, on
//! random documents in `reader.rs` and `path.rs`, and on real pages in `document.rs`.

mod document;
mod element;
mod find;
mod index;
mod limits;
mod lines;
mod path;
mod place;
mod quick;
mod reader;
mod remember;
#[cfg(test)]
mod samples;
mod selector;
mod sink;
mod snippet;
mod start_tag;
mod wants;

pub use document::{Doctype, Document, Quirks};
pub use element::{Element, ElementId, Node};
pub use find::{Found, Inside};
pub use limits::{Cut, Limits};
pub use lines::Position;
pub use selector::{Selector, SelectorError};
