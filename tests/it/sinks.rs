//! What every format makes of one report, invented by hand: `fixtures/reports/demo.json`.
//!
//! Golden files stand beside it (`UPDATE_EXPECT=1` writes them anew); what machines read is validated against `docs/`.
//! Invariants: any string of a page survives machine formats unchanged and reaches no terminal unclean; the order of
//! arrival changes no byte.

use expect_test::expect_file;
use idea_audit::report::{self, Paint, Report};
use proptest::prelude::*;
use serde_json::Value;
use std::sync::{Arc, LazyLock};
use unicode_width::UnicodeWidthStr;

pub(super) const DEMO: &str = include_str!("../../fixtures/reports/demo.json");
const REPORT_SCHEMA: &str = include_str!("../../docs/report.schema.json");
const LINE_SCHEMA: &str = include_str!("../../docs/report-line.schema.json");
const WIDTH: usize = 80;

pub(super) static WHOLE: LazyLock<jsonschema::Validator> = LazyLock::new(|| validator(REPORT_SCHEMA));
pub(super) static LINE: LazyLock<jsonschema::Validator> = LazyLock::new(|| validator(LINE_SCHEMA));

pub(super) fn validator(schema: &str) -> jsonschema::Validator {
    let whole: Value = serde_json::from_str(REPORT_SCHEMA).expect("the schema is JSON");
    let registry = jsonschema::Registry::new()
        .add("file:///docs/report.schema.json", whole)
        .and_then(|registry| registry.prepare())
        .expect("the schema refers to nothing else");
    jsonschema::options()
        .with_base_uri("file:///docs/")
        .with_registry(&registry)
        .should_validate_formats(true)
        .build(&serde_json::from_str(schema).expect("the schema is JSON"))
        .expect("the schema is a schema")
}

pub(super) fn check_valid(validator: &jsonschema::Validator, value: &Value) {
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

pub(super) fn demo() -> Report {
    serde_json::from_str(DEMO).expect("the demo is a report")
}

fn json(report: &Report) -> String {
    written(|out| report::json(report, out))
}

fn jsonl(report: &Report) -> String {
    written(|out| report::jsonl(report, out))
}

fn text(report: &Report, paint: Paint, width: usize) -> String {
    written(|out| report::text(report, paint, width, out))
}

pub(super) fn written(format: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut bytes = vec![];
    format(&mut bytes).expect("writing into memory does not fail");
    String::from_utf8(bytes).expect("every format is UTF-8")
}

/// The report put together again from its lines.
fn joined(lines: &str) -> Value {
    let mut report =
        serde_json::json!({"rules": [], "pages": [], "findings": [], "problems": [], "sites": [], "scorecard": []});
    for line in lines.split_terminator('\n') {
        let mut row: Value = serde_json::from_str(line).expect("a line is JSON");
        check_valid(&LINE, &row);
        let kind = row.as_object_mut().and_then(|row| row.remove("kind")).expect("a line has a kind");
        match kind.as_str().expect("a kind is a word") {
            "run" => {
                let run = row.as_object_mut().expect("a line is an object");
                report["schema"] = run.remove("schema").expect("a run line names its shape");
                report["tool"] = run.remove("tool").expect("a run line names its tool");
                report["run"] = row;
            }
            "coverage" => report["coverage"] = row,
            "problem" => {
                let problem = row.as_object_mut().expect("a line is an object");
                let kind = problem.remove("problem").expect("a problem has a kind");
                problem.insert("kind".to_string(), kind);
                push(&mut report["problems"], row);
            }
            "scorecard" => push(&mut report["scorecard"], row),
            "baseline" => report["baseline"] = row,
            kind @ ("waiver" | "review") => {
                let list = &mut report[format!("{kind}s")];
                if list.is_null() {
                    *list = serde_json::json!([]);
                }
                push(list, row);
            }
            kind => push(&mut report[format!("{kind}s")], row),
        }
    }
    report
}

fn push(list: &mut Value, row: Value) {
    list.as_array_mut().expect("rows of this kind are a list").push(row);
}

#[test]
fn the_demo_looks_the_same_in_every_format() {
    let report = demo();
    expect_file!["../../fixtures/reports/demo.json"].assert_eq(&json(&report));
    expect_file!["../../fixtures/reports/demo.jsonl"].assert_eq(&jsonl(&report));
    expect_file!["../../fixtures/reports/demo.txt"].assert_eq(&text(&report, Paint::Plain, WIDTH));
}

#[test]
fn a_report_read_and_written_again_is_the_same_bytes() {
    let once = json(&demo());
    let twice = json(&serde_json::from_str(&once).expect("what we write we read"));
    assert_eq!(once, DEMO);
    assert_eq!(twice, once);
}

#[test]
fn reports_and_lines_are_what_their_schemas_say() {
    check_valid(&WHOLE, &serde_json::from_str(DEMO).expect("the demo is JSON"));
    assert_eq!(joined(&jsonl(&demo())), serde_json::from_str::<Value>(DEMO).expect("the demo is JSON"));
}

#[test]
fn the_schemas_refuse_keys_nobody_described_and_rows_that_miss_one() {
    let whole: Value = serde_json::from_str(DEMO).expect("the demo is JSON");
    for pointer in [
        "",
        "/run",
        "/coverage",
        "/coverage/pages",
        "/rules/0",
        "/sites/0",
        "/pages/0",
        "/findings/0",
        "/findings/0/where",
        "/problems/0",
        "/scorecard/0",
        "/scorecard/0/rules",
    ] {
        let mut changed = whole.clone();
        let row = changed.pointer_mut(pointer).and_then(Value::as_object_mut).expect("the demo has such a row");
        row.insert("surprise".to_string(), Value::Null);
        assert!(!WHOLE.is_valid(&changed), "{pointer} takes any key");
    }
    for (pointer, key) in [
        ("", "coverage"),
        ("/run", "judged-on"),
        ("/pages/0", "judged"),
        ("/findings/0", "waived"),
        ("/rules/0", "tally"),
    ] {
        let mut changed = whole.clone();
        let row = changed.pointer_mut(pointer).and_then(Value::as_object_mut).expect("the demo has such a row");
        row.remove(key).expect("the demo has such a key");
        assert!(!WHOLE.is_valid(&changed), "{pointer} does without {key}");
    }
}

#[test]
fn every_property_of_the_schemas_is_described() {
    fn undescribed(schema: &Value, at: &str, missing: &mut Vec<String>) {
        let Some(object) = schema.as_object() else { return };
        for (name, property) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if property.get("description").is_none() && property.get("$ref").is_none() {
                missing.push(format!("{at}/{name}"));
            }
            undescribed(property, &format!("{at}/{name}"), missing);
        }
        for (name, definition) in object.get("$defs").and_then(Value::as_object).into_iter().flatten() {
            if definition.get("description").is_none() {
                missing.push(format!("{at}/$defs/{name}"));
            }
            undescribed(definition, &format!("{at}/$defs/{name}"), missing);
        }
    }
    let mut missing = vec![];
    for schema in [REPORT_SCHEMA, LINE_SCHEMA] {
        undescribed(&serde_json::from_str(schema).expect("the schema is JSON"), "", &mut missing);
    }
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn colour_adds_nothing_but_colour() {
    let coloured = text(&demo(), Paint::Colour, WIDTH);
    let codes = regex::Regex::new("\u{1b}\\[[0-9;]+m").expect("the pattern is right");
    assert!(codes.is_match(&coloured));
    assert_eq!(codes.replace_all(&coloured, ""), text(&demo(), Paint::Plain, WIDTH));
}

#[test]
fn the_summary_claims_no_more_than_was_seen() {
    let summary = text(&demo(), Paint::Plain, WIDTH).to_lowercase();
    for word in ["complian", "conform", "score", "certified"] {
        assert!(!summary.contains(word), "the summary says {word:?}");
    }
}

#[test]
fn a_run_that_saw_nothing_says_so() {
    let mut report = demo();
    report.findings.clear();
    report.pages.clear();
    report.sites.clear();
    report.scorecard.clear();
    report.rules.clear();
    report.problems.truncate(1);
    report.coverage = serde_json::from_str(
        r#"{"pages": {"discovered": 1, "fetched": 0, "judged": 0, "skipped": 0},
            "hosts": {"probed": 0}, "problems": 1, "share": 0, "style": "measured"}"#,
    )
    .expect("that is a coverage");
    report.run.stopped = true;
    expect_test::expect![[r#"
        idea-audit 0.1.0: https://www.harbor-safety.example/ and
        http://www.canal-bureau.example/

        0 sites, 0 pages judged on November 22, 2026.
        Nothing could be judged, so there are no findings.
        The run was stopped before its end; what follows is what it had seen by then.
        robots.txt was read but not obeyed on www.harbor-safety.example.

        Coverage
          1 address found, 0 answered, 0 judged; 0 hosts probed.
          1 problem stood in the way: 0 % of what should have been judged was judged. A
          problem is something nobody saw, not a failure.

              1  no answer in time (timeout)
                 http://www.canal-bureau.example/history.htm
                 no byte arrived within 30 seconds

        A machine saw part of these sites on one day. Where it found nothing, nothing
        was found: that does not show that a requirement is met, and much of what these
        policies ask for only people can judge.
    "#]]
    .assert_eq(&text(&report, Paint::Plain, WIDTH));
}

#[test]
fn long_lists_are_cut_and_say_so() {
    let mut report = demo();
    let (rule, finding, site) = (report.rules[0].clone(), report.findings[0].clone(), report.sites[0].clone());
    for number in 0..40 {
        let mut more = finding.clone();
        more.rule = idea_audit::rules::RuleId::of(format!("accessibility/other-{number:02}"));
        more.outcome =
            if number % 2 == 0 { idea_audit::verdict::Outcome::Failed } else { idea_audit::verdict::Outcome::CantTell };
        let mut row = rule.clone();
        row.id = more.rule.clone();
        let mut host = site.clone();
        host.site = format!("site-{number:02}.example");
        report.findings.push(more);
        report.rules.push(row);
        report.sites.push(host);
    }
    let summary = text(&report, Paint::Plain, WIDTH);
    assert!(summary.contains("and 27 more sites."), "{summary}");
    assert!(summary.contains("and 17 more; --format html=report.html"), "{summary}");
    assert!(summary.contains("and 13 more; --format html=report.html"), "{summary}");
    assert!(summary.lines().count() < 300);
}

#[test]
fn a_folder_scan_names_the_file_to_open() {
    let mut report = demo();
    report.run.published_as = Some("http://www.canal-bureau.example/".to_string());
    report.pages[0].file = Some("build/index.html".to_string());
    let summary = text(&report, Paint::Plain, WIDTH);
    assert!(summary.contains("     At http://www.canal-bureau.example/:17:5\n     In build/index.html\n"), "{summary}");
}

/// What pages really contain, and what they contain when somebody is bored.
pub(super) fn anything() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        "\u{1b}[31m",
        "\u{1b}]0;title\u{7}",
        "\u{1b}]8;;https://evil.example/\u{1b}\\",
        "\u{9b}2J",
        "\u{1b}",
        "\u{9d}x\u{9c}",
        "\u{0}",
        "\u{8}",
        "\r\n",
        "\n\n",
        "\t",
        "\u{7f}",
        "\u{85}",
        "\u{2028}",
        "\u{202e}",
        "\u{2066}",
        "\u{2069}",
        "\u{200f}",
        "\u{feff}",
        "]]>",
        "<![CDATA[",
        "\"",
        "'",
        "\\",
        "\\u0000",
        "</script>",
        "<!--",
        "&amp;",
        "%1b",
        "=cmd()",
        "::error::",
        ",",
        ";",
        "日本語",
        "עברית",
        "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
        "👩\u{200d}🚀",
        "☀\u{fe0f}",
        " ",
        "word",
        "https://a.example/a-very-long-path-that-does-not-fit-into-one-line-of-a-terminal-of-eighty-columns/x",
    ]);
    let piece = prop_oneof![3 => nasty.prop_map(str::to_string), 1 => any::<String>(), 1 => "[ -~]{0,40}"];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

pub(super) fn spoilt(strings: &[String; 6]) -> Report {
    let [title, snippet, url, observed, detail, name] = strings.clone();
    let mut report = demo();
    report.run.targets.push(url.clone());
    report.rules.iter_mut().for_each(|rule| {
        rule.title = title.as_str().into();
        Arc::make_mut(&mut rule.text).fix.clone_from(&detail);
    });
    for finding in &mut report.findings {
        finding.place.snippet = Some(snippet.as_str().into());
        finding.place.selector = Some(name.as_str().into());
        finding.url = url.as_str().into();
        (finding.observed, finding.expected) = (observed.as_str().into(), title.as_str().into());
        finding.question = Some(observed.as_str().into());
    }
    for page in &mut report.pages {
        (page.url, page.file, page.media) = (url.as_str().into(), Some(name.as_str().into()), Some(observed.clone()));
        page.aliases = vec![snippet.clone()];
    }
    report.problems.iter_mut().for_each(|problem| (problem.url, problem.detail) = (url.clone(), detail.clone()));
    for site in &mut report.sites {
        (site.site, site.agency) = (name.clone(), Some(title.clone()));
        let https = serde_json::json!([{ "domain": url, "server-header": observed, "ip": snippet }]);
        site.facts = serde_json::json!({ "generator": snippet, "names": { (name.clone()): title }, "https": https });
        let said = words(&title, &url, &name, &observed);
        site.facts.as_object_mut().expect("an object").extend(said.as_object().cloned().unwrap_or_default());
    }
    report.scorecard.iter_mut().for_each(|row| (row.title, row.part) = (title.clone(), name.clone()));
    report
}

/// What a site's facts tell of its words, in words of strangers.
fn words(title: &str, url: &str, name: &str, observed: &str) -> Value {
    let plain = serde_json::json!({
        "pages": 2, "words": 300, "grade": 9.1, "words-a-sentence": 14.0, "long-sentences": 0.1, "passive": 0.05,
        "hardest": [{ "url": url, "grade": 19.0, "words": 300 }],
    });
    serde_json::json!({
        "text": { "pages": 3, "words": 500, "shared-blocks": 4, "spoken": { (title): 3 } },
        "duplicates": {
            "compared": 3, "at-least": 0.8, "clusters": 1, "copies": 1, "exact": 1, "versions": 0,
            "largest": [{ "keep": url, "because": observed, "likeness": 1.0, "words": 90, "count": 1, "copies": [name] }],
        },
        "templates": {
            "templates": 2, "coverage": 0.5, "count": 1,
            "families": [{ "pages": 3, "share": 1.0, "differs": [title], "examples": [url, observed] }],
        },
        "freshness": {
            "dated": 1, "undated": 2, "newest": name, "ages": { "over 5 years": 1, (title): 1 }, "by-source": {},
            "conflicts": 1, "in-future": 0, "header-touched": 0, "sitemap-touched": observed,
            "oldest": [{ "url": url, "day": title, "source": "text" }],
        },
        "plain-language": { (name): plain },
        "documents": { "linked": 1, "read": 1, "tagged": 0, "scanned": 0, "by-kind": { (observed): 1 } },
        "forms": [{
            "kind": title, "url": url, "name": name, "drawn-by": observed, "fields": 1, "asks": [title],
            "control-number": observed, "expires": title, "form-number": name,
        }],
    })
}

fn turn<T>(rows: &mut [T], by: u8) {
    let middle = usize::from(by) % rows.len();
    rows.rotate_left(middle);
}

fn is_unclean(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_string_survives_machine_formats_and_reaches_no_terminal_unclean(
        strings in prop::array::uniform6(anything()),
        width in 20_usize..140,
    ) {
        let report = spoilt(&strings);
        let value: Value = serde_json::from_str(&json(&report)).expect("the report is JSON");
        check_valid(&WHOLE, &value);
        prop_assert_eq!(&value, &serde_json::to_value(&report).expect("a report is a value"));
        prop_assert_eq!(value["rules"][0]["title"].as_str(), Some(strings[0].as_str()));
        prop_assert_eq!(value["findings"][0]["where"]["snippet"].as_str(), Some(strings[1].as_str()));
        prop_assert_eq!(joined(&jsonl(&report)), value);
        let again: Report = serde_json::from_str(&json(&report)).expect("what we write we read");
        prop_assert_eq!(json(&again), json(&report));

        let plain = text(&report, Paint::Plain, width);
        prop_assert_eq!(plain.chars().find(|c| is_unclean(*c)), None);
        for line in plain.lines() {
            prop_assert!(line.width() <= width.max(50), "{} columns in {:?}", line.width(), line);
        }
    }

    #[test]
    fn the_order_of_arrival_changes_no_byte(seed in any::<[u8; 5]>()) {
        let mut report = demo();
        let [rules, sites, pages, findings, problems] = seed;
        turn(&mut report.rules, rules);
        turn(&mut report.sites, sites);
        turn(&mut report.pages, pages);
        turn(&mut report.findings, findings);
        turn(&mut report.problems, problems);
        report.pages.reverse();
        report.findings.reverse();
        report.pages.iter_mut().for_each(|page| page.aliases.reverse());
        prop_assert_eq!(text(&report, Paint::Plain, WIDTH), text(&demo(), Paint::Plain, WIDTH));
        report.sort();
        let once = json(&report);
        prop_assert_eq!(&once, DEMO);
        report.sort();
        prop_assert_eq!(json(&report), once);
    }
}
