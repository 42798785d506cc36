//! A robots.txt: any octets, and the same answer twice.

#![no_main]

use idea_audit::web::robots::Robots;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let robots = Robots::parse(octets);
    for path in ["/", "/private/open", "/a?q=1&r", "/%7Euser"] {
        let [one, other] =
            ["idea-audit", "IDEA-Audit"].map(|agent| format!("{:?}", robots.verdict_on_path(agent, path)));
        assert_eq!(one, other);
    }
    let _ = (robots.crawl_delay("idea-audit"), robots.sitemaps().len(), robots.groups().count());
});
