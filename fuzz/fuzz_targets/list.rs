//! A list of targets as CSV: a plan, or words about the line that is wrong.

#![no_main]

use idea_audit::config::{Raw, plan};
use libfuzzer_sys::fuzz_target;
use std::cell::LazyCell;
use tempfile::TempDir;

thread_local! {
    static FOLDER: LazyCell<TempDir> = LazyCell::new(|| tempfile::tempdir().expect("a folder"));
}

fuzz_target!(|octets: &[u8]| FOLDER.with(|folder| {
    let path = folder.path().join("list.csv");
    std::fs::write(&path, octets).expect("is written");
    let select = vec!["accessibility/page-title".to_string()];
    let raw = Raw {
        targets: vec![path.display().to_string()],
        select,
        contact: Some("web@agency.example".to_string()),
        ..Raw::default()
    };
    if let Err(refused) = plan(&raw, jiff::civil::date(2026, 11, 22)) {
        assert!(!refused.to_string().is_empty());
    }
}));
