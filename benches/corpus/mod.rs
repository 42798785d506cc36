//! The real pages that benchmarks look at: `corpus` of the folder `IDEA_AUDIT_SHARED` names (default `../shared`).
//!
//! In: nothing. Out: page files, sorted, where the folder is there, and an answer with the octets of a page. Nothing is fetched.

#[path = "../../tests/it/pages.rs"]
mod pages;

use idea_audit::web::Capture;
use std::path::PathBuf;
use url::Url;

/// Every so many page files of the corpus; `None` where it is not there.
pub fn every(nth: usize) -> Option<Vec<PathBuf>> {
    let shared = std::env::var_os("IDEA_AUDIT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let corpus = shared.join("corpus");
    if !corpus.is_dir() {
        println!("no pages at {}", corpus.display());
        return None;
    }
    Some(pages::below(&corpus).into_iter().step_by(nth).collect())
}

/// An answer of an agency's server with these octets.
pub fn capture(url: &str, body: Vec<u8>) -> Capture {
    Capture::page(Url::parse(url).expect("an address"), "text/html; charset=utf-8", body)
}
