//! A report that somebody wrote: read or refused, and what was read can be shown in every format.

#![no_main]

use idea_audit::report::{self, Paint};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let Ok(report) = report::read(octets.to_vec()) else { return };
    let mut out = Vec::new();
    report::json(&report, &mut out).expect("a vector takes everything");
    out.clear();
    report::html(&report, &mut out).expect("a vector takes everything");
    report::text(&report, Paint::Plain, 80, &mut out).expect("a vector takes everything");
    report::forms_csv(&report, &mut out).expect("a vector takes everything");
    report::sarif(&report, &mut out).expect("a vector takes everything");
});
