//! A page: octets, read and judged by every page rule.

#![no_main]

use idea_audit::engine::{Days, Engine};
use idea_audit::facts::{Page, SiteFacts, Standing};
use idea_audit::rules::{Profile, RuleSet};
use idea_audit::web::{Capture, Headers, MediaType, Source};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use url::Url;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let set = RuleSet::bundled().expect("the bundled rules load");
    let day = jiff::civil::date(2026, 11, 22);
    Engine::of(set.rules.clone(), set.sources.clone(), Days { today: day, policy_as_of: day })
});

fuzz_target!(|octets: &[u8]| {
    let url = Url::parse("https://www.agency.example/x/y").expect("an address");
    let kind = "text/html; charset=utf-8";
    let capture = Capture {
        requested: url.clone(),
        url,
        hops: Vec::new(),
        status: 200,
        headers: Some(Headers::of([("content-type", kind)])),
        media: MediaType::of(kind),
        body: octets.to_vec().into(),
        wire_bytes: octets.len() as u64,
        truncated: false,
        peer: None,
        source: Source::Network,
    };
    let page = Page::read(&capture);
    let facts = page.facts(Standing::Home, ENGINE.days().today);
    let mut site = SiteFacts::default();
    site.refer_links(&facts);
    site.take_stock(&facts);
    site.take_papers(&facts);
    let judgement = ENGINE.judge_page(&facts, &Profile::default());
    assert!(judgement.findings.iter().all(|finding| finding.place.line.is_none_or(|line| line >= 1)));
});
