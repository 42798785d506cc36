//! An agency's own folder of rules, exactly as `docs/own-rules.md` goes through it, and the mistakes it speaks of.
//!
//! In: the page: its TOML blocks are the files named above them, its `sh` blocks commands, the `text` block after each what they print
//! on both streams. Out: whether that is so. `UPDATE_EXPECT=1` rewrites what is printed. Invariant: nothing is run that the page
//! does not show.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/own-rules.md");

/// A fenced block of the page: its language, its text, the words before it.
struct Block<'p> {
    language: &'p str,
    text: &'p str,
    before: &'p str,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("\n```") {
        let (language, body) = after.split_once('\n').expect("a fence ends its line");
        let (text, after) = body.split_once("\n```").expect("a fence is closed");
        found.push(Block { language, text, before });
        rest = after;
    }
    found
}

/// A new folder with the files of the page and the example sites.
fn folder(blocks: &[Block<'_>]) -> PathBuf {
    let folder = tempfile::tempdir().expect("a temporary folder").keep();
    for block in blocks.iter().filter(|block| block.language == "toml") {
        let name = block.before.split('`').rev().nth(1).expect("a file is named before its text");
        write(&folder.join(name), block.text);
    }
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites/mixed"), &folder.join("fixtures/sites/mixed"));
    folder
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder can be made");
    std::fs::write(path, format!("{text}\n")).expect("the file can be written");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the folder can be made");
    for entry in std::fs::read_dir(from).expect("the fixture is there").flatten() {
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("the file can be copied");
        }
    }
}

/// A command of the page, by a shell that finds the program by its name.
fn run(folder: &Path, command: &str) -> Output {
    let programs = Path::new(env!("CARGO_BIN_EXE_idea-audit")).parent().expect("the program is in a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    Command::new("sh")
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", programs.display()))
        .output()
        .expect("a shell starts")
}

#[test]
fn every_command_of_the_page_prints_what_the_page_shows() {
    let page = std::fs::read_to_string(PAGE).expect("the page is there");
    let blocks = blocks(&page);
    let folder = folder(&blocks);
    let mut shown = page.clone();
    let mut commands = 0;
    for pair in blocks.windows(2).filter(|pair| pair[0].language == "sh") {
        assert_eq!(pair[1].language, "text", "after a command stands what it prints: {}", pair[0].text);
        let output = run(&folder, pair[0].text);
        let printed = String::from_utf8(output.stdout).expect("the program prints UTF-8");
        shown = shown.replacen(
            &format!("```sh\n{}\n```\n\n```text\n{}\n```", pair[0].text, pair[1].text),
            &format!("```sh\n{}\n```\n\n```text\n{}\n```", pair[0].text, printed.trim_end()),
            1,
        );
        commands += 1;
    }
    assert!(commands >= 4, "the page shows commands");
    expect_test::expect_file![PAGE].assert_eq(&shown);
}

#[test]
fn what_was_changed_stands_in_the_report() {
    let page = std::fs::read_to_string(PAGE).expect("the page is there");
    let folder = folder(&blocks(&page));
    let output = run(
        &folder,
        "idea-audit scan fixtures/sites/mixed --as https://www.grants-desk.example --rules agency-rules --quiet --format json,html=r.html,jsonl=r.jsonl",
    );
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("nothing but the report is printed");
    let rule = |id: &str| report["rules"].as_array().unwrap().iter().find(|row| row["id"] == id).cloned();
    assert_eq!(rule("our/print-button").expect("it runs")["origin"], "agency-rules");
    let changed = rule("search/page-title-length").expect("it runs");
    assert_eq!(changed["overridden"]["parameters"], "min = 30");
    assert_eq!(changed["overridden"]["reason"], "The handbook asks for thirty characters (4.3).");
    assert!(rule("content/copyright-year").is_none(), "it does not run");
    assert_eq!(report["disabled"][0]["rule"], "content/copyright-year");
    assert!(report["disabled"][0]["reason"].as_str().is_some_and(|reason| reason.contains("the department checks it")));
    crate::sinks::check_valid(&crate::sinks::WHOLE, &report);
    let html = std::fs::read_to_string(folder.join("r.html")).expect("is written");
    assert!(html.contains("content/copyright-year does not run, disabled (agency-rules)"));
    let lines = std::fs::read_to_string(folder.join("r.jsonl")).expect("is written");
    let disabled = lines.lines().find(|line| line.contains("\"kind\":\"disabled\"")).expect("has its line");
    crate::sinks::check_valid(&crate::sinks::LINE, &serde_json::from_str(disabled).expect("is JSON"));
    let asked = run(&folder, "idea-audit explain content/copyright-year --rules agency-rules");
    assert!(String::from_utf8_lossy(&asked.stdout).contains("is disabled by agency-rules"));
}

#[test]
fn mistakes_are_shown_at_their_place() {
    let page = std::fs::read_to_string(PAGE).expect("the page is there");
    let blocks = blocks(&page);
    let told = blocks.last().expect("the page ends with a mistake").text;
    let folder = folder(&blocks);
    let changes = folder.join("agency-rules/changes.toml");
    let text = std::fs::read_to_string(&changes).expect("is there");
    std::fs::write(&changes, text.replace("page-title-length", "page-title-lenght")).expect("can be written");
    let output = run(&folder, "idea-audit rules test agency-rules");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(2), "{printed}");
    assert!(printed.contains(told), "the page shows\n{told}\nand the program says\n{printed}");
    std::fs::write(&changes, text).expect("can be written");
    let twin = std::fs::read_to_string(folder.join("agency-rules/our/print-button.toml")).expect("is there");
    write(&folder.join("agency-rules/more/our/print-button.toml"), &twin);
    let output = run(&folder, "idea-audit rules test agency-rules");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(2), "{printed}");
    assert!(printed.contains("`our/print-button` is the id of agency-rules"), "{printed}");
}
