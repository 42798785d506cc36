//! Pages as people see them: measured in child processes, through the program, on hostile style, and against a browser.
//!
//! `IDEA_AUDIT_MUTATIONS` says how many mutated pages go through the pool (default 40).

mod browser;
mod fidelity;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use idea_audit::audit::{Pages, Plan, Rendering, Silent, Target, audit};
use idea_audit::html::Document;
use idea_audit::rules::RuleSet;
use idea_audit::style::{self, Source, Viewport};
use idea_audit::worker::{Lost, Pool, Program};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_idea-audit");

/// A site of a home page that says everything in a sheet of its own, one page a file.
fn site(pages: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in pages {
        std::fs::write(folder.path().join(name), text).expect("a file is written");
    }
    folder
}

fn scanned(folder: &Path, more: &[&str]) -> Value {
    let arguments = ["scan", ".", "--as", "https://www.agency.example/", "--fail-on", "never", "--out", "r.json"];
    let run = Command::new(PROGRAM).args(arguments).args(more).current_dir(folder).output();
    let run = run.expect("the program runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let text = std::fs::read(folder.join("r.json")).expect("there is a report");
    serde_json::from_slice(&text).expect("it is JSON")
}

fn page(head: &str, body: &str) -> String {
    format!("<!doctype html><html lang=en><head><title>A page</title>{head}</head><body>{body}</body></html>")
}

fn outcome<'r>(report: &'r Value, path: &str, rule: &str) -> Option<&'r str> {
    let pages = report["pages"].as_array().expect("a report has pages");
    let row = pages.iter().find(|row| row["url"].as_str().is_some_and(|url| url.ends_with(path)));
    row.expect("the page is in the report")["outcomes"][rule].as_str()
}

#[test]
fn style_in_files_of_its_own_is_seen_through_the_program_and_what_was_seen_is_said() {
    let grey = "<link rel=stylesheet href=a.css><style>h1{color:#000}</style>";
    let folder = site(&[
        ("index.html", &page(grey, "<h1>Grants</h1><p>Grey words on white</p>")),
        ("good.html", &page("<link rel=stylesheet href=b.css>", "<h1>Grants</h1><p>Dark words</p>")),
        ("gone.html", &page("<link rel=stylesheet href=https://elsewhere.example/x.css>", "<p>Words</p>")),
        ("a.css", "@import 'c.css';"),
        ("b.css", "p{color:#222}"),
        ("c.css", "@media(max-width:600px){p{color:#bbb}}"),
    ]);
    const RULE: &str = "accessibility/contrast";
    let report = scanned(folder.path(), &["--select", RULE, "--render", "all"]);
    assert_eq!(report["coverage"]["style"], "measured");
    assert_eq!(report["coverage"]["measured"], serde_json::json!({"pages": 3, "lost": 0}));
    for (path, wanted) in [("/", "failed"), ("/good.html", "passed"), ("/gone.html", "cantTell")] {
        assert_eq!(outcome(&report, path, RULE), Some(wanted), "{path}");
    }
    let report = scanned(folder.path(), &["--select", RULE, "--render", "home"]);
    assert_eq!(report["coverage"]["measured"]["pages"], 1);
    assert_eq!(outcome(&report, "/", RULE), Some("failed"));
    assert_eq!(outcome(&report, "/good.html", RULE), Some("untested"));
    let report = scanned(folder.path(), &["--select", RULE, "--render", "off"]);
    assert_eq!((report["coverage"]["style"].as_str(), &report["coverage"]["measured"]), (Some("off"), &Value::Null));
    assert_eq!(outcome(&report, "/", RULE), Some("untested"));
}

#[test]
fn a_word_that_is_no_choice_of_pages_is_refused_with_the_choices() {
    let folder = site(&[("index.html", "x")]);
    let run = Command::new(PROGRAM).args(["scan", ".", "--render", "some"]).current_dir(folder.path()).output();
    let run = run.expect("the program runs");
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(2));
    assert!(said.contains("all, sample, home, off"), "{said}");
}

#[test]
fn a_page_that_its_reader_is_lost_over_loses_its_looks_and_is_a_problem_and_the_run_goes_on() {
    let killers = fuzz("style").into_iter().chain([("deep".into(), "<div>".repeat(400))]);
    let hurt: Vec<(String, String)> =
        killers.enumerate().map(|(at, (_, html))| (format!("hurt-{at}.html"), html)).collect();
    let plain = page("<style>p{color:#bbb}</style>", "<h1>Grants</h1><p>Grey words</p>");
    let files: Vec<(&str, &str)> = hurt
        .iter()
        .map(|(name, html)| (name.as_str(), html.as_str()))
        .chain([("index.html", plain.as_str())])
        .collect();
    let folder = site(&files);
    let report = scanned(folder.path(), &["--select", "accessibility/contrast"]);
    assert_eq!(report["coverage"]["style"], "measured");
    let number = |what: &str| report["coverage"]["measured"][what].as_u64().expect("a number");
    let of_style =
        |row: &&Value| row["detail"].as_str().is_some_and(|detail| detail.starts_with("its style could not be"));
    let told = report["problems"].as_array().expect("a list").iter().filter(of_style).count();
    println!("{} pages that hurt: {} lost", hurt.len(), number("lost"));
    assert!(number("lost") > 0, "none of them hurts any more: look for another, or there is nothing tested here");
    assert_eq!(number("pages") + number("lost"), files.len() as u64, "every page is accounted for");
    assert_eq!(told as u64, number("lost"), "every loss is a problem");
    assert!(report["pages"].as_array().expect("a list").iter().all(|row| row["judged"] == true));
    assert_eq!(outcome(&report, "/", "accessibility/contrast"), Some("failed"));
}

#[test]
fn without_a_reader_everything_else_is_judged_and_the_report_says_so() {
    let folder = site(&[("index.html", &page("", "<h1>Grants</h1><img src=a.png><p>Words</p>"))]);
    let nowhere = Program { path: "/no/such/program".into(), arguments: Vec::new() };
    for worker in [None, Some(nowhere)] {
        let set = RuleSet::bundled().expect("the bundled rules load");
        let plan = Plan {
            rendering: Rendering { pages: Pages::All, worker },
            documents: crate::documents::settings(),
            ..Plan::of(vec![Target::Folder(folder.path().into())], set, jiff::civil::date(2026, 11, 22))
        };
        let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
        let report = runtime.block_on(audit(plan, &mut Silent)).expect("the audit begins");
        let report = serde_json::to_value(&report).expect("a report is JSON");
        assert_eq!(report["coverage"]["style"], "unavailable");
        assert_eq!(report["coverage"]["measured"], serde_json::json!({"pages": 0, "lost": 1}));
        assert_eq!(outcome(&report, "index.html", "mobile/fits-phone"), Some("untested"));
        assert_eq!(outcome(&report, "index.html", "accessibility/image-alternative"), Some("failed"));
    }
}

fn pool() -> Pool {
    let program = Program { path: PROGRAM.into(), arguments: vec!["render-worker".to_string()] };
    Pool::of(program, 2, Duration::from_secs(60))
}

fn sent(html: &str) -> Vec<u8> {
    let document = Document::parse(html);
    let base = url::Url::parse("https://a.example/").expect("a constant address");
    let shelf = |_: &url::Url| style::Shelved::Failed("nothing is fetched".to_string());
    let style::Gathered::Whole(sources, _) = style::gather(&document, &base, &shelf) else {
        panic!("nothing is wanted")
    };
    style::errand(&document, &sources, &Viewport::ALL)
}

#[test]
fn the_first_page_of_a_child_is_seen_like_every_other() {
    let page = page(
        "<style>main{display:grid;grid-template-columns:100px 100px}p{margin:0;backdrop-filter:blur(2px)}</style>",
        "<main><p>One</p><p>Two</p></main>",
    );
    let errand = sent(&page);
    let pool = pool();
    let views = || style::answered(&pool.ask(&errand).expect("it is a small page")).expect("it is measured");
    let (first, second) = (views(), views());
    assert_eq!(first, second);
    let document = Document::parse(&page);
    let words: Vec<u32> = document.with_name("p").map(|element| element.order()).collect();
    let left = |order: &u32| first[0].of(*order).and_then(|looks| looks.bounds).map(|bounds| bounds.x);
    assert_eq!(words.iter().map(left).collect::<Vec<_>>(), [Some(8.0), Some(108.0)], "a grid");
    let behind = first[0].text_of(words[0]).map(|text| text.backdrop);
    assert_eq!(behind, Some(style::Backdrop::Unknown(style::Cover::Filter)), "a filter");
}

/// What once hurt the engine, by name.
fn fuzz(target: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hostile").join(target);
    let files = std::fs::read_dir(folder).expect("there are fixtures").map(|entry| entry.expect("a file").path());
    let mut read: Vec<_> =
        files.map(|path| (path.clone(), std::fs::read_to_string(path).expect("it is text"))).collect();
    read.sort();
    read
}

#[test]
fn what_once_killed_the_engine_costs_one_page_at_most() {
    let pool = pool();
    let deep = format!("<!doctype html>{}x", "<div>".repeat(10_000));
    let mut pages: Vec<(String, String)> =
        fuzz("style").into_iter().map(|(path, html)| (path.display().to_string(), html)).collect();
    pages.push(("10,000 elements in each other".to_string(), deep));
    for (name, html) in pages {
        match pool.ask(&sent(&html)) {
            Ok(answer) => drop(style::answered(&answer)),
            Err(lost @ (Lost::Died | Lost::Stumbled | Lost::Late)) => println!("{name}: {lost}"),
            Err(Lost::Unstarted(why)) => panic!("{name}: {why}"),
        }
        let next = pool.ask(&sent("<!doctype html><p>x")).expect("the next page is measured");
        assert!(style::answered(&next).is_ok(), "after {name}");
    }
}

/// A random number generator of one line (xorshift64*), so that a seed is a page.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let sides = u64::try_from(sides).expect("a number of sides");
        usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) % sides).expect("less than the sides")
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.roll(of.len())]
    }
}

/// A page with style that nobody writes.
fn mutated(seed: u64) -> String {
    const TAGS: [&str; 14] =
        ["div", "p", "span", "table", "tr", "td", "ul", "li", "button", "img", "input", "select", "svg", "details"];
    const PROPERTIES: [&str; 20] = [
        "width",
        "height",
        "margin",
        "padding",
        "font-size",
        "display",
        "position",
        "float",
        "grid-template-columns",
        "flex",
        "line-height",
        "letter-spacing",
        "transform",
        "columns",
        "overflow",
        "left",
        "zoom",
        "border",
        "inset",
        "white-space",
    ];
    const VALUES: [&str; 22] = [
        "0",
        "1px",
        "-1px",
        "1e38px",
        "-1e38px",
        "100%",
        "calc(100% - 1e38px)",
        "9999em",
        "auto",
        "none",
        "grid",
        "flex",
        "table-cell",
        "inline-block",
        "absolute",
        "fixed",
        "left",
        "repeat(auto-fill,1px)",
        "rotate(1e30deg)",
        "var(--x)",
        "min(1px,100%)",
        "nowrap",
    ];
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut html = String::from("<!doctype html><style>");
    for _ in 0..dice.roll(12) {
        let (tag, property, value) = (dice.one(&TAGS), dice.one(&PROPERTIES), dice.one(&VALUES));
        html.push_str(&format!("{tag}{{{property}:{value}}}"));
    }
    html.push_str("</style>");
    for _ in 0..dice.roll(120) {
        let (tag, property, value) = (dice.one(&TAGS), dice.one(&PROPERTIES), dice.one(&VALUES));
        match dice.roll(3) {
            0 => html.push_str(&format!("</{tag}>")),
            1 => html.push_str(&format!("<{tag} style='{property}:{value}'>words and more words")),
            _ => html.push_str(&format!("<{tag} href='http://[' src='http://[' width={value}>")),
        }
    }
    html
}

#[test]
fn mutated_pages_cost_themselves_at_most_and_every_loss_is_counted() {
    let many = std::env::var("IDEA_AUDIT_MUTATIONS").ok().and_then(|number| number.parse().ok()).unwrap_or(40_u64);
    let pool = pool();
    let (mut measured, mut refused, mut died, mut stumbled, mut late) = (0, 0, 0, 0, 0);
    for seed in 0..many {
        match pool.ask(&sent(&mutated(seed))) {
            Ok(answer) if style::answered(&answer).is_ok() => measured += 1,
            Ok(_) => refused += 1,
            Err(Lost::Died) => died += 1,
            Err(Lost::Stumbled) => stumbled += 1,
            Err(Lost::Late) => late += 1,
            Err(Lost::Unstarted(why)) => panic!("{why}"),
        }
    }
    println!("{many} pages: {measured} measured, {refused} refused, {stumbled} stumbled, {died} died, {late} late");
    assert_eq!(measured + refused + died + stumbled + late, many, "every page is accounted for");
    assert!(measured * 10 >= many * 8, "most pages are measured");
    let source = Source { element: 0, css: "".into() };
    let next = style::errand(&Document::parse("<p>x"), &[source], &Viewport::ALL);
    assert!(pool.ask(&next).is_ok(), "the pool still serves");
}
