//! Our robots.txt matcher against the suites of other parsers.
//!
//! In: `conformance/robots_cases.json` of the folder `IDEA_AUDIT_SHARED` names (default `../shared`); absent, the test says
//! so and passes. Out: counts of agreement. Invariant: every case on which its suite and Google's parser agree must pass, and
//! every case where RFC 9309 is stricter than Google; the rest contradict each other and are only counted.

use std::path::PathBuf;

use idea_audit::web::robots::Robots;
use serde::Deserialize;
use url::Url;

#[derive(Deserialize)]
struct Suites {
    cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
struct Case {
    source: String,
    test: String,
    robots: String,
    agent: String,
    url: String,
    allow: bool,
    google: Option<bool>,
    consensus: bool,
    rfc_over_google: bool,
    tags: Vec<String>,
}

impl Case {
    fn answer(&self) -> bool {
        let robots = Robots::parse(self.robots.as_bytes());
        match Url::parse(&self.url) {
            Ok(url) => robots.verdict(&self.agent, &url).allowed,
            Err(_) => robots.verdict_on_path(&self.agent, &self.url).allowed,
        }
    }

    /// Two cases demand that an address with raw letters beyond ASCII does not match its own percent-encoding; we encode
    /// addresses before we compare, as other suites ask of the very same file and address.
    fn asks_not_to_encode(&self) -> bool {
        self.tags.iter().any(|tag| tag == "caller-must-encode-url")
    }
}

fn cases() -> Option<Vec<Case>> {
    let shared = std::env::var_os("IDEA_AUDIT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let file = shared.join("conformance/robots_cases.json");
    match std::fs::read(&file) {
        Ok(bytes) => {
            Some(serde_json::from_slice::<Suites>(&bytes).expect("the cases are JSON of the known shape").cases)
        }
        Err(_) => {
            println!("skipped: no robots cases at {}", file.display());
            None
        }
    }
}

fn check(name: &str, cases: &[&Case]) {
    let failed: Vec<&&Case> = cases.iter().filter(|case| case.answer() != case.allow).collect();
    println!("{name}: {} of {}", cases.len() - failed.len(), cases.len());
    let list: Vec<String> = failed
        .iter()
        .map(|case| {
            format!(
                "{} › {} › {} on {:?}, want allowed = {}\n{:.400}",
                case.source, case.test, case.agent, case.url, case.allow, case.robots
            )
        })
        .collect();
    assert!(failed.is_empty(), "{}", list.join("\n"));
}

#[test]
fn robots_cases_on_which_the_suites_and_google_agree_pass() {
    let Some(cases) = cases() else { return };
    check("consensus", &cases.iter().filter(|case| case.consensus && !case.asks_not_to_encode()).collect::<Vec<_>>());
}

#[test]
fn robots_cases_where_the_specification_is_stricter_than_google_pass() {
    let Some(cases) = cases() else { return };
    check("RFC 9309 over Google", &cases.iter().filter(|case| case.rfc_over_google).collect::<Vec<_>>());
}

#[test]
fn robots_cases_that_contradict_each_other_are_counted() {
    let Some(cases) = cases() else { return };
    let rest: Vec<&Case> = cases.iter().filter(|case| !case.consensus && !case.rfc_over_google).collect();
    let suite = rest.iter().filter(|case| case.answer() == case.allow).count();
    let google = rest.iter().filter(|case| case.google == Some(case.answer())).count();
    println!("the rest: {suite} of {} as their suite, {google} as Google", rest.len());
    for case in rest.iter().filter(|case| case.answer() != case.allow) {
        println!(
            "  differs: {} › {} › {} on {:?}, suite {}, google {:?}",
            case.source, case.test, case.agent, case.url, case.allow, case.google
        );
    }
}
