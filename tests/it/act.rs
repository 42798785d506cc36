//! Our accessibility rules against the W3C's ACT test cases.
//!
//! In: `conformance/act` of the folder `IDEA_AUDIT_SHARED` names (default `../shared`); absent, the test says so and passes.
//! Out: counts for each ACT rule that a rule of ours claims. Invariant: no case that passes or is inapplicable is reported
//! failed; that is what claiming an ACT rule means.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use idea_audit::engine::{Days, Engine};
use idea_audit::facts::{Page, Standing};
use idea_audit::rules::{Profile, Rule, RuleSet};
use idea_audit::verdict::Outcome;
use idea_audit::web::{Capture, Headers, MediaType, Source};
use jiff::civil::date;
use serde::Deserialize;
use url::Url;

#[derive(Deserialize)]
struct Suite {
    testcases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    rule_id: String,
    title: String,
    expected: String,
    path: String,
    url: Url,
}

#[derive(Default)]
struct Count {
    cases: usize,
    right: usize,
    accused: Vec<String>,
    missed: Vec<String>,
}

#[test]
fn no_act_case_that_passes_or_is_inapplicable_is_reported_failed() {
    let shared = std::env::var_os("IDEA_AUDIT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let folder = shared.join("conformance/act");
    let Ok(list) = std::fs::read(folder.join("testcases.json")) else {
        println!("skipped: no ACT cases at {}", folder.display());
        return;
    };
    let suite: Suite = serde_json::from_slice(&list).expect("the list of cases is JSON of the known shape");
    let set = RuleSet::bundled().unwrap_or_else(|diagnostics| panic!("the bundled rules do not load:\n{diagnostics}"));
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    for case in &suite.testcases {
        let rules: Vec<Arc<Rule>> =
            set.rules.iter().filter(|rule| rule.standards.act.contains(&case.rule_id)).cloned().collect();
        if rules.is_empty() {
            continue;
        }
        let engine = Engine::of(
            rules,
            set.sources.clone(),
            Days { today: date(2026, 11, 22), policy_as_of: date(2026, 11, 22) },
        );
        let got = judged(&engine, &folder, case);
        let count = counts.entry(&case.rule_id).or_default();
        count.cases += 1;
        let name = format!("{} {} ({}): got {}", case.title, case.path, case.expected, got.as_str());
        match (case.expected.as_str(), got) {
            ("failed", Outcome::Failed | Outcome::CantTell) => count.right += 1,
            ("failed", Outcome::Passed | Outcome::Inapplicable | Outcome::Untested) => count.missed.push(name),
            (_, Outcome::Failed) => count.accused.push(name),
            (_, Outcome::CantTell | Outcome::Passed | Outcome::Inapplicable | Outcome::Untested) => count.right += 1,
        }
    }
    let mut accused = Vec::new();
    for (rule, count) in &counts {
        println!("{rule}: {} of {}", count.right, count.cases);
        for name in &count.missed {
            println!("  missed: {name}");
        }
        accused.extend(count.accused.iter().map(|name| format!("{rule} {name}")));
    }
    let (right, cases) = counts.values().fold((0, 0), |sum, count| (sum.0 + count.right, sum.1 + count.cases));
    println!("{} ACT rules, {right} of {cases} cases", counts.len());
    assert!(accused.is_empty(), "{}", accused.join("\n"));
}

fn judged(engine: &Engine, folder: &Path, case: &Case) -> Outcome {
    let body = std::fs::read(folder.join(&case.path)).expect("a listed case is there");
    let kind = match case.path.rsplit('.').next() {
        Some("svg") => "image/svg+xml",
        Some("xhtml") => "application/xhtml+xml",
        Some("xml") => "application/xml",
        Some("html" | "htm") | Some(_) | None => "text/html; charset=utf-8",
    };
    let capture = Capture {
        requested: case.url.clone(),
        url: case.url.clone(),
        hops: Vec::new(),
        status: 200,
        media: MediaType::of(kind),
        headers: Some(Headers::of([("content-type".to_string(), kind.to_string())])),
        wire_bytes: body.len() as u64,
        body: body.into(),
        truncated: false,
        peer: None,
        source: Source::Network,
    };
    let page = Page::read(&capture);
    let facts = page.facts(Standing::Inner, date(2026, 11, 22));
    let judgement = engine.judge_page(&facts, &Profile::default());
    Outcome::fold(judgement.outcomes.into_values())
}
