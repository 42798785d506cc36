//! The dashboard over a store of three runs: what it answers, to whom, how fast, and how it looks and works in Chromium.
//!
//! The store is written through its own interface: runs of many sites, some refused, with faults that come and go. `IDEA_AUDIT_DASHBOARD_SITES`
//! says how many (40). Invariants: every link of every page leads somewhere; the API is what its description says; nothing is on the console.

use idea_audit::finding::Outcomes;
use idea_audit::report::rollup::Rollup;
use idea_audit::report::{self, Report};
use idea_audit::store::{Ended, Listed, NewRun, Place, RunState, Store};
use idea_audit::verdict::Outcome;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::html_report::tab::Tab;
use super::html_report::{check_colours, check_narrow, tab_to};
use super::machine::chromium;
use super::postgres;
use super::sinks::{check_valid, written};

const AGENCIES: [&str; 9] = [
    "Harbor Safety Administration",
    "Canal Bureau",
    "Office of Tides & Weirs",
    "Department of Lighthouses/Beacons",
    "Grants Desk",
    "Lock Keepers' Board",
    "River Survey",
    "Commission <on> \"Quotes\"",
    "",
];
const BUREAUS: [&str; 3] = ["Field Office", "Records Office", ""];
const DAYS: [&str; 3] = ["2026-09-01", "2026-10-01", "2026-11-02"];

/// Sites of each run.
fn sites() -> usize {
    std::env::var("IDEA_AUDIT_DASHBOARD_SITES").ok().and_then(|text| text.parse().ok()).unwrap_or(40)
}

/// A site of the examples, with all rules, three of its pages.
fn example() -> Report {
    let output = Command::new(env!("CARGO_BIN_EXE_idea-audit"))
        .args(["scan", "mixed", "--as", "https://www.grants-desk.example", "--quiet", "--today", "2026-09-01"])
        .args(["--profile", "executive", "--max-pages", "3", "--format", "json"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/sites"))
        .output()
        .expect("the program starts");
    let mut report: Report = serde_json::from_slice(&output.stdout).expect("the output is a report");
    let root = "https://www.grants-desk.example/";
    report.pages.sort_by_key(|page| (*page.url != *root, page.url.clone()));
    report.pages.truncate(3);
    let kept: BTreeSet<String> = report.pages.iter().map(|page| page.url.to_string()).collect();
    report.findings.retain(|finding| kept.contains(&*finding.url));
    report.findings.truncate(60);
    report.problems.retain(|row| kept.contains(&row.url));
    report.sort();
    report
}

fn name_of(number: usize) -> String {
    format!("www.site-{number:03}.example")
}

/// The example as another site in another run: what it fails depends on both, and every ninth refuses us.
fn of_site(example: &Report, number: usize, run: usize) -> Report {
    let mut report = example.clone();
    let name = name_of(number);
    let renamed = |url: &str| url.replace("www.grants-desk.example", &name);
    let site = &mut report.sites[0];
    let known = |name: &str| (!name.is_empty()).then(|| name.to_string());
    (site.site, site.agency) = (name.clone(), known(AGENCIES[number % AGENCIES.len()]));
    site.bureau = known(BUREAUS[number % BUREAUS.len()]);
    site.facts["root"] = json!(format!("https://{name}/"));
    report.pages.iter_mut().for_each(|page| page.url = renamed(&page.url).into());
    report.findings.iter_mut().for_each(|finding| finding.url = renamed(&finding.url).into());
    if number % 9 == 4 {
        for page in &mut report.pages {
            (page.judged, page.status, page.problem) = (false, Some(403), Some("blocked".to_string()));
            page.outcomes = Outcomes::default();
        }
        site.outcomes = site.outcomes.keys().map(|rule| (rule.clone(), Outcome::Untested)).collect();
        site.scorecard.iter_mut().for_each(|row| row.outcome = Outcome::Untested);
        report.findings.clear();
        return report;
    }
    // What a site mends between runs is gone; some break something instead.
    let mended = |at: usize| (at * 7 + number * 3) % 10 < run * 3;
    let rules: Vec<_> = site.outcomes.keys().cloned().collect();
    for (at, rule) in rules.iter().enumerate().filter(|(at, _)| mended(*at)) {
        let outcome = if (at + number + run).is_multiple_of(13) { Outcome::Failed } else { Outcome::Passed };
        for outcomes in report.pages.iter_mut().map(|page| &mut page.outcomes).chain([&mut site.outcomes]) {
            if outcomes.contains_key(rule) {
                outcomes.insert(rule, outcome);
            }
        }
        report.findings.retain(|finding| finding.rule != *rule);
    }
    report
}

async fn fill(place: &str, sites: usize) {
    let place = Place::parse(place).expect("is a place");
    let store = Store::open(&place).await.expect("a place is a store");
    let example = example();
    let targets: Vec<Listed> = (0..sites)
        .map(|number| Listed { target: format!("https://{}/", name_of(number)), ..Listed::default() })
        .collect();
    for (run, day) in DAYS.iter().enumerate() {
        let mut frame = example.clone();
        frame.run.id = format!("0199{run}000-0000-7000-8000-000000000000");
        frame.run.started = format!("{day}T02:00:00Z");
        frame.run.judged_on = day.parse().expect("a day");
        let id = store
            .begin(&NewRun { frame: &frame, plan: "sample 3", settings: "s", targets: &targets })
            .await
            .expect("begins");
        for (number, target) in targets.iter().enumerate() {
            let claim = store.claim(id, &target.target, &frame.run.started).await.expect("is claimed");
            let report = of_site(&example, number, run);
            store.commit(&claim, &report, &BTreeMap::new(), Ended::Whole).await.expect("is written");
        }
        let finished = format!("{day}T03:00:00Z");
        store.finish(id, RunState::Finished, &finished, None).await.expect("ends");
    }
    store.close().await;
}

/// A running dashboard; it ends with the value.
pub(super) struct Dashboard {
    program: Child,
    pub(super) root: String,
    _folder: tempfile::TempDir,
}

impl Dashboard {
    fn of(sites: usize) -> Self {
        Self::over(async |file| fill(&file.display().to_string(), sites).await)
    }

    /// Over a store that somebody fills.
    pub(super) fn over(fill: impl AsyncFnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("store.db");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(fill(&file));
        Self::showing(&file.display().to_string(), folder)
    }

    /// Over the store at a place.
    fn showing(place: &str, folder: tempfile::TempDir) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_idea-audit"))
            .args(["serve", "--listen", "127.0.0.1:0", "--name", "dash.agency.example", "--store"])
            .arg(place)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let said = BufReader::new(program.stderr.take().expect("it talks")).lines();
        let ready = said.map(|line| line.expect("it says words")).find(|line| line.contains("http://"));
        let ready = ready.expect("it says where it is");
        let root = ready.split_whitespace().find(|word| word.starts_with("http://")).expect("an address").to_string();
        Self { program, root, _folder: folder }
    }

    /// Asks; `path` begins with a slash.
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let client =
                reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
            let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
            let url = format!("{}{}", self.root.trim_end_matches('/'), path);
            let mut request = client.request(method, url);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let begun = Instant::now();
            let response = request.send().await.expect("it answers");
            let status = response.status().as_u16();
            let header = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
                (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            };
            let headers = response.headers().iter().map(header).collect();
            let body = response.text().await.expect("it ends");
            Answer { status, headers, body, took: begun.elapsed() }
        })
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}

impl Drop for Dashboard {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
    took: Duration,
}

/// The addresses that a page leads to, as they stand in its markup.
pub(super) fn links(page: &str) -> BTreeSet<String> {
    let document = scraper::Html::parse_document(page);
    let anything = scraper::Selector::parse("[href]").expect("a selector");
    let links = document.select(&anything).filter_map(|one| one.value().attr("href"));
    let own = links.filter(|href| href.starts_with('/')).map(|href| href.split('#').next().unwrap_or(href).to_string());
    own.collect()
}

/// One address of each kind, so that a walk stays short: lists by page, and one site, agency and rule of each run.
pub(super) fn kind(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts: Vec<&str> = path.split('/').collect();
    let shape = match parts[..] {
        ["", "sites", _, ref rest @ ..] => format!("/sites/*/{}", rest.join("/")),
        ["", "agencies", _] => "/agencies/*".to_string(),
        ["", "rules", _, _] => "/rules/*/*".to_string(),
        ["", "api", "v1", "sites", _, ref rest @ ..] => format!("/api/v1/sites/*/{}", rest.join("/")),
        _ => path.to_string(),
    };
    let keys: BTreeSet<&str> = query.split('&').map(|part| part.split('=').next().unwrap_or(part)).collect();
    format!("{shape}?{keys:?}")
}

#[test]
fn every_link_leads_somewhere_safely_and_soon() {
    let dashboard = Dashboard::of(sites());
    let mut seen = BTreeMap::<String, usize>::new();
    let mut waiting = VecDeque::from(["/".to_string()]);
    let (mut known, mut slowest) = (BTreeSet::new(), (Duration::ZERO, String::new()));
    while let Some(path) = waiting.pop_front() {
        let times = seen.entry(kind(&path)).or_default();
        *times += 1;
        // Names with odd characters are among the first of their kind.
        if *times > 12 {
            continue;
        }
        let answer = dashboard.get(&path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        for (header, part) in [
            ("content-security-policy", "frame-ancestors 'none'"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            ("etag", "\""),
        ] {
            let value = answer.headers.get(header).map(String::as_str).unwrap_or_default();
            assert!(value.contains(part), "{path}: {header}: {value}");
        }
        if answer.took > slowest.0 {
            slowest = (answer.took, path.clone());
        }
        let is_page = answer.headers["content-type"].starts_with("text/html");
        if is_page && !path.contains("/report") {
            for inline in ["<script", "style=", "<style", "onclick", "javascript:"] {
                assert!(!answer.body.contains(inline), "{path}: {inline}");
            }
            waiting.extend(links(&answer.body).into_iter().filter(|link| known.insert(link.clone())));
        }
    }
    assert!(seen.len() >= 20, "{seen:?}");
    println!("{} kinds of addresses; the slowest took {:?}: {}", seen.len(), slowest.0, slowest.1);
}

#[test]
fn the_api_is_what_its_description_says() {
    let dashboard = Dashboard::of(24);
    let description = dashboard.json("/api/openapi.json");
    let schema = |name: &str| {
        let whole = json!({"$ref": format!("#/components/schemas/{name}"), "components": description["components"]});
        jsonschema::validator_for(&whole).expect("the description holds schemas")
    };
    let name = |operation: &Value, status: &str| {
        let content = &operation["responses"][status]["content"]["application/json"]["schema"]["$ref"];
        content.as_str().expect("answers have schemas").rsplit('/').next().unwrap_or_default().to_string()
    };
    let paths = description["paths"].as_object().expect("there are paths");
    assert_eq!(paths.len(), 8);
    for (path, item) in paths {
        assert_eq!(
            item.as_object().map(|verbs| verbs.keys().collect::<Vec<_>>()),
            Some(vec![&"get".to_string()]),
            "nothing writes"
        );
        let operation = &item["get"];
        let real = path.replace("{site}", &name_of(3));
        check_valid(&schema(&name(operation, "200")), &dashboard.json(&real));
        for parameter in operation["parameters"].as_array().expect("parameters") {
            let value = match parameter["name"].as_str().expect("a name") {
                "run" => "1",
                "page" => "1",
                "agency" => "Canal+Bureau",
                "bureau" => "Field+Office",
                "rule" => "identity%2Fgovernment-banner",
                "words" => "canal",
                "site" => "www.site-003.example",
                other => panic!("{path}: {other}"),
            };
            let asked = format!("{real}?{}={value}", parameter["name"].as_str().expect("a name"));
            check_valid(&schema(&name(operation, "200")), &dashboard.json(&asked));
        }
        let wrong = dashboard.get(&format!("{real}?run=last"));
        assert_eq!(wrong.status, 400, "{path}");
        check_valid(&schema(&name(operation, "400")), &serde_json::from_str(&wrong.body).expect("it is JSON"));
    }
    let site: Report =
        serde_json::from_value(dashboard.json("/api/v1/sites/www.site-003.example/report")).expect("a report");
    assert_eq!(site.sites.len(), 1);
    let all = dashboard.json("/api/v1/sites");
    assert_eq!(all["all"], 24);
    let canal = dashboard.json("/api/v1/sites?agency=Canal+Bureau");
    assert!(canal["all"].as_u64().is_some_and(|some| some > 0 && some < 24), "{canal}");
    assert!(canal["sites"].as_array().expect("rows").iter().all(|site| site["agency"] == "Canal Bureau"));
    let refused = all["sites"].as_array().expect("rows").iter().find(|site| site["site"] == "www.site-004.example");
    let refused = refused.expect("it was asked for");
    assert_eq!((&refused["seen"], &refused["not-seen-by"]), (&json!(false), &json!("blocked")));
    assert_eq!(refused["fails-a-must"], false);
    let trends = dashboard.json("/api/v1/trends");
    assert_eq!(trends["runs"].as_array().map(Vec::len), Some(3));
    let of_rule = dashboard.json("/api/v1/findings?rule=identity%2Fgovernment-banner&run=1");
    assert!(
        of_rule["findings"].as_array().expect("rows").iter().all(|one| one["rule"] == "identity/government-banner")
    );

    let table = dashboard.get("/csv/idea.csv?run=2").body;
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let store = Place::File(dashboard._folder.path().join("store.db"));
    let report = runtime.block_on(async {
        let store = Store::open_existing(&store).await.expect("it is there");
        let run = store.run("2").await.expect("there is one").id;
        store.report(run).await.expect("it comes back")
    });
    assert_eq!(
        table,
        written(|out| report::rollup::idea_csv(&Rollup::of(&report), out)),
        "the same bytes as the format"
    );
}

#[test]
fn a_postgresql_store_is_shown_as_a_file_is() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let Some(place) = runtime.block_on(postgres::database()) else { return };
    runtime.block_on(fill(&place, 12));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (file, server) = (Dashboard::of(12), Dashboard::showing(&place, folder));
    for path in [
        "/api/v1/runs",
        "/api/v1/sites",
        "/api/v1/sites?agency=Canal+Bureau",
        "/api/v1/rollup",
        "/api/v1/rules",
        "/api/v1/trends",
        "/api/v1/findings?rule=identity%2Fgovernment-banner&run=1",
        "/api/v1/sites/www.site-003.example/report",
    ] {
        assert_eq!(server.json(path), file.json(path), "{path}");
    }
    for path in ["/", "/runs", "/agencies", "/sites", "/rules", "/sites/www.site-003.example", "/csv/agencies.csv"] {
        let (shown, same) = (server.get(path), file.get(path));
        assert_eq!((shown.status, shown.body.len()), (200, same.body.len()), "{path}");
    }
}

#[test]
fn nothing_is_written_and_what_is_wrong_is_said() {
    let mut dashboard = Dashboard::of(5);
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
        let answer = dashboard.ask(method, "/", &[]);
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.headers["allow"], "GET, HEAD");
    }
    let head = dashboard.ask("HEAD", "/", &[]);
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    for (path, status, words) in [
        ("/nowhere", 404, "/nowhere"),
        ("/sites/www.never.example", 404, "www.never.example"),
        ("/agencies/%3Cscript%3E", 404, "&lt;script&gt;"),
        ("/rules/identity/never", 404, "identity/never"),
        ("/?run=77", 404, "run 77"),
        ("/?run=latest", 400, "whole number"),
        ("/sites/%ff", 400, "UTF-8"),
        ("/csv/findings.csv", 400, "?site="),
        ("/..%2f..%2fetc/passwd", 404, "Not found"),
    ] {
        let answer = dashboard.get(path);
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.body.contains(words) && answer.body.contains("href=\"/agencies\""), "{path}: {}", answer.body);
        assert!(!answer.body.contains("<script"), "{path}");
    }
    assert_eq!(dashboard.get("/sites?page=900").status, 200, "a list ends, and says so");
    let first = dashboard.get("/");
    let again = dashboard.ask("GET", "/", &[("if-none-match", &first.headers["etag"])]);
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert_eq!(dashboard.ask("GET", "/", &[("if-none-match", "\"another\"")]).status, 200);
    let packed = dashboard.ask("HEAD", "/", &[("accept-encoding", "br, gzip;q=0.5")]);
    assert_eq!(packed.headers["content-encoding"], "gzip");
    assert_ne!(packed.headers["etag"], first.headers["etag"], "other octets have another tag");
    let tag = packed.headers["etag"].as_str();
    assert_eq!(dashboard.ask("GET", "/", &[("accept-encoding", "gzip"), ("if-none-match", tag)]).status, 304);
    let refused = dashboard.ask("HEAD", "/", &[("accept-encoding", "gzip;q=0")]);
    assert_eq!(refused.headers.get("content-encoding"), None);
    for (host, status) in [
        ("evil.example", 421),
        ("localhost:80", 200),
        ("[::1]:80", 200),
        ("dash.agency.example", 200),
        ("127.0.0.1.evil.example", 421),
    ] {
        assert_eq!(dashboard.ask("GET", "/", &[("host", host)]).status, status, "{host}");
    }
    let id = dashboard.program.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().expect("there is kill").success());
    assert_eq!(dashboard.program.wait().expect("it ends").code(), Some(0), "an interrupt is a good end");
}

#[test]
fn a_store_that_is_not_there_or_empty_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = |arguments: &[&str]| {
        let run = Command::new(env!("CARGO_BIN_EXE_idea-audit"))
            .arg("serve")
            .args(arguments)
            .current_dir(folder.path())
            .output();
        let output = run.expect("the program starts");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, told) = run(&["--store", "none.db"]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("none.db"), "{told}");
    assert!(!folder.path().join("none.db").exists(), "reading makes no store");
    assert_eq!(run(&["--store", "mysql://x/y"]).0, Some(2));
    assert_eq!(run(&["--store", "none.db", "--listen", "here"]).0, Some(2));
    let empty = Dashboard::of(0);
    assert!(empty.get("/").body.contains("No site could be seen"));
    assert_eq!(empty.get("/runs").status, 200);
}

/// What our own rules say of the pages of the dashboard, found by following links.
fn own_rules(dashboard: &Dashboard) {
    // The names and addresses of pages are quoted, not offered; an icon for home screens is for sites that people keep there.
    let output = Command::new(env!("CARGO_BIN_EXE_idea-audit"))
        .args(["scan", &dashboard.root, "--quiet", "--select", "accessibility,mobile", "--max-pages", "30"])
        .args(["--skip", "mobile/touch-icon,mobile/email-links,mobile/phone-links", "--exclude", "/sites/*/report"])
        .args(["--format", "json", "--today", "2026-11-22"])
        .output()
        .expect("the program starts");
    let report: Report = serde_json::from_slice(&output.stdout).expect("the output is a report");
    let said = |one: &idea_audit::finding::Finding| {
        format!("{}: {} {} {:?}", one.rule, one.url, one.observed, one.place.snippet)
    };
    let found: BTreeSet<String> = report.findings.iter().map(said).collect();
    assert!(found.is_empty(), "{}", found.into_iter().take(20).collect::<Vec<_>>().join("\n"));
    assert!(report.coverage.pages.judged >= 20, "{:?}", report.coverage);
}

#[test]
fn our_own_rules_find_nothing_in_the_dashboard() {
    own_rules(&Dashboard::of(sites().min(40)));
}

#[test]
fn the_dashboard_works_for_everybody_in_a_browser() {
    let dashboard = Dashboard::of(sites());
    let Some(command) = chromium() else { return };
    let mut tab = Tab::open_with(command, &["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"]);
    let root = dashboard.root.trim_end_matches('/').to_string();
    tab.shape(1280, "light");
    tab.visit(&dashboard.root);
    by_keyboard(&mut tab);
    let mut slowest = 0;
    for (page, words) in [
        ("/", "overview"),
        ("/agencies", "agencies"),
        ("/agencies/Canal%20Bureau", "agency"),
        ("/sites", "sites"),
        ("/sites/www.site-003.example", "site"),
        ("/sites/www.site-004.example", "site-not-seen"),
        ("/rules", "rules"),
        ("/rules/identity/government-banner", "rule"),
        ("/runs", "runs"),
        ("/search?words=site-00", "search"),
        ("/nowhere", "missing"),
    ] {
        for (width, scheme) in [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")] {
            tab.shape(width, scheme);
            tab.visit(&format!("{root}{page}"));
            tab.value("document.querySelectorAll('details').forEach(one => { one.open = true; })");
            check_colours(&mut tab, &format!("{page}, {scheme}, {width} wide"), 10);
            if width == 320 {
                check_narrow(&mut tab);
            }
            let wait = "Math.round((one => one.responseEnd - one.requestStart)(performance.getEntriesByType('navigation')[0]))";
            slowest = slowest.max(tab.value(wait).as_u64().unwrap_or(0));
            if let Some(folder) = std::env::var_os("IDEA_AUDIT_SCREENSHOTS") {
                tab.value("document.querySelectorAll('details').forEach(one => { one.open = false; })");
                let name = format!("{words}-{width}-{scheme}.png");
                std::fs::write(Path::new(&folder).join(name), tab.screenshot()).expect("the folder can be written to");
            }
        }
    }
    println!("{} sites in each of three runs: the slowest page came in {slowest} ms", sites());
    let complaints: Vec<&String> = tab.seen.complaints.iter().filter(|one| !one.contains("/nowhere")).collect();
    assert_eq!(complaints, Vec::<&String>::new());
    assert!(tab.seen.requests.iter().all(|url| url.starts_with(&root)), "{:?}", tab.seen.requests);
}

/// From the overview to a site and a search without a mouse.
fn by_keyboard(tab: &mut Tab) {
    tab_to(tab, "a.skip");
    tab_to(tab, "nav a[href='/sites']");
    tab.follow("Enter");
    assert_eq!(tab.value("document.querySelector('nav [aria-current]').textContent"), "Sites");
    tab_to(tab, "main tbody th a");
    tab.follow("Enter");
    assert_eq!(tab.value("location.pathname"), "/sites/www.site-000.example");
    tab_to(tab, "#find");
    tab.write("canal");
    tab.follow("Enter");
    assert_eq!(tab.value("location.search"), "?words=canal");
    assert_eq!(tab.value("document.getElementById('find').value"), "canal");
    tab_to(tab, "main a[href='/agencies/Canal%20Bureau']");
    tab.follow("Enter");
    assert_eq!(tab.value("document.querySelector('h1').textContent"), "Canal Bureau");
    tab_to(tab, "summary");
    tab.press("Enter");
    assert_eq!(tab.value("document.activeElement.parentElement.open"), true);
}
