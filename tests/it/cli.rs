//! The program as people and pipelines use it: exit codes, messages, files, formats.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program with arguments, run in a folder of its own.
fn run_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_idea-audit"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program starts")
}

fn run(arguments: &[&str]) -> Output {
    run_in(&empty(), arguments)
}

/// A new folder that stays for the test's life: the system cleans temporary folders.
fn empty() -> PathBuf {
    tempfile::tempdir().expect("a temporary folder").keep()
}

fn site(name: &str) -> String {
    format!("{}/fixtures/sites/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}\n{}", words(output)))
}

/// One clear message with what to do, the right code, no backtrace, nothing on standard output.
fn refused(arguments: &[&str], code: i32, says: &[&str]) {
    let folder = empty();
    refused_in(&folder, arguments, code, says);
}

fn refused_in(folder: &Path, arguments: &[&str], code: i32, says: &[&str]) {
    let output = run_in(folder, arguments);
    let words = words(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{words}");
    assert!(output.stdout.is_empty(), "{arguments:?} writes nothing");
    assert!(!words.contains("panicked") && !words.contains("RUST_BACKTRACE"), "{words}");
    for part in says {
        assert!(words.contains(part), "{arguments:?} says {part:?}:\n{words}");
    }
}

#[test]
fn bad_input_gets_one_message_with_what_to_do_and_exit_code_2() {
    refused(&["scan", "--no-such-flag"], 2, &["--no-such-flag"]);
    refused(&["scan"], 2, &["no target", "name a URL"]);
    refused(&["scan", "./nowhere"], 2, &["./nowhere", "@list.txt"]);
    refused(&["scan", "ftp://agency.example/"], 2, &["only http and https"]);
    refused(&["scan", "agency.example", "--rate", "0"], 2, &["--rate", "requests a second"]);
    refused(&["scan", "agency.example", "--include", "news"], 2, &["--include news"]);
    refused(&["scan", "agency.example", "--today", "yesterday"], 2, &["--today", "2026-11-22"]);
    refused(&["scan", "agency.example", "--fail-on", "everything"], 2, &["--fail-on", "critical"]);
    refused(&["scan", "agency.example", "--min-coverage", "90"], 2, &["--min-coverage", "0 to 1"]);
    refused(&["scan", "agency.example", "--select", "acessibility"], 2, &["acessibility", "did you mean"]);
    refused(&["scan", "agency.example", "--profile", "federal"], 2, &["federal", "executive"]);
    refused(&["scan", "agency.example", "--allow-private", "home"], 2, &["--allow-private home", "10.0.0.0/8"]);
    refused(&["scan", "agency.example", "--out", "no/such/folder/x.json"], 2, &["no/such/folder", "--out"]);
    refused(&["scan", "agency.example", "--config", "absent.toml"], 2, &["absent.toml", "--config"]);
    refused(&["scan", "agency.example", "--auth", "secret"], 2, &["user:password"]);
    refused(&["scan", "agency.example", "--contact", "the web team"], 2, &["--contact", "mail address", "https://"]);
    refused(&["scan", "agency.example", "--contact", "ftp://agency.example"], 2, &["--contact", "mail address"]);
    refused(&["scan", "agency.example", "--contact", "@agency.example"], 2, &["--contact", "mail address"]);
    refused(&["scan", "agency.example", "--user-agent", "a\nb"], 2, &["--user-agent", "control character"]);
    refused(&["scan", "agency.example", "--max-pages", "0"], 2, &["--max-pages 0", "from 1"]);
    for flag in ["--rate", "--ip-rate", "--timeout", "--max-time", "--min-coverage"] {
        refused(&["scan", "agency.example", flag, "abc"], 2, &[flag, "`abc` is no number; write 2 or 0.5"]);
    }
    for flag in ["--max-pages", "--max-depth", "--max-body", "--concurrency"] {
        refused(&["scan", "agency.example", flag, "-1"], 2, &[flag, "`-1` is no whole number"]);
    }
    refused(&["explain", "security/hst"], 2, &["security/hst", "perhaps"]);
    refused(&["scan", "agency.example", "--format", "sarfi"], 2, &["sarfi", "did you mean `sarif`"]);
    refused(&["scan", "agency.example", "--format", "html,json"], 2, &["standard output", "html=report.html"]);
    refused(&["scan", "agency.example", "--format", "html=no/such/x.html,json"], 2, &["no/such", "--format"]);
    refused(&["scan", "agency.example", "--format", "csv=a,html=a"], 2, &["two formats", "name a file for each"]);
    refused(&["report", "absent.json"], 2, &["absent.json"]);
    refused(&["rules", "new", "Not A Rule"], 2, &["Not A Rule", "pack/name"]);
    refused(&["robots", "check", "--file", "absent.txt", "--agent", "a", "/"], 2, &["absent.txt"]);
}

#[test]
fn an_empty_folder_and_a_broken_list_are_refused_before_anything_is_written() {
    let folder = empty();
    std::fs::create_dir(folder.join("site")).unwrap();
    refused_in(&folder, &["scan", "site", "--out", "r.json"], 2, &["site", "no page"]);
    std::fs::write(folder.join("ragged.csv"), "domain,agency\na.example\nb.example\n").unwrap();
    refused_in(
        &folder,
        &["scan", "ragged.csv", "--contact", "a@b.example", "--out", "r.json"],
        2,
        &["ragged.csv", "line 2"],
    );
    std::fs::write(folder.join("odd.csv"), "colour,shape\nred,round\n").unwrap();
    refused_in(&folder, &["scan", "odd.csv", "--contact", "a@b.example"], 2, &["line 1", "domain"]);
    std::fs::write(folder.join("hosts.txt"), "agency.example\n").unwrap();
    refused_in(&folder, &["scan", "@hosts.txt"], 2, &["--contact"]);
    refused_in(&folder, &["scan", "hosts.txt"], 2, &["@hosts.txt"]);
    std::fs::write(folder.join("idea-audit.toml"), "max-pagse = 3\n").unwrap();
    refused_in(&folder, &["scan", "agency.example"], 2, &["idea-audit.toml", "max-pagse", "max-pages"]);
    assert!(!folder.join("r.json").exists(), "nothing half-written");
}

#[test]
fn a_broken_rule_is_shown_at_its_place() {
    let folder = empty();
    std::fs::create_dir_all(folder.join("ours/pack")).unwrap();
    let good = run_in(&folder, &["rules", "new", "pack/print-button", "--dir", "ours"]);
    assert_eq!(good.status.code(), Some(0), "{}", words(&good));
    let test = run_in(&folder, &["rules", "test", "ours"]);
    assert_eq!(test.status.code(), Some(0), "{}{}", words(&test), String::from_utf8_lossy(&test.stdout));
    let file = folder.join("ours/pack/print-button.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    for (from, to, says) in [
        ("selector  =", "selectr   =", vec!["selectr", "did you mean `selector`"]),
        ("element-present", "element-presnt", vec!["element-presnt", "did you mean `element-present`"]),
        ("pack/print-button", "pack/other", vec!["the id is not the path"]),
        ("web-practice", "web-practise", vec!["sources.toml has no", "did you mean `web-practice`"]),
        (
            "\"web-practice\"",
            "\"the-moon\"",
            vec!["sources.toml has no `the-moon`", "^^^^^^^^^^", "a key of sources.toml"],
        ),
        ("preview = \"0.1.0\"", "preview = \"soon\"", vec!["`soon` in `status` is no version", "0.1.0"]),
        ("Add a button", "You must add a button", vec!["says \"must\""]),
        ("\"button.print\"", "\"button..print\"", vec!["not a CSS selector"]),
    ] {
        std::fs::write(&file, text.replacen(from, to, 1)).unwrap();
        let mut says = says;
        says.extend(["print-button.toml:", "^"]);
        refused_in(&folder, &["scan", "agency.example", "--rules", "ours"], 2, &says);
    }
    std::fs::write(&file, text.replace("expect = \"passed\"", "expect = \"failed\"")).unwrap();
    refused_in(&folder, &["rules", "test", "ours"], 2, &["no example is passed"]);
    std::fs::write(&file, b"id = \"\xff\"").unwrap();
    refused_in(&folder, &["rules", "test", "ours"], 2, &["print-button.toml", "not UTF-8"]);
}

#[test]
fn a_rule_whose_example_lies_is_found_by_rules_test() {
    let folder = empty();
    run_in(&folder, &["rules", "new", "pack/print-button", "--dir", "ours"]);
    let file = folder.join("ours/pack/print-button.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("<button class='print'>Print</button>", "<p>No button.</p>")).unwrap();
    let test = run_in(&folder, &["rules", "test", "ours"]);
    assert_eq!(test.status.code(), Some(1));
    let told = String::from_utf8_lossy(&test.stdout).into_owned();
    assert!(
        told.contains("a page with the button") && told.contains("want  passed") && told.contains("got   failed"),
        "{told}"
    );
}

#[test]
fn an_unreachable_host_is_a_problem_and_exit_code_3() {
    // A port that was free a moment ago refuses connections.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let output = run(&["scan", &format!("http://127.0.0.1:{port}/"), "--format", "json"]);
    assert_eq!(output.status.code(), Some(3), "{}", words(&output));
    let report = json(&output);
    assert_eq!(report["problems"][0]["kind"], "connection");
    assert!(report["findings"].as_array().unwrap().is_empty(), "a site that was not seen is accused of nothing");
    let outcomes = report["sites"][0]["outcomes"].as_object().unwrap();
    assert!(
        !outcomes.is_empty() && outcomes.values().all(|outcome| outcome == "untested" || outcome == "cantTell"),
        "{outcomes:?}"
    );
}

#[test]
fn two_runs_over_one_folder_give_the_same_bytes_but_for_id_and_times() {
    let scan = |format: &str| {
        let output = run(&[
            "scan",
            &site("mixed"),
            "--as",
            "https://www.grants-desk.example",
            "--format",
            format,
            "--today",
            "2026-11-22",
        ]);
        String::from_utf8(output.stdout).unwrap()
    };
    let bare = |text: String| -> String {
        let volatile = ["\"id\": \"0", "\"started\":", "\"finished\":"];
        text.lines()
            .filter(|line| !volatile.iter().any(|word| line.trim_start().starts_with(word)))
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(bare(scan("json")), bare(scan("json")));
    assert_eq!(scan("text"), scan("text"));
}

#[test]
fn every_page_file_is_in_the_report_and_every_finding_has_its_place() {
    let output = run(&[
        "scan",
        &site("mixed"),
        "--as",
        "https://www.grants-desk.example/",
        "--profile",
        "executive",
        "--format",
        "json",
    ]);
    assert_eq!(output.status.code(), Some(1), "{}", words(&output));
    let report = json(&output);
    let pages: Vec<&str> =
        report["pages"].as_array().unwrap().iter().map(|page| page["url"].as_str().unwrap()).collect();
    let mut sorted = pages.clone();
    sorted.sort_unstable();
    assert_eq!(pages, sorted);
    assert!(
        pages.contains(&"https://www.grants-desk.example/")
            && pages.contains(&"https://www.grants-desk.example/apply/")
    );
    for finding in report["findings"].as_array().unwrap() {
        assert!(
            finding["where"].is_object()
                && finding["url"].as_str().is_some_and(|url| url.starts_with("https://www.grants-desk.example/"))
        );
    }
    let mut fingerprints: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|finding| finding["fingerprint"].as_str().unwrap()).collect();
    let all = fingerprints.len();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), all, "fingerprints are unique");
}

#[test]
fn an_exemplary_site_fails_nothing_of_high_impact() {
    let output = run(&[
        "scan",
        &site("exemplary"),
        "--as",
        "https://www.harbor-safety.example",
        "--format",
        "json",
        "--today",
        "2026-11-22",
    ]);
    let report = json(&output);
    let failed: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["outcome"] == "failed")
        .map(|finding| format!("{} at {}: {}", finding["rule"], finding["url"], finding["observed"]))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn lines_of_json_each_have_a_kind_and_the_scorecard_and_coverage_come_last() {
    let output = run(&["scan", &site("legacy"), "--as", "http://www.canal-bureau.example", "--format", "jsonl"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let kinds: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["kind"].as_str().unwrap().to_string())
        .collect();
    assert_eq!(kinds.last().map(String::as_str), Some("coverage"));
    let first_row = kinds.iter().position(|kind| kind == "scorecard").unwrap();
    assert!(kinds[first_row..kinds.len() - 1].iter().all(|kind| kind == "scorecard"));
    for kind in ["page", "finding", "rule", "run", "site"] {
        assert!(kinds.iter().any(|told| told == kind), "{kind}");
    }
}

#[test]
fn results_can_be_shown_again_without_crawling() {
    let folder = empty();
    let scan = run_in(
        &folder,
        &[
            "scan",
            &site("mixed"),
            "--as",
            "https://www.grants-desk.example",
            "--out",
            "r.json",
            "--fail-on",
            "never",
            "--quiet",
        ],
    );
    assert_eq!((scan.status.code(), scan.stdout.len(), scan.stderr.len()), (Some(0), 0, 0), "{}", words(&scan));
    let written = std::fs::read(folder.join("r.json")).unwrap();
    let again = run_in(&folder, &["report", "r.json", "--format", "json"]);
    assert_eq!(again.stdout, written);
    let text = run_in(&folder, &["report", "r.json", "--format", "text"]);
    assert!(String::from_utf8_lossy(&text.stdout).contains("pages judged"), "{}", words(&text));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "no draft is left behind");
}

#[test]
fn globs_choose_pages_and_the_gate_follows_its_flag() {
    let mixed = site("mixed");
    let scan = |more: &[&str]| {
        let mut arguments = vec!["scan", mixed.as_str(), "--as", "https://www.grants-desk.example", "--format", "json"];
        arguments.extend(more);
        run(&arguments)
    };
    let some = json(&scan(&["--include", "/grants/**", "--exclude", "/grants/small-towns/"]));
    let urls: Vec<&str> = some["pages"].as_array().unwrap().iter().map(|page| page["url"].as_str().unwrap()).collect();
    assert_eq!(urls, ["https://www.grants-desk.example/grants/"]);
    assert_eq!(scan(&["--fail-on", "never"]).status.code(), Some(0));
    assert_eq!(scan(&["--fail-on", "low"]).status.code(), Some(1));
}

#[test]
fn robots_check_prints_one_line_for_each_argument_in_order() {
    let folder = empty();
    std::fs::write(folder.join("robots.txt"), "User-agent: *\nDisallow: /private\nAllow: /private/open\n").unwrap();
    let output = run_in(
        &folder,
        &[
            "robots",
            "check",
            "--file",
            "robots.txt",
            "--agent",
            "",
            "/private/x",
            "https://a.example/private/open",
            "/",
            "private/y",
            "",
            "?q",
            "ftp://a.example/private",
        ],
    );
    let lines: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        lines[0],
        serde_json::json!({"url": "/private/x", "allowed": false, "rule": "Disallow: /private", "line": 2})
    );
    assert_eq!(lines[1]["allowed"], true);
    assert_eq!(lines[2], serde_json::json!({"url": "/", "allowed": true, "rule": null, "line": null}));
    let rest: Vec<_> = lines[3..].iter().map(|line| (line["url"].as_str().unwrap(), line["allowed"].clone())).collect();
    let (yes, no) = (Value::Bool(true), Value::Bool(false));
    assert_eq!(rest, [("private/y", no), ("", yes.clone()), ("?q", yes.clone()), ("ftp://a.example/private", yes)]);
}

#[test]
fn init_writes_a_file_that_loads_and_names_every_flag() {
    let folder = empty();
    assert_eq!(run_in(&folder, &["init"]).status.code(), Some(0));
    refused_in(&folder, &["init"], 2, &["is there already"]);
    let text = std::fs::read_to_string(folder.join("idea-audit.toml")).unwrap();
    let help = String::from_utf8(run(&["scan", "--help"]).stdout).unwrap();
    let not_in_file = ["format", "out", "config", "plain", "quiet", "verbose", "help", "version", "profile"];
    for flag in help.split("--").skip(1).filter_map(|rest| rest.split([' ', '\n', ']', ',', '.', ';']).next()) {
        let named = text.contains(&format!("# {flag} = ")) || not_in_file.contains(&flag) || flag.is_empty();
        assert!(named, "--{flag} is in the file");
    }
    let uncommented: String = text
        .lines()
        .map(|line| {
            line.strip_prefix("# ").filter(|rest| rest.contains(" = ") || rest.starts_with("[[")).unwrap_or(line)
        })
        .fold(String::new(), |all, line| all + line + "\n");
    std::fs::write(folder.join("idea-audit.toml"), uncommented).unwrap();
    let scan = run_in(&folder, &["scan", "ftp://x.example/"]);
    assert!(words(&scan).contains("only http and https"), "every key is known:\n{}", words(&scan));
}

#[test]
fn explain_and_lists_speak() {
    let list = String::from_utf8(run(&["rules", "list"]).stdout).unwrap();
    let first = list.lines().next().unwrap().split(' ').next().unwrap();
    let told = String::from_utf8(run(&["explain", first]).stdout).unwrap();
    for word in ["impact", "cites", "What", "Why", "Fix", "Limits", "Examples"] {
        assert!(told.contains(word), "{word} in\n{told}");
    }
    let checks = String::from_utf8(run(&["rules", "checks"]).stdout).unwrap();
    assert!(checks.contains("element-present (looks at each page)"));
    let rest = String::from_utf8(run(&["rules", "list", "--not-by-machine"]).stdout).unwrap();
    assert!(rest.contains("\n    shown: ") && !rest.contains(first), "{rest}");
}

#[test]
fn the_readme_shows_the_help_of_scan_word_for_word() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let help = String::from_utf8(run(&["scan", "--help"]).stdout).unwrap();
    let shown = readme.split("<!-- usage -->").nth(1).unwrap_or_default();
    let shown = shown.trim().trim_start_matches("```text").trim_end_matches("```").trim();
    assert_eq!(shown, help.trim(), "README.md, between the usage marks");
}

#[test]
fn several_formats_are_written_at_once_and_again_from_the_results() {
    let folder = empty();
    let formats = "html=report.html,sarif=out.sarif,junit=junit.xml,csv=findings.csv,jsonl=lines.jsonl,json=-";
    let scan =
        run_in(&folder, &["scan", &site("mixed"), "--as", "https://www.grants-desk.example", "--format", formats]);
    assert_eq!(scan.status.code(), Some(1), "{}", words(&scan));
    let report = json(&scan);
    let read =
        |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(read("report.html").starts_with("<!doctype html>") && read("report.html").ends_with("</html>\n"));
    let sarif: Value = serde_json::from_str(&read("out.sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap().len();
    assert_eq!(results, report["findings"].as_array().unwrap().len());
    assert!(read("junit.xml").contains("<testsuites ") && read("lines.jsonl").lines().count() > results);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 5, "no draft is left behind");

    std::fs::write(folder.join("results.json"), &scan.stdout).unwrap();
    let again = run_in(&folder, &["report", "results.json", "--format", "sarif=-,html=again.html"]);
    assert_eq!(again.status.code(), Some(0), "{}", words(&again));
    assert_eq!(String::from_utf8(again.stdout).unwrap(), read("out.sarif"));
    assert_eq!(read("again.html"), read("report.html"));
    let by_name = run_in(&folder, &["report", "results.json", "--out", "x.csv"]);
    assert_eq!(by_name.status.code(), Some(0), "{}", words(&by_name));
    assert_eq!(read("x.csv"), read("findings.csv"));
}

#[test]
fn lines_are_streamed_while_other_formats_wait_for_the_end() {
    let folder = empty();
    let scan = run_in(&folder, &["scan", &site("mixed"), "--format", "jsonl,markdown=summary.md"]);
    let lines = String::from_utf8(scan.stdout).unwrap();
    let kinds: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["kind"].clone()).collect();
    assert_eq!(kinds.last().unwrap(), "coverage");
    assert_eq!(kinds.iter().filter(|kind| **kind == "coverage").count(), 1, "the lines are written once");
    assert!(std::fs::read_to_string(folder.join("summary.md")).unwrap().starts_with("## idea-audit: "));
}

#[test]
#[cfg(unix)]
fn a_reader_who_goes_away_does_not_change_the_exit_code() {
    let folder = empty();
    let left = |arguments: &[&str]| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut program = Command::new(env!("CARGO_BIN_EXE_idea-audit"));
        program.args(arguments).current_dir(&folder).stdout(writer).stderr(std::process::Stdio::piped());
        let output = program.output().unwrap();
        assert!(output.stderr.is_empty(), "{arguments:?}: {}", words(&output));
        output.status.code()
    };
    let mixed = site("mixed");
    let scan = ["scan", mixed.as_str(), "--as", "https://www.grants-desk.example", "--quiet", "--format"];
    for format in ["json", "jsonl", "text", "json=-,html=after.html"] {
        assert_eq!(left(&[&scan[..], &[format]].concat()), Some(1), "{format}");
        assert_eq!(left(&[&scan[..], &[format, "--fail-on", "never"]].concat()), Some(0), "{format}");
    }
    assert!(folder.join("after.html").is_file(), "what comes after standard output is written");
    assert_eq!(left(&["rules", "list"]), Some(0));
}

#[test]
#[cfg(unix)]
fn a_report_has_ordinary_permissions_and_a_link_is_written_through() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = empty();
    let mode = |name: &str| std::fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777;
    let scan = |out: &str| {
        let output = run_in(&folder, &["scan", &site("mixed"), "--fail-on", "never", "--quiet", "--out", out]);
        assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    };
    std::fs::write(folder.join("plain"), "").unwrap();
    scan("new.json");
    assert_eq!(mode("new.json"), mode("plain"), "the user's mask decides");
    std::fs::create_dir(folder.join("kept")).unwrap();
    std::fs::write(folder.join("kept/real.json"), "old").unwrap();
    std::fs::set_permissions(folder.join("kept/real.json"), PermissionsExt::from_mode(0o604)).unwrap();
    symlink("kept/real.json", folder.join("link.json")).unwrap();
    symlink("kept/later.json", folder.join("ahead.json")).unwrap();
    scan("link.json");
    scan("ahead.json");
    for link in ["link.json", "ahead.json"] {
        assert!(folder.join(link).symlink_metadata().unwrap().is_symlink(), "{link} is still a link");
    }
    assert_eq!(mode("kept/real.json"), 0o604);
    for name in ["kept/real.json", "kept/later.json"] {
        assert!(std::fs::read_to_string(folder.join(name)).unwrap().starts_with('{'), "{name}");
    }
    scan("/dev/null");
}

#[test]
#[cfg(unix)]
fn a_request_to_terminate_ends_the_crawl_and_keeps_what_was_seen() {
    use std::io::{Read, Write};
    let folder = empty();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let (asked, heard) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let read = stream.read(&mut request).unwrap_or(0);
            let path = String::from_utf8_lossy(&request[..read]).split(' ').nth(1).unwrap_or("/").to_string();
            let links: String = (0..50).map(|at| format!("<a href='/p{at}'>Page {at}</a>")).collect();
            let (status, body) = match path.as_str() {
                "/" => ("200 OK", format!("<!doctype html><html lang=en><title>Pages</title>{links}")),
                _ if path.starts_with("/p") => ("200 OK", "<!doctype html><html lang=en><title>Page</title>".into()),
                _ => ("404 Not Found", String::new()),
            };
            let length = body.len();
            let head = format!("HTTP/1.1 {status}\r\ncontent-type: text/html\r\ncontent-length: {length}\r\n");
            let _ = write!(stream, "{head}connection: close\r\n\r\n{body}");
            let _ = asked.send(path);
        }
    });
    let mut program = Command::new(env!("CARGO_BIN_EXE_idea-audit"));
    program.args(["scan", &address, "--rate", "2", "--fail-on", "never", "--out", "r.json"]).current_dir(&folder);
    let child = program.stderr(std::process::Stdio::piped()).spawn().unwrap();
    while !heard.recv_timeout(std::time::Duration::from_secs(30)).expect("pages are asked for").starts_with("/p") {}
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", words(&output));
    let report: Value = serde_json::from_slice(&std::fs::read(folder.join("r.json")).unwrap()).unwrap();
    assert_eq!(report["run"]["stopped"], true);
    assert!(!report["pages"].as_array().unwrap().is_empty());
    let last = words(&output).lines().last().unwrap_or_default().to_string();
    assert!(last.contains("1 site, ") && last.ends_with("full report in r.json"), "{last}");
}

#[test]
fn an_agencys_rule_that_replaces_one_of_the_program_is_named() {
    let folder = empty();
    let made = run_in(&folder, &["rules", "new", "accessibility/main-landmark", "--dir", "ours"]);
    assert_eq!(made.status.code(), Some(0), "{}", words(&made));
    let line = "accessibility/main-landmark of ours replaces the rule of this id that comes with the program";
    for arguments in [&["rules", "test", "ours"][..], &["explain", "accessibility/main-landmark", "--rules", "ours"]] {
        let told = words(&run_in(&folder, arguments));
        assert_eq!(told.lines().filter(|told| told.contains(line)).count(), 1, "{told}");
    }
    let scan = run_in(
        &folder,
        &["scan", &site("mixed"), "--rules", "ours", "--select", "accessibility/main-landmark", "--format", "json"],
    );
    assert!(words(&scan).contains(line), "{}", words(&scan));
    assert!(json(&scan)["rules"][0]["origin"].as_str().unwrap().starts_with("ours (replaces "));
}

#[test]
fn what_report_cannot_read_is_called_by_its_name() {
    let folder = empty();
    let other = r#"{"schema": "idea-audit-report/9", "tool": {"name": "idea-audit", "version": "7.2.0"}, "new": []}"#;
    std::fs::write(folder.join("other.json"), other).unwrap();
    refused_in(&folder, &["report", "other.json", "-q"], 2, &["idea-audit-report/9", "written by idea-audit 7.2.0"]);
    std::fs::write(folder.join("lines.jsonl"), "{\"kind\":\"page\"}\n{\"kind\":\"coverage\"}\n").unwrap();
    refused_in(&folder, &["report", "lines.jsonl"], 2, &["JSON Lines", "cannot be read back"]);
}
