//! The formats that other programs, code hosts and people read, each held to one report and to any string.
//!
//! Golden files stand in `fixtures/reports/` (`UPDATE_EXPECT=1` writes them anew); published schemas in `fixtures/schemas/`.
//! Invariants: no format claims more than was found; nothing a page wrote becomes markup, a command, a formula or a key.

use expect_test::expect_file;
use idea_audit::report::rollup::{self, Rollup};
use idea_audit::report::{self, Report};
use idea_audit::rules::{Impact, RuleId};
use idea_audit::verdict::Outcome;
use proptest::prelude::*;
use quick_xml::events::Event as Xml;
use saphyr_parser::{Event as Yaml, Parser, ScalarStyle};
use scraper::{Html, Selector};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::process::Command;
use std::sync::{Arc, LazyLock};

use super::machine::lacks;
use super::sinks::{WHOLE, anything, check_valid, demo, spoilt, written};

const SARIF: &str = include_str!("../../fixtures/schemas/sarif-2.1.0-rtm.5.json");
const EARL: &str = include_str!("../../fixtures/schemas/earl-1.0.shape.json");
const GITLAB: &str = include_str!("../../fixtures/schemas/gitlab-code-quality.shape.json");
const JUNIT_XSD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/schemas/junit-10.xsd");
const OPENACR: &str = include_str!("../../fixtures/schemas/openacr-0.1.0.json");

static SARIF_LOG: LazyLock<jsonschema::Validator> = LazyLock::new(sarif_schema);
static EARL_GRAPH: LazyLock<jsonschema::Validator> = LazyLock::new(|| validator(EARL));
static ISSUES: LazyLock<jsonschema::Validator> = LazyLock::new(|| validator(GITLAB));
static ACR: LazyLock<jsonschema::Validator> = LazyLock::new(|| validator(OPENACR));

type Format = fn(&Report, &mut Vec<u8>) -> io::Result<()>;

/// Each format by its golden file.
const FORMATS: [(&str, Format); 23] = [
    ("demo.html", |report, out| report::html(report, out)),
    ("demo.md", |report, out| report::markdown(report, out)),
    ("demo.sarif", |report, out| report::sarif(report, out)),
    ("demo.junit.xml", |report, out| report::junit(report, out)),
    ("demo.github.txt", |report, out| report::github(report, out)),
    ("demo.gitlab.json", |report, out| report::gitlab(report, out)),
    ("demo.csv", |report, out| report::findings_csv(report, out)),
    ("demo.pages.csv", |report, out| report::pages_csv(report, out)),
    ("demo.sites.csv", |report, out| report::sites_csv(report, out)),
    ("demo.earl.jsonld", |report, out| report::earl(report, out)),
    ("demo.openacr.yaml", |report, out| report::openacr(report, out)),
    ("demo.gsa.csv", |report, out| report::gsa_csv(report, out)),
    ("demo.gsa.json", |report, out| report::gsa_json(report, out)),
    ("demo.pshtt.csv", |report, out| report::pshtt_csv(report, out)),
    ("demo.forms.csv", |report, out| report::forms_csv(report, out)),
    ("demo.rollup.json", |report, out| rollup::rollup_json(&report.tool, &report.run, &Rollup::of(report), out)),
    ("demo.agencies.csv", |report, out| rollup::agencies_csv(&Rollup::of(report), out)),
    ("demo.requirements.csv", |report, out| rollup::requirements_csv(&Rollup::of(report), out)),
    ("demo.adoption.csv", |report, out| rollup::adoption_csv(&Rollup::of(report), out)),
    ("demo.idea.csv", |report, out| rollup::idea_csv(&Rollup::of(report), out)),
    ("demo.idea-bureaus.csv", |report, out| rollup::idea_bureaus_csv(&Rollup::of(report), out)),
    ("demo.standards.csv", |report, out| rollup::standards_csv(&Rollup::of(report), out)),
    ("demo.standards-bureaus.csv", |report, out| rollup::standards_bureaus_csv(&Rollup::of(report), out)),
];

/// The published schema; its one pattern with a stray bracket is read by ECMAScript's old regular expressions only.
fn sarif_schema() -> jsonschema::Validator {
    validator(&SARIF.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}?$"))
}

fn validator(schema: &str) -> jsonschema::Validator {
    let schema = serde_json::from_str(schema).expect("the schema is JSON");
    jsonschema::options().should_validate_formats(true).build(&schema).expect("the schema is a schema")
}

fn of(name: &str, report: &Report) -> String {
    let (_, format) = FORMATS.iter().find(|(file, _)| *file == name).expect("there is such a format");
    written(|out| format(report, out))
}

fn json_of(name: &str, report: &Report) -> Value {
    serde_json::from_str(&of(name, report)).expect("the format is JSON")
}

/// The demo as a scan of the folder `_site`.
fn folder() -> Report {
    let mut report = demo();
    report.run.targets = vec!["./_site".to_string()];
    report.run.published_as = Some("http://www.canal-bureau.example/".to_string());
    for page in &mut report.pages {
        let path = page.url.splitn(4, '/').nth(3).unwrap_or_default().to_string();
        page.file = Some(if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path });
    }
    report
}

/// A report with so many findings, spread over rules and pages, none like another.
pub(super) fn large(findings: usize) -> Report {
    let mut report = demo();
    let (finding, page, rule) = (report.findings[0].clone(), report.pages[0].clone(), report.rules[0].clone());
    for number in 0..findings {
        let mut more = finding.clone();
        more.fingerprint = format!("{number:016x}").into();
        more.rule = RuleId::of(format!("accessibility/other-{:03}", number % 150));
        more.url = format!("http://www.canal-bureau.example/section/{}/a-page-with-a-long-name/", number / 20).into();
        more.place.line = Some(number as u32 + 1);
        // No two stand at the same place of a template, which would fold them.
        let letters = number.to_string().bytes().map(|digit| char::from(digit + 49)).collect::<String>();
        more.place.selector =
            Some(format!("body > main > div.content > section.{letters} > p > img:nth-of-type(2)").into());
        more.place.snippet =
            Some(format!("<img src=\"images/{number}.gif\" width=\"760\">{}", "word ".repeat(24)).into());
        more.impact = Impact::ALL[number % 5];
        more.outcome = if number % 3 == 0 { Outcome::CantTell } else { Outcome::Failed };
        report.findings.push(more);
    }
    for number in 0..150 {
        let mut more = rule.clone();
        more.id = RuleId::of(format!("accessibility/other-{number:03}"));
        report.rules.push(more);
    }
    for number in 0..findings / 20 {
        let mut more = page.clone();
        more.url = format!("http://www.canal-bureau.example/section/{number}/a-page-with-a-long-name/").into();
        report.pages.push(more);
    }
    report.sort();
    report
}

#[test]
fn the_demo_looks_the_same_in_every_format() {
    let report = demo();
    for (name, _) in FORMATS {
        // Golden files are read with the line ends of the machine; RFC 4180 asks for CRLF.
        expect_file![format!("{}/fixtures/reports/{name}", env!("CARGO_MANIFEST_DIR"))]
            .assert_eq(&of(name, &report).replace("\r\n", "\n"));
    }
}

fn without(text: String, from: &str, to: &str) -> String {
    let start = text.find(from).expect("the part begins");
    let end = text[start..].find(to).expect("the part ends") + start + to.len();
    format!("{}{}", &text[..start], &text[end..])
}

#[test]
fn no_format_claims_more_than_was_found() {
    let mut clean = demo();
    clean.findings.clear();
    clean.rules.iter_mut().for_each(|rule| (rule.tally.failed, rule.tally.cant_tell, rule.tally.passed) = (0, 0, 9));
    let claims = r#"complian(t|ce with)|\bconform(s|ant)\b|: "?supports\b|\bis certified\b|\bscore ?[:=]|\bgrade ?[:=]|\d ?/ ?100\b"#;
    let claims = regex::Regex::new(claims).expect("the pattern is right");
    for report in [demo(), clean, folder(), scanned("mixed"), scanned("exemplary"), scanned("legacy")] {
        let plain = written(|out| report::text(&report, report::Paint::Plain, 80, out));
        let whole = written(|out| report::json(&report, out));
        let lines = written(|out| report::jsonl(&report, out));
        let others = [("text", plain), ("json", whole), ("jsonl", lines)];
        let texts = FORMATS.iter().map(|(name, _)| (*name, of(name, &report))).chain(others);
        for (name, text) in texts {
            let said = claims.find(&without_code(&text.to_lowercase())).map(|found| found.as_str().to_string());
            assert_eq!(said, None, "{name} of {:?}", report.run.targets);
        }
    }
}

/// What the program makes of one of the example sites.
fn scanned(site: &str) -> Report {
    let output = Command::new(env!("CARGO_BIN_EXE_idea-audit"))
        .args(["scan", site, "--quiet", "--today", "2026-11-22", "--profile", "executive", "--format", "json"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/sites"))
        .output()
        .expect("the program starts");
    serde_json::from_slice(&output.stdout).expect("the output is a report")
}

fn without_code(text: &str) -> String {
    if !text.contains("<style") {
        return text.to_string();
    }
    without(without(text.to_string(), "<style", "</style>"), "<script", "</script>")
}

#[test]
fn order_of_arrival_changes_no_byte() {
    let mut turned = demo();
    turned.pages.iter_mut().for_each(|page| page.aliases.reverse());
    turned.findings.reverse();
    turned.problems.reverse();
    turned.sort();
    for (name, _) in FORMATS {
        assert_eq!(of(name, &turned), of(name, &demo()), "{name}");
    }
}

#[test]
fn sarif_is_what_its_schema_says_and_keeps_every_finding_with_its_fingerprint() {
    for report in [demo(), folder()] {
        let log = json_of("demo.sarif", &report);
        check_valid(&SARIF_LOG, &log);
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), report.findings.len());
        for (result, finding) in results.iter().zip(&report.findings) {
            assert_eq!(result["partialFingerprints"]["ideaAudit/v1"], &*finding.fingerprint);
            let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
            assert_eq!(rule["id"], result["ruleId"]);
            let review = finding.outcome == Outcome::CantTell;
            assert_eq!(result["kind"] == "review", review);
            assert_eq!(result["level"] == "none", review, "kind and level agree (3.27.10)");
            assert_eq!(result.get("suppressions").is_some(), finding.waived.is_some());
        }
        let told = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().len();
        assert_eq!(told, report.problems.len(), "problems are notifications, not results");
    }
}

#[test]
fn a_scan_of_an_old_site_is_what_every_schema_says() {
    let report = scanned("legacy");
    assert!(report.findings.len() > 100, "there is something to write");
    check_valid(&WHOLE, &serde_json::to_value(&report).expect("a report is a value"));
    check_valid(&SARIF_LOG, &json_of("demo.sarif", &report));
    check_valid(&ISSUES, &json_of("demo.gitlab.json", &report));
    check_valid(&EARL_GRAPH, &json_of("demo.earl.jsonld", &report));
    check_valid(&ACR, &yaml(&of("demo.openacr.yaml", &report)));
    assert_eq!(complaints_of_jenkins(&without_files(&of("demo.junit.xml", &report))), "");
    assert!(report.run.command.starts_with(&["idea-audit".to_string(), "scan".to_string(), "legacy".to_string()]));
    assert!(
        of("demo.html", &report).contains("idea-audit scan legacy --quiet --today 2026-11-22"),
        "the exact command"
    );
}

#[test]
fn every_message_of_a_sarif_log_ends_as_sentences_do() {
    let mut report = demo();
    report.findings[0].observed = "the title is \"Home.\"".into();
    report.findings[0].expected = "".into();
    report.findings[1].observed = "see [1](https://a.example) and more".into();
    let run = &json_of("demo.sarif", &report)["runs"][0];
    let driver = &run["tool"]["driver"];
    let results = run["results"].as_array().unwrap().iter().map(|result| &result["message"]);
    let told =
        run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().iter().map(|one| &one["message"]);
    let rules = driver["rules"].as_array().unwrap().iter();
    let rules = rules.flat_map(|rule| [&rule["shortDescription"], &rule["fullDescription"]]);
    let kinds = driver["notifications"].as_array().unwrap().iter().map(|kind| &kind["shortDescription"]);
    for message in results.chain(told).chain(rules).chain(kinds) {
        let text = message["text"].as_str().unwrap();
        assert!(text.ends_with(['.', '?', '!', '…', ')']) && !text.ends_with(".."), "{text:?}");
    }
}

#[test]
fn a_folder_scan_points_at_the_built_files() {
    let report = folder();
    let run = &json_of("demo.sarif", &report)["runs"][0];
    let place = &run["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"], json!({"uri": "index.html", "uriBaseId": "SITE"}));
    assert_eq!(place["region"]["startLine"], 17);
    assert_eq!(run["originalUriBaseIds"]["SITE"], json!({"uri": "_site/", "uriBaseId": "START"}));
    let github = of("demo.github.txt", &report);
    assert!(github.starts_with("::error file=_site/index.html,line=17,col=5,title=Images"), "{github}");
    let gitlab = json_of("demo.gitlab.json", &report);
    assert_eq!(gitlab[0]["location"], json!({"path": "_site/index.html", "lines": {"begin": 17}}));
    assert!(of("demo.junit.xml", &report).contains("file=\"_site/about.htm\""));
    assert!(of("demo.md", &report).contains("`_site/index.html:17`"));
}

/// The elements of Jenkins' junit-10.xsd that are written, with their attributes; `file` is GitLab's.
const JUNIT: [(&str, &[&str]); 8] = [
    ("testsuites", &["name", "time", "tests", "failures", "errors"]),
    ("testsuite", &["name", "tests", "failures", "errors", "skipped", "timestamp"]),
    ("properties", &[]),
    ("property", &["name", "value"]),
    ("testcase", &["name", "classname", "file"]),
    ("failure", &["type", "message"]),
    ("error", &["type", "message"]),
    ("skipped", &["type", "message"]),
];

/// The attributes of a suite, and its cases with how they ended.
type Suite = (BTreeMap<String, String>, Vec<(String, String)>);

/// Suites with their cases, each with how it ended.
fn suites(xml: &str) -> Vec<Suite> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut suites: Vec<Suite> = vec![];
    loop {
        let event = reader.read_event().expect("the file is XML");
        let (Xml::Start(tag) | Xml::Empty(tag)) = &event else {
            if matches!(event, Xml::Eof) {
                return suites;
            }
            continue;
        };
        let attributes: BTreeMap<String, String> = tag
            .attributes()
            .map(|attribute| attribute.expect("attributes are well-formed"))
            .map(|attribute| {
                let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).expect("values are escaped");
                (attribute.key.as_ref().to_string(), value.into_owned())
            })
            .collect();
        let allowed =
            JUNIT.iter().find(|(name, _)| *name == tag.name().as_ref()).expect("the schema has such an element").1;
        assert!(attributes.keys().all(|key| allowed.contains(&key.as_str())), "{attributes:?}");
        match tag.name().as_ref() {
            "testsuite" => suites.push((attributes, vec![])),
            "testcase" => {
                let suite = suites.last_mut().expect("a case is in a suite");
                assert_eq!(attributes["classname"], suite.0["name"]);
                suite.1.push((attributes["name"].clone(), "passed".to_string()));
            }
            "failure" | "error" | "skipped" => {
                let case = suites.last_mut().and_then(|suite| suite.1.last_mut()).expect("an ending is in a case");
                case.1 = tag.name().as_ref().to_string();
            }
            _ => {}
        }
    }
}

/// What xmllint says of a document by the schema; nothing where it is not installed, unless everything is required.
fn complaints_of_jenkins(xml: &str) -> String {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), xml).expect("it can be written to");
    let run = Command::new("xmllint").args(["--noout", "--schema", JUNIT_XSD]).arg(file.path()).output();
    match run {
        Ok(told) if told.status.success() => String::new(),
        Ok(told) => format!("{}{}", told.status, String::from_utf8_lossy(&told.stderr)),
        Err(_) => {
            lacks("xmllint");
            String::new()
        }
    }
}

/// The cases of folder scans name their file, as GitLab reads it; Jenkins ignores the attribute, its schema does not know it.
fn without_files(xml: &str) -> String {
    regex::Regex::new(" file=\"[^\"]*\"").expect("the pattern is right").replace_all(xml, "").into_owned()
}

#[test]
fn junit_is_what_the_schema_of_jenkins_says() {
    let nasty =
        ["]]>", "\u{0}\u{1b}", "\u{202e}=cmd()", "&amp;<x", "\r\n\t", "\u{fffe}\u{1f600}\""].map(str::to_string);
    for report in [demo(), large(300), spoilt(&nasty)] {
        assert_eq!(complaints_of_jenkins(&without_files(&of("demo.junit.xml", &report))), "");
    }
}

#[test]
fn junit_counts_what_it_holds_and_no_problem_is_a_failure() {
    let report = demo();
    let suites = suites(&of("demo.junit.xml", &report));
    for (attributes, cases) in &suites {
        let ended = |how: &str| cases.iter().filter(|(_, ending)| ending == how).count().to_string();
        assert_eq!(attributes["tests"], cases.len().to_string());
        assert_eq!(attributes["failures"], ended("failure"));
        assert_eq!(attributes["errors"], ended("error"));
        assert_eq!(attributes["skipped"], ended("skipped"));
    }
    let endings = |name: &str| -> Vec<String> {
        let suite = suites.iter().find(|(attributes, _)| attributes["name"] == name).expect("there is such a suite");
        suite.1.iter().map(|(_, ending)| ending.clone()).collect()
    };
    assert_eq!(endings("security/server-version"), ["failure", "skipped"], "a waived finding is skipped");
    assert_eq!(endings("privacy/policy-link"), ["passed"]);
    assert_eq!(endings("identity/banner"), ["skipped", "skipped", "skipped", "skipped", "passed"]);
    assert_eq!(endings("coverage"), ["error"; 5]);
}

#[test]
fn annotations_leave_out_what_is_waived() {
    let report = demo();
    let open = report.findings.iter().filter(|finding| finding.waived.is_none()).count();
    assert_eq!(of("demo.github.txt", &report).lines().count(), open + 1);
    let issues = json_of("demo.gitlab.json", &report);
    check_valid(&ISSUES, &issues);
    check_valid(&ISSUES, &json_of("demo.gitlab.json", &folder()));
    let issues = issues.as_array().unwrap();
    assert_eq!(issues.len(), open);
    let fingerprints: BTreeSet<&str> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(fingerprints.len(), open, "fingerprints are unique");
}

#[test]
fn a_log_of_annotations_ends_however_many_findings_there_are() {
    let text = of("demo.github.txt", &large(5_000));
    assert_eq!(text.lines().count(), 201);
    assert!(text.lines().last().unwrap().contains("of them are not annotated"));
}

/// A text as a table shows it: control characters as their pictures.
fn pictured(text: &str) -> String {
    let picture = |c: char| match u32::from(c) {
        9 | 10 | 13 => c,
        code @ 0..32 => char::from_u32(code + 0x2400).expect("a picture"),
        127 => '\u{2421}',
        128..160 => '\u{fffd}',
        _ => c,
    };
    text.chars().map(picture).collect()
}

fn table(csv: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let cells = |record: &csv::StringRecord| record.iter().map(str::to_string).collect::<Vec<_>>();
    let header = cells(reader.headers().expect("there is a header"));
    (header, reader.records().map(|record| cells(&record.expect("rows have the same length"))).collect())
}

#[test]
fn tables_have_a_row_for_each_finding_page_and_site() {
    let report = demo();
    assert_eq!(table(&of("demo.csv", &report)).1.len(), report.findings.len());
    assert_eq!(table(&of("demo.pages.csv", &report)).1.len(), report.pages.len());
    let (header, rows) = table(&of("demo.sites.csv", &report));
    assert_eq!(rows.len(), report.sites.len());
    let column = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    let sum: usize = rows.iter().map(|row| row[column("findings")].parse::<usize>().unwrap()).sum();
    assert_eq!(sum, report.findings.len(), "every finding belongs to a site");
}

#[test]
fn the_scanners_columns_are_all_there_and_blank_is_not_false() {
    let mut report = demo();
    Arc::make_mut(&mut report.rules[0].standards).gsa = vec!["hsts".to_string()];
    let (header, rows) = table(&of("demo.gsa.csv", &report));
    assert_eq!(header.len(), 104);
    let shared = std::env::var_os("IDEA_AUDIT_SHARED").unwrap_or_else(|| "../shared".into());
    match std::fs::read_to_string(std::path::Path::new(&shared).join("policy/data/gsa_snapshot_columns_2026.txt")) {
        Ok(columns) => assert_eq!(header, columns.lines().collect::<Vec<_>>()),
        Err(_) => println!("skipped: the scanner's own list of columns is not there"),
    }
    let first = &json_of("demo.gsa.json", &report)[0];
    assert_eq!(first.as_object().expect("a site is an object").len(), 104);
    let column = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    let named = |name: &str| rows.iter().find(|row| row[column("name")] == name).expect("there is such a site");
    assert_eq!(named("canal-bureau.example")[column("viewport_meta_tag")], "", "no rule of the demo names the column");
    assert_eq!(named("canal-bureau.example")[column("status_code")], "200");
    assert_eq!(named("harbor-safety.example")[column("agency")], "Harbor Safety Administration");
    let seen = |report: &Report| table(&of("demo.gsa.csv", report)).1[0][column("hsts")].clone();
    assert_eq!(seen(&report), "false");
    report.pages.iter_mut().for_each(|page| page.judged = false);
    assert_eq!(seen(&report), "", "a site nobody saw answers nothing");
    let objects = json_of("demo.gsa.json", &report);
    assert_eq!(objects[0].as_object().unwrap().len(), 104);
    assert_eq!(objects[0]["hsts"], Value::Null);
}

#[test]
fn earl_tells_every_outcome_of_every_page() {
    let report = demo();
    let graph = json_of("demo.earl.jsonld", &report);
    check_valid(&EARL_GRAPH, &graph);
    check_valid(&EARL_GRAPH, &json_of("demo.earl.jsonld", &folder()));
    let subjects: BTreeMap<&str, &Value> = graph["@graph"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|node| node["@type"] == "TestSubject")
        .map(|node| (node["source"].as_str().unwrap(), node))
        .collect();
    for page in &report.pages {
        let assertions = subjects[&*page.url]["assertions"].as_array().unwrap();
        let told: BTreeMap<&str, &str> = assertions
            .iter()
            .map(|one| (one["test"]["title"].as_str().unwrap(), one["result"]["outcome"].as_str().unwrap()))
            .collect();
        for (rule, outcome) in page.outcomes.iter() {
            assert_eq!(told[rule.as_str()], format!("earl:{}", outcome.as_str()), "{}", page.url);
        }
        let silent = if page.judged { "earl:inapplicable" } else { "earl:untested" };
        let known =
            report.rules.iter().filter(|rule| !rule.standards.wcag.is_empty() || !rule.standards.act.is_empty());
        for rule in known.filter(|rule| !page.outcomes.contains_key(&rule.id)) {
            assert_eq!(told[rule.id.as_str()], silent, "{}", page.url);
        }
    }
    let image = &subjects["http://www.canal-bureau.example/"]["assertions"][0]["test"];
    assert_eq!(image["isPartOf"], json!(["WCAG2:non-text-content", "https://act-rules.github.io/rules/23a2a8"]));
}

/// YAML as JSON: quoted scalars are text, plain ones what they look like.
fn yaml(text: &str) -> Value {
    let mut events = Parser::new_from_str(text).map(|event| event.expect("the file is YAML").0);
    let mut event = || events.next().expect("the document ends");
    assert!(matches!(event(), Yaml::StreamStart));
    assert!(matches!(event(), Yaml::DocumentStart(_)));
    let first = event();
    node(first, &mut event)
}

fn node<'a>(event: Yaml<'a>, more: &mut impl FnMut() -> Yaml<'a>) -> Value {
    match event {
        Yaml::Scalar(text, ScalarStyle::Plain, ..) => serde_json::from_str(&text).unwrap_or(json!(text)),
        Yaml::Scalar(text, ..) => json!(text),
        Yaml::SequenceStart(..) => {
            let mut list = vec![];
            loop {
                match more() {
                    Yaml::SequenceEnd => return Value::Array(list),
                    event => list.push(node(event, more)),
                }
            }
        }
        Yaml::MappingStart(..) => {
            let mut map = Map::new();
            loop {
                match more() {
                    Yaml::MappingEnd => return Value::Object(map),
                    Yaml::Scalar(key, ..) => {
                        let event = more();
                        let clash = map.insert(key.into_owned(), node(event, more));
                        assert_eq!(clash, None, "a key stands once");
                    }
                    event => panic!("no key: {event:?}"),
                }
            }
        }
        event => panic!("no node: {event:?}"),
    }
}

#[test]
fn openacr_is_what_its_schema_says_and_never_says_that_a_criterion_is_met() {
    let acr = yaml(&of("demo.openacr.yaml", &demo()));
    check_valid(&ACR, &acr);
    let mut levels = BTreeMap::new();
    for (chapter, criteria) in [("success_criteria_level_a", 30), ("success_criteria_level_aa", 20)] {
        let rows = acr["chapters"][chapter]["criteria"].as_array().unwrap();
        assert_eq!(rows.len(), criteria);
        for row in rows {
            let adherence = &row["components"][0]["adherence"];
            let (level, notes) = (adherence["level"].as_str().unwrap(), adherence["notes"].as_str().unwrap());
            assert!(["", "partially-supports", "does-not-support"].contains(&level), "{level}");
            assert_eq!(level.is_empty(), notes.starts_with("Needs human evaluation."), "{row}");
            levels.insert(row["num"].as_str().unwrap().to_string(), level.to_string());
        }
    }
    assert_eq!(levels["1.1.1"], "does-not-support", "it fails on most pages");
    assert_eq!(levels["3.1.1"], "partially-supports", "it fails on four pages of nine");
    assert_eq!(levels["2.4.2"], "", "no test suite for accessibility knows the rule that failed");
    assert_eq!(levels["2.1.1"], "");
}

#[test]
fn a_comment_stays_under_the_limit_of_code_hosts() {
    let mut report = large(50_000);
    report.run.targets = (0..500).map(|number| format!("https://a-{number}.example/{}", "x".repeat(900))).collect();
    report.findings.iter_mut().for_each(|finding| finding.observed = "|`".repeat(500).into());
    let row = report.scorecard[0].clone();
    report.scorecard.extend((0..2_000).map(|_| row.clone()));
    let text = of("demo.md", &report);
    assert!(text.len() <= 60_000, "{} bytes", text.len());
    assert!(text.contains("more rules in the full report") && text.ends_with("may still not be met.\n"));
}

fn select<'a>(page: &'a Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
    page.select(&Selector::parse(selector).expect("a constant selector")).collect()
}

#[test]
fn the_html_asks_no_network_for_anything() {
    for report in [demo(), folder()] {
        let page = Html::parse_document(&of("demo.html", &report));
        assert!(
            select(&page, "[src], link, iframe, object, embed, base, [srcset], [style], [onclick], [action]")
                .is_empty()
        );
        let style = select(&page, "style")[0].text().collect::<String>();
        assert!(!style.contains("@import") && !style.contains("url("));
        let policy = select(&page, "meta[http-equiv=Content-Security-Policy]")[0].attr("content").unwrap();
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        let nonce = select(&page, "script")[0].attr("nonce").unwrap();
        assert!(policy.contains(&format!("script-src 'nonce-{nonce}'")));
        assert_eq!(select(&page, "script, style").len(), 2);
    }
}

#[test]
fn the_html_can_be_used_by_everybody() {
    let page = Html::parse_document(&of("demo.html", &demo()));
    let ids: Vec<&str> = select(&page, "[id]").iter().filter_map(|element| element.attr("id")).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(unique.len(), ids.len(), "ids are unique");
    for link in select(&page, "a[href^='#'], [aria-labelledby], label[for]") {
        let to = link.attr("href").map(|href| &href[1..]).or(link.attr("aria-labelledby")).or(link.attr("for"));
        assert!(unique.contains(to.unwrap()), "{to:?} leads somewhere");
    }
    for one in ["html[lang=en]", "title", "h1", "main", "header", "footer", "nav[aria-label]", "a.skip"] {
        assert_eq!(select(&page, one).len(), 1, "{one}");
    }
    let levels: Vec<u8> =
        select(&page, "h1, h2, h3, h4").iter().map(|h| h.value().name().as_bytes()[1] - b'0').collect();
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "no heading level is skipped: {levels:?}");
    for field in select(&page, "input, select") {
        let named = field.attr("id").is_some_and(|id| !select(&page, &format!("label[for={id}]")).is_empty());
        let wrapped =
            field.parent().and_then(scraper::ElementRef::wrap).is_some_and(|parent| parent.value().name() == "label");
        assert!(named || wrapped, "{}", field.html());
    }
    assert_eq!(select(&page, "svg").len(), select(&page, "figure table").len(), "each chart has its numbers");
    assert!(select(&page, "form[hidden]").len() == 1, "filters wait for the script that serves them");
    for table in select(&page, "table") {
        assert_eq!(table.select(&Selector::parse("caption").unwrap()).count(), 1);
    }
}

#[test]
fn a_run_that_saw_nothing_is_a_report_in_every_format() {
    let mut report = demo();
    (report.pages, report.sites, report.findings, report.rules, report.scorecard) =
        (vec![], vec![], vec![], vec![], vec![]);
    report.coverage.pages = report::PageCoverage::default();
    for (name, _) in FORMATS {
        assert!(!of(name, &report).is_empty(), "{name}");
    }
    check_valid(&SARIF_LOG, &json_of("demo.sarif", &report));
    check_valid(&ACR, &yaml(&of("demo.openacr.yaml", &report)));
    let page = Html::parse_document(&of("demo.html", &report));
    for link in select(&page, "a[href^='#']") {
        let to = &link.attr("href").expect("it was selected by it")[1..];
        assert_eq!(select(&page, &format!("[id='{to}']")).len(), 1, "{to}");
    }
    assert!(select(&page, ".lead")[0].text().collect::<String>().starts_with("Nothing could be judged"));
}

#[test]
fn our_own_rules_find_nothing_in_our_own_report() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("index.html"), of("demo.html", &demo())).expect("the folder can be written to");
    let output = Command::new(env!("CARGO_BIN_EXE_idea-audit"))
        .args(["scan", ".", "--as", "https://report.example", "--select", "accessibility,mobile"])
        // A report is one file that loads nothing, an icon for home screens included.
        .args(["--skip", "mobile/touch-icon", "--format", "json"])
        // Its links have the blue of the design system: level AA, which is what it promises, and not AAA.
        .args(["--skip", "accessibility/contrast-enhanced"])
        .current_dir(folder.path())
        .output()
        .expect("the program starts");
    let report: Report = serde_json::from_slice(&output.stdout).expect("the output is a report");
    let found: Vec<String> = report.findings.iter().map(|one| format!("{}: {}", one.rule, one.observed)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(report.rules.iter().filter(|rule| rule.tally.passed > 0).count() > 15, "rules had something to judge");
}

#[test]
fn the_html_says_everything_and_folds_what_a_template_repeats() {
    let report = demo();
    let page = Html::parse_document(&of("demo.html", &report));
    let shown: BTreeSet<String> =
        select(&page, "details.rule").iter().filter_map(|rule| rule.attr("id").map(str::to_string)).collect();
    for finding in &report.findings {
        assert!(shown.contains(&format!("rule-{}", finding.rule.as_str().replace('/', "-"))), "{}", finding.rule);
    }
    assert_eq!(select(&page, ".entry .places > li").len(), report.findings.len());
    assert_eq!(select(&page, "#rule-accessibility-page-language .entry").len(), 1, "four pages, one template");
    assert_eq!(select(&page, ".rows > li").len(), 11, "every requirement that a rule looked at");
    assert_eq!(select(&page, ".clean li").len(), 2, "nothing found is said for every rule that passed");
    assert_eq!(select(&page, "ol.first > li").len(), 7);
}

#[test]
fn fifty_thousand_findings_fit_into_a_file_a_browser_opens() {
    let report = large(50_000);
    let text = of("demo.html", &report);
    assert!(text.len() < 15_000_000, "{} bytes", text.len());
    assert!(text.contains("the JSON report has every one"));
    let page = Html::parse_document(&text);
    let most =
        select(&page, "details.rule").iter().map(|rule| rule.select(&Selector::parse(".entry").unwrap()).count()).max();
    assert!(most.is_some_and(|most| most <= 100));
}

/// What is left of text where a format cannot hold a character.
fn shown(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{0}'..='\u{8}'
            | '\u{b}'
            | '\u{c}'
            | '\u{e}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{fffe}'
            | '\u{ffff}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_string_survives_every_machine_format(strings in prop::array::uniform6(anything())) {
        let report = spoilt(&strings);
        let [title, snippet, url, observed, detail, name] = &strings;

        let log = json_of("demo.sarif", &report);
        check_valid(&SARIF_LOG, &log);
        let result = &log["runs"][0]["results"][0];
        prop_assert_eq!(result["properties"]["observed"].as_str(), Some(observed.as_str()));
        prop_assert_eq!(result["properties"]["url"].as_str(), Some(url.as_str()));
        let short = log["runs"][0]["tool"]["driver"]["rules"][0]["shortDescription"]["text"].as_str().unwrap();
        prop_assert!(short == title || short == format!("{}.", title.trim_end()), "{short:?} of {title:?}");

        let issues = json_of("demo.gitlab.json", &report);
        check_valid(&ISSUES, &issues);
        prop_assert!(issues[0]["description"].as_str().unwrap().contains(observed.as_str()));

        let graph = json_of("demo.earl.jsonld", &report);
        check_valid(&EARL_GRAPH, &graph);
        prop_assert_eq!(graph["@graph"][1]["source"].as_str(), Some(url.as_str()));

        let (header, rows) = table(&of("demo.csv", &report));
        prop_assert_eq!(rows.len(), report.findings.len());
        for (column, text) in [("snippet", snippet), ("observed", observed), ("title", title), ("url", url), ("fix", detail)] {
            let cell = &rows[0][header.iter().position(|cell| cell == column).unwrap()];
            let text = pictured(text);
            prop_assert!(*cell == text || *cell == format!("'{text}"), "{column}: {cell:?} of {text:?}");
            prop_assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell:?}");
        }
        for name in ["demo.pages.csv", "demo.sites.csv", "demo.gsa.csv", "demo.pshtt.csv", "demo.forms.csv"] {
            table(&of(name, &report));
        }
        json_of("demo.gsa.json", &report);

        let acr = yaml(&of("demo.openacr.yaml", &report));
        check_valid(&ACR, &acr);

        prop_assert!(!suites(&of("demo.junit.xml", &report)).is_empty());
        let junit = of("demo.junit.xml", &report);
        prop_assert_eq!(junit.chars().find(|c| c.is_control() && *c != '\n' && *c != '\t'), None);
        prop_assert!(name.is_empty() || !junit.contains("]]>"));
    }

    #[test]
    fn any_string_is_only_text_to_people(strings in prop::array::uniform6(anything())) {
        let report = spoilt(&strings);
        let [title, snippet, _, _, _, _] = &strings;

        let text = of("demo.html", &report);
        let page = Html::parse_document(&text);
        prop_assert_eq!(select(&page, "script, style, img").len(), 2);
        for link in select(&page, "a[href]") {
            let href = link.attr("href").unwrap();
            prop_assert!(href.starts_with('#') || href.starts_with("https://") || href.starts_with("http://"), "{href}");
        }
        let code = select(&page, ".entry pre code")[0].text().collect::<String>();
        prop_assert_eq!(code, shown(snippet).chars().take(600).collect::<String>());
        let heading = select(&page, "details.rule h3")[0].text().collect::<String>();
        prop_assert_eq!(heading, shown(title));

        for line in of("demo.github.txt", &report).lines() {
            prop_assert!(["::error ", "::warning ", "::notice "].iter().any(|start| line.starts_with(start)), "{line:?}");
        }
        let summary = of("demo.md", &report);
        prop_assert_eq!(summary.chars().find(|c| c.is_control() && *c != '\n'), None);
        prop_assert!(!summary.contains("<script") || summary.contains("`"));
    }
}
