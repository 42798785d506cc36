//! The gate as a pipeline meets it: a baseline, what changed, what is waived or answered, and the exit code.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::sinks::{check_valid, validator};

/// The address under which the old site is published.
const HOST: &str = "http://www.canal-bureau.example";
const DAY: &str = "2026-11-22";

fn run_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_idea-audit"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program starts")
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn json(path: impl AsRef<Path>) -> Value {
    let bytes = std::fs::read(path.as_ref()).unwrap_or_else(|error| panic!("{}: {error}", path.as_ref().display()));
    serde_json::from_slice(&bytes).expect("the file is JSON")
}

/// A folder with a copy of the old site, and what a first scan found there.
fn legacy() -> PathBuf {
    let folder = tempfile::tempdir().expect("a temporary folder").keep();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites/legacy"), &folder.join("site"));
    let first = scan(&folder, HOST, &["--fail-on", "never", "--out", "baseline.json"]);
    assert_eq!(first.status.code(), Some(0), "{}", words(&first));
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)
        } else {
            std::fs::copy(entry.path(), target).map(drop).unwrap()
        }
    }
}

fn scan(folder: &Path, host: &str, more: &[&str]) -> Output {
    let mut arguments = vec!["scan", "site", "--as", host, "--profile", "executive", "--today", DAY];
    arguments.extend(more);
    run_in(folder, &arguments)
}

/// Scans against the baseline; the counts of what is new, unchanged, fixed and not looked at again.
fn compared(folder: &Path, host: &str, more: &[&str]) -> ([u64; 4], Output) {
    let mut arguments = vec!["--baseline", "baseline.json", "--out", "now.json"];
    arguments.extend(more);
    let output = scan(folder, host, &arguments);
    let report = json(folder.join("now.json"));
    let counts =
        ["new", "unchanged", "fixed", "not-looked-at"].map(|key| report["baseline"]["counts"][key].as_u64().unwrap());
    (counts, output)
}

fn edit(folder: &Path, file: &str, change: impl FnOnce(String) -> String) {
    let path = folder.join("site").join(file);
    let text =
        std::fs::read(&path).map(|bytes| bytes.iter().map(|byte| char::from(*byte)).collect::<String>()).unwrap();
    // The old pages are Latin-1: each character is a byte.
    let changed: Vec<u8> = change(text).chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    std::fs::write(path, changed).unwrap();
}

/// The page that is changed, and a picture without a text alternative to put at its end.
const PAGE: &str = "index.html";
const PICTURE: &str = "<img src=\"/new-lock.jpg\" width=\"90\" height=\"60\">";

fn with_picture(page: String) -> String {
    let at = page.to_ascii_lowercase().rfind("</body>").unwrap_or(page.len());
    format!("{}{PICTURE}{}", &page[..at], &page[at..])
}

#[test]
fn the_same_site_has_nothing_new_whatever_its_host_is_called_and_wherever_lines_went() {
    let folder = legacy();
    let all = json(folder.join("baseline.json"))["findings"].as_array().unwrap().len() as u64;
    let (counts, output) = compared(&folder, HOST, &["--fail-on", "new"]);
    assert_eq!((counts, output.status.code()), ([0, all, 0, 0], Some(0)), "{}", words(&output));
    // A build for another host has that host in its absolute links.
    let other = "http://www.other-name.test";
    edit(&folder, "menu.htm", |page| page.replace(HOST, other));
    let (counts, output) = compared(&folder, other, &["--fail-on", "new"]);
    assert_eq!((counts, output.status.code()), ([0, all, 0, 0], Some(0)), "{}", words(&output));
    edit(&folder, "menu.htm", |page| page.replace(other, HOST));
    edit(&folder, PAGE, |page| format!("\n\n\n{page}"));
    let (counts, output) = compared(&folder, HOST, &["--fail-on", "new", "--max-new", "0"]);
    assert_eq!((counts, output.status.code()), ([0, all, 0, 0], Some(0)), "{}", words(&output));
}

#[test]
fn one_new_failure_fails_the_run_and_is_the_only_one_named() {
    let folder = legacy();
    let all = json(folder.join("baseline.json"))["findings"].as_array().unwrap().len() as u64;
    edit(&folder, PAGE, with_picture);
    let (counts, output) = compared(&folder, HOST, &["--fail-on", "new,high"]);
    assert_eq!((counts, output.status.code()), ([1, all, 0, 0], Some(1)), "{}", words(&output));
    let named: Vec<String> = words(&output).lines().filter(|line| line.starts_with("  ")).map(str::to_string).collect();
    assert_eq!(named.len(), 1, "{}", words(&output));
    assert!(named[0].contains("accessibility/image-alternative at http://www.canal-bureau.example/"), "{}", named[0]);

    let diff = run_in(&folder, &["diff", "baseline.json", "now.json"]);
    assert_eq!(diff.status.code(), Some(1), "{}", words(&diff));
    let text = said(&diff);
    assert!(text.contains(&format!("Findings: 1 new, {all} unchanged and 0 fixed.")), "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("  - ")).count(), 1, "{text}");
    assert_eq!(run_in(&folder, &["diff", "baseline.json", "now.json", "--fail-on", "never"]).status.code(), Some(0));
    assert_eq!(run_in(&folder, &["diff", "baseline.json", "now.json", "--fail-on", "search"]).status.code(), Some(0));
    let back = run_in(&folder, &["diff", "now.json", "baseline.json"]);
    assert_eq!(back.status.code(), Some(0), "what is mended fails nothing");
    assert!(said(&back).contains("1 fixed") && said(&back).contains("Fixed:"), "{}", said(&back));

    let machine = run_in(&folder, &["diff", "baseline.json", "now.json", "--format", "json", "--out", "diff.json"]);
    assert_eq!(machine.status.code(), Some(1));
    let diff = json(folder.join("diff.json"));
    check_valid(&validator(include_str!("../../docs/diff.schema.json")), &diff);
    assert_eq!(diff["counts"]["new"], 1);
    assert_eq!(diff["new-findings"].as_array().unwrap().len(), 1);
}

#[test]
fn a_page_that_was_not_visited_is_not_fixed() {
    let folder = legacy();
    let (counts, _) = compared(&folder, HOST, &["--include", "/", "--fail-on", "never"]);
    assert!(counts[2] == 0 && counts[3] > 0, "{counts:?}");
    // What was not looked at again is carried on: the next comparison finds it unchanged.
    std::fs::rename(folder.join("now.json"), folder.join("baseline.json")).unwrap();
    let (again, _) = compared(&folder, HOST, &["--fail-on", "never"]);
    assert_eq!([again[0], again[2], again[3]], [0, 0, 0], "{again:?}");
}

#[test]
fn a_page_that_is_no_longer_in_the_folder_takes_its_findings_with_it() {
    let folder = legacy();
    let baseline = json(folder.join("baseline.json"));
    let of_page = |finding: &&Value| finding["url"].as_str().unwrap().ends_with("/about.htm");
    let there = baseline["findings"].as_array().unwrap().iter().filter(of_page).count() as u64;
    std::fs::remove_file(folder.join("site/about.htm")).unwrap();
    let (counts, _) = compared(&folder, HOST, &["--fail-on", "never"]);
    assert!(there > 0 && counts[2] >= there && counts[3] == 0, "{there} were on the page: {counts:?}");
}

#[test]
fn every_format_that_can_tell_new_from_old_does() {
    let folder = legacy();
    edit(&folder, PAGE, with_picture);
    let formats = "json=now.json,jsonl=now.jsonl,sarif=now.sarif,text=now.txt,html=now.html,markdown=now.md,junit=now.xml,\
        github=now.github,csv=now.csv";
    let output = scan(&folder, HOST, &["--baseline", "baseline.json", "--fail-on", "never", "--format", formats]);
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    check_valid(&validator(include_str!("../../docs/report.schema.json")), &json(folder.join("now.json")));
    let lines = validator(include_str!("../../docs/report-line.schema.json"));
    read("now.jsonl").lines().for_each(|line| check_valid(&lines, &serde_json::from_str(line).unwrap()));
    assert!(read("now.jsonl").contains("\"kind\":\"baseline\""));
    let sarif: Value = serde_json::from_str(&read("now.sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.iter().filter(|one| one["baselineState"] == "new").count(), 1);
    assert!(results.iter().all(|one| one["baselineState"].is_string()));
    assert!(read("now.txt").contains("New and failed:"), "{}", read("now.txt"));
    assert!(read("now.html").contains("id=\"changes\""));
    assert!(read("now.md").contains("**1 new**"), "{}", read("now.md"));
    assert!(read("now.xml").contains("message=\"some of it new: ") || read("now.xml").contains("message=\"new: "));
    assert_eq!(read("now.github").lines().count(), 2, "the new one and the numbers:\n{}", read("now.github"));
    assert_eq!(read("now.csv").matches(",new,").count(), 1);
}

#[test]
fn a_gate_that_cannot_work_is_refused() {
    let folder = legacy();
    for (more, says) in [
        (&["--fail-on", "new"][..], "--baseline FILE"),
        (&["--max-new", "3"], "--baseline FILE"),
        (&["--fail-on", "hihg"], "write an impact"),
        (&["--fail-on", "high,low"], "the same twice"),
        (&["--fail-on", "never", "--fail-on", "high"], "stands alone"),
        (&["--baseline", "absent.json"], "absent.json"),
        (&["--baseline", "site/index.html"], "cannot be read back"),
    ] {
        let output = scan(&folder, HOST, more);
        assert_eq!(output.status.code(), Some(2), "{more:?}: {}", words(&output));
        assert!(words(&output).contains(says), "{more:?}: {}", words(&output));
    }
}

#[test]
fn conditions_hold_together_in_one_word_and_are_alternatives_in_several() {
    let folder = legacy();
    for (more, code) in [
        (&["--fail-on", "must"][..], 1),
        (&["--fail-on", "accessibility/image-alternative"], 1),
        (&["--fail-on", "1.1.1,critical"], 1),
        (&["--fail-on", "mobile,critical"], 0),
        (&["--fail-on", "mobile,critical", "--fail-on", "mobile"], 1),
        (&["--fail-on", "never"], 0),
    ] {
        assert_eq!(scan(&folder, HOST, more).status.code(), Some(code), "{more:?}");
    }
}

/// Writes waivers and reviews of a rule that fails and of one that is in doubt, up to a day.
fn exceptions(folder: &Path, expires: &str) {
    let text = format!(
        "[[waiver]]\nrule = \"accessibility/image-alternative\"\nwhere = {{ url = \"/**\" }}\nreason = \"The pictures are being described.\"\n\
         owner = \"web@canal-bureau.example\"\nissue = \"https://issues.canal-bureau.example/7\"\nexpires = {expires}\n\n\
         [[waiver]]\nrule = \"accessibility/page-language\"\nwhere = {{ url = \"/gone/**\" }}\nreason = \"Frozen.\"\n\
         owner = \"web@canal-bureau.example\"\nexpires = {expires}\n\n\
         [[review]]\nrule = \"content/link-text\"\noutcome = \"passed\"\nreviewer = \"A. Person\"\ndate = 2026-11-01\n\
         expires = {expires}\nevidence = \"Loaded the pages slowly; nothing jumped.\"\n"
    );
    std::fs::write(folder.join("exceptions.toml"), text).unwrap();
}

#[test]
fn waived_and_reviewed_findings_stay_visible_and_fail_nothing_up_to_their_last_day() {
    let folder = legacy();
    let gate = ["--fail-on", "accessibility/image-alternative", "--waivers", "exceptions.toml", "--out", "now.json"];
    for (expires, code, state) in
        [("2026-11-21", 1, "expired"), ("2026-11-22", 0, "in-force"), ("2026-11-23", 0, "in-force")]
    {
        exceptions(&folder, expires);
        let output = scan(&folder, HOST, &gate);
        assert_eq!(output.status.code(), Some(code), "{expires}: {}", words(&output));
        let report = json(folder.join("now.json"));
        check_valid(&validator(include_str!("../../docs/report.schema.json")), &report);
        assert_eq!(report["waivers"][0]["state"], state);
        assert_eq!(report["reviews"][0]["state"], state);
        let findings = report["findings"].as_array().unwrap();
        let of = |rule: &str, key: &str| {
            let of_rule: Vec<bool> =
                findings.iter().filter(|one| one["rule"] == rule).map(|one| one[key].is_object()).collect();
            assert!(!of_rule.is_empty(), "{rule} is found");
            of_rule.iter().all(|marked| *marked)
        };
        assert_eq!(of("accessibility/image-alternative", "waived"), state == "in-force", "{expires}");
        assert_eq!(of("content/link-text", "review"), state == "in-force", "{expires}");
        assert!(findings.iter().all(|one| one["rule"] != "content/link-text" || one["outcome"] == "cantTell"));
        let told = words(&output);
        assert!(told.contains("The waiver of accessibility/page-language at /gone/**"), "{told}");
        assert_eq!(told.contains("findings count again"), state == "expired", "{told}");
    }
}

#[test]
fn every_format_that_can_tell_what_people_decided_does() {
    let folder = legacy();
    exceptions(&folder, "2027-01-31");
    let formats = "json=now.json,jsonl=now.jsonl,sarif=now.sarif,text=now.txt,html=now.html,markdown=now.md,junit=now.xml,\
        github=now.github,gitlab=now.gitlab,csv=now.csv";
    let output = scan(&folder, HOST, &["--waivers", "exceptions.toml", "--fail-on", "never", "--format", formats]);
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let lines = validator(include_str!("../../docs/report-line.schema.json"));
    read("now.jsonl").lines().for_each(|line| check_valid(&lines, &serde_json::from_str(line).unwrap()));
    let sarif: Value = serde_json::from_str(&read("now.sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let of = |rule: &'static str| results.iter().filter(move |one| one["ruleId"] == rule);
    assert!(of("accessibility/image-alternative").all(|one| {
        one["suppressions"][0]["justification"]
            .as_str()
            .is_some_and(|words| words.contains("/7") && words.contains("described"))
    }));
    assert!(of("content/link-text").all(|one| one["kind"] == "pass" && one["properties"]["outcome"] == "cantTell"));
    assert!(read("now.xml").contains("message=\"waived until 2027-01-31 by web@canal-bureau.example: "));
    assert!(read("now.xml").contains("message=\"passed by A. Person on 2026-11-01: "));
    assert!(read("now.txt").contains("waived (the first until 2027-01-31)"), "{}", read("now.txt"));
    assert!(read("now.txt").contains("fits no finding"), "{}", read("now.txt"));
    assert!(read("now.txt").contains("people: "), "the scorecard counts people apart:\n{}", read("now.txt"));
    assert!(read("now.html").contains("id=\"exceptions\""));
    assert!(read("now.csv").contains(",passed,A. Person,2026-11-01,2027-01-31,"));
    for name in ["now.github", "now.gitlab"] {
        for rule in ["accessibility/image-alternative", "content/link-text"] {
            let named = [format!("\"{rule}\""), format!("({rule})"), format!("({rule},")];
            assert!(
                !named.iter().any(|named| read(name).contains(named)),
                "{name} leaves out {rule}, which is settled"
            );
        }
    }
    let row = json(folder.join("now.json"))["scorecard"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["reviewed"]["passed"] != 0)
        .cloned();
    assert!(row.is_some_and(|row| row["outcome"].is_string() && row["reviewed"]["open"].is_u64()));
}

#[test]
fn the_list_of_what_is_open_can_be_filled_in() {
    let folder = legacy();
    let export = run_in(&folder, &["review", "export", "baseline.json"]);
    assert_eq!(export.status.code(), Some(0), "{}", words(&export));
    let doubts = json(folder.join("baseline.json"))["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["outcome"] == "cantTell")
        .count();
    let mut table = csv::Reader::from_reader(&export.stdout[..]);
    let header: Vec<String> = table.headers().unwrap().iter().map(str::to_string).collect();
    assert_eq!(header[12..], ["outcome", "reviewer", "date", "expires", "evidence"]);
    assert_eq!(table.records().map(Result::unwrap).count(), doubts);

    exceptions(&folder, "2027-01-31");
    scan(&folder, HOST, &["--waivers", "exceptions.toml", "--fail-on", "never", "--out", "now.json"]);
    let export = run_in(&folder, &["review", "export", "now.json", "--out", "open.csv"]);
    assert_eq!((export.status.code(), export.stdout.len()), (Some(0), 0));
    let open = std::fs::read_to_string(folder.join("open.csv")).unwrap();
    assert!(!open.contains("content/link-text") && open.lines().count() > 10, "what was answered is not open");
}

#[test]
fn a_waiver_without_reason_or_end_stops_the_run_before_anything_is_looked_at() {
    let folder = legacy();
    for (text, says) in [
        (
            "[[waiver]]\nrule = \"accessibility/page-language\"\nowner = \"a\"\nexpires = 2027-01-31\n",
            "a waiver has `reason`",
        ),
        (
            "[[waiver]]\nrule = \"accessibility/page-language\"\nowner = \"a\"\nreason = \"b\"\n",
            "a waiver has `expires`",
        ),
    ] {
        for (file, more) in [("idea-audit.toml", &[][..]), ("own.toml", &["--waivers", "own.toml"])] {
            std::fs::write(folder.join(file), text).unwrap();
            let output = scan(&folder, HOST, &[more, &["--out", "refused.json"]].concat());
            assert_eq!(output.status.code(), Some(2), "{}", words(&output));
            let told = words(&output);
            assert!(told.contains(says) && told.contains(&format!("{file}:1:1")) && told.contains('^'), "{told}");
            assert!(!folder.join("refused.json").exists());
            std::fs::remove_file(folder.join(file)).unwrap();
        }
    }
}
