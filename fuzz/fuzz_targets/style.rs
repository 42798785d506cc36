//! A style sheet: imports followed, rules put together, as for a page that links to it and imports it.

#![no_main]

use idea_audit::html::Document;
use idea_audit::style::{Gathered, Shelved, gather};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;
use url::Url;

fuzz_target!(|octets: &[u8]| {
    let css: Arc<str> = String::from_utf8_lossy(octets).into();
    let base = Url::parse("https://www.agency.example/x/y").expect("an address");
    let document = Document::parse(
        "<!doctype html><link rel=stylesheet href=a.css><style>@import 'b.css' screen;</style><p>Tides</p>",
    );
    let shelf = |url: &Url| Shelved::Text(css.clone(), url.clone());
    if let Gathered::Whole(sources, _) = gather(&document, &base, &shelf) {
        assert!(
            sources.iter().map(|source| source.css.len()).sum::<usize>() < 64 << 20,
            "nothing is multiplied without end"
        );
    }
});
