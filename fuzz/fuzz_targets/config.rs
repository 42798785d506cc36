//! A configuration file: taken or refused with words.

#![no_main]

use idea_audit::config::Raw;
use libfuzzer_sys::fuzz_target;
use std::cell::LazyCell;
use tempfile::TempDir;

thread_local! {
    static FOLDER: LazyCell<TempDir> = LazyCell::new(|| tempfile::tempdir().expect("a folder"));
}

fuzz_target!(|octets: &[u8]| FOLDER.with(|folder| {
    let path = folder.path().join("idea-audit.toml");
    std::fs::write(&path, octets).expect("is written");
    if let Err(refused) = Raw::load(&path) {
        assert!(!refused.to_string().is_empty());
    }
}));
