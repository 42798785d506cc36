//! Nothing that a page says becomes markup, script, formula, command or control sequence in any format of a report.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use idea_audit::html::Document;
use idea_audit::report::rollup::{self, Rollup};
use idea_audit::report::{self, Paint, Report};
use serde_json::Value;

use super::payloads::{MARK, all, running};
use crate::machine::chromium;
use crate::sinks::{spoilt, written};

/// A report in which a payload stands everywhere a page can put words.
fn with(payload: &str) -> Report {
    spoilt(&std::array::from_fn(|_| payload.to_string()))
}

fn html(report: &Report) -> String {
    written(|out| report::html(report, out))
}

/// How often each element occurs.
fn skeleton(document: &Document) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for element in document.elements() {
        *counts.entry(element.name().to_string()).or_default() += 1;
    }
    counts
}

#[test]
fn the_corpus_is_large_and_holds_nothing_twice() {
    let mut payloads = all();
    let count = payloads.len();
    payloads.sort();
    payloads.dedup();
    assert_eq!(payloads.len(), count);
    assert!(count >= 200 && running().len() >= 120, "{count}, {}", running().len());
    assert!(payloads.iter().all(|payload| !payload.contains(MARK)));
}

#[test]
fn words_of_a_page_are_no_markup_in_the_html_report() {
    let mut wrong = Vec::new();
    let benign = skeleton(&Document::parse(&html(&with("word"))));
    for payload in all() {
        let report = with(&payload);
        let page = html(&report);
        let document = Document::parse(&page);
        // Everything that is not inert by its kind: scripts are ours by their number, handlers and addresses by their absence.
        for element in document.elements() {
            for (name, value) in element.attrs() {
                let address = matches!(name, "href" | "src" | "action" | "formaction" | "data" | "srcdoc" | "poster");
                let folded: String = value
                    .chars()
                    .filter(|c| !c.is_whitespace() && !c.is_control())
                    .collect::<String>()
                    .to_ascii_lowercase();
                let runs = ["javascript:", "vbscript:", "data:"].iter().any(|scheme| folded.starts_with(scheme));
                if name.starts_with("on") || name == "srcdoc" || (address && runs && !folded.starts_with("data:image/"))
                {
                    wrong.push(format!("{payload:?}: <{} {name}={value:?}>", element.name()));
                }
            }
        }
        let seen = skeleton(&document);
        let count = |held: &BTreeMap<String, usize>, name: &str| held.get(name).copied().unwrap_or(0);
        for name in [
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "img",
            "svg",
            "math",
            "form",
            "input",
            "base",
            "meta",
            "link",
            "template",
            "textarea",
            "body",
            "marquee",
            "noscript",
            "plaintext",
            "x",
            "xss",
            "video",
            "audio",
        ] {
            let (ours, expected) = (count(&seen, name), count(&benign, name));
            if ours != expected {
                wrong.push(format!("{payload:?}: {ours} <{name}> instead of {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn words_of_a_page_are_no_formula_in_any_table() {
    for payload in all() {
        let report = with(&payload);
        for (name, table) in [
            ("csv", written(|out| report::findings_csv(&report, out))),
            ("pages-csv", written(|out| report::pages_csv(&report, out))),
            ("sites-csv", written(|out| report::sites_csv(&report, out))),
            ("gsa-csv", written(|out| report::gsa_csv(&report, out))),
            ("pshtt-csv", written(|out| report::pshtt_csv(&report, out))),
            ("forms-csv", written(|out| report::forms_csv(&report, out))),
            ("agencies-csv", written(|out| rollup::agencies_csv(&Rollup::of(&report), out))),
            ("requirements-csv", written(|out| rollup::requirements_csv(&Rollup::of(&report), out))),
            ("adoption-csv", written(|out| rollup::adoption_csv(&Rollup::of(&report), out))),
            ("idea-bureaus-csv", written(|out| rollup::idea_bureaus_csv(&Rollup::of(&report), out))),
            ("standards-bureaus-csv", written(|out| rollup::standards_bureaus_csv(&Rollup::of(&report), out))),
        ] {
            let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(table.as_bytes());
            let columns = reader.headers().expect("a head").len();
            for row in reader.records() {
                let row = row.unwrap_or_else(|error| panic!("{name}: {payload:?}: {error}"));
                assert_eq!(row.len(), columns, "{name}: {payload:?}");
                for cell in &row {
                    let number = cell.parse::<f64>().is_ok();
                    let formula = cell
                        .trim_start()
                        .starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
                    assert!(
                        number || !formula && !cell.starts_with(['\t', '\r', '\n']),
                        "{name}: {payload:?}: {cell:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn machine_formats_stay_well_formed_whatever_a_page_says() {
    for payload in all() {
        let report = with(&payload);
        let parsed =
            |text: String| serde_json::from_str::<Value>(&text).unwrap_or_else(|error| panic!("{payload:?}: {error}"));
        for text in [
            written(|out| report::json(&report, out)),
            written(|out| report::sarif(&report, out)),
            written(|out| report::earl(&report, out)),
            written(|out| report::gitlab(&report, out)),
            written(|out| report::gsa_json(&report, out)),
        ] {
            parsed(text);
        }
        for line in written(|out| report::jsonl(&report, out)).split_terminator('\n') {
            parsed(line.to_string());
        }
        let junit = written(|out| report::junit(&report, out));
        let mut reader = quick_xml::Reader::from_str(&junit);
        let (mut depth, mut names) = (0i32, Vec::new());
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{payload:?}: {error}")) {
                quick_xml::events::Event::Start(tag) => {
                    depth += 1;
                    names.push(tag.name().as_ref().to_string());
                }
                quick_xml::events::Event::Empty(tag) => {
                    names.push(tag.name().as_ref().to_string());
                }
                quick_xml::events::Event::End(_) => depth -= 1,
                quick_xml::events::Event::DocType(_) => panic!("{payload:?}: a document type"),
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(depth, 0, "{payload:?}");
        let known = [
            "testsuites",
            "testsuite",
            "testcase",
            "failure",
            "skipped",
            "error",
            "properties",
            "property",
            "system-out",
            "system-err",
        ];
        assert!(names.iter().all(|name| known.contains(&name.as_str())), "{payload:?}: {names:?}");
        let allowed =
            |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert!(junit.chars().all(allowed), "{payload:?}: no character of XML 1.0");
        let yaml = written(|out| report::openacr(&report, out));
        for event in saphyr_parser::Parser::new_from_str(&yaml) {
            let (event, _) = event.unwrap_or_else(|error| panic!("{payload:?}: {error}\n{yaml}"));
            assert!(!matches!(event, saphyr_parser::Event::Alias(_)), "{payload:?}: an alias");
        }
    }
}

#[test]
fn words_of_a_page_are_no_command_of_a_terminal_or_a_pipeline() {
    for payload in all() {
        let report = with(&payload);
        let plain = written(|out| report::text(&report, Paint::Plain, 80, out));
        let unclean = |c: char| {
            (c.is_control() && c != '\n')
                || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
        };
        assert_eq!(plain.chars().find(|c| unclean(*c)), None, "{payload:?}");
        let benign = written(|out| report::github(&with("word"), out));
        let lines = written(|out| report::github(&report, out));
        let commands = |text: &str| {
            text.split(['\n', '\r']).filter(|line| line.trim_start().starts_with("::") || line.contains("##[")).count()
        };
        assert!(commands(&lines) <= commands(&benign), "{payload:?}:\n{lines}");
        assert!(
            !lines.split(['\n', '\r']).any(|line| ["::set-output", "::add-mask", "::stop-commands", "##vso"]
                .iter()
                .any(|word| line.trim_start().starts_with(word))),
            "{payload:?}"
        );
        let markdown = written(|out| report::markdown(&report, out));
        assert!(!markdown.chars().any(|c| c.is_control() && c != '\n'), "{payload:?}");
        let outside: String = markdown.split('`').step_by(2).collect();
        assert!(
            !outside.to_ascii_lowercase().contains("<script") && !outside.contains("](javascript:"),
            "{payload:?}:\n{markdown}"
        );
    }
}

/// The document after all scripts that run have run; `None` where no browser is installed.
fn rendered(page: &Path, folder: &Path) -> Option<String> {
    let browser = chromium()?;
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--virtual-time-budget=4000",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .arg(format!("file://{}", page.display()))
        .stdin(std::process::Stdio::null())
        .output()
        .expect("the browser starts");
    let document = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(document.contains("</html>"), "{}", String::from_utf8_lossy(&output.stderr));
    Some(document)
}

#[test]
fn nothing_of_the_corpus_runs_in_a_browser() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("page.html");
    // First that the mark is seen at all: the same payloads, written as a careless program would.
    std::fs::write(&file, format!("<!doctype html><html><body>{}</body></html>", running()[4])).expect("is written");
    let Some(careless) = rendered(&file, folder.path()) else { return };
    assert!(careless.contains(MARK), "what runs leaves its mark");
    // One report that holds all of them: a finding and a page for each.
    let mut report = with("word");
    let (finding, page) = (report.findings[0].clone(), report.pages[0].clone());
    for payload in all() {
        let one = with(&payload);
        let mut told = one.findings[0].clone();
        told.rule = finding.rule.clone();
        report.findings.push(told);
        report.pages.push(idea_audit::report::PageRow { url: payload.as_str().into(), ..page.clone() });
        report.problems.extend(one.problems.first().cloned());
        report.sites.extend(one.sites.first().cloned());
        report.run.targets.push(payload);
    }
    std::fs::write(&file, html(&report)).expect("is written");
    let document = rendered(&file, folder.path()).expect("the browser was there a moment ago");
    assert!(!document.contains(MARK), "something ran");
    assert!(document.contains("overrun"), "the payloads are shown");
    // And each in a report of its own, where it stands in every place at once; a sample, since a browser takes its time.
    for payload in running().iter().step_by(24) {
        std::fs::write(&file, html(&with(payload))).expect("is written");
        let document = rendered(&file, folder.path()).expect("the browser was there a moment ago");
        assert!(!document.contains(MARK), "{payload:?} ran");
    }
}
