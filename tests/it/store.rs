//! The store, the same on SQLite and PostgreSQL: what is written comes back, attempts are fenced, a report out of it is the report
//! that went in, and a thousand pages stay small.

use std::collections::BTreeMap;

use idea_audit::finding::Outcomes;
use idea_audit::report::{self, Report};
use idea_audit::rules::RuleId;
use idea_audit::store::{
    Ended, Entry, Filter, Listed, Mark, NewRun, Place, Reading, Readings, RunId, RunState, Store, StoreError,
};
use idea_audit::verdict::Outcome;

use crate::postgres;

const DEMO: &str = include_str!("../../fixtures/reports/demo.json");
const NOW: &str = "2026-11-22T10:00:00Z";

fn demo() -> Report {
    serde_json::from_str(DEMO).expect("the demo is a report")
}

/// The demo as the report of one site of this name.
fn of_site(name: &str) -> Report {
    let mut report = demo();
    let host = report.sites[0].site.clone();
    report.sites.truncate(1);
    let text = serde_json::to_string(&report).expect("a report is JSON").replace(&host, name);
    let mut report: Report = serde_json::from_str(&text).expect("a host has another name");
    report.waivers.clear();
    report.reviews.clear();
    report.baseline = None;
    report.problems.sort();
    report
}

/// A store of each kind that this machine has.
async fn stores() -> Vec<(&'static str, Store, Option<tempfile::TempDir>)> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = Place::File(folder.path().join("store.db"));
    let mut stores = vec![("SQLite", Store::open(&place).await.expect("a file is a store"), Some(folder))];
    if let Some(url) = postgres::database().await {
        let place = Place::parse(&url).expect("an address");
        stores.push(("PostgreSQL", Store::open(&place).await.expect("a database is a store"), None));
    }
    stores
}

async fn begun(store: &Store, frame: &Report, targets: &[&str], id: &str) -> RunId {
    let mut frame = frame.clone();
    frame.run.id = id.to_string();
    frame.run.started = format!("2026-11-22T0{}:00:00Z", id.len() % 10);
    let listed: Vec<Listed> = targets
        .iter()
        .map(|target| Listed { target: target.to_string(), agency: Some("Listed".to_string()), ..Listed::default() })
        .collect();
    let run = NewRun { frame: &frame, plan: "full", settings: "s", targets: &listed };
    store.begin(&run).await.expect("a run begins")
}

#[tokio::test]
async fn a_report_comes_back_as_it_went_in() {
    for (kind, store, _folder) in stores().await {
        let whole = of_site("www.agency.example");
        let run = begun(&store, &whole, &["https://www.agency.example/"], "a").await;
        let claim = store.claim(run, "https://www.agency.example/", NOW).await.expect("is claimed");
        store.commit(&claim, &whole, &BTreeMap::new(), Ended::Whole).await.expect("is written");
        store.finish(run, RunState::Finished, &whole.run.finished, Some(&whole)).await.expect("ends");
        let back = store.report(run).await.expect("comes back");
        let json = |report: &Report| serde_json::to_value(report).expect("a report is JSON");
        assert_eq!(json(&back), json(&whole), "{kind}");
        let line = store.run("latest").await.expect("there is one");
        assert_eq!((line.state, line.targets, line.done), (RunState::Finished, 1, 1), "{kind}");
        assert_eq!(line.findings, whole.findings.len() as u64, "{kind}");
        assert_eq!(line.pages, whole.coverage.pages.judged, "{kind}");
    }
}

#[tokio::test]
async fn a_run_that_has_not_ended_is_summed_up_from_its_sites() {
    for (kind, store, _folder) in stores().await {
        let names = ["www.one.example", "www.two.example"];
        let first = of_site(names[0]);
        let run = begun(&store, &first, &["one", "two", "three"], "a").await;
        for (target, name) in ["one", "two"].into_iter().zip(names) {
            let claim = store.claim(run, target, NOW).await.expect("is claimed");
            store.commit(&claim, &of_site(name), &BTreeMap::new(), Ended::Whole).await.expect("is written");
        }
        let back = store.report(run).await.expect("comes back");
        assert_eq!(back.sites.iter().map(|site| site.site.as_str()).collect::<Vec<_>>(), names, "{kind}");
        assert_eq!(back.coverage.pages.judged, 2 * first.coverage.pages.judged, "{kind}");
        assert_eq!(back.findings.len(), 2 * first.findings.len(), "{kind}");
        assert!(back.run.stopped, "{kind}: it has not ended");
        for (row, one) in back.rules.iter().zip(&first.rules) {
            assert_eq!(row.tally.failed, 2 * one.tally.failed, "{kind}: {}", row.id);
        }
        report::html(&back, &mut Vec::new()).expect("a format works on it");
        report::sarif(&back, &mut Vec::new()).expect("a format works on it");
        let one = store.site_report(run, names[1]).await.expect("is there");
        assert_eq!((one.sites.len(), one.pages.len()), (1, first.pages.len()), "{kind}");
        assert!(store.site_report(run, "www.three.example").await.is_err(), "{kind}");
    }
}

#[tokio::test]
async fn only_the_last_attempt_at_a_target_writes() {
    for (kind, store, _folder) in stores().await {
        let site = of_site("www.agency.example");
        let run = begun(&store, &site, &["x"], "a").await;
        let slow = store.claim(run, "x", NOW).await.expect("is claimed");
        let quick = store.claim(run, "x", NOW).await.expect("is claimed again");
        assert_eq!((slow.attempt, quick.attempt), (1, 2), "{kind}");
        store.commit(&quick, &site, &BTreeMap::new(), Ended::Whole).await.expect("the last may write");
        let late = store.commit(&slow, &of_site("www.wrong.example"), &BTreeMap::new(), Ended::Whole).await;
        assert!(matches!(late, Err(StoreError::Lost { attempt: 1, .. })), "{kind}: {late:?}");
        let report = store.report(run).await.expect("comes back");
        assert_eq!(report.sites[0].site, "www.agency.example", "{kind}");
        assert_eq!(report.pages.len(), site.pages.len(), "{kind}");
    }
}

#[tokio::test]
async fn two_targets_that_led_to_one_site_are_one_site() {
    for (kind, store, _folder) in stores().await {
        let site = of_site("www.agency.example");
        let run = begun(&store, &site, &["agency.example", "old.example"], "a").await;
        for target in ["agency.example", "old.example"] {
            let claim = store.claim(run, target, NOW).await.expect("is claimed");
            store.commit(&claim, &site, &BTreeMap::new(), Ended::Whole).await.expect("is taken");
        }
        assert_eq!(store.report(run).await.expect("comes back").sites.len(), 1, "{kind}");
        let states: Vec<String> =
            store.targets(run).await.expect("are told").into_iter().map(|target| target.state).collect();
        assert_eq!(states, ["done", "same"], "{kind}");
    }
}

#[tokio::test]
async fn a_site_that_was_stopped_is_shown_and_can_be_claimed_again() {
    for (kind, store, _folder) in stores().await {
        let site = of_site("www.agency.example");
        let run = begun(&store, &site, &["x", "y"], "a").await;
        let claim = store.claim(run, "x", NOW).await.expect("is claimed");
        store.commit(&claim, &site, &BTreeMap::new(), Ended::Partly).await.expect("is written");
        assert_eq!(store.report(run).await.expect("comes back").pages.len(), site.pages.len(), "{kind}");
        let states = async || -> Vec<String> {
            store.targets(run).await.expect("are told").into_iter().map(|target| target.state).collect()
        };
        assert_eq!(states().await, ["partly", "waiting"], "{kind}");
        let claim = store.claim(run, "x", NOW).await.expect("is claimed again");
        assert!(store.report(run).await.expect("comes back").pages.is_empty(), "{kind}");
        store.commit(&claim, &site, &BTreeMap::new(), Ended::Whole).await.expect("is written");
        store.same(run, &["x".to_string(), "y".to_string()], "www.agency.example").await.expect("is written");
        assert_eq!(states().await, ["done", "same"], "{kind}");
    }
}

#[tokio::test]
async fn findings_know_when_they_were_first_and_last_seen() {
    for (kind, store, _folder) in stores().await {
        let mut site = of_site("www.agency.example");
        let mut runs = Vec::new();
        for (id, drop) in [("a", 0), ("bb", 1), ("ccc", 1)] {
            site.findings.truncate(site.findings.len() - drop);
            let run = begun(&store, &site, &["x"], id).await;
            let claim = store.claim(run, "x", NOW).await.expect("is claimed");
            store.commit(&claim, &site, &BTreeMap::new(), Ended::Whole).await.expect("is written");
            store.finish(run, RunState::Finished, NOW, None).await.expect("ends");
            runs.push(run);
        }
        let all = Filter { site: Some("www.agency.example".to_string()), ..Filter::default() };
        let numbers = [0, 1, 2].map(|at| runs[at]);
        let mut counts = Vec::new();
        for run in numbers {
            let rows = store.findings(run, &all).await.expect("are told");
            assert!(rows.iter().all(|row| row.first_run == runs[0] && row.first_seen.starts_with("2026-11-22T01")));
            counts.push(rows.len());
        }
        let left = site.findings.len();
        assert_eq!(counts, [left + 2, left + 1, left], "{kind}");
        let rule = site.findings[0].rule.clone();
        let of_rule = Filter { rule: Some(rule.clone()), most: Some(1), ..Filter::default() };
        let rows = store.findings(runs[2], &of_rule).await.expect("are told");
        assert_eq!((rows.len(), &rows[0].rule), (1, &rule), "{kind}");
        assert_eq!(store.history("www.agency.example").await.expect("is told").len(), 3, "{kind}");
        let url = &site.pages[0].url;
        assert_eq!(store.page_history("www.agency.example", url).await.expect("is told").len(), 3, "{kind}");
        let trends = store.trends(&Filter::default()).await.expect("are told");
        let found: Vec<u64> = trends.iter().map(|trend| trend.findings).collect();
        assert_eq!(found, [left + 2, left + 1, left].map(|count| count as u64), "{kind}: the earliest first");
        assert_eq!(trends[0].rules[&rule].failed + trends[0].rules[&rule].cant_tell, 1, "{kind}");
    }
}

#[tokio::test]
async fn sites_are_found_by_agency_and_words_and_an_unseen_one_is_undetermined() {
    for (kind, store, _folder) in stores().await {
        let mut unseen = of_site("www.unseen.example");
        unseen.coverage.pages.judged = 0;
        unseen.sites[0].agency = None;
        let run = begun(&store, &unseen, &["seen", "unseen", "waiting"], "a").await;
        let mut seen = of_site("www.seen.example");
        seen.sites[0].agency = Some("Department of Examples".to_string());
        for (target, site) in [("seen", &seen), ("unseen", &unseen)] {
            let claim = store.claim(run, target, NOW).await.expect("is claimed");
            store.commit(&claim, site, &BTreeMap::new(), Ended::Whole).await.expect("is written");
        }
        let names = |filter: Filter| {
            let store = store.clone();
            async move {
                let lines = store.sites(run, &filter).await.expect("are told");
                lines.into_iter().map(|line| line.site).collect::<Vec<_>>()
            }
        };
        let listed = Filter { agency: Some("Listed".to_string()), ..Filter::default() };
        assert_eq!(names(listed).await, ["waiting", "www.unseen.example"], "{kind}");
        let words = |words: &str| Filter { words: Some(words.to_string()), ..Filter::default() };
        assert_eq!(names(words("WWW.SEEN")).await, ["www.seen.example"], "{kind}");
        assert!(names(words("w%seen")).await.is_empty(), "{kind}: a sign is no pattern");
        let second = Filter { most: Some(1), after: 1, ..Filter::default() };
        assert_eq!(names(second).await, ["www.seen.example"], "{kind}");
        let trend = &store.trends(&Filter::default()).await.expect("are told")[0];
        assert_eq!((trend.sites, trend.undetermined), (2, 1), "{kind}");
        assert!(trend.rules.values().all(|tally| tally.failed <= 1), "{kind}: the undetermined one is in no tally");
    }
}

#[tokio::test]
async fn a_journal_keeps_its_entries_until_their_site_is_done() {
    for (kind, store, _folder) in stores().await {
        let run = begun(&store, &demo(), &[], "a").await;
        let entry = |key: u8, host: &str, octets: &[u8]| Entry {
            key: vec![key; 16],
            host: host.to_string(),
            octets: octets.to_vec(),
        };
        let first = vec![entry(1, "a.example", b"\0one"), entry(2, "b.example", b"two"), entry(1, "a.example", b"new")];
        store.note(run, &first).await.expect("is noted");
        assert_eq!(store.entry(run, &[1; 16]).await.expect("is read").as_deref(), Some(&b"new"[..]), "{kind}");
        store.forget(run, &["a.example".to_string()]).await.expect("is forgotten");
        assert_eq!(store.noted(run).await.expect("are told"), [vec![2; 16]], "{kind}");
        store.finish(run, RunState::Stopped, NOW, None).await.expect("stops");
        assert_eq!(store.noted(run).await.expect("are told").len(), 1, "{kind}: a stopped run can go on");
        store.finish(run, RunState::Finished, NOW, None).await.expect("ends");
        assert!(store.noted(run).await.expect("are told").is_empty(), "{kind}");
    }
}

#[tokio::test]
async fn readings_are_kept_by_site_and_settings() {
    for (kind, store, _folder) in stores().await {
        let site = of_site("www.agency.example");
        let run = begun(&store, &site, &["x"], "a").await;
        let claim = store.claim(run, "x", NOW).await.expect("is claimed");
        store.commit(&claim, &site, &BTreeMap::new(), Ended::Whole).await.expect("is written");
        let reading = |number: u8| Reading {
            key: vec![number; 16],
            day: (number == 7).then(|| "2026".to_string()),
            etag: Some("\"a\"".to_string()),
            modified: None,
            media: "text/html".to_string(),
            body: vec![number; 32],
            steady: vec![1, u64::MAX],
        };
        let entry = |number: u8| Entry { key: vec![number], host: "h".to_string(), octets: vec![0, number] };
        store.note(run, &[entry(1), entry(2)]).await.expect("are noted");
        let name = "www.agency.example";
        let readings = |read, carried: &[u8]| Readings {
            settings: "s".to_string(),
            read,
            carried: carried.iter().map(|number| vec![*number; 16]).collect(),
        };
        let first = readings(vec![(reading(7), vec![1]), (reading(8), vec![2]), (reading(9), vec![3])], &[]);
        store.keep_readings(run, name, first).await.expect("are kept");
        let kept = store.readings(name, "s").await.expect("are read");
        assert_eq!(kept, (vec![reading(7), reading(8)], 0), "{kind}: what has no reading is not kept");
        assert_eq!(store.readings(name, "other").await.expect("are read"), (Vec::new(), 2), "{kind}");
        assert_eq!(store.reading(name, &[8; 16]).await.expect("is read"), Some(vec![0, 2]), "{kind}");
        store.keep_readings(run, name, readings(vec![(reading(9), vec![1])], &[8])).await.expect("are kept");
        let kept = store.readings(name, "s").await.expect("are read").0;
        assert_eq!(kept, [reading(8), reading(9)], "{kind}: what is gone goes");
    }
}

#[tokio::test]
async fn a_run_is_named_by_number_and_by_the_beginning_of_its_id_and_can_be_removed() {
    for (kind, store, _folder) in stores().await {
        let site = of_site("www.agency.example");
        let first = begun(&store, &site, &["x"], "0199-a").await;
        begun(&store, &site, &["x"], "0199-b").await;
        assert_eq!(store.run("0199-a").await.expect("is named").id, first, "{kind}");
        assert_eq!(store.run(&first.0.to_string()).await.expect("is named").id, first, "{kind}");
        for wrong in ["0199", "", "x"] {
            assert!(matches!(store.run(wrong).await, Err(StoreError::Absent { .. })), "{kind}: {wrong}");
        }
        let claim = store.claim(first, "x", NOW).await.expect("is claimed");
        store.commit(&claim, &site, &BTreeMap::new(), Ended::Whole).await.expect("is written");
        store.remove(first).await.expect("is removed");
        assert_eq!(store.runs().await.expect("are told").len(), 1, "{kind}");
        assert!(store.report(first).await.is_err(), "{kind}");
    }
}

#[tokio::test]
async fn what_is_no_store_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let other = folder.path().join("report.json");
    std::fs::write(&other, DEMO).expect("is written");
    for (path, says) in [(folder.path().join("none.db"), "no such file"), (other, "not a database")] {
        let told = Store::open_existing(&Place::File(path)).await.expect_err("is refused").to_string();
        assert!(told.contains(says) && told.contains("\n  "), "{told}");
    }
}

#[tokio::test]
async fn a_store_of_a_later_version_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = Place::File(folder.path().join("store.db"));
    Store::open(&place).await.expect("is made").close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("store.db"));
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("is a database");
    sqlx::query("INSERT INTO _sqlx_migrations SELECT 9999, description, installed_on, success, checksum, execution_time FROM _sqlx_migrations LIMIT 1")
        .execute(&pool)
        .await
        .expect("a later version");
    pool.close().await;
    let told = Store::open(&place).await.expect_err("is refused").to_string();
    assert!(told.contains("version"), "{told}");
}

/// Real outcomes and findings, a thousand pages of them.
#[tokio::test]
async fn a_thousand_pages_with_all_outcomes_take_less_than_three_megabytes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("store.db");
    let store = Store::open(&Place::File(file.clone())).await.expect("is made");
    let site = thousand();
    let run = begun(&store, &site, &["x"], "a").await;
    let claim = store.claim(run, "x", NOW).await.expect("is claimed");
    let mark = |url: &str| {
        let digest = blake3::hash(url.as_bytes()).as_bytes()[..16].to_vec();
        let modified = Some("Sat, 21 Nov 2026 10:00:00 GMT".to_string());
        (url.to_string(), Mark { digest, etag: Some(format!("\"{:x}-5f3\"", url.len() * 7919)), modified })
    };
    let marks = site.pages.iter().map(|page| mark(&page.url)).collect();
    store.commit(&claim, &site, &marks, Ended::Whole).await.expect("is written");
    store.finish(run, RunState::Finished, NOW, Some(&site)).await.expect("ends");
    let back = store.report(run).await.expect("comes back");
    assert_eq!((back.pages.len(), back.findings.len()), (1000, site.findings.len()));
    store.close().await;
    let octets = std::fs::metadata(&file).expect("is a file").len();
    println!("1,000 pages, {} outcomes each, {} findings: {octets} octets", site.rules.len(), site.findings.len());
    assert!(octets <= 3_000_000, "{octets}");
}

#[tokio::test]
async fn what_a_run_noted_to_be_resumed_takes_no_room_when_it_has_ended() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("store.db");
    let store = Store::open(&Place::File(file.clone())).await.expect("is made");
    let site = of_site("www.agency.example");
    let run = begun(&store, &site, &["x"], "a").await;
    let entries: Vec<Entry> = (0_u8..100)
        .map(|number| Entry {
            key: vec![number; 16],
            host: "www.agency.example".to_string(),
            octets: vec![number; 50_000],
        })
        .collect();
    store.note(run, &entries).await.expect("is noted");
    store.finish(run, RunState::Finished, NOW, None).await.expect("ends");
    store.close().await;
    let octets = std::fs::metadata(&file).expect("is a file").len();
    assert!(octets < 500_000, "{octets} octets are left of five million");
}

/// A site of a thousand pages, each with an outcome for each rule, and findings as a real site has them.
fn thousand() -> Report {
    let mut site = of_site("www.agency.example");
    let example = site.findings.clone();
    let row = site.pages[0].clone();
    let rule = site.rules[0].clone();
    site.rules = (0..376)
        .map(|n| idea_audit::report::RuleRow { id: RuleId::of(format!("pack/rule-{n:03}")), ..rule.clone() })
        .collect();
    site.pages.clear();
    site.findings.clear();
    // The same every time, and without a pattern that would flatter the compression.
    let mut dice: u64 = 42;
    let mut roll = |sides: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % sides
    };
    for n in 0..1000 {
        let url = format!("https://www.agency.example/topics/{}/{n:04}-{:x}.html", roll(12), roll(1 << 30));
        let mut page = row.clone();
        page.outcomes = Outcomes::default();
        for rule in &site.rules {
            // Pages of one site mostly agree.
            let usual = if rule.id.as_str().len() % 3 == 0 { Outcome::Inapplicable } else { Outcome::Passed };
            let outcome = if roll(25) == 0 { Outcome::ALL[roll(5) as usize] } else { usual };
            page.outcomes.insert(&rule.id, outcome);
        }
        for _ in 0..6 {
            let mut finding = example[roll(example.len() as u64) as usize].clone();
            finding.url = url.as_str().into();
            finding.rule = site.rules[roll(376) as usize].id.clone();
            finding.fingerprint = format!("{:08x}{:08x}", roll(1 << 31), roll(1 << 31)).into();
            site.findings.push(finding);
        }
        page.url = url.into();
        site.pages.push(page);
    }
    site.coverage.pages.judged = 1000;
    site.sort();
    site
}
