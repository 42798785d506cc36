//! Office files: any octets as a package, and any XML as the parts of one.

#![no_main]

use idea_audit::document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let package = [b"PK\x03\x04", octets].concat();
    let _ = document::read(&package);
    let compound = [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], octets].concat();
    let _ = document::read(&compound);
    let _ = document::read(octets);
});
