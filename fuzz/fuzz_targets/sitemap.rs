//! A sitemap in each of its formats: what it says is never more than what it holds.

#![no_main]

use idea_audit::web::sitemap;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    if let Ok(read) = sitemap::parse(octets, sitemap::Limits::default()) {
        let said: usize = read.entries.iter().map(|entry| entry.loc.len()).sum();
        assert!(said <= octets.len() * 2, "nothing is multiplied");
        let _ = read.entries.iter().filter_map(|entry| entry.lastmod_date()).count();
    }
});
