//! Where results go and come from: full disks, several files at once, standard input, terminals and those who cannot see one.
//!
//! Invariants: whatever goes wrong is one message with what to do, and exit code 2; a place that fails keeps the report from no other.

use idea_audit::report;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::machine::lacks;
use super::sinks::DEMO;

const DEMO_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/reports/demo.json");
const LEGACY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/sites/legacy");
/// A device that is always full (full(4)).
const FULL: &str = "/dev/full";

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_idea-audit"));
    program
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null());
    program
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The program with something on standard input.
fn fed(arguments: &[&str], input: &[u8]) -> Output {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("input");
    std::fs::write(&file, input).expect("a file");
    let input = std::fs::File::open(&file).expect("it is there");
    program(folder.path(), arguments).stdin(input).output().expect("the program starts")
}

#[test]
fn a_full_disk_is_said_and_every_other_place_gets_its_results() {
    if !Path::new(FULL).exists() {
        lacks(FULL);
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let full = || Stdio::from(std::fs::File::options().write(true).open(FULL).expect("it can be opened"));
    let formats = format!("html={FULL},json=a.json,sarif=a.sarif");
    let run =
        program(folder.path(), &["report", DEMO_FILE, "--format", &formats]).output().expect("the program starts");
    assert_eq!(run.status.code(), Some(2));
    let says = told(&run);
    assert_eq!(says.matches("cannot write /dev/full: No space left on device").count(), 1, "{says}");
    assert!(says.contains("make room there"), "{says}");
    assert_eq!(std::fs::read_to_string(folder.path().join("a.json")).expect("it was written"), DEMO);
    assert!(folder.path().join("a.sarif").exists());
    for arguments in [
        &["report", DEMO_FILE, "--format", "html"][..],
        &["report", DEMO_FILE, "--format", "text"],
        &["scan", LEGACY, "--quiet", "--format", "json"],
        &["scan", LEGACY, "--quiet", "--format", "jsonl"],
    ] {
        let run = program(folder.path(), arguments).stdout(full()).output().expect("the program starts");
        let says = told(&run);
        assert_eq!(run.status.code(), Some(2), "{arguments:?}: {says}");
        assert!(says.contains("standard output: No space left") && says.contains("make room there"), "{says}");
    }
}

#[test]
fn a_file_that_cannot_be_written_stays_what_it_was() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let old = folder.path().join("old.html");
    std::fs::write(&old, "the old report").expect("a file");
    let run = program(folder.path(), &["report", "absent.json", "--format", "html=old.html"]).output();
    assert_eq!(run.expect("the program starts").status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&old).expect("it is there"), "the old report");
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).expect("a folder").flatten().map(|one| one.file_name()).collect();
    assert_eq!(left, ["old.html"], "no draft is left behind");
}

#[test]
fn a_report_is_read_from_standard_input() {
    let run = fed(&["report", "-", "--format", "json"], DEMO.as_bytes());
    assert_eq!(run.status.code(), Some(0), "{}", told(&run));
    assert_eq!(String::from_utf8_lossy(&run.stdout), DEMO);
}

#[test]
fn what_is_no_report_is_called_by_its_name() {
    let sarif = include_bytes!("../../fixtures/reports/demo.sarif");
    let html = include_bytes!("../../fixtures/reports/demo.html");
    let half = &DEMO.as_bytes()[..DEMO.len() / 2];
    for (input, says) in [
        (&b""[..], "standard input is empty"),
        (b" \n", "standard input is empty"),
        (html, "is HTML or XML"),
        (sarif, "is a SARIF log"),
        (half, "ends in the middle of a report"),
        (b"{\"schema\": 1}", "is no report of this program"),
        (b"[1, 2]", "is no report of this program"),
        (b"fingerprint,rule\n", "is no JSON"),
        (b"{\"kind\":\"page\"}\n", "is JSON Lines"),
        (b"\xff\xfe{\x00", "is no JSON"),
    ] {
        let run = fed(&["report", "-"], input);
        let words = told(&run);
        assert_eq!(run.status.code(), Some(2), "{words}");
        assert!(run.stdout.is_empty() && words.contains(says) && !words.contains("panicked"), "{says:?}: {words}");
        assert!(words.contains("\n  name a file that `scan --format json --out FILE` wrote"), "{words}");
    }
}

#[test]
fn half_a_surrogate_pair_in_a_report_survives_every_format() {
    let spoilt = DEMO.replace("the image has no alternative text", r"half \ud83d of \\ud800 a pair \udc00");
    let report = report::read(spoilt.into_bytes()).expect("it is a report still");
    assert_eq!(&*report.findings[0].observed, "half \u{fffd} of \\ud800 a pair \u{fffd}");
    let formats =
        "html=a.html,sarif=a.sarif,junit=a.xml,csv=a.csv,markdown=a.md,text=a.txt,earl=a.jsonld,gitlab=a.json";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let spoilt = folder.path().join("spoilt.json");
    std::fs::write(&spoilt, DEMO.replace("the image has no alternative text", r"half \ud83d")).expect("a file");
    let run = program(folder.path(), &["report", "spoilt.json", "--format", formats]).output().expect("it starts");
    assert_eq!(run.status.code(), Some(0), "{}", told(&run));
    for format in formats.split(',') {
        let file = format.split('=').nth(1).expect("each has a file");
        let text = std::fs::read_to_string(folder.path().join(file)).expect("it was written as UTF-8");
        assert!(text.contains("half \u{fffd}"), "{format}");
    }
}

#[test]
fn colour_comes_only_where_it_is_wanted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let arguments = ["report", DEMO_FILE, "--format", "text"];
    let shown = |more: &[&str], variables: &[(&str, &str)]| {
        let all = [&arguments[..], more].concat();
        let run = program(folder.path(), &all).envs(variables.iter().copied()).output().expect("the program starts");
        String::from_utf8(run.stdout).expect("text is UTF-8")
    };
    let plain = shown(&[], &[]);
    assert!(!plain.contains('\u{1b}'), "no terminal, no colour");
    let forced = shown(&[], &[("CLICOLOR_FORCE", "1")]);
    assert!(forced.contains("\u{1b}["));
    assert_eq!(console::strip_ansi_codes(&forced), plain, "colour adds nothing but colour");
    assert_eq!(shown(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), plain);
    assert_eq!(shown(&["--plain"], &[("CLICOLOR_FORCE", "1")]), plain);
    let boxes = |c: char| matches!(c, '\u{2500}'..='\u{25ff}' | '\u{2800}'..='\u{28ff}');
    assert_eq!(plain.chars().find(|c| boxes(*c)), None, "nothing is drawn that has to be read aloud");
}
