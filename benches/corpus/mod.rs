//! The real pages that benchmarks look at: `corpus` of the folder `IDEA_AUDIT_SHARED` names (default `../shared`).
//!
//! In: nothing. Out: page files, sorted, where the folder is there, and an answer with the octets of a page. Nothing is fetched.

use idea_audit::web::Capture;
use std::path::{Path, PathBuf};
use url::Url;

/// Every so many page files of the corpus; `None` where it is not there.
pub fn every(nth: usize) -> Option<Vec<PathBuf>> {
    let shared = std::env::var_os("IDEA_AUDIT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let corpus = shared.join("corpus");
    if !corpus.is_dir() {
        println!("no pages at {}", corpus.display());
        return None;
    }
    Some(pages(&corpus).into_iter().step_by(nth).collect())
}

fn pages(corpus: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![corpus.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder can be read") {
            let path = entry.expect("a folder can be read").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "html" || extension == "htm") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// An answer of an agency's server with these octets.
pub fn capture(url: &str, body: Vec<u8>) -> Capture {
    Capture::page(Url::parse(url).expect("an address"), "text/html; charset=utf-8", body)
}
