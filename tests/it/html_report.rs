//! The HTML report in a browser: filters by keyboard, a narrow window, both colour schemes, without script, and large.
//!
//! The reports are of `fixtures/sites`, and of a real site's pages where outside data is there. Invariants: the page asks for nothing
//! but itself, the console stays empty, and in every state our own rules find nothing in what the browser made of it.

pub(super) mod tab;

use idea_audit::report::{self, Report};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::formats::large;
use super::machine::chromium;
use super::sinks::demo;
use tab::Tab;

const CONTRAST: &str = include_str!("html_report/contrast.js");
/// Stops on the way to something by Tab.
const MOST_STOPS: usize = 600;

fn audited(arguments: &[&str], folder: &Path) -> Report {
    let output = Command::new(env!("CARGO_BIN_EXE_idea-audit"))
        .args(["scan", "--quiet", "--today", "2026-11-22", "--format", "json"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program starts");
    serde_json::from_slice(&output.stdout).expect("the output is a report")
}

fn written(report: &Report, folder: &Path) -> PathBuf {
    let file = folder.join("report.html");
    let mut bytes = vec![];
    report::html(report, &mut bytes).expect("writing into memory does not fail");
    std::fs::write(&file, bytes).expect("the folder can be written to");
    file
}

/// Reports to look at: one by hand with everything in it, one of an old site, and pages of a real one.
fn reports() -> Vec<Report> {
    let sites = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites");
    let mut reports = vec![demo(), audited(&["legacy", "--as", "https://www.canal-bureau.example"], &sites)];
    let shared = std::env::var_os("IDEA_AUDIT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let real = shared.join("corpus/vote.gov-2024");
    if real.is_dir() {
        let some =
            ["vote.gov-2024", "--as", "https://vote.gov", "--include", "/es/register/a*/", "--include", "/ar/**"];
        reports.push(audited(&some, &shared.join("corpus")));
    } else {
        println!("skipped: the pages of a real site are not there");
    }
    reports
}

fn number(tab: &mut Tab, expression: &str) -> u64 {
    let value = tab.value(expression);
    value.as_u64().unwrap_or_else(|| panic!("{expression} is {value}"))
}

/// Moves on by Tab until something has the focus; every stop on the way shows that it has it.
pub(super) fn tab_to(tab: &mut Tab, selector: &str) {
    let there = format!("document.activeElement.matches({selector:?})");
    for _ in 0..MOST_STOPS {
        tab.press("Tab");
        let outline = "(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0)(getComputedStyle(document.activeElement))";
        assert_eq!(tab.value(outline), true, "{}", tab.value("document.activeElement.outerHTML.slice(0, 200)"));
        if tab.value(&there) == true {
            return;
        }
    }
    panic!("{selector} cannot be reached by Tab");
}

/// What the filters say once they have come to rest.
fn shown(tab: &mut Tab) -> String {
    let rest = "new Promise(done => setTimeout(() => done(document.getElementById('shown').textContent), 300))";
    tab.value(rest).as_str().expect("the filters say what is shown").to_string()
}

const VISIBLE: &str = "[...document.querySelectorAll('.entry')].filter(one => !one.closest('[data-out]')).length";

fn filter_by_keyboard(tab: &mut Tab) {
    tab_to(tab, "a.skip");
    tab_to(tab, "a[href='#findings']");
    tab.press("Enter");
    tab_to(tab, "[name=state][value=failed]");
    let (all, before) = (number(tab, VISIBLE), shown(tab));
    tab.press("Space");
    assert_ne!(shown(tab), before);
    let failed = format!("{VISIBLE} + [...document.querySelectorAll('.entry[data-state=failed]')].length");
    assert_eq!(number(tab, &failed), all, "what failed is out of sight, all else is not");
    tab.press("Space");
    assert_eq!(shown(tab), before);
    tab_to(tab, "#words");
    tab.write("title");
    assert_ne!(shown(tab), before);
    let words = format!("{VISIBLE} > 0 && {VISIBLE} < {all}");
    assert_eq!(tab.value(&words), true, "some have the word");
    assert_eq!(
        number(
            tab,
            "[...document.querySelectorAll('details.rule:not([data-out])')].filter(one => !/title/i.test(one.textContent)).length"
        ),
        0
    );
    tab_to(tab, "[type=reset]");
    tab.press("Enter");
    assert_eq!(shown(tab), before);
    tab_to(tab, "details.rule > summary");
    tab.press("Enter");
    assert_eq!(tab.value("document.activeElement.parentElement.open"), true);
}

/// What our own rules say of the page as the browser has it now.
fn check_state(tab: &mut Tab, state: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let page = tab.value("'<!doctype html>\\n' + document.documentElement.outerHTML");
    std::fs::write(folder.path().join("index.html"), page.as_str().expect("a page is text")).expect("a file");
    let rules = "accessibility,mobile";
    // A report is one file that loads nothing, an icon for home screens included; the addresses and numbers of pages are quoted
    // there, not offered.
    let report = audited(
        &[
            ".",
            "--as",
            "https://report.example",
            "--select",
            rules,
            "--skip",
            "mobile/touch-icon,mobile/email-links,mobile/phone-links",
        ],
        folder.path(),
    );
    let found: Vec<String> = report.findings.iter().map(|one| format!("{}: {}", one.rule, one.observed)).collect();
    assert!(found.is_empty(), "{state}: {}", found.join("\n"));
}

pub(super) fn check_colours(tab: &mut Tab, state: &str, least: u64) {
    let told = tab.value(CONTRAST);
    assert_eq!(told["poor"], Value::Array(vec![]), "{state}");
    assert!(told["seen"].as_u64().is_some_and(|seen| seen > least), "{state}: {told}");
}

pub(super) fn check_narrow(tab: &mut Tab) {
    let wide = "[document.documentElement.scrollWidth, [...document.querySelectorAll('main *')].filter(one => \
        one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.scroll, svg, .unseen')).map(one => one.outerHTML.slice(0, 120))]";
    let told = tab.value(wide);
    assert!(told[0].as_u64().is_some_and(|width| width <= 320), "{told}");
    assert_eq!(told[1], Value::Array(vec![]), "nothing is cut off at 320 pixels");
}

#[test]
fn the_report_works_for_everybody_in_a_browser_and_asks_nobody_for_anything() {
    let Some(command) = chromium() else { return };
    for report in reports() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = written(&report, folder.path());
        let mut tab = Tab::open(command);
        tab.shape(1280, "light");
        tab.go(&file);
        filter_by_keyboard(&mut tab);
        check_state(&mut tab, "as the filters left it");
        tab.value("document.querySelectorAll('details').forEach(one => { one.open = true; })");
        for (width, scheme) in [(1280, "light"), (320, "dark"), (320, "light")] {
            tab.shape(width, scheme);
            check_colours(&mut tab, &format!("{scheme}, {width} wide"), 100);
        }
        check_narrow(&mut tab);
        check_state(&mut tab, "all open");
        tab.without_scripts();
        tab.reload();
        assert_eq!(tab.value("getComputedStyle(document.getElementById('filters')).display"), "none");
        assert_eq!(
            number(&mut tab, "document.querySelectorAll('[data-out]').length"),
            0,
            "without script all is there"
        );
        check_state(&mut tab, "without script");
        let page = url::Url::from_file_path(&file).expect("an absolute path").to_string();
        assert!(tab.seen.requests.iter().all(|url| url.split('#').next() == Some(&page)), "{:?}", tab.seen.requests);
        assert_eq!(tab.seen.complaints, Vec::<String>::new());
    }
}

#[test]
fn fifty_thousand_findings_open_in_three_seconds() {
    let Some(command) = chromium() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = written(&large(50_000), folder.path());
    let size = std::fs::metadata(&file).expect("it was written").len();
    let mut tab = Tab::open(command);
    tab.shape(1280, "light");
    // A machine that does something else at the moment is no slow report: the best of three counts.
    let mut best = u64::MAX;
    for _ in 0..3 {
        tab.go(&file);
        assert!(shown(&mut tab).ends_with("shown"), "the filters have run");
        let timing = "performance.getEntriesByType('navigation')[0]";
        best = best.min(number(&mut tab, &format!("Math.round({timing}.loadEventEnd)")));
    }
    println!("50,000 findings: {:.1} MB, open in {best} ms", size as f64 / 1e6);
    assert!(size < 15_000_000, "{size} bytes");
    assert!(best < 3_000, "{best} ms");
    assert_eq!(tab.seen.complaints, Vec::<String>::new());
}
