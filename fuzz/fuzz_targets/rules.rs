//! A rule file of an agency's own pack: loaded or refused with its place.

#![no_main]

use idea_audit::rules::RuleSet;
use libfuzzer_sys::fuzz_target;
use std::cell::LazyCell;
use tempfile::TempDir;

thread_local! {
    static PACK: LazyCell<TempDir> = LazyCell::new(|| {
        let pack = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(pack.path().join("own")).expect("a folder");
        let about = "title = \"Own\"\nabout = \"Rules of our own.\"\n";
        std::fs::write(pack.path().join("own/pack.toml"), about).expect("is written");
        pack
    });
}

fuzz_target!(|octets: &[u8]| PACK.with(|pack| {
    std::fs::write(pack.path().join("own/rule.toml"), octets).expect("is written");
    if let Err(refused) = RuleSet::with_folders(&[pack.path()]) {
        let told = refused.to_string();
        assert!(!told.is_empty() && !told.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')), "{told:?}");
    }
}));
