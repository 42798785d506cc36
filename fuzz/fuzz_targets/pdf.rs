//! A PDF: any octets behind its header.

#![no_main]

use idea_audit::document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let _ = document::read(octets);
    let behind = [b"%PDF-1.7\n", octets].concat();
    if let Ok(found) = document::read(&behind) {
        assert_eq!(found.octets, behind.len() as u64);
    }
});
